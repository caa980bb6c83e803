"""The Markdown of an issue as safe HTML, and as a tree for the text part. Touches: nothing.

CommonMark with emphasis that closes before Hangul; raw HTML is off and shows as typed. Headings are moved so that their
order holds under the heading they stand in. nh3 has the last word on tags, attributes and link schemes: a link that is
not http, https, mailto or tel loses its address and keeps its words. Tables are drawn by their template, their cells
cleaned one by one. Limits: no pictures in text.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from newsletter.catalogue import Said, phrase
from newsletter.edition.directions import turn_blocks
from newsletter.edition.markers import Markers
from newsletter.edition.tables import TableView, draw_table, table_view
from newsletter.edition.views import NO_MARKUP
from newsletter.edition.wire_address import wire_address
from newsletter.errors import InputError, Problem
from newsletter.issue.texts import SCHEMES

from .footnotes import NOTE
from .gfm_tables import WrittenTable, with_tables
from .line_breaks import KEEP_BREAKS, tidied
from .neighbours import MARKER_PREFIX
from .picture_keys import picture_keys
from .slant import UPRIGHT
from .syntax import letter_syntax
from .typed_marks import TYPED_MARK

INLINE_TAGS = frozenset({"a", "br", "code", "del", "em", "strong", "sup"})
BLOCK_TAGS = INLINE_TAGS | {"blockquote", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
_ATTRIBUTES = {tag: {"dir"} for tag in BLOCK_TAGS - INLINE_TAGS} | {"a": {"href", "title"}, "ol": {"start", "dir"}}
_CLASSES = {"em": {UPRIGHT}, "li": {TYPED_MARK}, "p": set(NOTE.split())}
"""Of our own; nobody can write one in Markdown."""
_KEPT = 512
"""Texts of which what Markdown makes is kept."""


class Prose:
    """The Markdown texts of one issue; `file` is named in errors, and `place` says which text: `sections[0].body`."""

    def __init__(
        self,
        markers: Markers,
        file: str,
        origin: Callable[[str], str] = str,
        draw: Callable[[TableView], Markup] = draw_table,
        direction: str = "ltr",
        *,
        keep_breaks: bool = False,
    ) -> None:
        """`origin` says where a text was written, if not at the place it is used for: in a translation.

        `direction` is the letter's; a paragraph that runs against it says so. Single line breaks are joined, unless
        `keep_breaks`.
        """
        self._markers = markers
        self._file = file
        self._origin = origin
        self._draw = draw
        self._direction = direction
        self._keep_breaks = keep_breaks

    def blocks(self, text: str, place: str, *, level: int) -> Markup:
        """`text` as HTML blocks; the first heading in it becomes an h`level`, deeper ones follow without a gap."""
        source = self._markers.open(text)
        made = _blocks_of(source, self._markers.prefix, level, self._direction, keep_breaks=self._keep_breaks)
        return self._complete(source, made or self._with_tables(source, place, level), place)

    def _with_tables(self, source: str, place: str, level: int) -> str:
        tokens = self._parsed(source, place)
        _demote_headings(tokens, level)
        turn_blocks(tokens, self._direction)
        drawn: list[Markup] = []

        def stand_in(table: WrittenTable) -> str:
            drawn.append(self._draw(_view_of(table)))
            return f"{self._markers.prefix}t{len(drawn) - 1}t"

        clean = _clean(with_tables(tokens, stand_in), BLOCK_TAGS)
        return re.sub(rf"{self._markers.prefix}t(\d+)t", lambda match: drawn[int(match[1])], clean)

    def line(self, text: str, place: str) -> Markup:
        """`text` as HTML within a line: emphasis, code and links, no blocks; paragraphs are parted by line breaks."""
        return Markup("<br>").join(self._inline(part, place) for part in paragraphs(text))

    def address(self, text: str) -> str:
        """The address of a link with its merge fields open, as every mail program understands it."""
        return wire_address(self._markers.open(text.strip()))

    def inline_tree(self, text: str, place: str) -> SyntaxTreeNode:
        """One paragraph of a `line` text as markdown-it's tree."""
        return SyntaxTreeNode(self._parse_inline(text, place)[1])

    def _inline(self, text: str, place: str) -> Markup:
        source, tokens = self._parse_inline(text, place)
        return self._complete(source, _clean(tokens, INLINE_TAGS), place)

    def _parse_inline(self, text: str, place: str) -> tuple[str, list[Token]]:
        source = self._markers.open(tidied(text, keep=self._keep_breaks))
        environment = {MARKER_PREFIX: self._markers.prefix, KEEP_BREAKS: self._keep_breaks}
        tokens = _parser().parseInline(source, environment)
        self._refuse_pictures(tokens, place)
        return source, tokens

    def tree(self, text: str, place: str) -> SyntaxTreeNode:
        """`text` as markdown-it's tree, for the text part, to be read only; fields are markers."""
        source = self._markers.open(text)
        tree = _tree_of(source, self._markers.prefix, keep_breaks=self._keep_breaks)
        return tree or SyntaxTreeNode(self._parsed(source, place))

    def _parsed(self, source: str, place: str) -> list[Token]:
        tokens = _tokens_of(source, self._markers.prefix, keep_breaks=self._keep_breaks)
        self._refuse_pictures(tokens, place)
        return tokens

    def _complete(self, source: str, html: str, place: str) -> Markup:
        """Safe HTML, in which every merge field of its source stands."""
        lost = self._markers.fields_in(source) - self._markers.fields_in(html)
        if lost:
            keys = tuple(sorted(f"subscriber.{field.key}" for field in lost))
            said = phrase("edition.prose.field_is_dropped", fields=keys)
            raise ProseError([self._problem(place, said, _LOST_HINT)], "")
        return Markup(html)  # noqa: S704 - made by _clean

    def _refuse_pictures(self, tokens: list[Token], place: str) -> None:
        pictures = [picture for token in tokens for picture in _pictures_in(token)]
        if pictures:
            problems = [
                self._problem(place, phrase("edition.prose.holds_picture"), self._picture_hint(picture, place))
                for picture in pictures
            ]
            raise ProseError(problems, "![")

    def _picture_hint(self, picture: Token, place: str) -> Said:
        """The line to write instead; a merge field in it is for who writes it."""
        keys = picture_keys(str(picture.attrs.get("src", "")), picture.content)
        keys = self._markers.pattern.sub("…", keys)
        if "sections" in place:
            return phrase("edition.prose.picture_of_section", line=f"image: {{ {keys} }}")
        return phrase("edition.prose.picture_of_issue", line=f"{{ {keys} }}")

    def _problem(self, place: str, message: Said, hint: Said) -> Problem:
        return Problem(message, file=self._file, path=self._origin(place), hint=hint)


