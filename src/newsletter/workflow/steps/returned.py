"""Tell when more of an issue came back than `[operator] bounce_limit` and `complaint_limit` allow: once for an issue.

Touches: the ledger, whom the settings name. Large receivers judge a sender by just these two numbers.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from newsletter.catalogue import Said, phrase
from newsletter.errors import CannotWriteError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.states import WENT_OUT, State, SuppressionReason
from newsletter.report.announcement import Announcement, Occasion
from newsletter.settings.workspace import Workspace

from .cron_run import CronRun
from .dispatch import newest_sent
from .operator import tell

_FEWEST_BOUNCES = 5
"""One bad address of ten is no sign of anything."""


def tell_of_newest(cron: CronRun, ledger: Ledger) -> None:
    """By a run of cron: complaints come for weeks after an issue went out."""
    record = newest_sent(ledger, cron.workspace.settings.newsletter.list_id)
    if record is not None:
        for words in tell_returned(cron.workspace, ledger, record, cron.now):
            cron.warn(words)


def tell_returned(workspace: Workspace, ledger: Ledger, record: DispatchRecord, now: datetime) -> tuple[Said, ...]:
    """What was over a limit and nobody was told of yet, in words, and what did not arrive of them.

    Where the ledger cannot be written it is told by a later run.
    """
    try:
        return tuple(_told_now(workspace, ledger, record, now))
    except CannotWriteError:
        return ()


def _told_now(workspace: Workspace, ledger: Ledger, record: DispatchRecord, now: datetime) -> Iterator[Said]:
    for announcement in _over_limits(workspace, ledger, record):
        if ledger.say_once(record.newsletter, _key(announcement.event, record), now):
            yield announcement.words
            yield from tell(workspace, ledger, announcement)


def _over_limits(workspace: Workspace, ledger: Ledger, record: DispatchRecord) -> Iterator[Announcement]:
    operator, counts = workspace.settings.operator, ledger.counts(record.id)
    got = sum(counts[state] for state in WENT_OUT)
    if not ledger.was_said(record.newsletter, _key(Occasion.BOUNCES, record)):
        tried = got + counts[State.FAILED]
        bad = ledger.suppressed_since(record.id, SuppressionReason.BAD_ADDRESS)
        if bad + counts[State.FAILED] > operator.bounce_limit * tried:  # else it cannot be so many
            bad += ledger.refused_addresses(record.id)
        if bad >= _FEWEST_BOUNCES and bad > operator.bounce_limit * tried:
            yield _announcement(Occasion.BOUNCES, record, counts, bad, tried, operator.bounce_limit)
    if not ledger.was_said(record.newsletter, _key(Occasion.COMPLAINTS, record)):
        complaints = ledger.suppressed_since(record.id, SuppressionReason.COMPLAINED)
        if complaints > operator.complaint_limit * got:
            yield _announcement(Occasion.COMPLAINTS, record, counts, complaints, got, operator.complaint_limit)


def _key(event: Occasion, record: DispatchRecord) -> str:
    return f"{event} {record.slug}"


def _announcement(
    event: Occasion, record: DispatchRecord, counts: Mapping[State, int], count: int, of: int, limit: float
) -> Announcement:
    code = "workflow.operator.bounces" if event is Occasion.BOUNCES else "workflow.operator.complaints"
    words = phrase(
        code, slug=record.slug, count=f"{count:,}", of=f"{of:,}", rate=_percent(count / of), limit=_percent(limit)
    )
    numbers = {"count": count, "of": of, "rate": round(count / of, 6), "limit": limit}
    command = f"newsletter status {record.slug}"
    if event is Occasion.BOUNCES:
        command += " --who failed --class bad-address"
    return Announcement(event, words, record.slug, states=counts, numbers=numbers, next_command=command)


def _percent(share: float) -> str:
    return f"{100 * share:.2g}" if share < 0.1 else f"{100 * share:.0f}"
