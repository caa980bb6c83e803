"""Short notes in the letter. Touches: nothing."""

from dataclasses import dataclass

from markupsafe import Markup

from newsletter.edition.part_views import PartViews, with_places
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.views import ALL_TRANSLATED, SectionView
from newsletter.issue.sections.briefs import Briefs

from .shown import ShownSection


@dataclass(frozen=True, slots=True)
class BriefView:
    title: str
    url: str
    text: Markup
    source: str
    untranslated: frozenset[str] = ALL_TRANSLATED


class ShownBriefs(ShownSection):
    section: Briefs

    def __init__(self, section: Briefs, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        self._briefs = tuple(
            BriefView(
                title=views.text(item.title),
                url=views.address(item.url),
                text=views.blocks(item.text, f"{at}.text", under=section.heading),
                source=views.text(item.source),
                untranslated=views.untranslated(item, at),
            )
            for at, item in with_places(f"{place}.items", section.items)
        )
        self.view = SectionView(**views.of_every_section(section, place), items=self._briefs)

    def write(self, page: PlainPage) -> None:
        items = with_places(f"{self.place}.items", self.section.items)
        for (place, item), brief in zip(items, self._briefs, strict=True):
            page.add(
                *page.titled(brief.title, brief.url),
                *page.below(item.text, f"{place}.text"),
                *page.wrap(brief.source, "  — ", "    "),
            )
