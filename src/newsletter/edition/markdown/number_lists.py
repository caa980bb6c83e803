"""Number lists that change no digit: what Markdown would count anew stays as it was typed. Touches: nothing.

A number list has two or more items n, n+1, … from n ≤ 20, or is one item `1.`, or goes on with the one before it where
paragraphs part the items. Any other line that begins with a number
and a dot is text (`2026. 7. 26. 접수`), and so is an item whose own words begin with such a number (`8. 31. 마감`).
Lines that begin with numbers stay lines of their own. `1)` is not `1.`: no list of HTML can show it, so that it is text
before its item. Limits: `01.` is text, since a list would count without the nought.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.list import list_block
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from .shallow_nesting import make_room
from .typed_marks import led_by, with_typed_mark

_GREATEST_FIRST = 20
_MARK = re.compile(r"(\d{1,9})[.)](?=[ \t]|$)")
_OWN_NUMBER = re.compile(r"[ \t]*(?:\d+\.(?!\d)|\d{1,9}\)(?=[ \t]|$))")
_LINE_END = re.compile(r"(?<!\\)\n(?=[ \t]*\d{1,9}[.)](?:[ \t]|$))", re.MULTILINE)
_HARD_BREAK = "  \n"
_ENDS_AT = "ends-at"
"""The line, from 0, behind the end of a paragraph that was an item: it goes on with an item that begins there."""

_Item = tuple[Token, list[Token], Token]
"""A list item: where it opens, what is in it, where it closes."""


def number_lists(md: MarkdownIt) -> None:
    """A markdown-it plugin: `md.use(number_lists)`."""
    md.block.ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    md.core.ruler.after("block", "number_lists", _number_lists)


def _list(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    begin = state.bMarks[start_line] + state.tShift[start_line]
    mark = _MARK.match(state.src, begin, state.eMarks[start_line])
    if mark and not _goes_on(state, start_line, silent):
        is_behind_a_mark = bool(state.src[state.bMarks[start_line] : begin].strip())
        if is_behind_a_mark or _is_no_first(mark) or _OWN_NUMBER.match(state.src, mark.end(), state.eMarks[start_line]):
            return False
    if mark and not silent:
        make_room(state, start_line, end_line)
    return list_block(state, start_line, end_line, silent)


def _goes_on(state: StateBlock, line: int, silent: bool) -> bool:
    """Whether it is asked if the line ends the item before it, which any mark does."""
    return silent and (state.parentType != "paragraph" or state.sCount[line] < state.blkIndent)


def _is_no_first(mark: re.Match[str]) -> bool:
    return int(mark[1]) > _GREATEST_FIRST or mark[1] != str(int(mark[1]))


def _number_lists(state: StateCore) -> None:
    state.tokens = _settled(state.tokens)
    for before, token in pairwise(state.tokens):
        if before.type == "paragraph_open" and _MARK.match(token.content.partition("\n")[0]):
            token.content = _LINE_END.sub(_HARD_BREAK, token.content)


def _settled(tokens: Sequence[Token]) -> list[Token]:
    """The blocks with every number list made one that counts as it was typed, or text."""
    settled: list[Token] = []
    counted = [0]  # the last number of a list, for each block that is open
    position = 0
    while position < len(tokens):
        token = tokens[position]
        if token.type == "ordered_list_open":
            end = _closing(tokens, position)
            blocks, counted[-1] = _lists(token, list(_items(tokens[position + 1 : end])), tokens[end], counted[-1])
            settled += blocks
            position = end
        else:
            settled.append(token)
            if token.nesting > 0:
                counted.append(0)
            elif token.nesting < 0:
                counted.pop()
        position += 1
    return settled


def _closing(tokens: Sequence[Token], opening: int) -> int:
    depth = 0
    for position in range(opening, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position
    raise AssertionError("a block that opens closes")


def _items(tokens: Sequence[Token]) -> Iterator[_Item]:
    position = 0
    while position < len(tokens):
        end = _closing(tokens, position)
        yield tokens[position], _settled(tokens[position + 1 : end]), tokens[end]
        position = end + 1


def _lists(opening: Token, items: list[_Item], closing: Token, counted: int) -> tuple[list[Token], int]:
    """The blocks that one list of Markdown's is: lists that count as they were typed, and text between them.

    `counted` is the last number of the list before it in the same block, which one item may go on with; then that of
    this one.
    """
    blocks: list[Token] = []
    runs = list(_runs(items))
    for run in runs:
        if len(runs) > 1:
            _close_up(run)
        first = int(run[0][0].info)
        goes_on = 0 < counted == first - 1
        begins = first <= _GREATEST_FIRST and (len(run) > 1 or (first == 1 and len(items) == 1))
        if _is_text(run[0]) or not (goes_on or begins):
            for item in run:
                _append_text(blocks, item)
        else:
            blocks += _list_of(run, opening, closing)
            counted = int(run[-1][0].info)
    return blocks, counted


def _runs(items: list[_Item]) -> Iterator[list[_Item]]:
    """The items parted where the numbers do not go on by one, and at each that is text."""
    run: list[_Item] = []
    for item in items:
        if run and (_is_text(item) or _is_text(run[-1]) or int(item[0].info) != int(run[-1][0].info) + 1):
            yield run
            run = []
        run.append(item)
    yield run


def _is_text(item: _Item) -> bool:
    opening, content, _ = item
    own_words = content[1].content if content and content[0].type == "paragraph_open" else ""
    return opening.info != str(int(opening.info)) or bool(_OWN_NUMBER.match(own_words))


def _close_up(run: list[_Item]) -> None:
    """Set the items of a run close, where empty lines stand around it only.

    Markdown sets all items apart if any two of what it took for one list are.
    """
    written = [token.map for _, content, _ in run for token in content if token.map and not token.nesting]
    if all(before[1] == after[0] for before, after in pairwise(written)):
        for opening, content, _ in run:
            for token in content:
                token.hidden |= token.level == opening.level + 1 and token.type in {"paragraph_open", "paragraph_close"}


def _append_text(blocks: list[Token], item: _Item) -> None:
    """Put an item behind the blocks as it was typed; below the line before it, where no empty line parts them."""
    opening, content, _ = item
    words = led_by(f"{opening.info}{opening.markup}", content)
    begins, text, ends = words[:3]
    begins.hidden = ends.hidden = False
    ends.meta[_ENDS_AT] = text.map[1] if text.map else None
    if text.map and blocks and blocks[-1].meta.get(_ENDS_AT) == text.map[0]:
        blocks[-2].content += f"\n{text.content}"
        blocks[-1].meta[_ENDS_AT] = text.map[1]
        words = words[3:]
    blocks += words


def _list_of(run: list[_Item], opening: Token, closing: Token) -> list[Token]:
    first = int(run[0][0].info)
    opened, closed = opening.copy(), closing.copy()
    opened.attrs = {} if first == 1 else {"start": first}
    if opening.markup == ")":
        opened.tag = closed.tag = "ul"
        opened.attrs = {}
        run = [(item, with_typed_mark(item, content, f"{item.info})"), end) for item, content, end in run]
    return [opened, *(token for item, content, end in run for token in (item, *content, end)), closed]
