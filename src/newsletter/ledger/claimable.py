"""What a claim reads: lots with somebody who is due, and who of them is not handed out. Touches: the database.

Asked for every few hundred messages: each statement is compiled once, whatever its lists hold.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from .driver import Prepared, Values, kept_moment
from .frozen import unpack_all
from .lots import OF_SENDER, PERMANENT
from .schema import deliveries, editions, lots
from .seen_state import WAITS, as_list, is_listed
from .states import Claim, State, refusal_key
from .suppressions import suppressed_delivery

KINDS = (0, 1, 2)
"""Of lots: deferred, planned, and those who were deferred and are taken after all others."""

_d, _l = deliveries.c, lots.c
_KIND: sa.ColumnElement[int] = sa.case((_l.due_at.is_(None), 1), (_l.behind, 2), else_=0)
_KEPT = 64
"""Statements, by the number of domains that just now get nothing."""
_ESCAPE = "/"
"""Of LIKE."""


class Lot(NamedTuple):
    """A lot with somebody who is due."""

    id: int
    first_line: int
    waiting: int
    kind: int


class DueRow(NamedTuple):
    """Somebody who is due, as the database keeps it."""

    id: int
    key: str
    address: str | None
    merge: str | None
    line: int
    attempts: int
    trying_since: int | None
    due_at: int | None
    edition_id: int
    state: str
    reply_code: int | None
    reply_enhanced: str | None
    reply_rule: str | None
    reply_class: str | None
    lot_id: int
    variant: str
    is_suppressed: int


def lots_of(connection: sa.Connection, lease: int, due: Values, without: tuple[str, ...]) -> list[Lot]:
    """Those that this process has. `due` are values of `_of_due`; no lot of the domains `without`."""
    values = {**due, **_left_out(without), "lease": lease}
    return list(map(Lot._make, _of_lease(len(without)).rows(connection, values)))


def free_lots(
    connection: sa.Connection,
    kind: int,
    passed: Iterable[int],
    most: int,
    due: Values,
    without: tuple[str, ...],
) -> list[Lot]:
    """The next of this kind that nobody has, but those that were `passed`."""
    values = {**due, **_left_out(without), "passed": as_list(passed), "most": most}
    free = _free(kind, len(without), early=due["before"] > 0)
    return list(map(Lot._make, free.rows(connection, values)))


def rows_of(
    connection: sa.Connection,
    numbers: Iterable[int],
    handed: Iterable[int],
    most: int,
    without: tuple[str, ...],
) -> list[DueRow]:
    """Who waits in these lots and was not handed out, in the order in which they are taken."""
    values = {"handed": as_list(handed), "most": most, **_left_out(without)}
    if connection.dialect.name == "postgresql":
        return list(map(DueRow._make, _rows_on_a_server(len(without)).rows(connection, {"lots": [*numbers], **values})))
    return list(map(DueRow._make, _rows(len(without)).rows(connection, {"lots": as_list(numbers), **values})))


def as_claims(rows: Sequence[DueRow], lease: int, dispatch: int, revision: int, seen: int) -> list[Claim]:
    """`revision` and `seen` as in `Claim`."""
    values = unpack_all([(row.merge, row.address or row.key) for row in rows])
    return [_claim(row, its, lease, dispatch, revision, seen) for row, its in zip(rows, values, strict=True)]


def _claim(row: DueRow, values: dict[str, str], lease: int, dispatch: int, revision: int, seen: int) -> Claim:
    """Taken apart at once, and given in order: 400 of them are made in a claim."""
    one, key, address, _, _, attempts, since, _, edition, state, code, enhanced, rule, kind, lot, variant, _ = row
    refused_with, met_limit = "", False
    if state == State.DEFERRED:
        refused_with = refusal_key(code, enhanced or "", rule or "") if code and code >= PERMANENT else ""
        met_limit = kind in OF_SENDER
    return Claim(
        one,
        lease,
        address or key,
        key,
        variant,
        values,
        attempts,
        kept_moment(since),
        edition,
        refused_with,
        met_limit,
        dispatch,
        lot,
        revision,
        seen,
    )


def _left_out(domains: Sequence[str]) -> dict[str, str]:
    """Values of the statements that leave so many domains out, with what is under them."""
    values: dict[str, str] = {}
    for number, domain in enumerate(domains):
        literal = domain.replace(_ESCAPE, _ESCAPE * 2).replace("%", f"{_ESCAPE}%").replace("_", f"{_ESCAPE}_")
        values |= {f"domain_{number}": domain, f"at_{number}": f"%@{literal}", f"under_{number}": f"%.{literal}"}
    return values


def is_due(now: datetime, before: datetime | None) -> sa.ColumnElement[bool]:
    """Lots of which somebody may be sent to `now`, or all that were filled `before`."""
    filled = _l.filled_at < before if before else sa.false()
    return _l.due_at.is_(None) | (_l.due_at <= now) | filled


def has_others(domains: Iterable[str]) -> Iterator[sa.ColumnElement[bool]]:
    """What holds of a lot in which somebody waits who is in none of these domains, nor under one."""
    outside = []
    for domain in domains:
        yield (_l.domain != domain) & ~_l.domain.endswith(f".{domain}", autoescape=True)
        outside += [~_d.key.endswith(f"{sign}{domain}", autoescape=True) for sign in "@."]
    if outside:
        yield sa.exists().where(_d.lot_id == _l.id, WAITS, *outside)


def _is_like(column: sa.ColumnElement[str], name: str) -> sa.ColumnElement[bool]:
    return column.like(sa.bindparam(name, type_=sa.Text), escape=_ESCAPE)


def _of_due(without: int, kind: int | None = None, *, early: bool = True) -> sa.Select[Any]:
    """Lots of a dispatch, of one `kind`, that are due `now`, or `early`: filled `before`; values as they are kept.

    Conditions that are those of an index stand as they are in it: with values left open it would not be used.
    """
    dispatch, now, before = (sa.bindparam(name, type_=sa.BigInteger) for name in ("dispatch", "now", "before"))
    is_due_now = (_l.due_at <= now) | (_l.filled_at < before) if early else _l.due_at <= now
    of_kind = {
        None: (_l.due_at.is_(None) | is_due_now,),
        0: (_l.due_at.is_not(None), is_due_now, _l.behind.is_(sa.false())),
        1: (_l.due_at.is_(None),),
        2: (_l.due_at.is_not(None), is_due_now, _l.behind.is_(sa.true())),
    }
    others = (
        ~(_l.domain == sa.bindparam(f"domain_{number}", type_=sa.Text)) & ~_is_like(_l.domain, f"under_{number}")
        for number in range(without)
    )
    lot = sa.select(_l.id, _l.first_line, _l.waiting, _KIND)
    # Of a lease there are few lots and of a dispatch many: added to, this column is no way to find them.
    this = _l.dispatch_id + sa.literal_column("0") if kind is None else _l.dispatch_id
    return lot.where(this == dispatch, _l.waiting > sa.literal_column("0"), *of_kind[kind], *others)


@lru_cache(_KEPT)
def _of_lease(without: int) -> Prepared:
    return Prepared(_of_due(without).where(_l.lease_id == sa.bindparam("lease", type_=sa.BigInteger)))


@lru_cache(_KEPT)
def _free(kind: int, without: int, *, early: bool) -> Prepared:
    """In the order of `ix_lots_free`: lots that are spent, or somebody's, are not looked through."""
    is_other = ~is_listed(_l.id, sa.bindparam("passed", type_=sa.Text))
    found = _of_due(without, kind, early=early).where(_l.lease_id.is_(None), is_other)
    most = sa.bindparam("most", type_=sa.Integer)
    return Prepared(found.order_by(_l.due_at, _l.first_line, _l.id).limit(most))


