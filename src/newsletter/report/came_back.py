"""What came back of letters, in words and as JSON. Touches: nothing."""

from collections.abc import Mapping

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.ledger.history import PastReturn
from newsletter.ledger.returns import EventKind
from newsletter.printable import one_line

from .states_and_times import local

EVENT_WORDS: Mapping[EventKind, Said] = {
    EventKind.BOUNCED: phrase("report.came_back.bounced"),
    EventKind.COMPLAINED: phrase("report.came_back.complained"),
    EventKind.UNSUBSCRIBED: phrase("report.came_back.unsubscribed"),
    EventKind.DELAYED: phrase("report.came_back.delayed"),
    EventKind.MOVED: phrase("report.came_back.moved"),
    EventKind.REPLIED: phrase("report.came_back.replied"),
}


def events_as_json(events: Mapping[EventKind, int]) -> dict[str, int]:
    """All of them are always there."""
    return {kind.value: events.get(kind, 0) for kind in EventKind}


def events_said(events: Mapping[EventKind, int]) -> Said:
    """`3 bounced, 1 called spam`; nothing where nothing came back."""
    told = tuple(
        phrase("report.state.count", count=number, state=EVENT_WORDS[kind]) for kind, number in events.items() if number
    )
    if not told:
        return SILENCE
    return phrase("report.came_back.events", events=phrase("report.state.counts", counts=told))


def return_as_json(one: PastReturn) -> dict[str, object]:
    """`issue` is null where it is not known."""
    return {
        "newsletter": one.newsletter,
        "issue": one.slug or None,
        "event": one.event.value,
        "at": one.at.isoformat(),
        "class": one.reply_class,
        "code": one.reply.code if one.reply else None,
        "enhanced": one.reply.enhanced if one.reply else "",
        "text": one.reply.text if one.reply else "",
        "suppressed": one.suppressed,
        "proved": one.proved,
    }


def said_of_return(one: PastReturn, zone: str) -> Said:
    """One line."""
    words = one_line(one.reply.text) if one.reply else ""
    values: dict[str, Said | str] = {"when": local(one.at, zone), "event": EVENT_WORDS[one.event], "words": words}
    if not one.proved:
        return phrase("report.came_back.somebody_says", **values)
    return phrase("report.came_back.line", issue=one.slug or one.newsletter, **values)
