"""Take people over from another system: read its export, tell what would change, and do it. Touches: what its steps do.

Nothing is written before all of it is read, compared with the ledger and told. Then the ledger takes it in batches; an
import that was broken off is done again and ends the same. The subscriber file is not touched.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from newsletter.audience.exports.staged import StagedPeople
from newsletter.catalogue import Said, phrase
from newsletter.errors import RefusedError
from newsletter.ledger.import_verdicts import ImportVerdict
from newsletter.ledger.imports import ImportRecord, ImportTarget
from newsletter.ledger.lock_file import alone
from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.ledger.records import LedgerMissingError, Purpose
from newsletter.progress import Advance
from newsletter.settings.workspace import Workspace

from .steps.exported_people import GivenExport, ReadExport, read_export
from .steps.import_summary import summary_of
from .steps.keys import links_of
from .steps.people_ledger import open_own_people_ledger

_LOCK = "import.lock"
_GONE_NAMED = 20
_FIRST, _LEAST, _MOST = 1000, 500, 5000
_HELD = 0.1
"""Seconds that a batch shall hold the book; so long another writer waits."""
_BREATH = 0.01
"""Seconds between batches: SQLite's waiting writers poll."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Who was in the last import of the format and is not in this one."""

    since: ImportRecord | None
    count: int = 0
    named: tuple[str, ...] = ()
    """The first of them."""


@dataclass(frozen=True, slots=True)
class PeopleImport:
    """What an import would do."""

    workspace: Workspace
    target: ImportTarget
    read: ReadExport
    verdicts: Mapping[ImportVerdict, int]
    gone: Gone

    def summary(self) -> Said:
        """The mapping and the counts, for whoever decides."""
        return summary_of(self.read, self.verdicts, self.gone.count, self.gone.named, self.gone.since)

    def counts(self) -> dict[str, int]:
        """What is kept in the book of it."""
        read = self.read
        return {
            "rows": read.rows,
            "people": read.people.count,
            **{verdict.value: self.verdicts.get(verdict, 0) for verdict in ImportVerdict},
            "unconsented": read.people.without_consent(),
            "gone": self.gone.count,
            "bad": read.bad,
            "duplicates": read.people.duplicates,
        }

    def to_json(self, *, number: int | None = None) -> dict[str, Any]:
        """For scripts; `number` is that of the import, where it was done. Keys are only ever added."""
        return {
            "format": self.target.format,
            "files": [file.name for file in self.read.files],
            "skipped_files": list(self.read.skipped),
            "mapping": self.read.mapping(),
            **self.counts(),
            "left_by_reason": self.read.people.reasons(),
            "gone_named": list(self.gone.named),
            "since": self.gone.since.at.isoformat() if self.gone.since else None,
            "bad_rows": [
                {"file": one.file, "line": one.line, "message": str(one.message)} for one in self.read.problems
            ],
            "import": number,
        }


@contextmanager
def planned_people(
    workspace: Workspace, given: GivenExport, reading: Advance, comparing: Advance
) -> Iterator[PeopleImport]:
    """Read all of it, and compare it with the ledger. InputError (65) where there is nobody in it.

    RefusedError (77) while another import runs on this machine.
    """
    with ExitStack() as stack:
        if not stack.enter_context(alone(workspace.state / _LOCK)):
            raise RefusedError(phrase("workflow.import_subscribers.another_runs"))
        links = links_of(workspace, create=True)
        read = stack.enter_context(read_export(workspace, given, links.address_hash, reading))
        target = ImportTarget(
            workspace.settings.newsletter.list_id,
            read.format,
            links.all_hashes,
            renamed=bool(workspace.settings.newsletter.former_list_ids),
        )
        yield PeopleImport(workspace, target, read, *_looked_up(workspace, target, read.people, comparing))


@dataclass(frozen=True, slots=True)
class DoneImport:
    """What an import came to."""

    plan: PeopleImport
    number: int
    suppressed_gone: int

    def to_json(self) -> dict[str, Any]:
        return {**self.plan.to_json(number=self.number), "suppressed_gone": self.suppressed_gone}

    def summary(self) -> Said:
        counts = self.plan.verdicts
        return phrase(
            "workflow.import_subscribers.done",
            new=counts.get(ImportVerdict.NEW, 0),
            changed=counts.get(ImportVerdict.CHANGED, 0),
            left=counts.get(ImportVerdict.LEFT_THERE, 0) + self.suppressed_gone,
        )


def import_subscribers(plan: PeopleImport, advance: Advance, *, suppress_gone: bool = False) -> DoneImport:
    """Write it; with `suppress_gone`, who is not in the export any more is not mailed any more."""
    now = datetime.now(UTC)
    target, people = plan.target, plan.read.people
    done: Counter[ImportVerdict] = Counter()
    with open_own_people_ledger(plan.workspace, Purpose.PAGES) as ledger:
        suppressed = _suppress_gone(ledger, target, people, now) if suppress_gone else 0
        number = ledger.begin_import(target, plan.read.file, plan.read.mapping(), now)
        pace = _Pace()
        for some in pace.of(ledger.take_over_all(target, number, people, now, lambda: pace.size)):
            done.update(some)
            advance(done.total(), people.count)
        written = PeopleImport(plan.workspace, target, plan.read, done, plan.gone)
        ledger.finish_import(number, written.counts())
    return DoneImport(written, number, suppressed)


class _Pace:
    """Sizes of batches, so that none holds the book for long."""

    def __init__(self) -> None:
        self.size = _FIRST

    def of(self, parts: Iterator[Counter[ImportVerdict]]) -> Iterator[Counter[ImportVerdict]]:
        """Each as soon as it is done; the next one is made as large as may be."""
        while True:
            began = time.perf_counter()
            if (done := next(parts, None)) is None:
                return
            held, rows = time.perf_counter() - began, done.total()
            self.size = max(_LEAST, min(_MOST, 2 * rows, round(rows * _HELD / held)))
            yield done
            time.sleep(_BREATH)


def _looked_up(
    workspace: Workspace, target: ImportTarget, people: StagedPeople, comparing: Advance
) -> tuple[Mapping[ImportVerdict, int], Gone]:
    try:
        with open_own_people_ledger(workspace, Purpose.READ) as ledger:
            return _compared(ledger, target, people, comparing), _gone(ledger, target, people)
    except LedgerMissingError:
        left = sum(people.reasons().values())
        return {ImportVerdict.NEW: people.count - left, ImportVerdict.LEFT_THERE: left}, Gone(None)


def _compared(
    ledger: PeopleLedger, target: ImportTarget, people: StagedPeople, advance: Advance
) -> Counter[ImportVerdict]:
    found: Counter[ImportVerdict] = Counter()
    count = people.count
    for some in ledger.compare_all(target, people, lambda: _FIRST):
        found.update(some)
        advance(found.total(), count)
    return found


def _gone(ledger: PeopleLedger, target: ImportTarget, people: StagedPeople) -> Gone:
    last = ledger.last_import(target.newsletter, target.format)
    named: list[str] = []
    count = 0
    for address, _ in ledger.gone(target, people.has):
        count += 1
        if len(named) < _GONE_NAMED:
            named.append(address)
    return Gone(last, count, tuple(named))


def _suppress_gone(ledger: PeopleLedger, target: ImportTarget, people: StagedPeople, now: datetime) -> int:
    reason = f"gone from {target.format}"
    count = 0
    for _, key in ledger.gone(target, people.has):
        hash_ = target.hashes_of(key)[0]
        count += ledger.suppress(target.newsletter, reason=reason, now=now, key=key, address_hash=hash_)
    return count
