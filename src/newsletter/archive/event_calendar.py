"""Dates to keep as calendars (RFC 5545): `events.ics` of all issues, and one beside each issue that has any.

Touches: nothing. Times are in UTC, whole days are days. An event is the same one by its title and day: told again in a
later issue it stands in `events.ics` once, as the later one says it. Limits: moved to another day, it is a new one.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from newsletter.folded import folded
from newsletter.issue.texts import is_whole_day
from newsletter.printable import printable

from .addresses import full_address, lasting_name
from .site import Site, SiteEvent, SiteFile, SiteIssue

ALL_EVENTS = "events.ics"
_LINE = 75
"""Octets, without the line break (RFC 5545 3.1)."""
_ESCAPED = re.compile(r"([\\;,])")


def event_calendars(site: Site) -> tuple[SiteFile, ...]:
    with_events = [issue for issue in site.issues if issue.events]
    own = tuple(SiteFile(calendar_path(issue), _calendar(site, [issue])) for issue in with_events)
    listed = [issue for issue in with_events if issue.is_listed]
    return (*own, SiteFile(ALL_EVENTS, _calendar(site, listed))) if listed else own


def calendar_path(issue: SiteIssue) -> str:
    """Of the calendar of one issue, below the archive's address."""
    return f"{issue.main.path}{ALL_EVENTS}"


def _calendar(site: Site, issues: Iterable[SiteIssue]) -> bytes:
    events: dict[str, tuple[datetime, list[str]]] = {}
    for issue in issues:  # newest first
        for name, event in _named(site, issue):
            events.setdefault(name, (event.starts_at, _event(site, issue, name, event)))
    body = [line for _, (_, lines) in sorted(events.items(), key=lambda one: (one[1][0], one[0])) for line in lines]
    name = _text(site.settings.newsletter.name)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//newsletter//archive//EN",
        "CALSCALE:GREGORIAN",
        f"NAME:{name}",
        f"X-WR-CALNAME:{name}",
        *body,
        "END:VCALENDAR",
    ]
    return "".join(f"{piece}\r\n" for line in lines for piece in _folded(line)).encode()


def _named(site: Site, issue: SiteIssue) -> Iterator[tuple[str, SiteEvent]]:
    """Each event with its lasting name; the second of the same title on one day has another."""
    seen: dict[tuple[str, str], int] = {}
    for event in issue.events:
        key = folded(event.title), event.starts_at.date().isoformat()
        seen[key] = nth = seen.get(key, 0) + 1
        name = lasting_name(site.settings, "event", *key, *([str(nth)] if nth > 1 else []))
        yield name.removeprefix("urn:uuid:"), event


def _event(site: Site, issue: SiteIssue, name: str, event: SiteEvent) -> list[str]:
    page = full_address(site, issue.main.path) if site.base_url else ""
    given = (
        ("LOCATION", _text(event.place)),
        ("URL", _address(event.url or page)),
        ("DESCRIPTION", _text(f"{issue.main.title}\n{page}".strip())),
    )
    return [
        "BEGIN:VEVENT",
        f"UID:{name}",
        f"DTSTAMP:{_utc(issue.registered_at)}",
        *_span(event),
        f"SUMMARY:{_text(event.title)}",
        *(f"{key}:{value}" for key, value in given if value),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _span(event: SiteEvent) -> list[str]:
    """Begin and end; the end of whole days is the day behind them, of an hour until a whole day its midnight."""
    begin, end = event.starts_at, event.ends_at
    if is_whole_day(begin):
        last = (end or begin).date() + timedelta(days=1)
        return [f"DTSTART;VALUE=DATE:{begin:%Y%m%d}", f"DTEND;VALUE=DATE:{last:%Y%m%d}"]
    if end is None or (end <= begin and not is_whole_day(end)):
        return [f"DTSTART:{_utc(begin)}"]
    return [f"DTSTART:{_utc(begin)}", f"DTEND:{_utc(end + timedelta(days=1) if is_whole_day(end) else end)}"]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A value of type TEXT (3.3.11), without control characters."""
    escaped = _ESCAPED.sub(r"\\\1", "\n".join(value.splitlines()))
    return printable(escaped).replace("\n", "\\n")


def _address(value: str) -> str:
    """A value of type URI: no blank and no line break is in one."""
    return "".join(printable(value).split())


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 octets, each after the first with a blank before it; no character is torn."""
    piece, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LINE:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + octets
    yield piece
