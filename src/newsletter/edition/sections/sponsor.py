"""A word from who pays, in the letter: under a label that always shows. Touches: nothing."""

from newsletter.edition.part_views import PartViews
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.views import SectionView
from newsletter.issue.sections.sponsor import Sponsor

from .shown import ShownSection

_LOGO = 160
"""CSS pixels of the logo's width."""


class ShownSponsor(ShownSection):
    section: Sponsor

    def __init__(self, section: Sponsor, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        self.view = SectionView(
            **views.of_every_section(section, place, image_width=_LOGO),
            label=views.text(section.label),
            name=views.text(section.name),
            url=views.address(section.url),
            body=views.blocks(section.body, f"{place}.body", under=section.heading),
        )

    def write(self, page: PlainPage) -> None:
        label = self.view.label or page.words("ad")
        page.add(*page.titled(f"[{label}] {self.view.name}", self.view.url))
        page.body(self.section.body, f"{self.place}.body")
