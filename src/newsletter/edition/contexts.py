"""Decide for each marker in finished HTML what it stands in, and so how its value is escaped. Touches: nothing.

Read after inlining, since premailer writes regular HTML: attributes are quoted (some by single quotes) and text is
escaped. What Outlook alone reads, inside `<!--[if mso]>`, counts as HTML. Limits: refuses a field in a style, script,
comment or tag name, in a `style` or `on…` attribute, and in an attribute without quotes.
"""

import re
from collections.abc import Iterator

from newsletter.catalogue import phrase
from newsletter.errors import InputError

from .edition import Context

_URL_ATTRIBUTES = frozenset({"action", "background", "cite", "formaction", "href", "poster", "src", "xlink:href"})
_REFUSED_ATTRIBUTES = re.compile(r"style|srcset|srcdoc|on.*", re.IGNORECASE)

_PIECE = re.compile(
    r"""
      (?P<condition> <!--\[if\b[^\]]*\]>(?:<!-->)? )
    | (?P<sealed> <!--.*?--> | <![^>]*> | <(?P<raw>style|script)\b[^>]*>.*?</(?P=raw)\s*> )
    | (?P<tag> </?[a-zA-Z](?:[^>"']|"[^"]*"|'[^']*')*> )
    | (?P<text> [^<]+ | < )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")


def html_contexts(html: str, marker: re.Pattern[str]) -> dict[int, Context]:
    """Where each match of `marker` begins in `html`, and its context: HTML, URL or WHOLE_URL.

    Raises InputError for a marker where no value can be filled in safely.
    """
    found: dict[int, Context] = {}
    for piece in _PIECE.finditer(html):
        if not marker.search(html, piece.start(), piece.end()):
            continue
        if piece["tag"]:
            found.update(_in_tag(piece["tag"], piece.start(), marker))
        elif piece["text"]:
            found.update((piece.start() + match.start(), Context.HTML) for match in marker.finditer(piece[0]))
    for match in marker.finditer(html):
        if match.start() not in found:
            around = html[max(0, match.start() - 60) : match.end() + 20].replace("\n", " ")
            raise InputError(
                phrase("edition.template.field_in_unsafe_place", around=around),
                hint=phrase("edition.template.where_fields_may_stand"),
            )
    return found


def _in_tag(tag: str, offset: int, marker: re.Pattern[str]) -> Iterator[tuple[int, Context]]:
    for attribute in _ATTRIBUTE.finditer(tag):
        name = attribute[1].lower()
        if _REFUSED_ATTRIBUTES.fullmatch(name):
            continue
        group = 2 if attribute[2] is not None else 3
        value, start = attribute[group], offset + attribute.start(group)
        for match in marker.finditer(value):
            yield start + match.start(), _in_attribute(name, value, match)


def _in_attribute(name: str, value: str, match: re.Match[str]) -> Context:
    if name not in _URL_ATTRIBUTES:
        return Context.HTML
    return Context.URL if value[: match.start()].strip() else Context.WHOLE_URL
