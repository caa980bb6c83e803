"""Footnotes: `글[^1]` and `[^1]: 설명` are numbers, and notes under the text they stand in. Touches: nothing.

They are not linked, since a letter cannot be jumped in. A label that is a number keeps it, any other gets the next free
one. Limits: `[^1]` without a note is text, and so is `^[…]`; a note that no number points to is shown all the same.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import count

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from .typed_marks import led_by

FOOTNOTE_NUMBER = "footnote_number"
"""The type of the token that stands where a note is pointed to, and before the note; its content is the number."""
NOTE = "footnote muted"
"""The classes of a note's paragraphs."""
_NUMBERS = "footnote_numbers"
"""The key of markdown-it's environment that has the number of each label."""
_LABEL = r"\[\^([^\[\]\s]{1,80})\]"
_BEGINS = re.compile(_LABEL + r":[ \t]*")
_POINTS = re.compile(_LABEL)
_INSIDE = 4
"""Spaces before the further paragraphs of a note."""


def footnotes(md: MarkdownIt) -> None:
    """A markdown-it plugin: `md.use(footnotes)`."""
    md.block.ruler.before("list", "footnote", _note, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.core.ruler.before("inline", "footnotes", _under_the_text)
    md.inline.ruler.before("link", FOOTNOTE_NUMBER, _number)
    md.add_render_rule(FOOTNOTE_NUMBER, _as_html)


def _note(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    begin = state.bMarks[start_line] + state.tShift[start_line]
    begins = _BEGINS.match(state.src, begin, state.eMarks[start_line])
    if state.is_code_block(start_line) or not begins or _BEGINS.search(state.src, _line_begin(state, begin), begin):
        return False
    if silent:
        return True
    state.env.setdefault(_NUMBERS, {}).setdefault(begins[1], 0)
    token = state.push("footnote_open", "", 1)
    token.meta = {"label": begins[1]}
    marks = state.bMarks[start_line], state.tShift[start_line], state.sCount[start_line]
    around = state.blkIndent, state.parentType
    state.bMarks[start_line], state.tShift[start_line] = begins.end(), 0
    state.blkIndent += _INSIDE
    state.sCount[start_line] = state.blkIndent
    state.parentType = "footnote"
    state.md.block.tokenize(state, start_line, end_line)
    state.blkIndent, state.parentType = around
    state.bMarks[start_line], state.tShift[start_line], state.sCount[start_line] = marks
    state.push("footnote_close", "", -1)
    return True


def _line_begin(state: StateBlock, position: int) -> int:
    """Where the line of a position begins, the marks of what is around it included."""
    return state.src.rfind("\n", 0, position) + 1


def _under_the_text(state: StateCore) -> None:
    numbers = state.env.get(_NUMBERS)
    if numbers:
        _give_numbers(numbers)
        text, notes = _parted(state.tokens)
        in_order = sorted(notes, key=lambda note: numbers[note[0].meta["label"]])
        state.tokens = [*text, *(token for note in in_order for token in _as_blocks(note))]


def _give_numbers(numbers: dict[str, int]) -> None:
    own = {label: int(label) for label in numbers if re.fullmatch(r"[1-9]\d{0,8}", label, re.ASCII)}
    free = (number for number in count(1) if number not in own.values())
    for label in numbers:
        numbers[label] = own.get(label) or next(free)


def _parted(tokens: Iterable[Token]) -> tuple[list[Token], list[list[Token]]]:
    """The blocks of the text, and those of each note."""
    text: list[Token] = []
    notes: list[list[Token]] = []
    open_notes: list[list[Token]] = []
    for token in tokens:
        if token.type == "footnote_open":
            open_notes.append([])
            notes.append(open_notes[-1])
        (open_notes[-1] if open_notes else text).append(token)
        if token.type == "footnote_close":
            open_notes.pop()
    return text, notes


def _as_blocks(note: Sequence[Token]) -> list[Token]:
    """The blocks of a note, its number before the first."""
    blocks = led_by(f"[^{note[0].meta['label']}]", note[1:-1])
    for token in blocks:
        if token.type == "paragraph_open":
            token.hidden = False
            token.attrs["class"] = NOTE
        elif token.type == "paragraph_close":
            token.hidden = False
    return blocks


def _number(state: StateInline, silent: bool) -> bool:
    points = _POINTS.match(state.src, state.pos, state.posMax)
    number = state.env.get(_NUMBERS, {}).get(points[1]) if points else None
    if points is None or number is None:
        return False
    if not silent:
        token = state.push(FOOTNOTE_NUMBER, "sup", 0)
        token.content = str(number)
        token.meta = {"after_digit": state.src[: points.start()][-1:].isdigit()}
    state.pos = points.end()
    return True


def _as_html(
    renderer: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    """The number, apart from a digit before it for those to whom it is read: 10 and 1 are not 101."""
    del renderer, options, env
    token = tokens[index]
    return f"<sup>{'&nbsp;' if token.meta['after_digit'] else ''}{token.content}</sup>"
