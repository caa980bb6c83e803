"""Play a dispatch once for each earlier issue, as its relay took that one, and say when what comes to pass.

Touches: nothing. The middle of the plays is what is expected, and most of them are the band:

    three issues and more   from the tenth to the ninetieth percentile of the plays
    one or two              the same plays, and each half as fast again and by a third slower
    none                    a relay that takes 10 messages a second on a connection; from 2 to 50 of them

A band is never narrower than a twentieth of the time to either side.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles

from newsletter.dispatch.policy import Policy
from newsletter.ledger.budgets import Usage
from newsletter.ledger.past_dispatch import PastDispatch
from newsletter.ledger.states import Learned

from .audience import PlayedAudience
from .play import Play
from .relay import SimulatedRelay
from .timeline import Timeline, Wait

ENOUGH = 3
"""Issues whose spread says something."""
_EDGES = (2 / 3, 3 / 2)
"""Times as slow, where fewer are known."""
_SUPPOSED, _SUPPOSED_EDGES = 0.1, (0.02, 0.5)
"""Seconds that a message takes on a connection, where nothing is known."""
_NARROWEST = 0.05
_FAR = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Band:
    """When something is expected, and between which moments it most likely comes."""

    expected: datetime
    early: datetime
    late: datetime


@dataclass(frozen=True, slots=True)
class ShareByThen:
    """Which share of the readers will have it by some moment: expected, and the least and the most that is likely."""

    expected: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The plays of one dispatch."""

    now: datetime
    begins: datetime
    readers: int
    known: tuple[PastDispatch, ...]
    """The issues it was played after, newest first; none: nothing is known of the relay."""
    plays: tuple[Timeline, ...]
    """One for each of them."""
    edges: tuple[Timeline, ...]
    """Where fewer than ENOUGH are known: the same, faster and slower."""

    def out(self, share: float) -> Band:
        """When this share of the readers has it."""
        return self._band(lambda play: play.out_at(share))

    @property
    def all_tried(self) -> Band:
        """When everybody was tried once."""
        return self._band(lambda play: play.all_tried_at)

    def share_by(self, moment: datetime) -> ShareByThen:
        """How much is out by then, the moments around it reckoned as broad as everything else."""
        seconds = (moment - self.now).total_seconds()
        begins = (self.begins - self.now).total_seconds()
        wide = max(0.0, seconds - begins) * _NARROWEST
        expected = median(play.share_at(seconds) for play in self.plays)
        least, _ = self._edges([play.share_at(seconds - wide) for play in (*self.plays, *self.edges)])
        _, most = self._edges([play.share_at(seconds + wide) for play in (*self.plays, *self.edges)])
        return ShareByThen(expected, min(least, expected), max(most, expected))

    def middle(self) -> Timeline:
        """The play whose end is in the middle."""
        return sorted(self.plays, key=lambda play: (play.out_at(1.0), play.all_tried_at))[len(self.plays) // 2]

    def moment(self, seconds: float) -> datetime:
        """Of a play's seconds."""
        return self.now + min(_FAR, timedelta(seconds=min(seconds, _FAR.total_seconds())))

    def waits(self, limited: frozenset[str]) -> list[Wait]:
        """Who waits for what in the middle play."""
        return self.middle().waits(limited)

    def _band(self, of: Callable[[Timeline], float]) -> Band:
        expected = median(map(of, self.plays))
        early, late = self._edges([of(play) for play in (*self.plays, *self.edges)])
        begins = (self.begins - self.now).total_seconds()
        least = (expected - begins) * _NARROWEST
        early, late = min(early, expected - least), max(late, expected + least)
        return Band(*map(self.moment, (expected, max(early, begins), late)))

    def _edges(self, values: Sequence[float]) -> tuple[float, float]:
        if self.edges or len(values) < ENOUGH:
            return min(values), max(values)
        tenths = quantiles(values, n=10, method="inclusive")
        return tenths[0], tenths[-1]


def play_ahead(
    audience: PlayedAudience,
    policy: Policy,
    known: Sequence[PastDispatch],
    *,
    now: datetime,
    begins: datetime,
    windows: Sequence[Usage] = (),
    lessons: Sequence[Learned] = (),
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> Rehearsal:
    """`windows` are as they are used `now`; `lessons` what was learned of this relay today."""
    able = [past for past in known if past.per_second]
    relays = list(_relays(able, policy))
    edges = list(_edges(able, policy)) if len(able) < ENOUGH else []
    total = len(relays) + len(edges)
    played = []
    for number, relay in enumerate((*relays, *edges)):
        play = Play(audience, policy, relay, now=now, begins=begins, windows=windows, lessons=lessons)
        played.append(play.run())
        advance(number + 1, total)
    split = len(relays)
    return Rehearsal(now, begins, len(audience.domains), tuple(able), tuple(played[:split]), tuple(played[split:]))


def _relays(known: Sequence[PastDispatch], policy: Policy) -> Iterator[SimulatedRelay]:
    """One for each issue, else one that is supposed."""
    if not known:
        yield SimulatedRelay(_SUPPOSED)
    for past in known:
        yield SimulatedRelay.of(past, policy)


def _edges(known: Sequence[PastDispatch], policy: Policy) -> Iterator[SimulatedRelay]:
    """The fastest and the slowest that is likely."""
    if not known:
        yield from map(SimulatedRelay, _SUPPOSED_EDGES)
    for past in known:
        for slower in _EDGES:
            yield SimulatedRelay.of(past, policy, slower)
