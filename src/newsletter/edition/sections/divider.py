"""A pause in the letter. Touches: nothing."""

from newsletter.edition.part_views import PartViews
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.views import SectionView
from newsletter.edition.wrap import TEXT_COLUMNS
from newsletter.issue.sections.divider import Divider

from .shown import ShownSection

_MARKS = "·  ·  ·".rjust((TEXT_COLUMNS + 7) // 2)


class ShownDivider(ShownSection):
    def __init__(self, section: Divider, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        self.view = SectionView(**views.of_every_section(section, place))

    def write(self, page: PlainPage) -> None:
        """The marks, where no heading names what follows."""
        if not self.view.heading:
            page.add(_MARKS)
