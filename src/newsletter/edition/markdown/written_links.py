"""The links of a Markdown text as somebody typed them, with those that Markdown does not take for links.

Touches: nothing. Limits: a link by reference whose definition is missing is text, as in any Markdown.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.token import Token

from newsletter.edition.markers import Markers
from newsletter.edition.wire_address import wire_address

from .bare_links import BARE, letters_behind
from .neighbours import MARKER_PREFIX
from .syntax import letter_syntax

# An address has no spaces in Markdown, unless it stands in <>, and its round brackets come in pairs. The second
# alternative is for a link that is never closed.
_UNREAD = re.compile(
    r"\[(?P<words>[^\[\]\0]*)\]\(\s*(?P<address>(?:https?:|mailto:|tel:|www\.)(?:[^)\0]*(?=\))|[^\s\0]*))",
    re.IGNORECASE,
)
_NOT_TEXT = "\0"


@dataclass(frozen=True, slots=True)
class WrittenLink:
    """One link of a text."""

    words: str
    address: str
    """As typed; a merge field in it reads `{{ subscriber.name }}`."""
    typed: str
    """The address up to its first merge field: this stands in the source as it is."""
    href: str
    """What the letter has, unless the address is refused; of merge fields only the place is told."""
    is_read: bool = True
    """False: the letter shows it as it was typed, `[words](address)`."""
    is_bare: bool = False
    """It stands in the text as it is, without brackets: `https://example.org`."""
    behind: str = ""
    """Of a bare one: the letters right behind it, if they may belong to it: `서울` of `https://example.org/w/서울`."""


def written_links(text: str) -> list[WrittenLink]:
    """Every link of `text` in order; within a paragraph, those that are not read as such come last."""
    markers = Markers([text])
    tokens = _as_typed().parse(markers.open(text), {MARKER_PREFIX: markers.prefix})
    found: list[WrittenLink] = []
    for token in tokens:
        found.extend(_read(token.children or (), markers))
        found.extend(_unread(token.children or (), markers))
    return found


def _read(tokens: Sequence[Token], markers: Markers) -> Iterator[WrittenLink]:
    address, words, before = None, "", ""
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.type == "link_open":
            address, before, words = str(token.attrs.get("href", "")), words, ""
        elif token.type == "link_close" and address is not None:
            is_bare = token.markup == BARE
            link = _link(words, address, markers, is_bare=is_bare)
            # Behind `](` it is the address of a link that is not read as such, which is told as one.
            may_go_on = is_bare and following and not before.endswith("](")
            yield replace(link, behind=letters_behind(words, following.content)) if may_go_on else link
            address, words = None, ""
        else:
            words += " " if token.type == "softbreak" else token.content


def _unread(tokens: Sequence[Token], markers: Markers) -> Iterator[WrittenLink]:
    for match in _UNREAD.finditer("".join(_outside_links(tokens))):
        address = " ".join(match["address"].split())
        yield _link(match["words"], address, markers, is_read=False)


def _outside_links(tokens: Sequence[Token]) -> Iterator[str]:
    """The text of a paragraph; what is no text, or was escaped so as not to be a link, parts it."""
    inside = 0
    for token in tokens:
        inside += token.nesting if token.type in ("link_open", "link_close") and token.markup != BARE else 0
        if inside or token.type == "code_inline" or token.info == "escape":
            yield _NOT_TEXT
        elif token.type == "softbreak":
            yield " "
        else:
            yield token.content


def _link(words: str, address: str, markers: Markers, *, is_read: bool = True, is_bare: bool = False) -> WrittenLink:
    typed = words if is_bare else address
    field = markers.pattern.search(typed)
    return WrittenLink(
        words=_readable(words, markers),
        address=_readable(address, markers),
        typed=typed[: field.start()] if field else typed,
        href=_readable(wire_address(address), markers),
        is_read=is_read,
        is_bare=is_bare,
    )


def _readable(text: str, markers: Markers) -> str:
    return markers.pattern.sub(lambda match: f"{{{{ subscriber.{markers.field(match).key} }}}}", text)


class _AsTyped(MarkdownIt):
    """The parser of prose.py, but that it keeps addresses as they are typed, and escaped text apart from other."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the name is markdown-it's
        """Any, so that a refused one is seen, too."""
        del url
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the name is markdown-it's
        return url


@cache
def _as_typed() -> _AsTyped:
    parser = _AsTyped("commonmark", {"html": False})
    parser.use(letter_syntax)
    parser.disable("text_join")
    return parser
