"""What befalls the machines of one dispatch, and when: made from a seed. Touches: nothing.

A schedule has each kind once, in another order each time, and the same kind is once short and once longer than a lease.
"""

import random
from dataclasses import dataclass
from enum import StrEnum

MACHINES = 4


class Kind(StrEnum):
    """One thing that may happen."""

    KILL = "kill"
    """SIGKILL of the process."""
    STOP = "stop"
    """SIGSTOP, and SIGCONT later: a machine that is suspended."""
    CUT = "cut"
    """Its link loses everything for a while."""
    CLOCK = "clock"
    """It is set by ten minutes, while the process is at work."""
    RESTART = "restart"
    """The database ends and begins again."""
    LEAVE = "leave"
    """A reader clicks on a link of an earlier letter."""
    DRAIN = "drain"
    """SIGTERM: it finishes what is in flight."""


@dataclass(frozen=True, slots=True)
class Mishap:
    """One of them."""

    kind: Kind
    after: int
    """So many messages since the one before."""
    machine: int
    """Whose, counted among those where a process is at work; nobody's for the database and a reader."""
    leases: float = 0.0
    """How long a stop or a cut lasts, in leases."""
    minutes: int = 0
    """By which a clock is set."""
    fast: bool = False
    """How the database ends: in order, or at once, as in a crash."""
    seconds: float = 0.0
    """For how long it is away."""
    returns: bool = True
    """Whether a machine whose process ends starts another one; else it is gone for good, unless it is the last."""

    def __str__(self) -> str:
        for_good = "" if self.returns else " for good"
        said = {
            Kind.KILL: for_good,
            Kind.STOP: f" for {self.leases:.1f} leases",
            Kind.CUT: f" for {self.leases:.1f} leases",
            Kind.CLOCK: f" by {self.minutes:+} min",
            Kind.RESTART: f" {'fast' if self.fast else 'immediate'}, away for {self.seconds:.1f} s",
            Kind.DRAIN: for_good,
        }
        return f"{self.kind}{said.get(self.kind, '')}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """All of one dispatch."""

    seed: int
    clocks: tuple[int, ...]
    """Minutes by which each machine's clock is wrong from the beginning."""
    mishaps: tuple[Mishap, ...]

    def __str__(self) -> str:
        return "; ".join(map(str, self.mishaps))


_WRONG = (-10, 0, 10)
_APART = 20
"""Messages between two mishaps, at most."""


def schedule(seed: int) -> Schedule:
    """The one with this number."""
    lots = random.Random(seed)
    kinds = [Kind.KILL, Kind.STOP, Kind.CUT, Kind.CLOCK, Kind.RESTART, Kind.LEAVE, lots.choice((Kind.KILL, Kind.DRAIN))]
    lots.shuffle(kinds)
    long = {Kind.STOP: lots.random() < 0.5, Kind.CUT: lots.random() < 0.5}
    mishaps = []
    for kind in kinds:
        lasts = lots.uniform(1.3, 1.8) if long.get(kind) else lots.uniform(0.02, 0.2)
        mishaps.append(
            Mishap(
                kind,
                lots.randint(1, _APART),
                lots.randrange(MACHINES),
                leases=lasts if kind in long else 0.0,
                minutes=lots.choice((-10, 10)) if kind is Kind.CLOCK else 0,
                fast=lots.random() < 0.5,
                seconds=lots.choice((0.0, 0.5, 2.0)) if kind is Kind.RESTART else 0.0,
                returns=lots.random() < 0.5,
            )
        )
    return Schedule(seed, tuple(lots.choice(_WRONG) for _ in range(MACHINES)), tuple(mishaps))
