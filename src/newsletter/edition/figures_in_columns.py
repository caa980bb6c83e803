"""Tell a column of figures from a column of words: figures stand to the right, one under the other. Touches: nothing.

A figure is a number with what belongs to it: a sign (also △ and ▲, which Korean tables have for minus), a currency, a
unit, a share in brackets. Dates, times, telephone numbers and ranges are words. Limits: judges by form, so that the
first column, which mostly names its row (`2026`, `1분기`), needs a comma, a point, a sign or a per cent to be figures.
"""

import re
from collections.abc import Iterable, Sequence

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_SCALE = r"[십백천만억조]+|thousand|million|billion|bn|k|m"
_UNIT = r"%p?|‰|[^\W\d_]{1,8}[²³]?(?:/[^\W\d_]{1,4}[²³]?)?|°C?|㎡|㎢|㎥|℃"
_AMOUNT = (
    rf"[+\-−–±△▲▽▼]?\s?[₩￦$€£¥]?\s?[+\-−]?(?:{_NUMBER}\s?[백천만억조]+\s)*{_NUMBER}"
    rf"(?:\s?(?:{_SCALE}))?(?:\s?(?:{_UNIT}))?"
)
_FIGURE = re.compile(rf"(?:약\s?|총\s?)?(?:{_AMOUNT}|\({_AMOUNT}\))(?:\s?\({_AMOUNT}\))?\s?\*{{0,3}}", re.IGNORECASE)
_NOTHING = frozenset({"", "-", "–", "—", "―", "·", "…", "x", "n/a", "해당 없음", "없음"})
"""What stands for a missing figure."""
_SURELY = re.compile(r"[,.%‰+−±△▲▽▼₩￦$€£¥]|^-")
_LONGEST = 40


def is_figure(words: str) -> bool:
    """Whether the words of a cell are a number with its unit."""
    return len(words) <= _LONGEST and bool(_FIGURE.fullmatch(words.strip()))


def alignments(typed: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """`left`, `center`, `right` or, for words, nothing, for each column; what was `typed` for a column wins."""
    columns: list[list[str]] = [[] for _ in typed]
    for row in rows:
        for column, words in zip(columns, row, strict=False):
            if words.strip().lower() not in _NOTHING:
                column.append(words)
    return tuple(
        chosen or ("right" if _holds_figures(column, first=not index) else "")
        for index, (chosen, column) in enumerate(zip(typed, columns, strict=True))
    )


def _holds_figures(column: Sequence[str], *, first: bool) -> bool:
    figures = bool(column) and all(is_figure(words) for words in column)
    return figures and (not first or any(_SURELY.search(words) for words in column))
