"""When deliveries came to their end, as people ask for it: when half had it; a chart's steps. Touches: nothing."""

from collections import defaultdict
from datetime import datetime
from itertools import accumulate

from newsletter.ledger.accounts import Times
from newsletter.ledger.column_types import EPOCH
from newsletter.ledger.counted_rows import nice_width
from newsletter.ledger.states import State

from .figures import Acceptance, Bucket, OverTime

_BARS = 48
"""At most, in a chart."""


def acceptance(times: Times | None, began_at: datetime) -> Acceptance | None:
    """How long after the beginning 50, 95 and 100 of a hundred were accepted; to the end of the step, not later than
    the last. None where nothing was."""
    if times is None:
        return None
    sent = {step: counts.get(State.SENT, 0) for step, counts in times.counts.items()}
    total = sum(sent.values())
    if not total:
        return None

    def reached(number: int) -> float:
        so_far = accumulate(count for _, count in sorted(sent.items()))
        step = next(step for step, count in zip(sorted(sent), so_far, strict=True) if count >= number)
        moment = min(times.since + (step + 1) * times.width, times.last)
        return max(0.0, round((moment - began_at).total_seconds(), 1))

    return Acceptance(median=reached((total + 1) // 2), p95=reached(-(-total * 95 // 100)), last=reached(total))


def over_time(times: Times | None) -> OverTime | None:
    """At most some fifty steps, which begin at round times."""
    if times is None:
        return None
    width = nice_width(max(times.width, (times.last - times.since) / _BARS))
    counts: dict[datetime, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for step, states in times.counts.items():
        moment = times.since + step * times.width
        at = moment - (moment - EPOCH) % width
        for state, number in states.items():
            counts[at][state] += number
    buckets = tuple(Bucket(at=at, **states) for at, states in sorted(counts.items()))
    return OverTime(width=width.total_seconds(), buckets=buckets)
