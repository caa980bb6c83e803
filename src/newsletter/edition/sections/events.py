"""Dates to keep in the letter, in the reader's language and the newsletter's time zone. Touches: nothing."""

from dataclasses import dataclass
from datetime import time

from newsletter.edition import letter_words
from newsletter.edition.part_views import PartViews, with_places
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.views import ALL_TRANSLATED, SectionView
from newsletter.issue.sections.events import Event, Events

from .shown import ShownSection


@dataclass(frozen=True, slots=True)
class EventView:
    """An event and the parts of its date."""

    title: str
    month: str
    day: str
    weekday: str
    time: str
    """Empty for a whole day."""
    when: str
    """Date and time in one: `2021년 8월 3일 (화) 14:00`."""
    place: str
    url: str
    untranslated: frozenset[str] = ALL_TRANSLATED


class ShownEvents(ShownSection):
    def __init__(self, section: Events, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        self._events = tuple(_event(item, at, views) for at, item in with_places(f"{place}.items", section.items))
        self.view = SectionView(**views.of_every_section(section, place), items=self._events)

    def write(self, page: PlainPage) -> None:
        for event in self._events:
            title = f"{event.title} {page.cite(event.url)}" if event.url else event.title
            page.add(*page.wrap(event.when), *page.wrap(title, "  ", "  "), *page.wrap(event.place, "  ", "  "))


def _event(event: Event, place: str, views: PartViews) -> EventView:
    whole_day = event.starts_at.time() == time.min
    starts = event.starts_at if whole_day else event.starts_at.astimezone(views.zone)
    return EventView(
        title=views.text(event.title),
        month=letter_words.short_month(starts, views.language),
        day=str(starts.day),
        weekday=letter_words.weekday(starts, views.language),
        time="" if whole_day else f"{starts:%H:%M}",
        when=letter_words.day_and_time(starts, views.language, whole_day=whole_day),
        place=views.text(event.place),
        url=views.address(event.url),
        untranslated=views.untranslated(event, place),
    )
