"""GFM tables in Markdown, as people type them: `md.use(gfm_tables)`. Touches: nothing.

Three things are kinder than in GFM. A line without a pipe ends the table, so that a source under it is no cell. A row
with more cells than the header keeps them. And a line before or after the table that begins with `표:`, `Table:` or
`: ` (as in Pandoc), or before it with `<표 1>` or `Table 1.`, is its caption.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit, getLine, table
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_MARKED = re.compile(r"(?:(?:표|table)\s*[:：]\s*|:\s+)(?=\S)", re.IGNORECASE)
"""The sign of a caption, which is not shown."""
_NUMBERED = re.compile(
    r"(?:[<\[〈《【(]\s*(?:표|table)\s*\d[\d.\-]*\s*[>\]〉》】)]|(?:표|table)\s*\d[\d.\-]*[.:])\s+\S", re.IGNORECASE
)
_MOST_CELLS = 10_000
"""More than a text has room for; only rows without cells under a very wide header would be more."""
_ALIGN = re.compile(r"text-align:(\w+)")


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """One table of a text: its cells are inline tokens; the first row is the header."""

    caption: Token | None
    typed: tuple[str, ...]
    """`left`, `center`, `right` or nothing, for each column of the header."""
    rows: tuple[tuple[Token, ...], ...]


def gfm_tables(md: MarkdownIt) -> None:
    """A markdown-it plugin."""
    md.enable("table")
    md.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    md.core.ruler.after("block", "table_captions", _captions)


def with_tables(tokens: list[Token], replaced: Callable[[WrittenTable], str]) -> list[Token]:
    """`tokens` with each table as the one word that `replaced` gives for it."""
    result: list[Token] = []
    inside: list[Token] = []
    for token in tokens:
        if inside or token.type == "table_open":
            inside.append(token)
            if token.type == "table_close":
                result.append(Token("text", "", 0, content=replaced(_written(inside)), block=True))
                inside = []
        else:
            result.append(token)
    return result


def _written(tokens: list[Token]) -> WrittenTable:
    caption: Token | None = None
    typed: list[str] = []
    rows: list[list[Token]] = []
    for opening, token in pairwise(tokens):
        if opening.type == "caption_open":
            caption = token
        elif opening.type == "tr_open":
            rows.append([])
        if opening.type in ("th_open", "td_open"):
            rows[-1].append(token)
        if opening.type == "th_open":
            typed.append(align_of(opening.attrs))
    return WrittenTable(caption, tuple(typed), tuple(map(tuple, rows)))


def align_of(attributes: dict[str, str | int | float]) -> str:
    """The alignment that was typed for the column of a cell, `left`, `center` or `right`; else nothing."""
    match = _ALIGN.search(str(attributes.get("style", "")))
    return match[1] if match else ""


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    most = start + 2 + _MOST_CELLS // max(getLine(state, start).count("|"), 1)
    last = next((line for line in range(start + 2, min(end, most)) if len(_pieces(state, line)) < 2), min(end, most))
    first = len(state.tokens)
    if not table(state, start, last, silent):
        return False
    if not silent:
        state.tokens[first:] = _with_further_cells(state, state.tokens[first:])
    return True


def _pieces(state: StateBlock, line: int) -> list[str]:
    """A line parted at its pipes, those in code and behind a backslash apart; one piece where there is none."""
    return escapedSplit(mdTrim(getLine(state, line)))


def _with_further_cells(state: StateBlock, tokens: list[Token]) -> Iterator[Token]:
    """The tokens of a table, and in each row the cells that GFM leaves out since the header has fewer."""
    width = sum(token.type == "th_open" for token in tokens)
    line = 0
    for token in tokens:
        if token.type == "tr_open" and token.map:
            line = token.map[0]
        elif token.type == "tr_close" and line:
            for cell in _cells(state, line)[width:]:
                yield Token("td_open", "td", 1, level=token.level + 1)
                yield Token("inline", "", 0, map=[line, line + 1], content=mdTrim(cell), children=[], level=token.level)
                yield Token("td_close", "td", -1, level=token.level + 1)
        yield token


def _cells(state: StateBlock, line: int) -> list[str]:
    pieces = _pieces(state, line)
    return pieces[not pieces[0] : len(pieces) - (not pieces[-1])]


def _captions(state: StateCore) -> None:
    """Move the paragraph that is a caption into its table."""
    position = 0
    while position < len(state.tokens):
        if state.tokens[position].type == "table_open":
            position += _take_caption(state.tokens, position)
        position += 1


def _take_caption(tokens: list[Token], opening: int) -> int:
    """Give the table at `opening` its caption; by how much it moved."""
    level = tokens[opening].level
    closing = next(at for at in range(opening, len(tokens)) if tokens[at].type == "table_close")
    before = _paragraph(tokens, opening - 3, level)
    after = _paragraph(tokens, closing + 1, level)
    if before and (words := _caption(before.content.split("\n")[-1], numbered=True)):
        shorter = before.content.rpartition("\n")[0]
        tokens[opening + 1 : opening + 1] = _caption_tokens(before, words, level)
        return -_shorten(tokens, opening - 3, shorter)
    belongs_below = closing + 4 < len(tokens) and tokens[closing + 4].type == "table_open"
    if after and not belongs_below and (words := _caption(after.content.split("\n")[0])):
        _shorten(tokens, closing + 1, after.content.partition("\n")[2])
        tokens[opening + 1 : opening + 1] = _caption_tokens(after, words, level)
    return 0


def _paragraph(tokens: list[Token], at: int, level: int) -> Token | None:
    """The text of the paragraph that begins at `at`, if one does, on the same level."""
    opening = tokens[at] if 0 <= at < len(tokens) - 2 else None
    return tokens[at + 1] if opening and opening.type == "paragraph_open" and opening.level == level else None


def _shorten(tokens: list[Token], at: int, content: str) -> int:
    """Leave a paragraph with `content`, or take it away; how many tokens are gone."""
    if content:
        tokens[at + 1].content = content
        return 0
    del tokens[at : at + 3]
    return 3


def _caption(line: str, *, numbered: bool = False) -> str:
    """The caption that a line is, without its sign; nothing for any other line."""
    line = line.strip()
    if match := _MARKED.match(line):
        return line[match.end() :]
    return line if numbered and _NUMBERED.match(line) else ""


def _caption_tokens(source: Token, words: str, level: int) -> list[Token]:
    return [
        Token("caption_open", "caption", 1, level=level + 1, block=True),
        Token("inline", "", 0, map=source.map, content=words, children=[], level=level + 2),
        Token("caption_close", "caption", -1, level=level + 1, block=True),
    ]
