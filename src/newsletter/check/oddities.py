"""What is strange about a subscriber's value that is merged all the same. Touches: nothing."""

from collections.abc import Collection, Iterator, Mapping

from .audience import Oddity

_LONGEST_NAME = 100
"""Characters; whatever is longer is no name."""
_LONGEST = 2_000
"""Characters of any other value: a long address of a page is still shorter."""
_NOTHING = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}
    | {"null", "NULL", "(null)", "None", "none", "NONE", "nan", "NaN", "undefined", "n/a", "N/A"}
    | {"없음", "해당없음", "해당 없음", "미입력"}
)
"""What spreadsheets, programs and people write where there is nothing; as written, for Nan and Null are names."""


def oddities(merged: Mapping[str, str], changed: Collection[str]) -> Iterator[tuple[Oddity, str]]:
    """Each oddity of some values with the field's key; `changed` are the fields that lose characters by the merge."""
    for key, value in merged.items():
        if key in changed:
            yield Oddity.CONTROLS, key
        if len(value) > (_LONGEST_NAME if key == "name" else _LONGEST):
            yield Oddity.LONG, key
        elif value in _NOTHING:
            yield Oddity.EMPTY_WORD, key
