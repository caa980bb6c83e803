"""What a chart draws, read from the issue or from a file, and whether its kind can show that. Touches: nothing.

Limits of a kind are those of a phone of 320 px, and of how many shades of one colour can be told apart.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from newsletter.catalogue import Said, phrase
from newsletter.errors import InputError, Problem
from newsletter.issue.chart_values import number_of
from newsletter.issue.fields import with_samples
from newsletter.issue.sections.chart import Chart
from newsletter.settings.explain import WrongValueError

from .data_set import DataSet
from .wrap import columns

MOST_PARTS = 6
_MOST_COLUMNS = 12
_PHONE, _GAP, _COLUMN = 280, 4, 7.1
"""CSS pixels: the room on a phone, between the words of two columns, of a digit in 13 px."""
_SAMPLE = "가나다"
"""As long as a name."""


@dataclass(frozen=True, slots=True)
class ChartEntry:
    label: str
    """As typed; merge fields are open only where it stands in the issue."""
    value: str
    number: Decimal | None


def chart_entries(section: Chart, place: str, data: DataSet) -> tuple[ChartEntry, ...]:
    """What is drawn, in order. Raises InputError with every reason why it cannot be, and its place."""
    if section.data:
        entries, problems = _of_file(section, place, data)
    else:
        entries = [ChartEntry(item.label, item.value, number_of(item.value)) for item in section.items]
        problems = [
            data.problem(f"{place}.items[{index}].value", said)
            for index, entry in enumerate(entries)
            for said in _faults_of(entry, section.kind)
        ]
    problems = problems or [data.problem(f"{place}.{key}", said) for key, said in _faults(section, entries)]
    if problems:
        raise InputError(problems=problems)
    return tuple(entries)


def _of_file(section: Chart, place: str, data: DataSet) -> tuple[list[ChartEntry], list[Problem]]:
    table = data.table(section.data)
    header = table.rows[0]
    names = section.columns or header[:2]
    if missing := [name for name in names if name not in header]:
        known = tuple(name for name in header if name)
        said = (phrase("issue.chart.has_no_column", name=name, file=table.file, known=known) for name in missing)
        return [], [data.problem(f"{place}.columns", one) for one in said]
    if len(names) < 2:
        return [], [data.problem(f"{place}.data", phrase("issue.chart.has_one_column", file=table.file))]
    at = [header.index(name) for name in names] if section.columns else [0, 1]
    entries: list[ChartEntry] = []
    problems: list[Problem] = []
    for row, line in zip(table.rows[1:], table.lines[1:], strict=True):
        label, value = row[at[0]], row[at[1]]
        try:
            entry = ChartEntry(label, value.replace("-", "\N{MINUS SIGN}"), number_of(value))
        except WrongValueError as error:
            problems.append(Problem(error.said, table.file, line))
            continue
        if not label:
            problems.append(Problem(phrase("issue.chart.has_no_label"), table.file, line))
        problems += [Problem(said, table.file, line) for said in _faults_of(entry, section.kind)]
        entries.append(entry)
    return entries, problems


def _faults_of(entry: ChartEntry, kind: str) -> Iterator[Said]:
    if entry.number is not None and entry.number < 0 and kind != "bars":
        yield phrase("issue.chart.is_negative", kind=kind)


def _faults(section: Chart, entries: list[ChartEntry]) -> Iterator[tuple[str, Said]]:
    """What is wrong with all of them together, each with the key that is to blame."""
    numbers = [entry.number for entry in entries if entry.number is not None]
    count = len(entries)
    if not numbers:
        yield "data" if section.data else "items", phrase("issue.chart.has_no_values")
    elif section.kind == "share" and count > MOST_PARTS:
        yield "kind", phrase("issue.chart.has_too_many_parts", count=count, most=MOST_PARTS)
    elif section.kind == "share" and not sum(numbers):
        yield "kind", phrase("issue.chart.is_no_whole")
    elif section.kind == "columns" and not (count <= _MOST_COLUMNS and _fit(section, entries)):
        yield "kind", phrase("issue.chart.does_not_fit", count=count)


def _fit(section: Chart, entries: list[ChartEntry]) -> bool:
    """Whether no word has to break, and no value."""
    room = (_PHONE / len(entries) - _GAP) / _COLUMN
    labels = (entry.label if section.data else with_samples(entry.label, _SAMPLE) for entry in entries)
    words = [word for label in labels for word in re.split(r"\s+", label)]
    return max(columns(text) for text in [*words, *(entry.value for entry in entries)]) <= room
