"""Key numbers in the letter. Touches: nothing."""

from dataclasses import dataclass

from newsletter.edition.part_views import PartViews, with_places
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.views import ALL_TRANSLATED, SectionView
from newsletter.issue.sections.figures import Figures

from .shown import ShownSection

_WIDEST_VALUE = 24
"""Columns of a figure beside which there is room to say what it counts."""


@dataclass(frozen=True, slots=True)
class FigureView:
    value: str
    label: str
    untranslated: frozenset[str] = ALL_TRANSLATED


class ShownFigures(ShownSection):
    def __init__(self, section: Figures, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        self._figures = tuple(
            FigureView(views.text(item.value), views.text(item.label), views.untranslated(item, at))
            for at, item in with_places(f"{place}.items", section.items)
        )
        self.view = SectionView(**views.of_every_section(section, place), items=self._figures)

    def write(self, page: PlainPage) -> None:
        """The numbers in a column, what they count beside them; very long ones stand in their own line."""
        width = max(page.columns(figure.value) for figure in self._figures)
        lines: list[str] = []
        for figure in self._figures:
            if width > _WIDEST_VALUE:
                lines += page.wrap(figure.value, "  ", "  ") + page.wrap(figure.label, "    ", "    ")
            else:
                value = figure.value + " " * (width - page.columns(figure.value))
                lines += page.wrap(figure.label, f"  {value}   ", " " * (width + 5))
        page.add(*lines)
