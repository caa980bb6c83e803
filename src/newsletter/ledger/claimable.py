"""What a claim reads: lots with somebody who is due, and who of them is not handed out. Touches: the database.

Asked for every few hundred messages: each statement is compiled once, whatever its lists hold.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from .driver import Prepared, Values, kept_moment
from .frozen import unpack_all
from .lots import OF_SENDER, PERMANENT
from .queries import in_domain
from .schema import deliveries, editions, lots
from .seen_state import WAITS, as_list, is_listed
from .states import Claim, State, refusal_key
from .suppressions import suppressed_delivery

KINDS = (0, 1, 2)
"""Of lots: deferred, planned, and those who were deferred and are taken after all others."""

_d, _l = deliveries.c, lots.c
_KIND: sa.ColumnElement[int] = sa.case((_l.due_at.is_(None), 1), (_l.behind, 2), else_=0)
_KEPT = 32
"""Statements: those without a domain, and with those that just now get nothing."""


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
    return list(map(Lot._make, _of_lease(without).rows(connection, {**due, "lease": lease})))


def free_lots(
    connection: sa.Connection,
    kind: int,
    passed: Iterable[int],
    most: int,
    due: Values,
    without: tuple[str, ...],
) -> list[Lot]:
    """The next of this kind that nobody has, but those that were `passed`."""
    values = {**due, "kind": kind, "passed": as_list(passed), "most": most}
    return list(map(Lot._make, _free(without).rows(connection, values)))


def rows_of(
    connection: sa.Connection,
    numbers: Iterable[int],
    handed: Iterable[int],
    most: int,
    without: tuple[str, ...],
) -> list[DueRow]:
    """Who waits in these lots and was not handed out, in the order in which they are taken."""
    values = {"lots": as_list(numbers), "handed": as_list(handed), "most": most}
    return list(map(DueRow._make, _rows(without).rows(connection, values)))


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


def _of_due(without: Collection[str]) -> sa.Select[Any]:
    """Lots of a dispatch that are due `now`, or were filled `before`; values as the database keeps them."""
    dispatch, now, before = (sa.bindparam(name, type_=sa.BigInteger) for name in ("dispatch", "now", "before"))
    is_due = _l.due_at.is_(None) | (_l.due_at <= now) | (_l.filled_at < before)
    others = (~(_l.domain == domain) & ~_l.domain.endswith(f".{domain}", autoescape=True) for domain in without)
    lot = sa.select(_l.id, _l.first_line, _l.waiting, _KIND)
    return lot.where(_l.dispatch_id == dispatch, _l.waiting > 0, is_due, *others)


@lru_cache(_KEPT)
def _of_lease(without: tuple[str, ...]) -> Prepared:
    return Prepared(_of_due(without).where(_l.lease_id == sa.bindparam("lease", type_=sa.BigInteger)))


@lru_cache(_KEPT)
def _free(without: tuple[str, ...]) -> Prepared:
    is_other = ~is_listed(_l.id, sa.bindparam("passed", type_=sa.Text))
    found = _of_due(without).where(_l.lease_id.is_(None), sa.bindparam("kind", type_=sa.Integer) == _KIND, is_other)
    most = sa.bindparam("most", type_=sa.Integer)
    return Prepared(found.order_by(_l.due_at, _l.first_line, _l.id).limit(most))


@lru_cache(_KEPT)
def _rows(without: tuple[str, ...]) -> Prepared:
    columns = [editions.c.variant if name == "variant" else _d[name] for name in DueRow._fields[:-1]]
    return Prepared(
        sa.select(*columns, suppressed_delivery())
        .join(editions, editions.c.id == _d.edition_id)
        .where(is_listed(_d.lot_id, sa.bindparam("lots", type_=sa.Text)), WAITS)
        .where(~is_listed(_d.id, sa.bindparam("handed", type_=sa.Text)), *(~in_domain(domain) for domain in without))
        .order_by(_d.due_at, _d.id)
        .limit(sa.bindparam("most", type_=sa.Integer))
    )
