"""States, times and replies as a person reads them. Touches: nothing."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter.catalogue import Said, phrase
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.states import UNFINISHED, DispatchStatus, State
from newsletter.smtp.reply import Reply

STATE_WORDS: Mapping[State, Said] = {
    State.PLANNED: phrase("report.state.planned"),
    State.CLAIMED: phrase("report.state.claimed"),
    State.IN_FLIGHT: phrase("report.state.in_flight"),
    State.SENT: phrase("report.state.sent"),
    State.DEFERRED: phrase("report.state.deferred"),
    State.FAILED: phrase("report.state.failed"),
    State.IN_DOUBT: phrase("report.state.in_doubt"),
    State.SUPPRESSED: phrase("report.state.suppressed"),
    State.EXPIRED: phrase("report.state.expired"),
    State.CANCELLED: phrase("report.state.cancelled"),
}

STATUS_WORDS: Mapping[DispatchStatus, Said] = {
    DispatchStatus.STAGING: phrase("report.state.staging"),
    DispatchStatus.RUNNING: phrase("report.state.running"),
    DispatchStatus.PAUSED: phrase("report.state.paused"),
    DispatchStatus.CANCELLED: phrase("report.state.cancelled"),
}

STANDING_WORDS: Mapping[str, Said] = {
    "never_planned": phrase("report.state.never_planned"),
    **{status.value: said for status, said in STATUS_WORDS.items()},
    "finished": phrase("report.state.finished"),
}
"""By what `standing_of` says, and what stands before it."""


def standing_of(record: DispatchRecord, counts: Mapping[State, int]) -> str:
    """Of a dispatch, for scripts: running, paused, cancelled, or finished, where nothing is left for a run."""
    is_over = not any(counts[state] for state in UNFINISHED)
    return "finished" if record.status is DispatchStatus.RUNNING and is_over else record.status.value


def local(moment: datetime, zone: str) -> str:
    """`2026-11-22 20:15 KST`: an aware time in the newsletter's time zone."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M %Z}"


def counts_words(counts: Mapping[State, int]) -> Said:
    """`2 sent, 1 in doubt`: those that are not nought."""
    told = tuple(
        phrase("report.state.count", count=count, state=STATE_WORDS[state]) for state, count in counts.items() if count
    )
    return phrase("report.state.counts", counts=told)


def resting_words(domain: str, until: datetime, zone: str, reply: Reply | None = None) -> Said:
    """A domain that is left alone for a while, with its last word where that is known; no domain is the relay."""
    if not domain:
        return phrase("report.state.relay_rests", when=local(until, zone))
    if reply is None:
        return phrase("report.state.resting", domain=domain, when=local(until, zone))
    return phrase("report.state.resting_since", domain=domain, when=local(until, zone), reply=reply)
