"""A notice in the letter. Touches: nothing."""

from newsletter.edition.part_views import PartViews
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.views import SectionView
from newsletter.issue.sections.notice import Notice

from .shown import ShownSection


class ShownNotice(ShownSection):
    section: Notice

    def __init__(self, section: Notice, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        self.view = SectionView(
            **views.of_every_section(section, place),
            body=views.blocks(section.body, f"{place}.body", under=section.heading),
            tinted=True,
        )

    def write(self, page: PlainPage) -> None:
        page.body(self.section.body, f"{self.place}.body")
