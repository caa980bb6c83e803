"""Key numbers in the letter. Touches: nothing."""

from dataclasses import dataclass

from newsletter.edition.part_views import PartViews, with_places
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.unbroken import unbroken, unbroken_numbers
from newsletter.edition.views import ALL_TRANSLATED, SectionView
from newsletter.edition.wrap import columns
from newsletter.issue.sections.figures import Figures

from .shown import ShownSection

_WIDEST_VALUE = 24
"""Columns of a figure beside which there is room to say what it counts."""
_NARROW, _WIDE = 0.68, 1.0
"""em of a bold digit or Latin letter, in the widest font that takes the place of another; of Hangul, Han and kana."""


@dataclass(frozen=True, slots=True)
class FigureView:
    value: str
    """In the HTML part a number and its unit hold together wherever they meet, in the label too (unbroken.py)."""
    label: str
    untranslated: frozenset[str] = ALL_TRANSLATED


class ShownFigures(ShownSection):
    def __init__(self, section: Figures, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        self._figures = tuple((views.text(item.value), views.text(item.label)) for item in section.items)
        untranslated = (views.untranslated(item, at) for at, item in with_places(f"{place}.items", section.items))
        items = tuple(
            FigureView(unbroken(value), unbroken_numbers(label), kept)
            for (value, label), kept in zip(self._figures, untranslated, strict=True)
        )
        self.view = SectionView(
            **views.of_every_section(section, place),
            items=items,
            widest=max(_em(value) for value, _ in self._figures),
            tinted=True,
        )

    def write(self, page: PlainPage) -> None:
        """The numbers in a column, what they count beside them; very long ones stand in their own line."""
        width = max(page.columns(value) for value, _ in self._figures)
        lines: list[str] = []
        for value, label in self._figures:
            if width > _WIDEST_VALUE:
                lines += page.wrap(value, "  ", "  ") + page.wrap(label, "    ", "    ")
            else:
                padded = value + " " * (width - page.columns(value))
                lines += page.wrap(label, f"  {padded}   ", " " * (width + 5))
        page.add(*lines)


def _em(value: str) -> float:
    wide = columns(value) - len(value)
    return wide * _WIDE + (len(value) - wide) * _NARROW
