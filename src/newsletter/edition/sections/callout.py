"""A word that must not be missed, in the letter. Touches: nothing."""

from newsletter.edition.part_views import PartViews
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.views import SectionView
from newsletter.issue.sections.callout import Callout

from .shown import ShownSection


class ShownCallout(ShownSection):
    section: Callout

    def __init__(self, section: Callout, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        self.view = SectionView(
            **views.of_every_section(section, place),
            tone=section.tone,
            body=views.blocks(section.body, f"{place}.body", under=section.heading),
        )

    def write(self, page: PlainPage) -> None:
        label = page.words(f"callout_{self.section.tone}")
        if label != self.section.heading:
            page.add(f"[{label}]")
        page.body(self.section.body, f"{self.place}.body")
