"""The ledger as the rest of the program knows it: one object, each method one promise. Touches: what its parts touch.

Synchronous and thread-safe. Times are aware datetimes given by the caller; only leases look at a clock themselves.
Foreign errors arrive translated: CannotWriteError (73) when the disk is full or the database gone.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from newsletter.catalogue import Phrase, Verbatim
from newsletter.edition.edition import Edition
from newsletter.message.message import Letterhead

from . import claiming, frozen, history, planning, revising
from . import control as switch
from . import outcomes as turning
from . import pace as learning
from . import queries as reading
from . import suppressions as suppressing
from . import verify as verifying
from .database import Database
from .leases import LEASE_LASTS, Lease, Watch
from .records import DeliveryRecord, DispatchRecord, PlanSummary, ReplyCount
from .schema import told_once
from .states import Claim, Learned, Outcome, PlannedDelivery, State, Suppression
from .verify import Verdict


class Ledger:
    """The durable book of deliveries and suppressions; made by `open_ledger`, closed by `close` or `with`."""

    def __init__(self, database: Database, leases: Path, *, lease_lasts: timedelta = LEASE_LASTS) -> None:
        self._database = database
        self._leases = leases
        self._watch = Watch(database, leases, lease_lasts)

    # -- what there is -------------------------------------------------------------------------------------------

    def find(self, newsletter: str, slug: str) -> DispatchRecord | None:
        """The dispatch of an issue; None where it was never planned."""
        with self._database.read() as connection:
            return reading.find(connection, newsletter, slug)

    def record(self, dispatch: int) -> DispatchRecord:
        """A dispatch by its id: whether it still runs, and if not, why."""
        with self._database.read() as connection:
            return reading.record(connection, dispatch)

    def unfinished(self, newsletter: str) -> list[DispatchRecord]:
        """Dispatches with anybody planned, claimed, in flight, deferred or in doubt; paused ones too, oldest first."""
        with self._database.read() as connection:
            return reading.unfinished(connection, newsletter)

    def dispatches(self, newsletter: str) -> list[DispatchRecord]:
        """Everything that was ever planned, first planned first."""
        with self._database.read() as connection:
            return reading.dispatches_of(connection, newsletter)

    def verify(self) -> Iterator[Verdict]:
        """One verdict for each promise of the book, as it is found."""
        return verifying.verify(self._database)

    def counts(self, dispatch: int) -> dict[State, int]:
        """Deliveries by state, all ten always there; they add up to the dispatch's total."""
        with self._database.read() as connection:
            return reading.counts(connection, dispatch)

    def deliveries(self, dispatch: int, states: Collection[State] = tuple(State)) -> Iterator[DeliveryRecord]:
        """Who is in these states, in the order of the subscriber file; memory stays flat."""
        return reading.listed(self._database, dispatch, states)

    def replies(self, dispatch: int) -> list[ReplyCount]:
        """What the relay said to how many, by class and rule, each with an example."""
        with self._database.read() as connection:
            return reading.replies(connection, dispatch)

    def held_by_others(self, dispatch: int, lease: Lease) -> int:
        """Deliveries that other processes hold just now."""
        with self._database.read() as connection:
            return reading.held_by_others(connection, dispatch, lease.id)

    def next_due(self, dispatch: int) -> datetime | None:
        """When the first of the deferred is due; None where nobody is deferred."""
        with self._database.read() as connection:
            return reading.next_due(connection, dispatch)

    # -- plan ----------------------------------------------------------------------------------------------------

    def plan(
        self,
        letterhead: Letterhead,
        editions: Mapping[str, Edition],
        rows: Iterable[PlannedDelivery],
        now: datetime,
        *,
        canary: int | None = None,
    ) -> PlanSummary:
        """Freeze an issue (editions by variant name) and its audience; visible in one moment, or not at all.

        Where it was planned before, by whomever, the existing dispatch is the answer. RefusedError where one of the
        editions went out under another slug. What `rows` raises leaves nothing behind. With `canary`, it waits for
        `begin_canary` and is paused until then: nobody else may begin with everybody.
        """
        self._watch.take_back(now)
        with self.lease(now) as lease:
            return planning.plan(self._database, lease, letterhead, editions, rows, now, canary=canary)

    def frozen(self, dispatch: int) -> tuple[Letterhead, dict[str, Edition]]:
        """The letterhead and the editions by variant, exactly as they were planned."""
        with self._database.read() as connection:
            return frozen.thaw(connection, dispatch)

    def edition(self, number: int) -> Edition:
        """A frozen edition by the number that a claim carries."""
        with self._database.read() as connection:
            return frozen.thaw_edition(connection, number)

    def waiting(self, dispatch: int, keys: Collection[str] | None = None) -> Iterator[PlannedDelivery]:
        """Those whose message has not begun, as they were planned; with `keys` only these addresses, 500 at most."""
        return revising.waiting(self._database, dispatch, keys)

    def revise(self, dispatch: int, editions: Mapping[str, Edition]) -> int:
        """Give corrected editions to all whose message has not begun; how many these are.

        From its commit on nobody is sent the old words, whoever holds claims. RefusedError where the dispatch is
        cancelled, nothing is new, somebody waits for a variant that is not among them, or another slug said the same.
        """
        return revising.revise(self._database, dispatch, editions)

    # -- send ----------------------------------------------------------------------------------------------------

    def lease(self, now: datetime) -> Lease:
        """This process's right to claim; call its `heartbeat` every HEARTBEAT_EVERY, and close it."""
        return Lease(self._database, self._leases, now)

    def claim(
        self,
        dispatch: int,
        lease: Lease,
        limit: int,
        now: datetime,
        *,
        retry_now: bool = False,
        without: Collection[str] = (),
    ) -> list[Claim]:
        """At most `limit` deliveries that are due; none where the dispatch does not run. LeaseLostError.

        Deliveries of processes that are gone are taken back first. With `retry_now`, waiting times are ignored, once
        per lease. Recipients in the domains `without`, and under them, are left where they are.
        """
        self._watch.take_back(now, mine=lease.id)
        return claiming.claim(self._database, lease, dispatch, limit, now, retry_now=retry_now, without=without)

    def begin_canary(self, dispatch: int, lease: Lease, first: int, now: datetime) -> None:
        """Hand out nothing to anybody else until this lease ends, in whatever way; then pause, if anything is left.

        RefusedError while another process is at work on it. Nothing where the dispatch is paused or cancelled.
        """
        self._watch.take_back(now, mine=lease.id)
        switch.begin_canary(self._database, lease, dispatch, first)

    def turn(self, outcomes: Sequence[Outcome], intents: Sequence[Claim], now: datetime) -> frozenset[int]:
        """In one commit: what became of messages, and which ones go next. The ids of deliveries that were lost.

        A lost one is not the caller's any more: taken back meanwhile, its reader suppressed, or its dispatch paused or
        cancelled. Forget it and write no dot; the book has put it where it belongs.
        """
        return turning.turn(self._database, outcomes, intents, now)

    def learned(self, relay: str, now: datetime) -> list[Learned]:
        """How much this relay (host:port), and domains behind it, were willing to take within the last day."""
        with self._database.read() as connection:
            return learning.recall(connection, relay, now)

    def resting(self, now: datetime) -> list[Learned]:
        """Domains of recipients that asked for so much patience that they are left alone just now."""
        with self._database.read() as connection:
            return learning.resting(connection, now)

    def learn(self, relay: str, lessons: Sequence[Learned], now: datetime) -> None:
        """Keep that for the next run, instead of what was known of this relay."""
        with self._database.write() as connection:
            learning.learn(self._database, connection, relay, lessons, now)

    # -- decide --------------------------------------------------------------------------------------------------

    def pause(self, dispatch: int, reason: Phrase | Verbatim, now: datetime) -> bool:
        """Let no further message go; False where it was paused already. RefusedError where it is cancelled.

        The book keeps the reason as its code with values; another's words, such as a note, as they stand.
        """
        return switch.pause(self._database, dispatch, reason, now)

    def resume(self, dispatch: int, now: datetime) -> bool:
        """Let it go on; False where it was not paused. RefusedError where it is cancelled."""
        return switch.resume(self._database, dispatch, now)

    def cancel(self, dispatch: int, now: datetime) -> int:
        """End it for everybody who has not got it; how many that were."""
        self._watch.take_back(now)
        return switch.cancel(self._database, dispatch, now)

    def resolve(self, dispatch: int, as_sent: bool, now: datetime) -> int:
        """Decide what is in doubt; how many that were. RefusedError for resending while the old worker lives."""
        self._watch.take_back(now)
        return switch.resolve(self._database, self._watch, dispatch, as_sent=as_sent, now=now)

    # -- suppress ------------------------------------------------------------------------------------------------

    def suppress(
        self, newsletter: str, *, reason: str, now: datetime, key: str = "", address_hash: bytes = b""
    ) -> bool:
        """Never mail this address again, for a newsletter or `*`; False where the same was said before."""
        with self._database.write() as connection:
            return suppressing.add(
                self._database,
                connection,
                newsletter=newsletter,
                key=key,
                address_hash=address_hash,
                reason=reason,
                now=now,
            )

    def suppress_full(self, dispatch: int, keys: Collection[str], issues: int, now: datetime) -> int:
        """Suppress, for this newsletter, those of these addresses whose mailbox was full for its last `issues` issues.

        How many that were. An issue for which an address was not tried is passed over; lifting it counts from anew.
        """
        with self._database.write() as connection:
            return history.suppress_full(self._database, connection, dispatch, keys, issues, now)

    def unsuppress(
        self, newsletter: str, key: str, address_hash: bytes, now: datetime, *, reasons: Collection[str] = ()
    ) -> bool:
        """Lift what suppresses this address for this newsletter, `*` included; with `reasons` only those.

        A confirmed sign-up lifts `reasons={SuppressionReason.UNSUBSCRIBED}`; a person at the command line lifts all.
        """
        with self._database.write() as connection:
            return suppressing.lift(connection, newsletter, key, address_hash, now, reasons)

    def is_suppressed(self, newsletter: str, key: str = "", address_hash: bytes = b"") -> bool:
        with self._database.read() as connection:
            return suppressing.is_suppressed(connection, newsletter, key, address_hash)

    def suppressions(self, newsletter: str) -> Iterator[Suppression]:
        """All that hold for this newsletter, oldest first."""
        return suppressing.listed(self._database, newsletter)

    def say_once(self, newsletter: str, what: str, now: datetime) -> bool:
        """True the first time this is asked, and never again."""
        with self._database.write() as connection:
            return self._database.insert_new(connection, told_once, newsletter=newsletter, what=what, at=now)

    # -- end -----------------------------------------------------------------------------------------------------

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
