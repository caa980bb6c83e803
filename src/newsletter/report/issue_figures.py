"""From what the ledger counted to the figures that are told and kept. Touches: nothing."""

from datetime import datetime, timedelta
from typing import Any

from newsletter.ledger.accounts import Account, Counts, Departures, ShortAccount
from newsletter.ledger.states import State, SuppressionReason

from .figures import (
    OTHER,
    AttemptFigures,
    Departed,
    DomainFigures,
    IssueFigures,
    LimitCost,
    ReplyFigures,
    RetriedFigures,
    RunFigures,
    ShortFigures,
    SizeFigures,
)
from .moments import acceptance, over_time
from .run_times import cost_of_own_limit, cost_of_relays_limit, stretches, telling, time_at_work
from .states_and_times import standing_of

RUNS_NAMED = 100


def never_planned_figures(slug: str, newsletter: str) -> IssueFigures:
    """Noughts."""
    return IssueFigures(issue=slug, newsletter=newsletter, standing="never_planned")


def short_figures(account: ShortAccount, now: datetime) -> ShortFigures:
    """Of an issue that is compared with another."""
    return ShortFigures(**_short(account, now))


def issue_figures(account: Account, now: datetime, *, adds_up: bool) -> IssueFigures:
    """Of the issue itself; `now` is when whoever is at work still is."""
    runs = telling(account.short.runs)
    retried = account.retried
    return IssueFigures(
        **_short(account.short, now),
        adds_up=adds_up,
        by_person=account.by_person,
        over_time=over_time(account.short.times),
        domains=tuple(
            DomainFigures(
                domain=one.domain or OTHER,
                domains=one.domains,
                total=sum(one.counts.values()),
                states=_named(one.counts),
            )
            for one in account.domains
        ),
        attempts=tuple(
            AttemptFigures(attempts=number, states=_named(counts)) for number, counts in account.attempts.items()
        ),
        retried=RetriedFigures(
            accepted=retried.accepted,
            median=_seconds(retried.median),
            p95=_seconds(retried.most),
            longest=_seconds(retried.longest),
        ),
        replies=tuple(
            ReplyFigures(state=one.state, reply_class=one.reply_class, rule=one.reply_rule, count=one.count)
            for one in account.replies
        ),
        letters=tuple(
            SizeFigures(
                variant=one.variant,
                revision=one.revision,
                readers=one.readers,
                html=one.html,
                text=one.text,
                pictures=one.pictures,
            )
            for one in account.letters
        ),
        runs=tuple(
            RunFigures(
                began_at=one.began_at,
                ended_at=one.ended_at,
                messages=one.messages,
                ended_by=one.ended_by,
                rested=_seconds(one.rested),
            )
            for one in runs[:RUNS_NAMED]
        ),
        runs_total=len(runs),
    )


def _short(account: ShortAccount, now: datetime) -> dict[str, Any]:
    record, times = account.record, account.times
    parts = stretches(telling(account.runs), now)
    began_at = parts[0].began_at if parts else None
    return {
        "issue": record.slug,
        "newsletter": record.newsletter,
        "standing": standing_of(record, account.counts),
        "planned_at": record.planned_at,
        "total": record.total,
        "states": account.counts,
        "began_at": began_at,
        "ended_at": times.last if times else None,
        "at_work": _seconds(time_at_work(parts)),
        "acceptance": acceptance(times, began_at or record.planned_at),
        "latecomers": times.latecomers if times else 0,
        "last_latecomer_at": times.last_latecomer if times else None,
        "departed": _departed(account.departures),
        "events": dict(account.events),
        "limits": LimitCost(own=_seconds(cost_of_own_limit(parts)), relay=_seconds(cost_of_relays_limit(parts))),
    }


def _departed(departures: Departures) -> Departed:
    """An operator's own words for a reason may name somebody."""
    by_reason: dict[str, int] = {}
    for reason, number in sorted(departures.by_reason.items()):
        known = reason if reason in set(SuppressionReason) else OTHER
        by_reason[known] = by_reason.get(known, 0) + number
    return Departed(
        until=departures.until,
        one_clicks=departures.one_clicks,
        by_reason=by_reason,
        said_why=dict(departures.said_why),
    )


def _named(counts: Counts) -> Counts:
    """The states that anybody is in, always in the same order."""
    return {state: counts[state] for state in State if counts.get(state)}


def _seconds(length: timedelta) -> float:
    return round(length.total_seconds(), 3)