class ProseError(InputError):
    """What Markdown text cannot say; problem n, from 0, is at the n-th `sought` of the text, if that is given."""

    def __init__(self, problems: Sequence[Problem], sought: str) -> None:
        super().__init__(problems=problems)
        self.sought = sought


_LOST_HINT = phrase("edition.prose.where_fields_belong")


def paragraphs(text: str) -> list[str]:
    """`text` parted at its empty lines."""
    return [part for part in re.split(r"\n[ \t]*\n", text) if part.strip()]


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the name is markdown-it's
        """Any: nh3 decides about schemes, so that `[x](javascript:…)` does not stay in the letter as typed."""
        del url
        return True


@cache
def _parser() -> MarkdownIt:
    return _Parser("commonmark", {"html": False}).use(letter_syntax)


def _tokens_of(source: str, prefix: str, *, keep_breaks: bool) -> list[Token]:
    return _parser().parse(source, {MARKER_PREFIX: prefix, KEEP_BREAKS: keep_breaks})


@lru_cache(_KEPT)
def _blocks_of(source: str, prefix: str, level: int, direction: str, *, keep_breaks: bool) -> str:
    """`Prose.blocks` of a text without a table; empty where it has one, or a picture.

    While somebody writes, all texts of a letter but one are the same as a moment ago.
    """
    tokens = _tokens_of(source, prefix, keep_breaks=keep_breaks)
    if any(token.type == "table_open" or _pictures_in(token) for token in tokens):
        return ""
    _demote_headings(tokens, level)
    turn_blocks(tokens, direction)
    return _clean(tokens, BLOCK_TAGS)


@lru_cache(_KEPT)
def _tree_of(source: str, prefix: str, *, keep_breaks: bool) -> SyntaxTreeNode | None:
    """None where it has a picture."""
    tokens = _tokens_of(source, prefix, keep_breaks=keep_breaks)
    return None if any(map(_pictures_in, tokens)) else SyntaxTreeNode(tokens)


def _pictures_in(token: Token) -> list[Token]:
    return [child for child in token.children or () if child.type == "image"]


def _clean(tokens: list[Token], tags: frozenset[str]) -> Markup:
    """What markdown-it makes of `tokens`, without all that is not allowed."""
    parser = _parser()
    clean = nh3.clean(
        parser.renderer.render(tokens, parser.options, {}),
        tags=set(tags),
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag in tags},
        allowed_classes={tag: names for tag, names in _CLASSES.items() if tag in tags},
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
    return Markup(clean.strip())  # noqa: S704 - sanitised by nh3 one line up


def _view_of(table: WrittenTable) -> TableView:
    rows = [[_clean([cell], INLINE_TAGS) if cell.content else NO_MARKUP for cell in row] for row in table.rows]
    caption = _clean([table.caption], INLINE_TAGS) if table.caption else NO_MARKUP
    return table_view(rows, caption=caption, typed=table.typed)


def _demote_headings(tokens: list[Token], level: int) -> None:
    """Give each heading the level of its depth among the headings of this text, so that none is skipped."""
    depths: list[int] = []
    for opening, closing in _headings(tokens):
        written = int(opening.tag[1])
        while depths and depths[-1] >= written:
            depths.pop()
        depths.append(written)
        opening.tag = closing.tag = f"h{min(level + len(depths) - 1, 6)}"


def _headings(tokens: list[Token]) -> Iterator[tuple[Token, Token]]:
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            yield token, tokens[position + 2]
