"""Whatever two processes do, crash or sleep through: nobody is doubled, nobody lost, and the counts add up.

A model keeps what really happened on the wire; the book must never hand out whoever may have got the letter already.
"""

import os
import shutil
from datetime import timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from newsletter.catalogue import Verbatim
from newsletter.errors import RefusedError
from newsletter.ledger.leases import Lease
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LeaseLostError, Purpose
from newsletter.ledger.states import Claim, Outcome, State
from tests.support.books import LIST, NOW, edition, sent, workspace_at
from tests.support.planned_ledger import copy_planned, folder_in_memory

READERS = 6
WORKERS = st.sampled_from([0, 1])
ENDS = st.sampled_from([State.SENT, State.DEFERRED, State.PLANNED, State.FAILED, State.IN_DOUBT])


class TwoWorkers(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.root = folder_in_memory()
        copy_planned(self.root, READERS, lot=2)
        self.book = open_ledger(workspace_at(self.root), Purpose.READ)
        self.impatient = open_ledger(workspace_at(self.root), Purpose.READ, lease_lasts=timedelta(seconds=-1))
        record = self.book.find(LIST, "2021-07")
        assert record is not None
        self.dispatch, self.now = record.id, NOW
        self.leases: list[Lease] = [self.book.lease(NOW), self.book.lease(NOW)]
        self.held: list[dict[int, Claim]] = [{}, {}]
        self.flying: list[dict[int, Claim]] = [{}, {}]
        self.may_have_it: set[int] = set()
        """Whose final dot may have been written, and nobody has decided otherwise since."""
        self.suppressed: set[str] = set()
        self.paused = self.cancelled = False
        self.steps = 0
        self.revision = 0
        self.newest = 0
        """Number of the edition that whoever waits is to get; 0 before the first correction."""
        self.begun_before: set[int] = set()
        """Whose message had begun at a correction: it keeps its words, also when it is sent again."""

    def teardown(self) -> None:
        try:
            for lease in self.leases:
                lease.close()
            self.book.cancel(self.dispatch, self.now)
            # nothing is held by nobody: crashed ones are taken back first, then nothing can be claimed or in flight
            assert self._states() <= {State.SENT, State.FAILED, State.IN_DOUBT, State.SUPPRESSED, State.CANCELLED}
        finally:
            self.book.close()
            self.impatient.close()
            shutil.rmtree(self.root)

    @rule(worker=WORKERS, limit=st.integers(1, 3), retry_now=st.booleans())
    def claim(self, worker: int, limit: int, retry_now: bool) -> None:
        self.now += timedelta(minutes=1)
        try:
            claims = self.book.claim(self.dispatch, self.leases[worker], limit, self.now, retry_now=retry_now)
        except LeaseLostError:
            self._replace(worker)
            return
        for claim in claims:
            assert claim.delivery not in self.may_have_it, "given out again though it may have been delivered"
            assert claim.key not in self.suppressed
            self.held[worker][claim.delivery] = claim

    @rule(worker=WORKERS, how=ENDS, limit=st.integers(1, 2))
    def turn(self, worker: int, how: State, limit: int) -> None:
        """Answer all that is in flight in one way, and send the first that are held."""
        if not self.held[worker]:
            self.claim(worker, limit, retry_now=False)
        outcomes = [self._outcome(claim, how) for claim in self.flying[worker].values()]
        intents = list(self.held[worker].values())[:limit]
        lost = self.book.turn(outcomes, intents, self.now)
        for outcome in outcomes:
            if outcome.claim.delivery not in lost and how in (State.DEFERRED, State.PLANNED):
                self.may_have_it.discard(outcome.claim.delivery)
        self.flying[worker] = {claim.delivery: claim for claim in intents if claim.delivery not in lost}
        for claim in intents:
            del self.held[worker][claim.delivery]
            if claim.delivery not in lost:
                assert claim.delivery not in self.may_have_it, "two dots for one delivery"
                assert claim.key not in self.suppressed
                assert not self.paused
                assert not self.cancelled
                assert claim.edition == self.newest or not self.newest or claim.delivery in self.begun_before
                self.may_have_it.add(claim.delivery)

    @precondition(lambda self: not self.cancelled)
    @rule(worker=WORKERS, how=ENDS)
    def turn_while_paused(self, worker: int, how: State) -> None:
        self.claim(worker, 1, retry_now=True)
        self.paused = self.book.pause(self.dispatch, Verbatim(""), self.now)
        self.turn(worker, how, 1)
        self.paused = not self.book.resume(self.dispatch, self.now)

    @rule(worker=WORKERS)
    def crash(self, worker: int) -> None:
        lock = self.leases[worker]._lock
        assert lock._descriptor is not None
        os.close(lock._descriptor)  # what the kernel does when a process dies
        lock._descriptor = None
        self._replace(worker)

    @rule(worker=WORKERS)
    def close(self, worker: int) -> None:
        self.leases[worker].close()
        self._replace(worker)

    @rule(worker=WORKERS)
    def sleep_too_long(self, worker: int) -> None:
        """Its lease runs out; the process does not know it and goes on as if nothing had happened."""
        self.impatient._watch.take_back(self.now, mine=self.leases[1 - worker].id)

    @precondition(lambda self: self.steps > 15)  # else there would be little left to do
    @rule()
    def cancel(self) -> None:
        """For good: what is in flight still gets its answer, and nothing else is sent."""
        self.book.cancel(self.dispatch, self.now)
        self.cancelled = True

    @precondition(lambda self: not self.cancelled)
    @rule()
    def revise(self) -> None:
        self.revision += 1
        waiting = {State.PLANNED, State.CLAIMED, State.DEFERRED}
        before = {record.id for record in self.book.deliveries(self.dispatch) if record.state not in waiting}
        self.book.revise(self.dispatch, {"ko": edition(words=f"revision {self.revision}")})
        self.begun_before = before
        with self.book._database.read() as connection:
            self.newest = connection.exec_driver_sql("SELECT max(id) FROM editions").scalar_one()

    @rule(number=st.integers(0, 2))
    def leave(self, number: int) -> None:
        key = f"reader{number}@example.com"
        self.book.suppress(LIST, key=key, reason="unsubscribed", now=self.now)
        self.suppressed.add(key)

    @rule(as_sent=st.booleans())
    def resolve(self, as_sent: bool) -> None:
        before = {record.id: record.state for record in self.book.deliveries(self.dispatch)}
        alive = self.flying[0].keys() | self.flying[1].keys()
        try:
            self.book.resolve(self.dispatch, as_sent, self.now)
        except RefusedError:
            return
        if not as_sent:  # somebody took the risk, also for what a crashed process had in flight
            orphans = {key for key, state in before.items() if state is State.IN_FLIGHT and key not in alive}
            self.may_have_it -= orphans | {key for key, state in before.items() if state is State.IN_DOUBT}

    @invariant()
    def the_counts_add_up(self) -> None:
        self.steps += 1
        assert sum(self.book.counts(self.dispatch).values()) == READERS

    @invariant()
    def nobody_waits_for_what_is_cancelled(self) -> None:
        assert not (self.cancelled and self._states() & {State.PLANNED, State.DEFERRED})

    @invariant()
    def whoever_may_have_it_is_accounted_for(self) -> None:
        states = {record.id: record.state for record in self.book.deliveries(self.dispatch)}
        known = {State.SENT, State.FAILED, State.IN_DOUBT, State.IN_FLIGHT}
        assert all(states[delivery] in known for delivery in self.may_have_it)

    def _states(self) -> set[State]:
        return {record.state for record in self.book.deliveries(self.dispatch)}

    def _outcome(self, claim: Claim, how: State) -> Outcome:
        if how is State.SENT:
            return sent(claim)
        due = self.now + timedelta(minutes=2) if how is State.DEFERRED else None
        return Outcome(claim, how, due_at=due, attempted=how is not State.PLANNED)

    def _replace(self, worker: int) -> None:
        self.leases[worker] = self.book.lease(self.now)
        self.held[worker], self.flying[worker] = {}, {}


TestTwoWorkers = TwoWorkers.TestCase
TestTwoWorkers.settings = settings(
    max_examples=30,
    stateful_step_count=30,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking takes minutes: every step commits
    suppress_health_check=[HealthCheck.too_slow],
)
