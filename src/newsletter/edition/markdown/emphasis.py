"""Read emphasis as a person means it, beside Hangul, digits and punctuation. Touches: nothing.

CommonMark does not count a delimiter as closing between punctuation and a letter, so `**약 60%**에` and `**결과.**The`
would keep their stars. Here a run of two or three stars opens before whatever is no space, and closes behind it. A
single star is mostly a sign (`2*3*4`, `가로*세로*높이`, `)*(`), so it opens only where a word begins; it closes by the
rule of the CommonMark CJK-friendly amendments, and before a letter too. `_` follows those amendments alone.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from .delimiters import LONGEST_RUN, pair_delimiters, push_run
from .neighbours import Side, after, before
from .star_signs import stars_as_typed

_OPENING_BRACKETS = frozenset("([{")
_ENDS_OF_OPERANDS = frozenset(")]}%")
_ENDS_OF_CLAUSES = ",.;:!?·…、。，"


def cjk_friendly_emphasis(md: MarkdownIt) -> None:
    """A markdown-it plugin: `md.use(cjk_friendly_emphasis)`."""
    md.inline.ruler.at("emphasis", _emphasis)
    pair_delimiters(md)


def _emphasis(state: StateInline, silent: bool) -> bool:
    character = state.src[state.pos]
    if silent or character not in "*_":
        return False
    end = state.pos
    while end < state.posMax and state.src[end] == character:
        end += 1
    left, right = before(state), after(state, end)
    if end - state.pos > LONGEST_RUN or state.pos in stars_as_typed(state.src):
        can_open = can_close = False
    elif character == "_":
        can_open, can_close = _of_underscores(left, right)
    elif end - state.pos == 1:
        can_open, can_close = _of_a_single_star(left, right)
    else:
        ends_clause = left.word and right.character in _ENDS_OF_CLAUSES and after(state, end + 1).space
        can_open, can_close = not right.space and not ends_clause, not (left.space or left.opens)
    push_run(state, end, can_open=can_open, can_close=can_close)
    return True


def _of_a_single_star(left: Side, right: Side) -> tuple[bool, bool]:
    """Whether it can open and whether it can close emphasis."""
    opens, closes = _flanking(left, right)
    ends_operand = left.character in _ENDS_OF_OPERANDS
    between_operands = left.word and (right.word or right.character in _OPENING_BRACKETS)
    is_sign = (left.foreign_word and right.foreign_word) or (
        right.character.isdigit() and (left.foreign_word or ends_operand)
    )
    can_open = opens and not (is_sign or ends_operand or between_operands)
    can_close = (closes or (left.punctuation and right.word)) and not is_sign
    return can_open, can_close


def _of_underscores(left: Side, right: Side) -> tuple[bool, bool]:
    opens, closes = _flanking(left, right)
    return opens and (not closes or left.punctuation), closes and (not opens or right.punctuation)


def _flanking(left: Side, right: Side) -> tuple[bool, bool]:
    """Left-flanking and right-flanking, as CommonMark calls them, by the CJK-friendly amendments."""
    opens = not right.space and (not right.foreign_punctuation or left.space or left.foreign_punctuation or left.cjk)
    closes = not left.space and (not left.foreign_punctuation or right.space or right.foreign_punctuation or right.cjk)
    return opens, closes
