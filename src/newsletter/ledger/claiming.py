"""Take deliveries as this process's own, a lot at a time. Touches: the ledger's database.

A lot becomes this process's by one change of its row, and stays it until the lease ends; which of its deliveries were
handed out, the lease remembers, since nobody else asks. Whoever was suppressed since the plan becomes `suppressed` here
and is not handed out (docs/design.md 4.5, promise 6). Two processes never get the same lot: SQLite writes one at a
time, PostgreSQL skips lots that another is taking.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from .column_types import EPOCH
from .database import Database
from .frozen import unpack_values
from .leases import Lease, Leases, beat
from .lots import AT_LEAST, OF_SENDER, PERMANENT, recount
from .queries import in_domain
from .resolving import make_final
from .schema import deliveries, dispatches, editions, lots
from .seen_state import WAITS, as_list, is_listed
from .states import Claim, DispatchStatus, State, refusal_key
from .suppressions import newest_suppression, suppressed_delivery

MOST = 500
"""Deliveries a transaction: small claims, so that two processes share fairly and nobody waits long for the book."""

_Row = sa.Row[*tuple[Any, ...]]

_d, _l = deliveries.c, lots.c
_COLUMNS: tuple[sa.ColumnElement[Any], ...] = (
    _d.id,
    _d.key,
    _d.address,
    _d.merge,
    _d.line,
    _d.attempts,
    _d.trying_since,
    _d.due_at,
    _d.edition_id,
    _d.state,
    _d.reply_code,
    _d.reply_enhanced,
    _d.reply_rule,
    _d.reply_class,
    _d.lot_id,
    editions.c.variant,
)


_KIND: sa.ColumnElement[int] = sa.case((_l.due_at.is_(None), 1), (_l.behind, 2), else_=0)
_KINDS = (0, 1, 2)
"""Deferred, planned, and those who were deferred and are taken after all others."""
_LOTS = sa.select(_l.id, _l.first_line, _l.waiting, _KIND.label("kind"))

_UNHANDED = (
    sa.select(*_COLUMNS, suppressed_delivery().label("suppressed"))
    .join(editions, editions.c.id == _d.edition_id)
    .where(is_listed(_d.lot_id, sa.bindparam("lots", type_=sa.Text)), WAITS)
    .where(~is_listed(_d.id, sa.bindparam("handed", type_=sa.Text)))
    .order_by(_d.due_at, _d.id)
)


class Claiming(Leases):
    """Deliveries for this process."""

    def claim(
        self,
        dispatch: int,
        lease: Lease,
        limit: int,
        now: datetime,
        *,
        retry_now: bool = False,
        without: Collection[str] = (),
    ) -> list[Claim]:
        """At most `limit` deliveries that are due: the deferred first, then the planned, in the order of the file as
        far as lots have it (a canary: exactly); last those with a 5xx that was not believed or who met a limit: if it
        is the relay's, the others must not wait behind it.

        Deliveries of processes that are gone are taken back first. None where the dispatch does not run. With
        `retry_now`, waiting times are ignored, once per lease. Recipients in the domains `without`, and under them,
        are left where they are. LeaseLostError.
        """
        self._watch.take_back(now, mine=lease.id)
        claims: list[Claim] = []
        while len(claims) < limit:
            wanted = min(limit - len(claims), MOST)
            taking = _Taking(self._database, lease, dispatch, wanted, now, retry_now=retry_now, without=without)
            with lease.alone:
                taken = self._database.transact(taking.run)
                lease.hand_out(taken)
            claims.extend(taken)
            if taking.rows < wanted:
                break
        return claims


class _Taking:
    """One transaction of a claim."""

    def __init__(
        self,
        database: Database,
        lease: Lease,
        dispatch: int,
        wanted: int,
        now: datetime,
        *,
        retry_now: bool,
        without: Collection[str],
    ) -> None:
        self._database = database
        self._lease = lease
        self._dispatch = dispatch
        self._wanted = wanted
        self._now = now
        # --retry-now means once each: what was deferred in this very run keeps its waiting time
        due = (_l.due_at <= now) | (_l.filled_at < lease.started_at) if retry_now else _l.due_at <= now
        is_due = _l.due_at.is_(None) | due
        lots_of_others = (
            ~(_l.domain == domain) & ~_l.domain.endswith(f".{domain}", autoescape=True) for domain in without
        )
        self._open_lots = sa.and_(_l.dispatch_id == dispatch, _l.waiting > 0, is_due, *lots_of_others)
        self._others = sa.and_(sa.true(), *(~in_domain(domain) for domain in without))
        self.rows = 0
        """Looked at, suppressed ones included."""

    def run(self, connection: sa.Connection) -> list[Claim]:
        self.rows = 0
        beat(self._database, connection, self._lease.id)
        this = dispatches.c.id == self._dispatch
        self._database.hold_shared(connection, sa.select(dispatches.c.id).where(this))
        columns = dispatches.c.status, dispatches.c.canary_lease, dispatches.c.revision
        of = connection.execute(sa.select(*columns).where(this)).one()
        if of.status != DispatchStatus.RUNNING or of.canary_lease not in (None, self._lease.id):
            return []
        seen = newest_suppression(connection)
        mine = connection.execute(_LOTS.where(self._open_lots, _l.lease_id == self._lease.id)).all()
        rows: list[_Row] = []
        for kind in _KINDS:
            if (more := self._wanted - len(rows)) > 0:
                its = [lot.id for lot in mine if lot.kind == kind]
                rows += self._of_kind(connection, kind, its, more, exact=of.canary_lease is not None)
        self.rows = len(rows)
        if rows:
            make_final(connection, self._dispatch)
        self._suppress(connection, [row for row in rows if row.suppressed])
        return [_claim(row, self._lease.id, self._dispatch, of.revision, seen) for row in rows if not row.suppressed]

    def _of_kind(
        self, connection: sa.Connection, kind: int, mine: list[int], wanted: int, *, exact: bool
    ) -> list[_Row]:
        """From this process's lots, and from further ones until there are enough.

        `exact`: and until no lot is left that begins before the last of them.
        """
        rows = self._select(connection, mine, wanted)
        passed: list[int] = []
        while len(rows) < wanted or exact:
            found = self._free(connection, kind, passed, 1 if exact else wanted - len(rows))
            if not found or (len(rows) == wanted and found[0].first_line > rows[-1].line):
                break
            locked = self._lock(connection, [lot.id for lot in found])
            passed += [lot.id for lot in found]
            # What is there already need not be read again, but where a lot may begin before it.
            mine = mine + locked if exact else locked
            rows = [] if exact else rows
            rows += self._select(connection, mine, wanted - len(rows))
        self._lease_lots(connection, {row.lot_id for row in rows if not row.suppressed})
        return rows if exact else sorted(rows, key=lambda row: (row.due_at or EPOCH, row.id))

    def _free(self, connection: sa.Connection, kind: int, passed: Collection[int], missing: int) -> list[_Row]:
        """The next lots that nobody has, with so many deliveries together, or all that there are."""
        query = _LOTS.where(self._open_lots, _l.lease_id.is_(None), _KIND.in_([kind]), _l.id.not_in(passed))
        query = query.order_by(_l.due_at, _l.first_line, _l.id).limit(1 + missing // AT_LEAST)
        found: list[_Row] = []
        for lot in connection.execute(query):
            if missing <= 0 and found:
                break
            found.append(lot)
            missing -= lot.waiting
        return found

    def _lock(self, connection: sa.Connection, numbers: list[int]) -> list[int]:
        """Those of them that nobody else is just taking or filling."""
        if self._database.is_sqlite:  # one writer at a time
            return numbers
        free = sa.select(_l.id).where(_l.id.in_(numbers), _l.lease_id.is_(None)).with_for_update(skip_locked=True)
        return list(connection.execute(free).scalars())

    def _lease_lots(self, connection: sa.Connection, numbers: Collection[int]) -> None:
        """Only those of which something is handed out: the others are anybody's."""
        if numbers:
            free = _l.id.in_(numbers) & _l.lease_id.is_(None)
            connection.execute(sa.update(lots).where(free).values(lease_id=self._lease.id))

    def _select(self, connection: sa.Connection, numbers: Collection[int], limit: int) -> list[_Row]:
        if not numbers:
            return []
        lists = {"lots": as_list(numbers), "handed": as_list(self._lease.handed)}
        query = _UNHANDED.where(self._others).limit(limit)
        return list(connection.execute(query, lists).all())

    def _suppress(self, connection: sa.Connection, rows: list[_Row]) -> None:
        if rows:
            these = _d.id.in_([row.id for row in rows])
            values = {"state": State.SUPPRESSED, "due_at": None, "changed_at": self._now}
            connection.execute(sa.update(deliveries).where(these).values(**values))
            recount(connection, {row.lot_id for row in rows})


def _claim(row: _Row, lease: int, dispatch: int, revision: int, seen: int) -> Claim:
    """Taken apart at once, and given in order: 400 of them are made in a claim."""
    one, key, address, merge, _, attempts, since, _, edition, state, code, enhanced, rule, kind, lot, variant, _ = row
    address = address or key
    was_deferred = state == State.DEFERRED
    is_doubted = was_deferred and (code or 0) >= PERMANENT
    return Claim(
        one,
        lease,
        address,
        key,
        variant,
        unpack_values(merge, address),
        attempts,
        since,
        edition,
        refused_with=refusal_key(code, enhanced, rule) if is_doubted else "",
        met_limit=was_deferred and kind in OF_SENDER,
        dispatch=dispatch,
        lot=lot,
        revision=revision,
        seen=seen,
    )
