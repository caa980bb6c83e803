"""How an earlier issue went: when somebody was sending, at which pace, and who waited. Touches: nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from .run_terms import RunTerms
from .states import State

_FEWEST = 8
"""Answers of which a pace is taken from the moments between them."""
_TOLD_APART = 0.01
"""Below this the stretches have their acceptances and refusals in the same shares."""


@dataclass(frozen=True, slots=True)
class Run:
    """One process that sent."""

    began: datetime
    ended: datetime
    begun: int
    """Messages it began."""
    terms: RunTerms | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time in which somebody sent without a break: one run, or several beside each other."""

    began: datetime
    ended: datetime
    begun: int
    terms: RunTerms | None
    """Of the first of them; None where nobody kept them."""
    accepted: int = 0
    """Messages that were accepted in the time by which the pace is taken."""
    refused: int = 0
    """Tries that were not; the answers to tries that were neither a reader's first nor last are not kept."""
    seconds: float = 0
    """How long these took over all connections; 0: too few to tell."""
    connect: float = 0
    """Seconds from the beginning until the first message was under way."""
    domains: Mapping[str, float] = field(default_factory=dict)
    """Messages a second to domains that had a limit of their own."""


@dataclass(frozen=True, slots=True)
class Fate:
    """So many readers of a domain with whom it went alike."""

    count: int
    tries: int
    lag: float
    """Seconds from the first try to the last, on the average."""
    state: State

    def joined(self, other: "Fate") -> "Fate":
        """Both of them, which differ in their numbers alone."""
        count = self.count + other.count
        return replace(self, count=count, lag=(self.lag * self.count + other.lag * other.count) / count)


@dataclass(frozen=True, slots=True)
class WaitingReader:
    """One who has not got an issue that goes on."""

    domain: str
    due_at: datetime | None
    """None: whenever a run comes."""
    since: datetime | None
    """First attempt."""
    attempts: int


@dataclass(frozen=True, slots=True)
class PastDispatch:
    """One issue."""

    slug: str
    began: datetime
    stretches: tuple[Stretch, ...]
    """Those with the most messages, the largest first."""
    fates: Mapping[str, tuple[Fate, ...]]
    """By domain; under the empty name those of all small domains."""

    @property
    def terms(self) -> RunTerms | None:
        return self.stretches[0].terms

    @property
    def per_second(self) -> float:
        """Answers over all connections; 0: too few to tell."""
        seconds = sum(stretch.seconds for stretch in self.stretches)
        return sum(stretch.accepted + stretch.refused for stretch in self.stretches) / seconds if seconds else 0.0

    def costs(self) -> tuple[float, float]:
        """Seconds over all connections that a message took which was accepted, and a try that was refused.

        A refusal mostly comes before the message, and is quicker. By least squares over the stretches, which have their
        own shares of both; where these do not tell the two apart, they are the same.
        """
        rows = [(one.accepted, one.refused, one.seconds) for one in self.stretches if one.seconds]
        aa, ab, bb = (
            sum(f(a, b) for a, b, _ in rows) for f in (lambda a, _: a * a, lambda a, b: a * b, lambda _, b: b * b)
        )
        at, bt = sum(a * t for a, _, t in rows), sum(b * t for _, b, t in rows)
        determinant = aa * bb - ab * ab
        if determinant > _TOLD_APART * aa * bb:
            accepted, refused = (at * bb - bt * ab) / determinant, (bt * aa - at * ab) / determinant
            if 0 <= refused <= accepted:
                return accepted, refused
            if refused < 0:
                return at / aa, 0.0
        both = (at + bt) / (aa + 2 * ab + bb)
        return both, both


def stretches_of(runs: Sequence[Run]) -> list[Stretch]:
    """Runs in the order in which they began; those that overlap are one."""
    found: list[Stretch] = []
    for run in runs:
        if found and run.began <= found[-1].ended:
            last = found[-1]
            found[-1] = replace(last, ended=max(last.ended, run.ended), begun=last.begun + run.begun)
        else:
            found.append(Stretch(run.began, run.ended, run.begun, run.terms))
    return found


def measured(stretch: Stretch, bins: Sequence[tuple[float, int, int]], domains: Mapping[str, float]) -> Stretch:
    """The same with its pace: that of the first half of its answers, for in the second the slow domains are alone.

    `bins` are seconds from its beginning, and how many were accepted and refused then.
    """
    total = sum(accepted + refused for _, accepted, refused in bins)
    if total < _FEWEST or sum(bins[0][1:]) * 2 > total:
        accepted, refused = sum(one[1] for one in bins), sum(one[2] for one in bins)
        length = (stretch.ended - stretch.began).total_seconds() if total else 0.0
        return replace(stretch, accepted=accepted, refused=refused, seconds=length, domains=domains)
    first, seconds, accepted, refused = bins[0][0], 0.0, 0, 0
    for at, more, others in bins[1:]:
        seconds, accepted, refused = at - first, accepted + more, refused + others
        if (accepted + refused) * 2 >= total:
            break
    connections = stretch.terms.connections if stretch.terms else 1
    connect = max(0.0, first - seconds / (accepted + refused) * connections)
    return replace(stretch, accepted=accepted, refused=refused, seconds=seconds, connect=connect, domains=domains)
