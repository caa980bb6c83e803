"""Dates to keep in the letter, in the reader's language and the newsletter's time zone. Touches: nothing."""

from dataclasses import dataclass

from markupsafe import Markup

from newsletter.edition.part_views import PartViews, with_places
from newsletter.edition.plain_page import PlainPage
from newsletter.edition.spans import beside_its_day, in_zone, moment_said, span_said
from newsletter.edition.views import ALL_TRANSLATED, NO_MARKUP, SectionView
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
    """What its first day leaves to say: `14:00`, `14:00~16:00`, `12월 15일(화)~16일(수)`; empty for one whole day."""
    when: str
    """Date and time in one: `2021년 8월 3일 (화) 14:00`."""
    place: str
    url: str
    deadline: str = ""
    """`2021년 8월 1일 (일)`"""
    online: str = ""
    """An address."""
    speaker: str = ""
    note: Markup = NO_MARKUP
    untranslated: frozenset[str] = ALL_TRANSLATED


class ShownEvents(ShownSection):
    section: Events

    def __init__(self, section: Events, place: str, views: PartViews) -> None:
        self.section, self.place = section, place
        self._events = tuple(
            _event(item, at, views, section.heading) for at, item in with_places(f"{place}.items", section.items)
        )
        self.view = SectionView(**views.of_every_section(section, place), items=self._events)

    def write(self, page: PlainPage) -> None:
        items = with_places(f"{self.place}.items", self.section.items)
        for (place, item), event in zip(items, self._events, strict=True):
            title = f"{event.title} {page.cite(event.url)}" if event.url else event.title
            lines = (
                title,
                event.place,
                f"{page.words('online')} {page.cite(event.online)}" if event.online else "",
                f"{page.words('speaker')} {event.speaker}" if event.speaker else "",
                f"{page.words('register_by')} {event.deadline}" if event.deadline else "",
            )
            page.add(
                *page.wrap(event.when),
                *(part for line in lines for part in page.wrap(line, "  ", "  ")),
                *page.below(item.note, f"{place}.note"),
            )


def _event(event: Event, place: str, views: PartViews, heading: str) -> EventView:
    starts = in_zone(event.starts_at, views.zone)
    said = views.zone, views.chrome
    return EventView(
        title=views.text(event.title),
        month=views.chrome.short_month(starts),
        day=str(starts.day),
        weekday=views.chrome.weekday(starts),
        time=beside_its_day(event.starts_at, event.ends_at, *said),
        when=span_said(event.starts_at, event.ends_at, *said),
        place=views.text(event.place),
        url=views.address(event.url),
        deadline=moment_said(event.deadline, *said) if event.deadline else "",
        online=views.address(event.online),
        speaker=views.text(event.speaker),
        note=views.blocks(event.note, f"{place}.note", under=heading),
        untranslated=views.untranslated(event, place),
    )
