"""Deliveries are leased by the lot: a message costs one change of its row. Touches: the ledger's tables.

What a process held goes on being its own, in lots of its own and on its list; whether it lives, and what becomes of it,
is found out as ever by whoever comes next. `migrate` has made sure that none lives which would go on in the old way.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ENDS = ("sent", "failed", "in_doubt", "suppressed", "expired", "cancelled")
_HELD = ("claimed", "in_flight")
_OF_SENDER = ("quota", "unauthenticated")
_MOST = 500
_MINUTE = 60_000_000
_AT_ONCE = 100_000
"""Rows in memory."""

_COMMENTS = {
    "TABLE deliveries": "One issue for one subscriber. Its lot is claimed, not the row.",
    "COLUMN deliveries.state": "Before its end planned or deferred: seen_state says the rest.",
    "COLUMN deliveries.lease_id": "Of one in doubt: under which it came to be so.",
}

_lots = sa.table(
    "lots",
    *(sa.column(name) for name in ("id", "dispatch_id", "lease_id", "domain", "first_line", "due_at", "behind")),
    *(sa.column(name) for name in ("filled_at", "waiting", *_ENDS)),
)
_d = sa.table(
    "deliveries",
    *(sa.column(name) for name in ("id", "dispatch_id", "lot_id", "lease_id", "line", "state", "changed_at")),
    sa.column("due_at", sa.BigInteger),
    *(sa.column(name) for name in ("reply_code", "reply_class")),
)
_leases = sa.table("leases", sa.column("id"), sa.column("marks"))


def upgrade() -> None:
    op.create_table(
        "lots",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("dispatch_id", Id, nullable=False),
        sa.Column("lease_id", Id, nullable=True, comment="Who has it; null: whoever comes may take it."),
        sa.Column("domain", sa.Text(), nullable=False, comment="Whose readers alone stand here; empty: anybody's."),
        sa.Column(
            "first_line", sa.Integer(), nullable=False, comment="Lots are taken in the order of the subscriber file."
        ),
        sa.Column(
            "due_at",
            sa.BigInteger(),
            nullable=True,
            comment="Those who wait here are deferred, until then; null: planned.",
        ),
        sa.Column(
            "behind", sa.Boolean(), nullable=False, comment="Taken after all others: perhaps the relay refuses them."
        ),
        sa.Column("filled_at", sa.BigInteger(), nullable=False, comment="When somebody was put here last."),
        *(sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in ("waiting", *_ENDS)),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name="fk_lots_dispatch_id"),
        sa.ForeignKeyConstraint(["lease_id"], ["leases.id"], name="fk_lots_lease_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lots"),
        comment="Some hundred deliveries that are leased as one, with how many of them wait, and how the others ended.",
    )
    op.create_index("ix_lots_dispatch_id", "lots", ["dispatch_id"])
    held = sa.text("lease_id IS NOT NULL")
    op.create_index("ix_lots_held", "lots", ["lease_id"], sqlite_where=held, postgresql_where=held)
    op.add_column(
        "leases",
        sa.Column(
            "marks",
            sa.Text(),
            nullable=False,
            server_default="[]",
            comment="Numbers of the deliveries whose dot may be on its way, as JSON: they are in flight.",
        ),
    )
    op.add_column(
        "dispatches",
        sa.Column("revision", sa.Integer(), nullable=False, server_default="1", comment="Of its newest editions."),
    )
    op.add_column(
        "dispatches",
        sa.Column(
            "first_delivery",
            Id,
            nullable=False,
            server_default="0",
            comment="All its deliveries have this number or more.",
        ),
    )
    # No foreign key: for SQLite, Alembic would copy a million rows to add one.
    op.add_column("deliveries", sa.Column("lot_id", Id, nullable=False, server_default="0"))
    connection = op.get_bind()
    for dispatch in connection.execute(sa.text("SELECT id FROM dispatches ORDER BY id")).scalars().all():
        _fill(connection, dispatch)
    op.execute(
        "UPDATE dispatches SET"
        " first_delivery = coalesce((SELECT min(id) FROM deliveries WHERE dispatch_id = dispatches.id), 0),"
        " revision = coalesce((SELECT max(revision) FROM editions WHERE dispatch_id = dispatches.id), 1)"
    )
    op.drop_index("ix_deliveries_state", table_name="deliveries")
    op.drop_index("ix_deliveries_held", table_name="deliveries")
    op.create_index("ix_deliveries_lot", "deliveries", ["lot_id"])
    if connection.dialect.name == "postgresql":
        op.execute("ALTER TABLE deliveries SET (fillfactor = 45)")
        for what, words in _COMMENTS.items():
            op.execute(f"COMMENT ON {what} IS '{words}'")


def _fill(connection: sa.Connection, dispatch: int) -> None:
    """One lot for all that has come to its end, and some for those who wait or are held."""
    ended = (_d.c.dispatch_id == dispatch) & _d.c.state.in_(_ENDS)
    counted = sa.select(_d.c.state, sa.func.count().label("number")).where(ended).group_by(_d.c.state)
    if counts := {row.state: row.number for row in connection.execute(counted)}:
        lot = _add(connection, dispatch, None, first_line=0, behind=False, filled_at=0, **counts)
        connection.execute(sa.update(_d).where(ended).values(lot_id=lot))
    marks: dict[int, list[int]] = {}
    for lease, rows in _those_who_wait(connection, dispatch):
        is_deferred = rows[0].due_at is not None
        lot = _add(
            connection,
            dispatch,
            lease,
            first_line=min(row.line for row in rows),
            due_at=max(row.due_at for row in rows) if is_deferred else None,
            behind=_behind(rows[0]),
            filled_at=max(row.changed_at for row in rows),
            waiting=len(rows),
        )
        state = "deferred" if is_deferred else "planned"
        connection.execute(
            sa.update(_d).where(_d.c.id == sa.bindparam("this")).values(lot_id=lot, state=state, lease_id=None),
            [{"this": row.id} for row in rows],
        )
        if lease is not None:
            marks.setdefault(lease, []).extend(row.id for row in rows if row.state == "in_flight")
    for lease, numbers in marks.items():
        before = connection.execute(sa.select(_leases.c.marks).where(_leases.c.id == lease)).scalar_one()
        listed = json.dumps(sorted({*json.loads(before), *numbers}))
        connection.execute(sa.update(_leases).where(_leases.c.id == lease).values(marks=listed))


def _those_who_wait(connection: sa.Connection, dispatch: int) -> Iterator[tuple[int | None, list[sa.Row[Any]]]]:
    """In portions that may be a lot, each with the lease that has it."""
    query = (
        sa.select(_d)
        .where(_d.c.dispatch_id == dispatch, _d.c.state.in_(("planned", "deferred", *_HELD)))
        .order_by(_d.c.id)
        .limit(_AT_ONCE)
    )
    last = 0
    while rows := connection.execute(query.where(_d.c.id > last)).all():
        last = rows[-1].id
        for (lease, *_), those in groupby(sorted(rows, key=_kind), _kind):
            several = list(those)
            for start in range(0, len(several), _MOST):
                yield lease or None, several[start : start + _MOST]


def _kind(row: sa.Row[Any]) -> tuple[int, bool, int]:
    """Lease, whether it is behind, and the minute to which it is deferred."""
    lease = row.lease_id if row.state in _HELD else 0
    return lease, _behind(row), -1 if row.due_at is None else row.due_at // _MINUTE


def _behind(row: sa.Row[Any]) -> bool:
    return row.due_at is not None and ((row.reply_code or 0) >= 500 or row.reply_class in _OF_SENDER)


def _add(connection: sa.Connection, dispatch: int, lease: int | None, **values: object) -> int:
    made = sa.insert(_lots).values(dispatch_id=dispatch, lease_id=lease, domain="", **values)
    return int(connection.execute(made.returning(_lots.c.id)).scalar_one())
