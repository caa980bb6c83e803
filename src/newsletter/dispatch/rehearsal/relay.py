"""The relay of a play: what a message takes, and when a reader of a domain is accepted, as an earlier issue met it.

Touches: nothing. Readers are given the fates of that issue's readers of the same domain, evenly spread: where one in
ten was greylisted for a quarter of an hour, one in ten is.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from newsletter.dispatch.policy import Policy
from newsletter.ledger.past_dispatch import Fate, PastDispatch
from newsletter.ledger.states import State

_GOLDEN = (math.sqrt(5) - 1) / 2
"""Multiples of it, without their whole part, are spread evenly, however many there are."""


@dataclass(frozen=True, slots=True)
class SimulatedRelay:
    """As one issue met it, or as somebody supposes it to be."""

    seconds: float
    """A message takes so long on a connection."""
    refusal: float | None = None
    """The same of a try that is refused; None: as long."""
    connect: float = 0.0
    """From the beginning of a run until its first message is under way."""
    domains: Mapping[str, float] = field(default_factory=dict)
    """The same as `seconds` of domains that have a limit of their own."""
    fates: Mapping[str, Sequence[Fate]] = field(default_factory=dict)

    @classmethod
    def of(cls, past: PastDispatch, policy: Policy, slower: float = 1.0) -> "SimulatedRelay":
        """Of an issue that tells a pace. `slower`: so many times as slow."""
        terms = past.terms
        connections = terms.connections if terms else policy.connections
        seconds, refusal = (cost * connections * slower for cost in past.costs())
        domains = {}
        for name, limit in policy.per_domain.items():
            then = terms.domains.get(name) if terms else None
            paces = [one.domains[name] for one in past.stretches if name in one.domains]
            if then is not None and then.connections == limit.connections and paces:
                domains[name] = min(seconds, (limit.connections or policy.connections) / max(paces) * slower)
        connect = sum(one.connect for one in past.stretches) / len(past.stretches)
        return cls(seconds, refusal, connect, domains, past.fates)

    def takes(self, domain: str, *, accepted: bool) -> float:
        """Seconds that a try takes for somebody of this domain."""
        seconds = self.domains.get(domain, self.seconds)
        return seconds if accepted or self.refusal is None else min(seconds, self.refusal)

    def patience(self, domain: str, number: int) -> float:
        """Seconds after the first try from which this reader, the domain's so-manieth, is accepted; infinite: never."""
        fates = self.fates.get(domain) or self.fates.get("", ())
        place = (number + 0.5) * _GOLDEN % 1 * sum(fate.count for fate in fates)
        for fate in fates:
            place -= fate.count
            if place < 0:
                return _patience(fate)
        return 0.0


def _patience(fate: Fate) -> float:
    """The middle of the time in which it came about that they were accepted: after the last try but one.

    The waits between tries double, so that one was after (2^(n-2) - 1) / (2^(n-1) - 1) of the time.
    """
    if fate.state is State.EXPIRED:
        return math.inf
    if fate.state is State.DEFERRED:  # it still lasts
        return max(1.0, 2 * fate.lag)
    if fate.tries < 2:
        return 0.0
    before = (2.0 ** (fate.tries - 2) - 1) / (2.0 ** (fate.tries - 1) - 1)
    return fate.lag * (1 + before) / 2
