"""A story in the letter: its number, its text, the research it draws on, and who wrote it. Touches: nothing."""

from newsletter.edition.part_views import PartViews, with_places
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.reading_time import minutes_to_read
from newsletter.edition.research_card import card_view, write_card
from newsletter.edition.views import SectionView
from newsletter.issue.sections.story import Story

from .shown import ShownSection


class ShownStory(ShownSection):
    section: Story

    def __init__(self, section: Story, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        ordinal = views.next_ordinal() if section.numbered and section.heading else ""
        at_a_side = section.layout in {"left", "right"}
        shared = views.of_every_section(section, place, image_width=views.side if at_a_side else 0)
        if section.button:
            shared["buttons"] = (views.button(section.button, f"{place}.button"),)
        body = views.blocks(section.body, f"{place}.body", under=section.heading)
        minutes = section.reading_time
        self.view = SectionView(
            **shared,
            ordinal=ordinal,
            layout=section.layout,
            kicker=views.text(section.kicker),
            byline=views.text(section.byline),
            reading_time=_reading_time(minutes_to_read(body.striptags()) if minutes == "auto" else minutes, views),
            body=body,
            research=tuple(
                card_view(item, at, views) for at, item in with_places(f"{place}.research", section.research)
            ),
        )

    def write(self, page: PlainPage) -> None:
        page.body(self.section.body, f"{self.place}.body")
        items = with_places(f"{self.place}.research", self.section.research)
        for (place, item), card in zip(items, self.view.research, strict=True):
            write_card(page, item, card, place)


def _reading_time(minutes: int | str | None, views: PartViews) -> str:
    return views.word("reading_time", minutes=str(minutes)) if minutes else ""
