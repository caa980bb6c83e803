"""How far a run is, and how it ended. Touches: nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from newsletter.catalogue import SILENCE, Said
from newsletter.ledger.states import SETTLED, UNFINISHED, Outcome, State

from .circuit_breaker import Suppressible
from .learned_pace import Resting
from .stop import Stop, StopKind


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the whole dispatch is, as this process knows it."""

    settled: int
    """Deliveries that need no further try, earlier runs included."""
    total: int
    outcomes: Mapping[State, int]
    """Of this run."""
    connections: int
    """At work now."""
    slowed: bool
    """The relay asked for it."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """How one run of one process ended."""

    outcomes: Mapping[State, int]
    """What became of the deliveries this process tried; `planned` are those put back untried."""
    attempted: int
    suppressed: int
    """Addresses the run suppressed."""
    stopped: Stop | None
    """Why it ended before everything was done; None when nothing is due any more or the canary is complete."""
    deferred_left: int
    held_by_others: int
    """Deliveries another process holds just now."""
    next_due: datetime | None
    """When the first of the deferred is due."""
    resting: tuple[Resting, ...] = ()
    """Domains whose deliveries wait until they are asked again."""
    rests_until: datetime | None = None
    """The relay's own limit is used up until then, or one that the settings name."""
    unrecorded: int = 0
    """Answered by the relay, but the ledger could not be written: they will be in doubt."""
    taken_away: int = 0
    """Answered by the relay after the ledger had given them up: they are in doubt there."""
    session_limit: int | None = None
    """Messages that the relay takes over one connection, where this run found that out."""
    stepwise_because: Said = SILENCE
    """Why commands went one at a time, at a round trip each; SILENCE where they went several at once all along."""
    out_of_step: bool = False
    """It was the relay's behaviour: one that offers pipelining and cannot do it."""
    withheld: Suppressible = field(default_factory=Suppressible)
    """Whom a process that is not alone leaves to the end of all: they may be suppressed if no process was stopped."""


def joined(
    reports: Sequence[RunReport], *, deferred_left: int, held_by_others: int, next_due: datetime | None
) -> RunReport:
    """Of a run of several processes; what is left is what the ledger says after all of them."""
    stops = [report.stopped for report in reports if report.stopped is not None]
    # Who lost its lease was replaced; and a reason tells more than that somebody asked.
    told = sorted(stops, key=lambda stop: (stop.kind is StopKind.LEASE, stop.kind is StopKind.ASKED))
    rests = {one.domain: one for report in reports for one in sorted(report.resting, key=lambda one: one.until)}
    outcomes: Counter[State] = Counter()
    for report in reports:
        outcomes.update(report.outcomes)
    return RunReport(
        outcomes=dict(outcomes),
        attempted=sum(report.attempted for report in reports),
        suppressed=sum(report.suppressed for report in reports),
        stopped=next((stop for stop in told if stop.kind is not StopKind.LEASE), None),
        deferred_left=deferred_left,
        held_by_others=held_by_others,
        next_due=next_due,
        resting=tuple(rests.values()),
        rests_until=max((report.rests_until for report in reports if report.rests_until), default=None),
        unrecorded=sum(report.unrecorded for report in reports),
        taken_away=sum(report.taken_away for report in reports),
        session_limit=next((report.session_limit for report in reports if report.session_limit), None),
        stepwise_because=next((one.stepwise_because for one in reports if one.stepwise_because != SILENCE), SILENCE),
        out_of_step=any(report.out_of_step for report in reports),
    )


class RunCounts:
    """Counts outcomes as they come."""

    def __init__(self) -> None:
        self.total = 0
        self.any_accepted = False
        """Somebody of this dispatch has got the letter."""
        self.suppressed = 0
        """Addresses the run suppressed."""
        self.outcomes: Counter[State] = Counter()
        self._settled = 0

    def begin(self, counts: Mapping[State, int]) -> None:
        """`counts` of the dispatch at the start of the run."""
        self.total = sum(counts.values())
        self.any_accepted = counts[State.SENT] > 0
        self._settled = self.total - sum(counts[state] for state in UNFINISHED)

    def count(self, outcome: Outcome) -> None:
        self.outcomes[outcome.state] += 1
        self._settled += outcome.state in SETTLED
        self.any_accepted = self.any_accepted or outcome.state is State.SENT

    def correct(self, was: State, becomes: State) -> None:
        """What was counted as one thing was another."""
        self.outcomes[was] -= 1
        self.outcomes[becomes] += 1
        self._settled += (becomes in SETTLED) - (was in SETTLED)

    def count_suppressed(self, addresses: int) -> None:
        self.suppressed += addresses

    def progress(self, connections: int, *, slowed: bool) -> Progress:
        return Progress(self._settled, self.total, dict(self.outcomes), connections, slowed)
