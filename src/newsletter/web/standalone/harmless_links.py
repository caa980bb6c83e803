"""Take from the links of a letter what must not happen by a click on a draft. Touches: nothing.

What is one subscriber's, or not published yet, leads nowhere and says so; what leads through a counter of clicks, too.
All others lead where they did, without the words by which a site counts a mailing. Limits: links in conditional
comments, for Outlook alone, stay, since no browser reads them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote

from newsletter.check.page import StartTag
from newsletter.edition.personal_links import uncounted_address

_LINKS = frozenset({"a", "area"})
_OUTSIDE = ("http:", "https:")


@dataclass(frozen=True, slots=True)
class LinkRules:
    """What must not be followed, and what a link says instead."""

    personal: Sequence[str]
    """Addresses, or their beginnings; an address that hands one on, as to a friend, is none to follow either."""
    why_personal: str
    why_counted: str


def harmless_tags(tags: Sequence[StartTag], rules: LinkRules) -> Iterator[tuple[StartTag, str]]:
    """The start tags of links that have to be others, and what they become."""
    for tag in tags:
        address = tag.get("href")
        if tag.name in _LINKS and address:
            harmless = _harmless(tag, address, rules)
            if harmless != tag.attributes:
                yield tag, _written(tag.name, harmless)


def _harmless(tag: StartTag, address: str, rules: LinkRules) -> dict[str, str | None]:
    folded = address.casefold(), unquote(address).casefold()
    if any(one.casefold() in text for one in rules.personal for text in folded):
        return _inert(tag, rules.why_personal)
    if not address.casefold().startswith(_OUTSIDE):
        return tag.attributes
    kept = uncounted_address(address)
    return {**tag.attributes, "href": kept} if kept else _inert(tag, rules.why_counted)


def _inert(tag: StartTag, why: str) -> dict[str, str | None]:
    """Still told as a link, and as one that cannot be used now."""
    others = {name: value for name, value in tag.attributes.items() if name != "href"}
    return {**others, "role": "link", "aria-disabled": "true", "title": why}


def _written(name: str, attributes: dict[str, str | None]) -> str:
    said = (f" {key}" if value is None else f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{''.join(said)}>"
