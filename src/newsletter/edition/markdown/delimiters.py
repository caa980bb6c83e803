"""Pair runs of `*`, `_` and `~~`: emphasis, strong emphasis, struck words. Touches: nothing.

In place of markdown-it's pairing, which takes a run apart star by star: here `**` goes with `**` and never with a lone
star, so that the star of `**서울시* 통계**` stays. A run of three is both at once. What finds no partner is text.
"""

from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

LONGEST_RUN = 3
"""Characters; longer runs are blanks to fill in (`____`) or hidden digits (`010-****-1234`)."""
_DEEPEST = 50
"""Runs that wait for a partner at a time: so many elements may stand in each other, and pairing stays linear."""
_STRONG = 2


def pair_delimiters(md: MarkdownIt) -> None:
    """A markdown-it plugin: what `push_run` left behind is paired."""
    md.inline.ruler2.at("balance_pairs", _pair_all)


def push_run(state: StateInline, end: int, *, can_open: bool, can_close: bool) -> None:
    """The run of one character from the state's position to `end`, as text until it is paired."""
    run = state.src[state.pos : end]
    for character in run:
        state.push("text", "", 0).content = character
    first = len(state.tokens) - len(run)
    state.delimiters.append(Delimiter(ord(run[0]), len(run), token=first, end=-1, open=can_open, close=can_close))
    state.pos = end


def _pair_all(state: StateInline) -> None:
    _pair(state.tokens, state.delimiters)
    for meta in state.tokens_meta:
        if meta and "delimiters" in meta:
            _pair(state.tokens, meta["delimiters"])


def _pair(tokens: Sequence[Token], runs: Sequence[Delimiter]) -> None:
    """`token` and `length` of a run are always those of its characters that are not used yet."""
    waiting: list[Delimiter] = []
    for run in runs:
        while run.close and run.length and (at := _partner(waiting, run)) is not None:
            opener = waiting[at]
            width = _common(opener.length, run.length)
            opener.length -= width
            _wrap(tokens, opener.token + opener.length, run.token, width)
            run.token += width
            run.length -= width
            del waiting[at + bool(opener.length) :]
        if run.open and run.length:
            waiting.append(run)
            del waiting[:-_DEEPEST]


def _partner(waiting: Sequence[Delimiter], closer: Delimiter) -> int | None:
    """The place of the nearest run that may be closed."""
    return next(
        (
            place
            for place in range(len(waiting) - 1, -1, -1)
            if waiting[place].marker == closer.marker and _common(waiting[place].length, closer.length)
        ),
        None,
    )


def _common(opening: int, closing: int) -> int:
    """How many characters of each run make a pair: of `***` and `***` two, then the one left; of `*` and `**` none."""
    if min(opening, closing) >= _STRONG:
        return _STRONG
    return 0 if _STRONG in (opening, closing) else 1


def _wrap(tokens: Sequence[Token], opening: int, closing: int, width: int) -> None:
    """Make the `width` text tokens at both places an element's start and end."""
    character = tokens[opening].content
    name, tag = ("s", "del") if character == "~" else ("strong", "strong") if width == _STRONG else ("em", "em")
    for place, kind, nesting in ((opening, "open", 1), (closing, "close", -1)):
        for token in tokens[place : place + width]:
            token.content = ""
        token = tokens[place]
        token.type, token.tag, token.markup = f"{name}_{kind}", tag, character * width
        token.nesting = 1 if nesting > 0 else -1
