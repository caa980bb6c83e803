"""Two to four pictures in the letter, two in a row. Touches: nothing."""

from newsletter.edition.part_views import PartViews, with_places
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.views import SectionView
from newsletter.issue.sections.gallery import Gallery

from .shown import ShownSection


class ShownGallery(ShownSection):
    section: Gallery

    def __init__(self, section: Gallery, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        count = len(section.images)
        images = tuple(
            views.image(image, at, width=0 if count % 2 and not index else views.half)
            for index, (at, image) in enumerate(with_places(f"{place}.images", section.images))
        )
        self.view = SectionView(**views.of_every_section(section, place), images=images)

    def write(self, page: PlainPage) -> None:
        images = with_places(f"{self.place}.images", self.section.images)
        for (place, image), view in zip(images, self.view.images, strict=True):
            page.picture(image, view, place)
