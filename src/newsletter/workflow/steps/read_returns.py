"""Read one source of returns to its end: understand, prove, keep in the ledger, and only then move.

Touches: the source, the ledger. Killed at any moment, nothing is lost: a message leaves its place when what it says is
durable, and whoever reads it again finds it known. Two processes at once do what one does.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.errors import NewsletterError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.lock_file import alone
from newsletter.ledger.returns import KeptReturns, ReturnEvent
from newsletter.ledger.states import SuppressionReason
from newsletter.progress import Advance
from newsletter.returns.model import Clues, Kind, Return
from newsletter.returns.sources.source import Batch, MessageFate, Source, WaitingMessage
from newsletter.returns.summary import MOVED_NAMED, ReturnsSummary, SourceCounts
from newsletter.settings.workspace import Workspace

from .return_policy import FULL_ISSUES, event_of, is_full
from .return_proof import Proven, ReturnProofs
from .return_reader import ReadsMessage, reader_of

_NOT_UNDERSTOOD = Return(Kind.UNKNOWN, Clues())

_LEAST_PER_HOUR = 20
_SHARE_PER_HOUR = 0.02
"""Of the newest issue's readers. A list that is mailed monthly loses one or two of a hundred addresses between two
issues; more of them within an hour, and many, is mostly one mail system's mistake, or ours."""


@dataclass(frozen=True, slots=True)
class _Said:
    """One thing that one message says."""

    waiting: WaitingMessage
    one: Return
    proven: Proven | None
    event: ReturnEvent | None


class ReturnsReading:
    """One run over any number of sources; `summary` tells what it has come to."""

    def __init__(self, workspace: Workspace, ledger: Ledger, reads: ReadsMessage | None = None) -> None:
        self._ledger = ledger
        self._reads = reads or reader_of(workspace)
        self._newsletter = workspace.settings.newsletter.list_id
        self._locks = workspace.state / "returns" / "locks"
        self._proofs = ReturnProofs(workspace, ledger)
        self.summary = ReturnsSummary(per_hour=workspace.settings.returns.per_hour or self._usual_per_hour())

    def read_all(self, sources: Sequence[Source], advance: Advance) -> None:
        """One after the other; what is wrong with one keeps no other from being read.

        One that another process of this machine is reading is left to it: two that move the same messages of a mailbox
        at once may have the server keep each of them twice.
        """
        for source in sources:
            try:
                with alone(self._locks / hashlib.sha256(source.name.encode()).hexdigest()[:16]) as is_alone:
                    if is_alone:
                        self.read(source, advance)
                    else:
                        self.summary.sources.append(SourceCounts(source.name, busy=True))
            except NewsletterError as error:
                self.summary.failures.append(error)

    def read(self, source: Source, advance: Advance) -> None:
        """All that waits there now. Errors of the source end it; what was read until then is kept and counted.

        One that cannot be opened is none that was read: of it only the error is told.
        """
        counts = SourceCounts(source.name)
        with source:
            self.summary.sources.append(counts)
            if source.is_busy:
                counts.busy = True
                return
            total = source.count()
            for batch in source.batches():
                fates = self._fates(batch)
                source.put_away(fates)
                counts.add(fate for _, fate in fates)
                advance(counts.messages, max(total, counts.messages))

    def _fates(self, batch: Batch) -> list[tuple[WaitingMessage, MessageFate]]:
        said = self._understood(batch)
        now = self._ledger.now()
        kept = self._ledger.keep_returns([one.event for one in said if one.event], self.summary.per_hour, now)
        self._suppress_full(said, now)
        self._count(said, kept)
        held = {one.waiting.place for one in said if one.event and one.event.fingerprint in kept.held}
        known = {one.waiting.place for one in said if not _is_for_a_person(one.one)}
        return [(one, _fate(one.place, held, known)) for one in batch]

    def _understood(self, batch: Batch) -> list[_Said]:
        found = [(waiting, number, one) for waiting in batch for number, one in enumerate(self._read_one(waiting))]
        proven = self._proofs.prove([one.clues for _, _, one in found])
        return [
            _Said(waiting, one, its, self._event(waiting, number, one, its))
            for (waiting, number, one), its in zip(found, proven, strict=True)
        ]

    def _read_one(self, waiting: WaitingMessage) -> Sequence[Return]:
        return self._reads(waiting.octets) or (_NOT_UNDERSTOOD,)

    def _event(self, waiting: WaitingMessage, number: int, one: Return, proven: Proven | None) -> ReturnEvent | None:
        fingerprint = f"{waiting.fingerprint}/{number}" if number else waiting.fingerprint
        claimed = b"" if proven else self._proofs.claimed_hash(one.clues)
        return event_of(one, proven, fingerprint, newsletter=self._newsletter, claimed_hash=claimed)

    def _suppress_full(self, said: Sequence[_Said], now: datetime) -> None:
        """Also where the event was known: a run may have been killed between the two."""
        full: dict[int, set[str]] = {}
        for one in said:
            if one.event and is_full(one.event) and one.proven and one.proven.dispatch is not None:
                full.setdefault(one.proven.dispatch, set()).add(one.proven.key)
        for dispatch, keys in full.items():
            number = self._ledger.suppress_full(dispatch, keys, FULL_ISSUES, now)
            self.summary.suppressed.update({SuppressionReason.MAILBOX_FULL: number} if number else {})

    def _count(self, said: Sequence[_Said], kept: KeptReturns) -> None:
        summary, new = self.summary, set(kept.new)
        for one in said:
            if one.event is None:
                summary.kinds[one.one.kind] += 1
                summary.of_proofs += bool(one.proven and one.proven.is_proof)
            elif one.event.fingerprint in kept.held:
                continue
            elif one.event.fingerprint in new:
                new.discard(one.event.fingerprint)  # a second copy in the same batch was read before
                summary.kinds[one.one.kind] += 1
                summary.unproven += one.proven is None
                self._name_moved(one.one)
            else:
                summary.again += 1
        summary.suppressed.update(kept.suppressed)

    def _name_moved(self, one: Return) -> None:
        if one.kind is Kind.MOVED and one.new_address and len(self.summary.moved) < MOVED_NAMED:
            self.summary.moved.append((next(iter(one.clues.addresses), ""), one.new_address))

    def _usual_per_hour(self) -> int:
        planned = self._ledger.dispatches(self._newsletter)
        return max(_LEAST_PER_HOUR, int(planned[-1].total * _SHARE_PER_HOUR) if planned else 0)


def _is_for_a_person(one: Return) -> bool:
    """Nobody understood it; or somebody wants out who bears no link of ours, which no program may believe."""
    return one.kind is Kind.UNKNOWN or (one.kind is Kind.UNSUBSCRIBE and not one.clues.tokens)


def _fate(place: str, held: set[str], known: set[str]) -> MessageFate:
    if place in held:
        return MessageFate.STAYS
    return MessageFate.PROCESSED if place in known else MessageFate.UNPARSED
