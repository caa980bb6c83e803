"""What a newsletter's ledger and files say in numbers, written for Prometheus after a run. Touches: the ledger and the
workspace's files, reading; the file of metrics.

No address and no reader's word is in it. What cannot be read is said by `newsletter_ledger_ok` and left out.
"""

import contextlib
import errno
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from newsletter import __version__
from newsletter.errors import NewsletterError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord, Purpose
from newsletter.ledger.states import DispatchStatus, State
from newsletter.report.exposition import Measured, Metric, exposition
from newsletter.schedule.due import Due, due
from newsletter.settings.replace_file import replace_file
from newsletter.settings.workspace import Workspace

from .newsletter import open_own_ledger
from .published import published
from .sent_file import went_out

_NEWEST = 12
"""Issues that are told one by one: with all of them the file would grow for ever."""
_LATE_FOR = timedelta(days=31)
"""So long an issue that was missed is told."""
_READABLE = 0o644
"""node_exporter is another user."""


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """One call of `send` or `send --due`."""

    command: str
    began: datetime
    seconds: float
    exit_code: int


def write_metrics(file: Path, workspace: Workspace | None, run: FinishedRun) -> None:
    """All of it, in the place of what stood there. Without a workspace, of the run alone.

    Raises OSError, also for what is no file: root would put one in the place of /dev/null.
    """
    file = file.resolve()
    if file.exists() and not file.is_file():
        raise OSError(errno.EISDIR if file.is_dir() else errno.EINVAL, "it is no file")
    metrics = list(_of_run(run, workspace.settings.newsletter.list_id if workspace else ""))
    if workspace is not None:
        metrics += _of_newsletter(workspace, run.began)
    replace_file(file, exposition(metrics).encode(), mode=_READABLE)


def _of_run(run: FinishedRun, newsletter: str) -> Iterator[Metric]:
    labels = {"newsletter": newsletter, "command": run.command}
    values = (
        ("newsletter_run_timestamp_seconds", "When the last run ended.", run.began.timestamp() + run.seconds),
        ("newsletter_run_duration_seconds", "How long the last run took.", run.seconds),
        ("newsletter_run_exit_code", "Exit code of the last run; 0 is done, 75 goes on later.", run.exit_code),
    )
    yield Metric(
        "newsletter_info", "The version that ran.", [Measured(1, {"newsletter": newsletter, "version": __version__})]
    )
    for name, about, value in values:
        yield Metric(name, about, [Measured(value, labels)])


def _of_newsletter(workspace: Workspace, now: datetime) -> Iterator[Metric]:
    labels = {"newsletter": workspace.settings.newsletter.list_id}
    records: list[DispatchRecord] = []
    is_ok, since = False, now - _LATE_FOR
    try:
        with open_own_ledger(workspace, Purpose.READ, readers=False) as ledger:
            ledger.require_newest()
            records = ledger.dispatches(labels["newsletter"])
            yield from _of_issues(ledger, records[-_NEWEST:], labels)
            signed_up = Measured(ledger.count_signed_up(labels["newsletter"]), labels)
            yield Metric("newsletter_sign_ups", "Those who signed up, confirmed and have not left.", [signed_up])
            is_ok, since = True, max(since, ledger.armed_at() or now)
    except NewsletterError:
        pass  # as the next number says
    yield Metric("newsletter_ledger_ok", "1 where the ledger can be read and is the newest.", [Measured(is_ok, labels)])
    yield from _of_files(workspace, {record.slug for record in records}, since, now, labels)


def _of_issues(ledger: Ledger, records: Collection[DispatchRecord], labels: Mapping[str, str]) -> Iterator[Metric]:
    of = [({**labels, "issue": record.slug}, record, ledger.counts(record.id)) for record in records]
    states = [Measured(counts[state], {**named, "state": state.value}) for named, _, counts in of for state in State]
    paused = [Measured(record.status is DispatchStatus.PAUSED, named) for named, record, _ in of]
    planned = [Measured(record.planned_at.timestamp(), named) for named, record, _ in of]
    doubt = sum(counts[State.IN_DOUBT] for *_, counts in of)
    events = [
        Measured(number, {**named, "event": kind.value})
        for named, record, _ in of
        for kind, number in ledger.events(record.id).items()
    ]
    yield Metric("newsletter_deliveries", "Deliveries of the newest issues, by state.", states)
    yield Metric("newsletter_returns", "What came back of their deliveries, by event; they stay sent.", events)
    yield Metric("newsletter_issue_paused", "1 where somebody has to resume it.", paused)
    yield Metric("newsletter_issue_planned_timestamp_seconds", "When it was planned.", planned)
    yield Metric("newsletter_deliveries_in_doubt", "Of these issues, to be decided.", [Measured(doubt, labels)])


def _of_files(
    workspace: Workspace, planned: Collection[str], since: datetime, now: datetime, labels: Mapping[str, str]
) -> Iterator[Metric]:
    kinds = Counter(_late(workspace, planned, since, now))
    waiting, late = Measured(kinds[Due.NOW], labels), Measured(kinds[Due.MISSED], labels)
    yield Metric("newsletter_issues_due", "Issues whose time is there and which have not begun.", [waiting])
    yield Metric("newsletter_issues_missed", "Issues due longer ago than catch_up, never begun.", [late])
    if (rows := _rows(workspace.csv)) is not None:
        yield Metric(
            "newsletter_subscriber_rows", "Lines of the subscriber file, but its first.", [Measured(rows, labels)]
        )


def _late(workspace: Workspace, planned: Collection[str], since: datetime, now: datetime) -> Iterator[Due]:
    """Of issues due since then that nobody has, how late they are."""
    for slug, at in published(workspace, besides=planned).items():
        if at is not None and since <= at <= now:
            with contextlib.suppress(NewsletterError):  # a witness that cannot be read is told by the run
                if not went_out(workspace, slug):
                    yield due(at, now, workspace.settings.schedule.catch_up)


def _rows(file: Path) -> int | None:
    """Lines that are not blank; a cell with a line break counts as two. None where the file cannot be read."""
    try:
        with file.open("rb") as lines:
            return max(sum(1 for line in lines if line.strip()) - 1, 0)
    except OSError:
        return None
