"""A chart in the letter, drawn with the cells of tables. Touches: nothing."""

import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal

from newsletter.edition.chart_entries import chart_entries
from newsletter.edition.chart_shapes import bars, shares
from newsletter.edition.directions import runs_right
from newsletter.edition.part_views import PartViews, with_places
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.unbroken import unbroken
from newsletter.edition.views import ALL_TRANSLATED, SectionView
from newsletter.issue.sections.chart import Chart

from .shown import ShownSection

_NOTHING = "–"
"""In place of a value that is not known."""
_NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class MarkView:
    """One figure and how it is drawn; lengths are per cents."""

    label: str
    value: str
    """With its unit, but for columns, which have no room for it."""
    begin: int
    length: int
    share: str
    """`45%` of the whole; empty where that is not shown, or is the value."""
    untranslated: frozenset[str] = ALL_TRANSLATED

    @property
    def is_left_to_right(self) -> bool:
        """The value has no letters that are read from the right, so that its signs stay where they were typed."""
        return not runs_right(self.value)

    @property
    def rest(self) -> int:
        return 100 - self.begin - self.length


class ShownChart(ShownSection):
    section: Chart

    def __init__(self, section: Chart, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        entries = chart_entries(section, place, views.data)
        unit, is_share = views.text(section.unit), section.kind == "share"
        self._labels = [entry.label if section.data else views.text(entry.label) for entry in entries]
        self._values = [_with_unit(entry.value, unit) for entry in entries]
        numbers = [entry.number for entry in entries]
        parts = shares(numbers) if is_share else []
        said = [_share(*one) for one in zip(numbers, self._values, parts or [0] * len(entries), strict=True)]
        self._shares = said if is_share else [""] * len(entries)
        lengths = [(0, part) for part in parts] or bars(numbers)
        shown = [entry.value or _NOTHING for entry in entries] if section.kind == "columns" else self._values
        marks = tuple(
            MarkView(label, unbroken(value), begin, length, share)
            for label, value, (begin, length), share in zip(self._labels, shown, lengths, self._shares, strict=True)
        )
        self._alt = views.text(section.alt)
        told = ", ".join(f"{label} {value}" for label, value in zip(self._labels, self._values, strict=True))
        self.view = SectionView(
            **views.of_every_section(section, place),
            kind=section.kind,
            items=_marked(marks, section, place, views),
            alt=self._alt or (told if section.kind == "columns" else ""),
            unit=unit if section.kind == "columns" else "",
            source=views.text(section.source),
        )

    def write(self, page: PlainPage) -> None:
        if self._alt:
            page.add(*page.wrap(self._alt))
        lines: list[str] = []
        for label, value, share in zip(self._labels, self._values, self._shares, strict=True):
            lines += page.wrap(f"{label}: {value}" + (f" ({share})" if share else ""), "- ", "  ")
        page.add(*lines)
        page.below_data("", self.view.source)


def _marked(marks: tuple[MarkView, ...], section: Chart, place: str, views: PartViews) -> tuple[MarkView, ...]:
    """Each says whether its label is in the newsletter's language; what is in a file has no translation."""
    if section.data:
        return tuple(replace(mark, untranslated=frozenset({"label"})) for mark in marks)
    kept = [views.untranslated(item, at) for at, item in with_places(f"{place}.items", section.items)]
    return tuple(replace(mark, untranslated=one) for mark, one in zip(marks, kept, strict=True))


def _with_unit(value: str, unit: str) -> str:
    """`1,234명`, `12 km`, `12%`: Hangul and Han stand at the number, other units a space behind it."""
    if not value:
        return _NOTHING
    if not unit or value.endswith("%"):
        return value
    is_close = unit[0] in "%°℃" or unicodedata.east_asian_width(unit[0]) == "W"
    return value + ("" if is_close else _NBSP) + unit


def _share(number: Decimal | None, value: str, part: int) -> str:
    if number is None or value.endswith("%"):
        return ""
    return f"{part}%" if part or not number else "<1%"
