"""Which column of an export becomes what with us. Touches: nothing.

A format says what its own columns mean, somebody at the command line what any column means; what nobody says becomes a
merge field of the column's own name.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from newsletter.catalogue import phrase
from newsletter.errors import UsageError

from .formats import OWN_EXPORT, ExportFormat
from .formula import as_typed

LEFT_OUT = "-"
FIELD = "fields."
KEYS = frozenset(
    """email name first_name last_name language tags status attributes consent_at consent_source confirmed_at
    confirmed_from joined_at added_by agreed left_at left_reason opted_out bounced_at bounce_reason
    address_hash""".split()  # noqa: SIM905 - as a list it would fill a page
)
"""What a column can be, besides a merge field (`fields.X`) and left out (`-`)."""
_SEVERAL = "tags"
"""The one that more than one column may be."""
_NAMED = 12


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export."""

    index: int
    theirs: str
    ours: str
    """One of KEYS, `fields.X`, or LEFT_OUT."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """All columns of one file."""

    format: ExportFormat
    columns: tuple[Column, ...]

    def places(self, key: str) -> tuple[int, ...]:
        """Where a key's columns are."""
        return tuple(column.index for column in self.columns if column.ours == key)

    def place(self, key: str) -> int:
        """Where a key's column is; behind all others where there is none, so that a row with one cell more has it."""
        return next(iter(self.places(key)), len(self.columns))

    def fields(self) -> tuple[tuple[str, int], ...]:
        """Names and places of the merge fields."""
        return tuple(
            (column.ours.removeprefix(FIELD), column.index) for column in self.columns if column.ours.startswith(FIELD)
        )

    def to_json(self) -> dict[str, str]:
        """Theirs -> ours, for scripts and the book."""
        return {column.theirs: column.ours for column in self.columns}


def parse_choices(given: Iterable[str]) -> dict[str, str]:
    """`Their column=our key` of the command line. UsageError for one that is neither."""
    choices: dict[str, str] = {}
    for text in given:
        theirs, equals, ours = text.rpartition("=")
        if not equals or not theirs.strip() or not ours.strip():
            raise UsageError(phrase("audience.export.map_has_no_sign", given=text))
        choices[_clean(theirs)] = _ours(_clean(ours))
    return choices


def mapping_of(format_: ExportFormat, header: Sequence[str], choices: Mapping[str, str]) -> ColumnMapping:
    """For the columns of a header. UsageError where a choice names a column that is not there."""
    names = _names(format_, header)
    chosen = _chosen(names, choices)
    taken = set(chosen.values()) - {_SEVERAL, LEFT_OUT}
    columns = []
    for index, name in enumerate(names):
        ours = chosen.get(index) or _known(format_, name, taken)
        if ours not in (_SEVERAL, LEFT_OUT):
            taken.add(ours)
        columns.append(Column(index, name, ours))
    return ColumnMapping(format_, tuple(columns))


def small(header: Iterable[str]) -> frozenset[str]:
    """The columns of a header as formats know them."""
    return frozenset(_clean(cell).casefold() for cell in header)


def columns_named(header: Iterable[str]) -> tuple[str, ...]:
    """The first of them, to be shown."""
    return tuple(f"`{_clean(cell)[:40]}`" for cell in header if _clean(cell))[:_NAMED]


def _known(format_: ExportFormat, name: str, taken: set[str]) -> str:
    if not name:
        return LEFT_OUT
    ours = format_.columns.get(name.casefold())
    if ours and ours not in taken:
        return ours
    ours = name if name.startswith(FIELD) else f"{FIELD}{name}"
    return ours if ours not in taken else f"{ours} {sum(one.startswith(ours) for one in taken) + 1}"


def _names(format_: ExportFormat, header: Sequence[str]) -> list[str]:
    if format_.name == OWN_EXPORT:
        return [as_typed(_clean(cell)) for cell in header]
    return [_clean(cell) for cell in header]


def _chosen(names: Sequence[str], choices: Mapping[str, str]) -> dict[int, str]:
    exact = {name: index for index, name in reversed(list(enumerate(names)))}
    loose = {name.casefold(): index for index, name in reversed(list(enumerate(names)))}
    chosen: dict[int, str] = {}
    for theirs, ours in choices.items():
        index = exact.get(theirs, loose.get(theirs.casefold()))
        if index is None:
            hint = phrase("audience.export.columns_are", columns=columns_named(names))
            raise UsageError(phrase("audience.export.has_no_column", column=theirs), hint=hint)
        chosen[index] = ours
    return chosen


def _ours(key: str) -> str:
    if key in KEYS or key == LEFT_OUT or key.startswith(FIELD):
        return key
    return f"{FIELD}{key}"


def _clean(cell: str) -> str:
    return unicodedata.normalize("NFC", cell.strip().strip("\ufeff").strip())
