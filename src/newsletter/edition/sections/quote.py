"""A quote in the letter. Touches: nothing."""

from newsletter.edition.part_views import PartViews
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.views import SectionView
from newsletter.issue.sections.quote import Quote

from .shown import ShownSection


class ShownQuote(ShownSection):
    section: Quote

    def __init__(self, section: Quote, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        self.view = SectionView(
            **views.of_every_section(section, place),
            text=views.blocks(section.text, f"{place}.text", under=section.heading),
            source=views.text(section.source),
        )

    def write(self, page: PlainPage) -> None:
        text = page.blocks(self.section.text, f"{self.place}.text", indent="    ")
        page.add(*text, *page.wrap(self.view.source, "    — ", "      "))
