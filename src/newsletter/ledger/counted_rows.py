"""The deliveries of one dispatch, counted by the database: some hundred groups are read, however many there are.

Touches: the ledger's database, reading only. Limits: when deliveries ended is known to a two-thousandth of the time
that the issue took.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from .accounts import Counts, DomainAccount, Retried, StateReply, Times
from .driver import stored_moment
from .key_domain import domain_of_key
from .latecomer_rows import first_latecomer
from .queries import DELIVERIES, delivery_of
from .records import DeliveryRecord
from .schema import deliveries
from .seen_state import SEEN_STATE
from .states import State

STEPS = 2000
"""Into so many at most the time is parted that an issue took."""
MOST_ATTEMPTS = 10
"""Who was tried more often is counted with these."""
DOUBTS_NAMED = 200
DOMAINS_NAMED = 50

_d = deliveries.c
_ENDED = (State.SENT, State.FAILED, State.EXPIRED, State.IN_DOUBT)
_BY_PERSON = (_d.state == State.SENT) & _d.reply_code.is_(None)
_NICE = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
"""Seconds; beyond that whole days."""


def of_dispatch(connection: sa.Connection, dispatch: int) -> sa.ColumnElement[bool]:
    """SQL: a delivery of this dispatch; found by their numbers, which lie together, and not by the index."""
    its = sa.select(sa.func.min(_d.id), sa.func.max(_d.id)).where(_d.dispatch_id == dispatch)
    first, last = connection.execute(its).one()
    return sa.and_(_d.id.between(first or 0, last or 0), _d.dispatch_id + 0 == dispatch)


class CountedRows:
    """The deliveries of one dispatch, counted."""

    def __init__(self, connection: sa.Connection, dispatch: int) -> None:
        self._connection = connection
        self._dispatch = dispatch
        self._these = of_dispatch(connection, dispatch)

    def by_state(self) -> Counts:
        found = {State(state): number for state, number in self._counted(SEEN_STATE)}
        return {state: found.get(state, 0) for state in State}

    def by_edition(self) -> dict[int, int]:
        return dict(self._counted(_d.edition_id))

    def by_person(self) -> int:
        """Those that a person counted as sent."""
        return sum(number for _, number in self._counted(_d.state, where=_BY_PERSON))

    def by_attempts(self) -> dict[int, Counts]:
        number = sa.case((_d.attempts > MOST_ATTEMPTS, MOST_ATTEMPTS), else_=_d.attempts)
        found: dict[int, dict[State, int]] = defaultdict(dict)
        for attempts, state, count in self._counted(number, SEEN_STATE, where=_d.attempts > 0):
            found[attempts][State(state)] = count
        return dict(sorted(found.items()))

    def by_domain(self, few: int) -> list[DomainAccount]:
        """The largest first; behind them those with few readers, and those beyond the largest, as one."""
        domain = domain_of_key(_d.key)
        values = self._values(domain).c
        totals = sa.select(values.value0.label("domain"), sa.func.count().label("total")).group_by(values.value0)
        inner = totals.subquery()
        named = (
            sa.select(inner.c.domain)
            .where(inner.c.total >= few)
            .order_by(inner.c.total.desc(), inner.c.domain)
            .limit(DOMAINS_NAMED)
        )
        names = self._connection.execute(named).scalars().all()
        others = self._connection.scalar(sa.select(sa.func.count()).select_from(inner)) or 0
        shown = sa.case((domain.in_(names), domain), else_="")
        counts: dict[str, dict[State, int]] = {name: {} for name in (*names, "")}
        for name, state, number in self._counted(shown, SEEN_STATE):
            counts[name][State(state)] = number
        found = [DomainAccount(name, 1 if name else others - len(names), its) for name, its in counts.items()]
        return [one for one in found if one.counts]

    def with_few(self, keys: Collection[str], few: int) -> frozenset[str]:
        """Those domains of these keys that have fewer than `few` readers."""
        domains = {key.partition("@")[2] for key in keys}
        values = self._values(domain_of_key(_d.key)).c.value0
        many = sa.select(values).where(values.in_(domains)).group_by(values).having(sa.func.count() >= few)
        return frozenset(domains.difference(self._connection.execute(many).scalars()))

    def times(self) -> Times | None:
        """When those of the plan came to their end; those that a person decided about had no end of their own."""
        late = first_latecomer(self._connection, self._dispatch)
        is_late = sa.false() if late is None else _d.id >= late
        ended = _d.state.in_(_ENDED) & ~_BY_PERSON & ~is_late
        micros = sa.type_coerce(_d.changed_at, sa.BigInteger)
        span = sa.select(sa.func.min(_d.changed_at), sa.func.max(_d.changed_at)).where(self._these, ended)
        first, last = self._connection.execute(span).one()
        if first is None:
            return None
        width = nice_width((last - first) / STEPS)
        since = first - timedelta(microseconds=first.microsecond)
        step = (micros - stored_moment(since)) // (width // timedelta(microseconds=1))
        counts: dict[int, dict[State, int]] = defaultdict(dict)
        for number, state, count in self._counted(step, _d.state, where=ended):
            counts[int(number)][State(state)] = count
        of_late = sa.select(sa.func.count(), sa.func.max(sa.case((_d.state.in_(_ENDED), _d.changed_at))))
        latecomers = (0, None) if late is None else self._connection.execute(of_late.where(self._these, is_late)).one()
        return Times(since, last, width, dict(sorted(counts.items())), *latecomers)

    def retried(self) -> Retried:
        """Sorted by the database: they are few."""
        took = (sa.type_coerce(_d.changed_at, sa.BigInteger) - sa.type_coerce(_d.trying_since, sa.BigInteger)).label(
            "t"
        )
        these = sa.and_(self._these, _d.state == State.SENT, _d.attempts > 1, ~_BY_PERSON)
        count = self._connection.scalar(sa.select(sa.func.count()).where(these)) or 0
        if not count:
            return Retried()
        places = ((count - 1) // 2, (count * 95 + 99) // 100 - 1, count - 1)
        sorted_ = sa.select(took).where(these).order_by(took)
        median, most, longest = (
            timedelta(microseconds=self._connection.execute(sorted_.offset(place).limit(1)).scalar_one())
            for place in places
        )
        return Retried(count, median, most, longest)

    def replies(self) -> list[StateReply]:
        """What was last said to those that have not got it; the most frequent first."""
        not_sent = (_d.state != State.SENT) & _d.reply_class.is_not(None)
        inner = self._values(SEEN_STATE, _d.reply_class, _d.reply_rule, _d.id, where=not_sent)
        kind = (inner.c.value0, inner.c.value1, inner.c.value2)
        found = sa.select(*kind, sa.func.count(), sa.func.max(inner.c.value3)).group_by(*kind)
        kinds = self._connection.execute(found).all()
        rows = self._connection.execute(DELIVERIES.where(_d.id.in_([one[-1] for one in kinds])))
        examples = {row.id: delivery_of(row) for row in rows}
        told = [
            StateReply(State(state), reply, examples[last].reply_rule, count, examples[last])
            for state, reply, _, count, last in kinds
        ]
        return sorted(told, key=lambda one: (-one.count, one.state, one.reply_class, one.reply_rule))

    def doubts(self) -> list[DeliveryRecord]:
        """The first of those in doubt."""
        query = DELIVERIES.where(self._these, _d.state == State.IN_DOUBT).order_by(_d.id).limit(DOUBTS_NAMED)
        return list(map(delivery_of, self._connection.execute(query)))

    def _counted(
        self, *by: sa.ColumnElement[Any], where: sa.ColumnElement[bool] | None = None
    ) -> list[tuple[Any, ...]]:
        """Each combination of values, and how many deliveries have it."""
        values = self._values(*by, where=where)
        found = sa.select(*values.c, sa.func.count()).group_by(*values.c)
        return list(map(tuple, self._connection.execute(found)))

    def _values(self, *of: sa.ColumnElement[Any], where: sa.ColumnElement[bool] | None = None) -> sa.Subquery:
        """As a table, since PostgreSQL takes no expression with values in it for the same one twice."""
        named = (one.label(f"value{number}") for number, one in enumerate(of))
        return sa.select(*named).where(self._these, sa.true() if where is None else where).subquery()


def nice_width(least: timedelta) -> timedelta:
    """The shortest round stretch of time that is no shorter: seconds, minutes, hours, whole days."""
    seconds = least.total_seconds()
    for width in _NICE:
        if width >= seconds:
            return timedelta(seconds=width)
    return timedelta(days=-(-seconds // 86400))
