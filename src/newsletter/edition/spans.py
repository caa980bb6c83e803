"""How moments and stretches of time are said in a letter, in its language and the newsletter's zone. Touches: nothing.

A moment at midnight means its whole day, in whatever zone it was written, as it does in an issue.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter.issue.texts import is_whole_day

from .letter_words import LetterWords


def in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment as a clock of the newsletter's shows it; a whole day stays the day that was written."""
    return moment if is_whole_day(moment) else moment.astimezone(zone)


def moment_said(moment: datetime, zone: ZoneInfo, words: LetterWords) -> str:
    """`2026년 12월 31일 (목) 18:00`; a whole day has no time."""
    return words.day_and_time(in_zone(moment, zone), whole_day=is_whole_day(moment))


def span_said(first: datetime, last: datetime | None, zone: ZoneInfo, words: LetterWords) -> str:
    """The same of a stretch: `… 14:00~16:00`, `… ~ 2026년 12월 16일 (수)`; `Tue, 15 December 2026, 14:00–16:00`."""
    said, dash = moment_said(first, zone, words), words.say("dash")
    if last is None:
        return said
    begin, end = in_zone(first, zone), in_zone(last, zone)
    if begin.date() == end.date():
        until = _hour(end)
        return said if until in {"", _hour(begin)} else f"{said}{dash}{until}"
    return f"{said} {dash} {moment_said(last, zone, words)}"


def beside_its_day(first: datetime, last: datetime | None, zone: ZoneInfo, words: LetterWords) -> str:
    """What is left to say where the first day stands beside it: `14:00~16:00`, `12월 15일(화)~16일(수)`, or nothing."""
    begin, dash = in_zone(first, zone), words.say("dash")
    end = in_zone(last, zone) if last else begin
    if begin.date() == end.date():
        from_, until = _hour(begin), _hour(end)
        return from_ if until in {"", from_} else f"{from_}{dash}{until}"
    return words.days(begin, end, _hour(begin), _hour(end))


def _hour(moment: datetime) -> str:
    return "" if is_whole_day(moment) else f"{moment:%H:%M}"
