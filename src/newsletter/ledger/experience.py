"""What the book knows of a relay from earlier issues: how fast it took them, and whom of each domain it let wait.

Touches: the ledger's database, reading only. Kept is what an issue's runs left behind: when each process began and
ended, under which terms, and of every reader the first try, the last one and how many there were.
Limits: which connection a message took is not kept, nor what was said to a try that was not the last.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from .counted_rows import of_dispatch
from .database import LedgerPart
from .key_domain import domain_of_key
from .past_dispatch import Fate, PastDispatch, Run, Stretch, WaitingReader, measured, stretches_of
from .queries import in_domain, issues_of
from .run_terms import RunTerms
from .schema import deliveries, dispatches, leases
from .seen_state import WAITS
from .states import State

MOST_ISSUES = 12
MOST_ROWS = 2_000_000
"""Deliveries of them that are looked at, but for the newest issue: some ten seconds of SQLite."""
FEWEST_TRIED = 20
"""Tried readers of an issue, or of a domain, that tell something: of smaller domains all are one."""
_STRETCHES = 3
"""Of an issue, those with the most messages: each is one look at all its rows."""
_BINS = 4000
"""Parts of a stretch whose messages are counted together."""
_MICROS = 1_000_000
_AT_ONCE = 5000
"""Rows read at a time, so that no transaction stays open for long."""

_d = deliveries.c
_AT_FIRST = (_d.attempts == 1) & (_d.state == State.SENT)
"""SQL: accepted at the first try."""
_SINCE, _CHANGED = (sa.type_coerce(column, sa.BigInteger) for column in (_d.trying_since, _d.changed_at))


class Experience(LedgerPart):
    """Earlier issues, as their relay took them."""

    def still_waiting(self, dispatch: int) -> Iterator[WaitingReader]:
        """Who of an issue waits for a run, in the order of its plan; memory stays flat."""
        domain, last = domain_of_key(_d.key), 0
        query = (
            sa.select(_d.id, domain, _d.due_at, _d.trying_since, _d.attempts)
            .where(_d.dispatch_id == dispatch, WAITS, _d.id > sa.bindparam("last"))
            .order_by(_d.id)
            .limit(_AT_ONCE)
        )
        while True:
            with self._database.read() as connection:
                rows = connection.execute(query, {"last": last}).all()
            for row in rows:
                yield WaitingReader(*row[1:])
            if len(rows) < _AT_ONCE:
                return
            last = rows[-1].id

    def experience(self, newsletter: str, relay: str) -> list[PastDispatch]:
        """The newsletter's last issues through this relay (host:port), newest first; one that is under way, too.

        Where none is known to have gone through it: those of which nobody kept the relay, with `terms` None.
        """
        with self._database.read() as connection:
            runs = _runs(connection, newsletter)
            known = [(one, of) for one, of in runs if any(run.terms and run.terms.relay == relay for run in of)]
            chosen = known or [(one, of) for one, of in runs if not any(run.terms for run in of)]
            found: list[PastDispatch] = []
            rows = 0
            for issue, its in chosen:
                rows += issue.total
                if len(found) == MOST_ISSUES or (found and rows > MOST_ROWS):
                    break
                mine = [run for run in its if run.terms is None or run.terms.relay == relay]
                if (past := _past(connection, issue, mine)) is not None:
                    found.append(past)
            return found


def _runs(connection: sa.Connection, newsletter: str) -> list[tuple[sa.Row[Any], list[Run]]]:
    """Each issue that somebody began to send, the newest first, and its runs in their order."""
    of, lease = dispatches.c, leases.c
    rows: sa.CursorResult[Any] = connection.execute(
        sa.select(of.id, of.slug, of.total, lease.started_at, lease.ended_at, lease.beat_at, lease.begun, lease.terms)
        .join(leases, lease.dispatch_id == of.id)
        .where(issues_of(newsletter), lease.begun > 0)
        .order_by(of.planned_at.desc(), of.id.desc(), lease.started_at)
    )
    return [
        (same[0], [_run(row) for row in same]) for _, group in groupby(rows, lambda row: row.id) if (same := [*group])
    ]


def _run(row: sa.Row[Any]) -> Run:
    ended: datetime = row.ended_at or row.beat_at
    return Run(
        row.started_at, max(ended, row.started_at), row.begun, RunTerms.from_json(row.terms) if row.terms else None
    )


def _past(connection: sa.Connection, issue: sa.Row[Any], runs: Sequence[Run]) -> PastDispatch | None:
    these = of_dispatch(connection, issue.id)
    fates = _fates(connection, these)
    if sum(fate.count for its in fates.values() for fate in its) < FEWEST_TRIED:
        return None
    all_of_them = stretches_of(runs)
    largest = sorted(all_of_them, key=lambda one: -one.begun)[:_STRETCHES]
    looked_at = [
        _looked_at(connection, these, one) for one in largest if one.begun >= FEWEST_TRIED or one is largest[0]
    ]
    return PastDispatch(issue.slug, all_of_them[0].began, tuple(looked_at), fates)


def _looked_at(connection: sa.Connection, these: sa.ColumnElement[bool], stretch: Stretch) -> Stretch:
    """The same with its pace."""
    first, last = _micros(stretch.began), _micros(stretch.ended) + 1
    grain = max(1000, (last - first) // _BINS)
    is_first = sa.case((_AT_FIRST, 1), else_=0).label("accepted")
    is_sent = sa.case((_d.state == State.SENT, 1), else_=0).label("accepted")
    tries = sa.select(_SINCE.label("at"), is_first).where(these, _d.attempts > 0, _SINCE.between(first, last))
    again = sa.select(_CHANGED.label("at"), is_sent).where(these, _d.attempts > 1, _CHANGED.between(first, last))
    answer = sa.union_all(tries, again).subquery().c
    place, accepted = ((answer.at - first) // grain).label("place"), sa.func.sum(answer.accepted)
    counted = sa.select(place, accepted, sa.func.count() - accepted).group_by(place).order_by(place)
    bins = [(number * grain / _MICROS, int(yes), int(no)) for number, yes, no in connection.execute(counted)]
    limited = stretch.terms.domains if stretch.terms else {}
    return measured(stretch, bins, dict(_paces(connection, tries, limited)))


def _paces(connection: sa.Connection, tries: sa.Select[Any], domains: Iterable[str]) -> Iterator[tuple[str, float]]:
    """Messages a second to those domains that had a limit of their own."""
    for name in domains:
        if name == "*":
            continue
        at = tries.where(in_domain(name)).subquery().c.at
        count, first, last = connection.execute(sa.select(sa.func.count(), sa.func.min(at), sa.func.max(at))).one()
        if count >= FEWEST_TRIED and last > first:
            yield name, (count - 1) * _MICROS / (last - first)


def _fates(connection: sa.Connection, these: sa.ColumnElement[bool]) -> dict[str, tuple[Fate, ...]]:
    """What became of the readers of each domain; under the empty name, of all small ones."""
    domain = domain_of_key(_d.key)
    rows = connection.execute(
        sa.select(domain, _d.state, _d.attempts, sa.func.count(), sa.func.avg(_CHANGED - _SINCE))
        .where(these, _d.attempts > 0)
        .group_by(domain, _d.state, _d.attempts)
        .order_by(domain)
    )
    found: dict[str, tuple[Fate, ...]] = {}
    small: dict[tuple[State, int], Fate] = {}
    for name, group in groupby(rows, lambda row: row[0]):
        its = [Fate(count, tries, float(lag) / _MICROS, State(state)) for _, state, tries, count, lag in group]
        if sum(fate.count for fate in its) >= FEWEST_TRIED:
            found[name] = tuple(its)
            continue
        for fate in its:
            kind = fate.state, fate.tries
            small[kind] = small[kind].joined(fate) if kind in small else fate
    return {**found, "": tuple(small.values())}


def _micros(moment: datetime) -> int:
    return round(moment.timestamp() * _MICROS)
