"""Lots: some hundred deliveries that are leased as one, so that a claim changes one row. Touches: the database.

A plan fills lots as its rows come, of at most 500, or a twentieth of the audience so far but at least 20, so that a
second process finds work. Where a rate is set they are of half a second's messages at most, so that all who share it
are done at about the same time: nobody can help with another's lot. From its 500th reader on a domain has lots of its
own: a process that may not send to it leaves them alone without looking through them. Whoever waits in a lot is of one
kind, planned or deferred to one minute; who becomes another kind (deferred, or to be sent again) moves to another lot
that nobody has.

Each lot counts its deliveries. A turn adds what it changed (`outcomes`); everything else counts anew, with the lot
locked, so that it is right whatever others commit meanwhile.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from .column_types import EPOCH
from .driver import ManyRows, inserted_id
from .schema import deliveries, lots
from .states import COUNTED, WAITING, State

LOT_SIZE = 500
"""Deliveries of a lot."""
AT_LEAST = 20
"""A lot may be filled up to so many, however small the audience."""
_SHARE = 20
"""Parts of the audience, of which a lot is one at most."""
_SECONDS = 0.5
"""Of a rate's messages in a lot: four seconds of one of eight who share it."""
_MOST_LOTS = 10_000
"""Of a plan that would have more for the rate's sake: each is an INSERT."""

OF_SENDER = ("quota", "unauthenticated")
"""Classes of replies that wait for the sender's relay or records: those who met them say nothing new about it."""
PERMANENT = 500
"""The first of the codes that say: for good (RFC 5321 4.2.1)."""
_MINUTE = timedelta(minutes=1)
_AT_ONCE = 500
"""Rows of a statement."""

_d, _l = deliveries.c, lots.c

_RELEASE = ManyRows(
    "lots", "lease_id = NULL", "lots.id = v.id AND lots.lease_id = v.lease", id="bigint", lease="bigint"
)


