"""A table of data in the letter. Touches: nothing."""

from dataclasses import replace

from markupsafe import escape

from newsletter.edition.part_views import PartViews
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.tables import table_view
from newsletter.edition.tables_in_text import table_in_text
from newsletter.edition.views import SectionView
from newsletter.issue.sections.table import DataTable

from .shown import ShownSection


class ShownTable(ShownSection):
    section: DataTable

    def __init__(self, section: DataTable, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        self._caption = views.text(section.caption)
        if section.data:
            self._rows = views.data.table(section.data).rows
        else:
            self._rows = tuple(tuple(views.text(cell) for cell in row) for row in section.rows)
        shown = table_view(
            [[escape(cell) for cell in row] for row in self._rows],
            caption=escape(self._caption),
            row_headers=section.row_headers,
        )
        view = SectionView(
            **views.of_every_section(section, place),
            data_table=shown,
            unit=views.text(section.unit),
            source=views.text(section.source),
        )
        # What is in a file has no translation.
        self.view = replace(view, untranslated=view.untranslated | {"rows"}) if section.data else view

    def write(self, page: PlainPage) -> None:
        page.add(*table_in_text(self._rows, caption=self._caption, measure=page.columns))
        page.below_data(self.view.unit, self.view.source)
