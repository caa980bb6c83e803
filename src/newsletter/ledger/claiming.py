"""Take deliveries as this process's own, a lot at a time. Touches: the ledger's database.

A lot becomes this process's by one change of its row, and stays it until the lease ends; which of its deliveries were
handed out, the lease remembers, since nobody else asks. Whoever was suppressed since the plan becomes `suppressed` here
and is not handed out (docs/design.md 4.5, promise 6). Two processes never get the same lot: SQLite writes one at a
time, PostgreSQL skips lots that another is taking.
"""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from .claimable import KINDS, DueRow, Lot, as_claims, free_lots, lots_of, rows_of
from .database import Database
from .database_errors import UnreachableError
from .dispatch_now import dispatch_now
from .driver import ManyRows, stored_moment
from .leases import Lease, Leases, beat
from .lots import AT_LEAST, recount
from .resolving import make_final
from .schema import deliveries, lots
from .states import Claim, State

MOST = 500
"""Deliveries a transaction: small claims, so that two processes share fairly and nobody waits long for the book."""

_l = lots.c

_TAKE = ManyRows("lots", "lease_id = v.lease", "lots.id = v.id AND lots.lease_id IS NULL", id="bigint", lease="bigint")


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
            try:
                with lease.alone:
                    taken = self._database.transact(taking.run)
                    lease.hand_out(taken)
            except UnreachableError:
                if claims:  # they are handed out, and nobody would hear of them
                    break
                raise
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
        self._without = tuple(sorted(without))
        # --retry-now means once each: what was deferred in this very run keeps its waiting time
        before = stored_moment(lease.started_at) if retry_now else 0
        self._due = {"dispatch": dispatch, "now": stored_moment(now), "before": before}
        self.rows = 0
        """Looked at, suppressed ones included."""

    def run(self, connection: sa.Connection) -> list[Claim]:
        self.rows = 0
        beat(self._database, connection, self._lease.id)
        of = dispatch_now(self._database, connection, self._dispatch)
        if not of.is_running or of.canary_lease not in (None, self._lease.id):
            return []
        mine = lots_of(connection, self._lease.id, self._due, self._without)
        rows: list[DueRow] = []
        for kind in KINDS:
            if (more := self._wanted - len(rows)) > 0:
                its = [lot.id for lot in mine if lot.kind == kind]
                rows += self._of_kind(connection, kind, its, more, exact=of.canary_lease is not None)
        self.rows = len(rows)
        if rows:
            make_final(connection, self._dispatch)
        self._suppress(connection, [row for row in rows if row.is_suppressed])
        taken = [row for row in rows if not row.is_suppressed]
        return as_claims(taken, self._lease.id, self._dispatch, of.revision, of.newest)

    def _of_kind(
        self, connection: sa.Connection, kind: int, mine: list[int], wanted: int, *, exact: bool
    ) -> list[DueRow]:
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
        self._lease_lots(connection, {row.lot_id for row in rows if not row.is_suppressed})
        return rows if exact else sorted(rows, key=lambda row: (row.due_at or 0, row.id))

    def _free(self, connection: sa.Connection, kind: int, passed: Collection[int], missing: int) -> list[Lot]:
        """The next lots that nobody has, with so many deliveries together, or all that there are."""
        found: list[Lot] = []
        for lot in free_lots(connection, kind, passed, 1 + missing // AT_LEAST, self._due, self._without):
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
        _TAKE.unchanged(connection, [(number, self._lease.id) for number in sorted(numbers)])

    def _select(self, connection: sa.Connection, numbers: Collection[int], limit: int) -> list[DueRow]:
        return rows_of(connection, numbers, self._lease.handed, limit, self._without) if numbers else []

    def _suppress(self, connection: sa.Connection, rows: list[DueRow]) -> None:
        if rows:
            these = deliveries.c.id.in_([row.id for row in rows])
            values = {"state": State.SUPPRESSED, "due_at": None, "changed_at": self._now}
            connection.execute(sa.update(deliveries).where(these).values(**values))
            recount(connection, {row.lot_id for row in rows})
