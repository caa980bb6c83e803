"""Read `~~struck~~` words, and leave ranges alone. Touches: nothing.

Two tildes strike where a word begins and ends: `~~3만 원~~ 2만 원`, `~~클러스터~~는`. Between digits or letters they
are a range (`10~~20 그리고 30~~40`), behind a word a sigh (`반가워요~~`). One tilde is always text (`9~11시,14~16시`).
"""

import unicodedata

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from .delimiters import push_run
from .neighbours import Side, after, before

_TWO = 2


def struck_words(md: MarkdownIt) -> None:
    """A markdown-it plugin, beside `cjk_friendly_emphasis`, which pairs the runs; element `del`, node `s`."""
    md.inline.ruler.before("emphasis", "struck", _struck)


def _quotes(left: Side, right: Side) -> bool:
    """Whether a quotation begins: `“~~다~~”`. In German the same quote ends one, with no word behind it."""
    return unicodedata.category(left.character or " ") == "Pi" and right.word


def _struck(state: StateInline, silent: bool) -> bool:
    if silent or state.src[state.pos] != "~":
        return False
    end = state.pos
    while end < state.posMax and state.src[end] == "~":
        end += 1
    left, right = before(state), after(state, end)
    is_mark = end - state.pos == _TWO
    push_run(
        state,
        end,
        can_open=is_mark and not left.word and not right.space,
        can_close=is_mark and not left.space and not left.opens and not right.foreign_word and not _quotes(left, right),
    )
    return True
