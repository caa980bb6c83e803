"""From a tag of the letter back to the issue: which of its values became this HTML. Touches: nothing.

Limits: a guess by what the tag shows, its address, its picture or its words; what stands in the issue twice is found
where it stands first, unless the letter shows it as often.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from newsletter.check.material import Material, Sheet
from newsletter.check.page import StartTag
from newsletter.edition.wire_address import wire_address
from newsletter.issue.tree import DataPath

# What Markdown takes away: the address of a link, and every sign.
_SIGNS = re.compile(r"\]\([^)\s]*\)|[\W_]+")
_LONG = 6
"""Letters from which on a text may be found inside another; shorter ones occur by chance."""
_SOUGHT = (60, 20, 8)
"""So much of the words is looked for on a line of the file, in this order; Markdown may part them."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A value of the issue, and what of it, after `nth` others."""

    path: DataPath
    sought: str = ""
    nth: int = 0


@dataclass(frozen=True, slots=True)
class _LinkPlace:
    """An address of the issue, and the letters of the words that are shown for it."""

    origin: Origin
    words: str
    markdown: bool = False


class Origins:
    """Looks values up; made once for all findings of an issue."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._tags: dict[int, dict[str, list[StartTag]]] = {}

    @cached_property
    def _texts(self) -> list[tuple[DataPath, str, str]]:
        """Each text of the issue with its path, and without all signs, which Markdown may have taken away."""
        return [(path, text, without_signs(text)) for path, text in self._material.texts()]

    def of(self, sheet: Sheet, tag: StartTag) -> Origin | None:
        """Where the tag comes from; None where it is the template's own, or several values became it."""
        if tag.name == "img":
            return self._of_picture(sheet, tag)
        return (self._of_link(sheet, tag) if tag.get("href") else None) or self._of_words(_typed(sheet, tag))

    def _of_link(self, sheet: Sheet, tag: StartTag) -> Origin | None:
        href, words = tag.get("href"), without_signs(tag.words)
        same = self._leading_to(sheet, href)
        alike = [place for place in self._links.get(href, ()) if place.words == words]
        if alike:
            same = [other for other in same if without_signs(other.words) == words]
        places = alike or [place for place in self._links.get(href, ()) if place.markdown]
        if places:
            return places[min(next((i for i, other in enumerate(same) if other is tag), 0), len(places) - 1)].origin
        path = self._material.path_of(href)
        return Origin(path, href) if path else None

    def _leading_to(self, sheet: Sheet, href: str) -> list[StartTag]:
        """The links of a letter to one address, in order."""
        if id(sheet) not in self._tags:
            tags = self._tags.setdefault(id(sheet), {})
            for tag in sheet.page.named("a"):
                tags.setdefault(tag.get("href"), []).append(tag)
        return self._tags[id(sheet)].get(href, [])

    @cached_property
    def _links(self) -> dict[str, list["_LinkPlace"]]:
        """Where each address of the issue stands, in order: in Markdown, or beside the words that are shown for it."""
        links: dict[str, list[_LinkPlace]] = {}
        for one in self._material.links:
            place = _LinkPlace(Origin(one.path, one.sought, one.nth), without_signs(one.link.words), markdown=True)
            links.setdefault(one.link.href, []).append(place)
        for named in self._material.issue.links():
            place = _LinkPlace(Origin(named.path, named.address), without_signs(named.words))
            links.setdefault(wire_address(named.address), []).append(place)
        return links

    def _of_picture(self, sheet: Sheet, tag: StartTag) -> Origin | None:
        pictures = (one for one in sheet.edition.pictures if one.src == tag.get("src"))
        path = next((self._material.path_of_picture(one) for one in pictures), ())
        if path:
            return Origin(path)
        alternative = tag.get("alt")
        named = (path for path, text, _ in self._texts if alternative and text == alternative and path[-1] == "alt")
        path = next(named, ())
        return Origin(path) if path else self._of_address(tag.get("src"))

    def _of_address(self, address: str) -> Origin | None:
        path = self._material.path_of(address)
        return Origin(path, address) if path else None

    def _of_words(self, words: str) -> Origin | None:
        bare = without_signs(words)
        if not bare:
            return None
        for path, text, letters in self._texts:
            if letters == bare:
                return Origin(path, _found(words, text))
        if len(bare) < _LONG:
            return None
        return next((Origin(path, _found(words, text)) for path, text, letters in self._texts if bare in letters), None)


def without_signs(text: str) -> str:
    """The letters alone, without the addresses of links."""
    return _SIGNS.sub("", text)


def _typed(sheet: Sheet, tag: StartTag) -> str:
    """The words of a tag, or the longest piece of them between merge fields."""
    words = tag.words
    markers = [re.escape(hole.marker) for hole in sheet.edition.holes if hole.marker in words]
    return max(re.split("|".join(markers), words), key=len).strip() if markers else words


def _found(words: str, text: str) -> str:
    """As much of the words as stands in the text in one piece."""
    return next((words[:size] for size in _SOUGHT if words[:size] in text), "")