_MOST = sa.bindparam("most", type_=sa.Integer)
_COLUMNS = [editions.c.variant if name == "variant" else _d[name] for name in DueRow._fields[:-1]]


def _waiting(without: int) -> sa.ColumnElement[bool]:
    # Read row by row: who is left out at the front of the file is looked at again with every claim.
    others = (~(_is_like(_d.key, f"at_{number}") | _is_like(_d.key, f"under_{number}")) for number in range(without))
    return sa.and_(WAITS, ~is_listed(_d.id, sa.bindparam("handed", type_=sa.Text)), *others)


@lru_cache(_KEPT)
def _rows(without: int) -> Prepared:
    return Prepared(
        sa.select(*_COLUMNS, suppressed_delivery())
        .join(editions, editions.c.id == _d.edition_id)
        .where(is_listed(_d.lot_id, sa.bindparam("lots", type_=sa.Text)), _waiting(without))
        .order_by(_d.due_at, _d.id)
        .limit(_MOST)
    )


@lru_cache(_KEPT)
def _rows_on_a_server(without: int) -> Prepared:
    """The same for PostgreSQL, lot by lot and then row by row.

    OFFSET keeps it from another way: of a list it does not know how long it is, and of a plan that is new not even how
    many deliveries there are, and so it would look through all of them with each claim.
    """
    given = sa.func.unnest(sa.bindparam("lots", type_=sa.ARRAY(sa.BigInteger))).table_valued("value")
    lot = given.render_derived("given")
    of_lot = sa.select(_d.id, _d.due_at).where(_d.lot_id == lot.c.value, _waiting(without)).offset(0).lateral("of_lot")
    taken = sa.select(of_lot).select_from(lot.join(of_lot, sa.true()))
    taken_first = taken.order_by(of_lot.c.due_at, of_lot.c.id).limit(_MOST).subquery("taken_first")
    whole = (
        sa.select(*_COLUMNS, suppressed_delivery().label("is_suppressed"))
        .join(editions, editions.c.id == _d.edition_id)
        .where(_d.id == taken_first.c.id)
        .offset(0)
        .lateral("whole")
    )
    found = sa.select(whole).select_from(taken_first.join(whole, sa.true()))
    return Prepared(found.order_by(whole.c.due_at, whole.c.id))