def lot_size_at(rate: float | None, readers: int) -> int:
    """Deliveries of a lot, at most, where so many messages may start in a second; None: as many as can."""
    if rate is None:
        return LOT_SIZE
    return min(LOT_SIZE, max(AT_LEAST, math.ceil(rate * _SECONDS), readers // _MOST_LOTS))


class Filler:
    """Gives the rows of a plan their lots, of at most `size`, in the order in which they come."""

    def __init__(self, dispatch: int, now: datetime, size: int) -> None:
        self._dispatch = dispatch
        self._now = now
        self._size = size
        self._rows = 0
        self._of_domain: Counter[str] = Counter()
        self._open: dict[str, list[int]] = {}
        """By domain: the number of the lot that is being filled, how many it has, how many it may have."""

    def place(self, connection: sa.Connection, rows: Iterable[tuple[int, str, int]]) -> dict[int, int]:
        """The numbers of the lots for rows (their own number, the domain, the line), by the rows' numbers."""
        return {number: self._place(connection, domain, line) for number, domain, line in rows}

    def _place(self, connection: sa.Connection, domain: str, line: int) -> int:
        self._rows += 1
        self._of_domain[domain] += 1
        group = domain if self._of_domain[domain] >= LOT_SIZE else ""
        lot = self._open.get(group)
        if lot is None or lot[1] >= lot[2]:
            most = min(self._size, max(AT_LEAST, self._rows // _SHARE))
            lot = [_add(connection, self._dispatch, self._now, domain=group, first_line=line), 0, most]
            self._open[group] = lot
        lot[1] += 1
        return lot[0]


def is_behind(code: int | None, reply_class: str | None) -> bool:
    """Whether this reply may be the relay's own: the others must not wait behind who got it."""
    return (code or 0) >= PERMANENT or reply_class in OF_SENDER


def move(connection: sa.Connection, ids: Iterable[int], now: datetime, since: datetime | None = None) -> None:
    """After these deliveries changed: put those who wait into lots that nobody has, and count all lots anew.

    Into one that was filled before `since` (None: this moment) nobody is put: `--retry-now` takes such lots as a whole.
    """
    touched: set[int] = set()
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), _AT_ONCE):
        these = wanted[start : start + _AT_ONCE]
        rows = connection.execute(
            sa.select(_d.id, _d.dispatch_id, _d.state, _d.due_at, _d.reply_code, _d.reply_class, _d.line, _d.lot_id)
            .add_columns(_l.domain)
            .join(lots, _l.id == _d.lot_id)
            .where(_d.id.in_(these))
        ).all()
        touched |= {row.lot_id for row in rows}
        groups: dict[tuple[Any, ...], list[sa.Row[Any]]] = defaultdict(list)
        for row in rows:
            if row.state in WAITING:
                behind = row.state == State.DEFERRED and is_behind(row.reply_code, row.reply_class)
                groups[row.dispatch_id, row.domain, _minute(row.due_at), behind].append(row)
        for (dispatch, domain, minute, behind), those in groups.items():
            lot = _find(connection, dispatch, domain, minute, behind, since or now)
            if lot is None:
                first = min(row.line for row in those)
                lot = _add(connection, dispatch, now, domain=domain, first_line=first, behind=behind)
            connection.execute(sa.update(deliveries).where(_d.id.in_([row.id for row in those])).values(lot_id=lot))
            if minute is not None:  # nobody is tried too early; who was deferred to the same minute waits for the last
                due = max(row.due_at for row in those)
                later = sa.case((_l.due_at > due, _l.due_at), else_=sa.literal(due, _l.due_at.type))
                connection.execute(sa.update(lots).where(_l.id == lot).values(due_at=later, filled_at=now))
            touched.add(lot)
    recount(connection, touched)


def release(connection: sa.Connection, lease: int, numbers: Collection[int]) -> None:
    """These lots are anybody's from now on."""
    _RELEASE.unchanged(connection, [(number, lease) for number in sorted(numbers)])


def recount(connection: sa.Connection, numbers: Collection[int]) -> None:
    """Count these lots anew. They are locked first: who changes one of their deliveries adds to it afterwards."""
    wanted = sorted(numbers)
    for start in range(0, len(wanted), _AT_ONCE):
        these = wanted[start : start + _AT_ONCE]
        connection.execute(sa.select(_l.id).where(_l.id.in_(these)).order_by(_l.id).with_for_update()).all()
        counts: dict[int, Counter[str]] = {number: Counter() for number in these}
        found = sa.select(_d.lot_id, _d.state, sa.func.count()).where(_d.lot_id.in_(these))
        for lot, state, number in connection.execute(found.group_by(_d.lot_id, _d.state)):
            counts[lot]["waiting" if state in WAITING else state] += number
        names = ("waiting", *(state.value for state in COUNTED))
        connection.execute(
            sa.update(lots)
            .where(_l.id == sa.bindparam("this"))
            .values({name: sa.bindparam(f"new_{name}") for name in names}),
            [{"this": lot, **{f"new_{name}": its[name] for name in names}} for lot, its in counts.items()],
        )


def _minute(due: datetime | None) -> datetime | None:
    return None if due is None else due - (due - EPOCH) % _MINUTE


def _find(
    connection: sa.Connection, dispatch: int, domain: str, minute: datetime | None, behind: bool, since: datetime
) -> int | None:
    """A lot of this kind that nobody has, and that another transaction is not just taking or filling."""
    if minute is None:
        return None
    query = (
        sa.select(_l.id)
        .where(_l.dispatch_id == dispatch, _l.lease_id.is_(None), _l.domain == domain, _l.behind.is_(behind))
        .where(_l.due_at >= minute, _l.due_at < minute + _MINUTE, _l.filled_at >= since, _l.waiting < LOT_SIZE)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    found: int | None = connection.execute(query).scalar()
    return found


def _add(
    connection: sa.Connection, dispatch: int, now: datetime, *, domain: str, first_line: int, behind: bool = False
) -> int:
    row = sa.insert(lots).values(
        dispatch_id=dispatch, domain=domain, first_line=first_line, behind=behind, filled_at=now
    )
    return inserted_id(connection.execute(row))
