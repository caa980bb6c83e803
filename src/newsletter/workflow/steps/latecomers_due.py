"""Give the last issue to those who joined since, from cron, where `[schedule] latecomers` says so.

Touches: the subscriber file, the ledger, the network, `.newsletter/latecomers.json`. Most of the time nobody joined,
and a file of a million rows is not read every ten minutes to find that out: what was found in it is remembered until it
changes, and for a day at most, since who left may have come back.
"""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from newsletter.catalogue import phrase
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.states import DispatchStatus
from newsletter.settings.replace_file import replace_file
from newsletter.settings.workspace import Workspace

from .continue_due import go_on
from .cron_run import CronRun, CronStep
from .file_stamp import written_at
from .list_change import ListChangedError
from .people import people_to_mail
from .sent_file import refuse_forgotten

if TYPE_CHECKING:
    from .latecomers import LateAudience

_FILE = "latecomers.json"
_LASTS = timedelta(days=1)
_SETTLED = 2.0
"""Seconds since a file was written to. A change right after it might leave its times as they are."""


def latecomers_due(cron: CronRun, ledger: Ledger) -> Iterator[CronStep]:
    """One step, where the last issue is young enough, is not stopped, and was planned with this very ledger."""
    schedule, list_id = cron.workspace.settings.schedule, cron.workspace.settings.newsletter.list_id
    if schedule.latecomers is None:
        return
    planned = ledger.dispatches(list_id)
    if not planned:
        return
    last = planned[-1]
    is_young = cron.now - last.planned_at <= schedule.latecomers
    if is_young and last.status is DispatchStatus.RUNNING and last.canary_lease is None and knows_all(ledger, last):
        yield cron.guarded(last.slug, partial(_add, cron, ledger, last))


def knows_all(ledger: Ledger, record: DispatchRecord) -> bool:
    """False where another book was taken for this one since: whoever joined meanwhile may be lost with it."""
    adopted = ledger.adopted_at()
    return adopted is None or adopted <= record.planned_at


def _add(cron: CronRun, ledger: Ledger, record: DispatchRecord) -> CronStep:
    memory = _Memory(cron.workspace, ledger, record, cron.now)
    if memory.says_nobody:
        return 0, False
    # Nobody joins most of the time, and what tries a letter hangs on these.
    from .latecomers import add_latecomers, find_latecomers

    refuse_forgotten(cron.workspace, ledger, record.slug)
    if memory.many:
        raise many_latecomers(record, memory.many)
    found = find_latecomers(cron.workspace, ledger, record)
    if found.is_mass:
        memory.keep(found.count, record.total)
        raise many_latecomers(record, found.count)
    added = add_latecomers(cron.workspace, ledger, found) if found.count else 0
    _tell_left_out(cron, found)
    grown = ledger.record(record.id)
    memory.keep(0, grown.total)
    if not added:
        return 0, False
    cron.say(phrase("workflow.latecomers.added", slug=record.slug, count=added))
    return go_on(cron, ledger, grown)


def _tell_left_out(cron: CronRun, found: "LateAudience") -> None:
    """Who joined and cannot get it is told when somebody is there to read it; it stops nobody else."""
    if found.passed_over.without_edition:
        slug, left_out = found.record.slug, found.passed_over.said(0)
        cron.say(phrase("workflow.latecomers.left_out", slug=slug, left_out=left_out))


def many_latecomers(record: DispatchRecord, count: int) -> ListChangedError:
    """For who cannot be asked whether so many joined."""
    return ListChangedError(
        phrase("workflow.latecomers.many", slug=record.slug, count=f"{count:,}", total=f"{record.total:,}"),
        hint=phrase("workflow.latecomers.look_at_them", slug=record.slug),
        slug=record.slug,
        numbers={"latecomers": count, "audience": record.total},
        next_command=f"newsletter send {record.slug} --latecomers",
    )


class _Memory:
    """What was found in the subscriber file as it is."""

    def __init__(self, workspace: Workspace, ledger: Ledger, record: DispatchRecord, now: datetime) -> None:
        self._path = workspace.state / _FILE
        self._now = now
        people = people_to_mail(workspace, ledger)
        stamp = people.stamp()
        self._is_settled = people.path is None or time.time() - written_at(stamp.file) > _SETTLED
        self._of = {
            "ledger": ledger.identity(),
            "dispatch": record.id,
            "revision": ledger.revision(record.id),
            "total": record.total,
            "file": [str(people.path or ""), *stamp.file],
            "sign_ups": [*astuple(stamp.sign_ups)] if stamp.sign_ups else [],
        }
        kept = self._read()
        self._found = int(kept["found"]) if kept else None

    @property
    def says_nobody(self) -> bool:
        return self._found == 0

    @property
    def many(self) -> int:
        """Too many to be added without a person; 0 where that was not found."""
        return self._found or 0

    def keep(self, found: int, total: int) -> None:
        """Remember it, with how many the issue goes to by now: who was added is no latecomer any more."""
        if not self._is_settled:
            return
        kept = {**self._of, "total": total, "found": found, "at": self._now.isoformat()}
        try:
            replace_file(self._path, json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
        except OSError:
            return  # then it is read again: slower, and right

    def _read(self) -> Mapping[str, Any] | None:
        """None where there is no such file, or it speaks of another state of things, or of another day."""
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            at = datetime.fromisoformat(kept["at"]).astimezone(UTC)
            is_of_this = {key: kept[key] for key in self._of} == self._of and type(kept["found"]) is int
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return kept if is_of_this and timedelta() <= self._now - at < _LASTS else None
