"""The tables of the ledger, in SQLAlchemy Core; `migrations/` makes them, a test compares the two. Touches: nothing.

The database forbids what must not happen: UNIQUE(newsletter, slug) among visible dispatches and UNIQUE(dispatch, key)
together are the UNIQUE(newsletter, issue, address) of docs/design.md 4.5; states are CHECKed, and so is that whatever
is claimed or in flight has a lease and whatever is deferred a due time. Rows are small: Message-IDs and tokens are
derived.
"""

from typing import Any

import sqlalchemy as sa

from .column_types import ForeignText, Reason, RowId, UtcMicroseconds, is_one_of, listed, points_at_in_sqlite
from .states import COUNTED, HELD, DispatchStatus, State

HEAD = "0019"
"""The newest migration; kept here so that opening an up-to-date ledger need not import Alembic (0.25 s)."""

VERSION_TABLE = "ledger_version"

FILLED = 45
"""Per cent of a page of PostgreSQL that a plan fills: its outcome, with the relay's words, has room beside a row."""


def partial(condition: sa.ColumnElement[bool]) -> dict[str, Any]:
    """A partial index. What PostgreSQL is told waits in `info`: to look at it, SQLAlchemy loads the whole dialect."""
    return {"sqlite_where": condition, "info": {"postgresql_where": condition}}


metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

facts = sa.Table(
    "facts",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
    comment="About the book itself: `armed` since a person first sent with it.",
)

newsletters = sa.Table(
    "newsletters",
    metadata,
    sa.Column("list_id", sa.Text, primary_key=True),
    sa.Column("at", UtcMicroseconds, nullable=False),
    sa.Column("now_called", sa.Text, comment="Its newest list_id, where it was renamed; null where this is it."),
    comment="Whose book this is. Under any other list_id nothing is planned: those who left stand under these.",
)

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("lock", sa.Text, nullable=False),
    sa.Column("pid", sa.BigInteger, nullable=False),
    sa.Column("started_at", UtcMicroseconds, nullable=False),
    sa.Column("beat_at", UtcMicroseconds, nullable=False),
    sa.Column("ended_at", UtcMicroseconds),
    sa.Column("gone", sa.Boolean, comment="False: it was silent and may wake up; null: nobody kept it."),
    sa.Column("machine", ForeignText, nullable=False, server_default="", comment="Its name, for people."),
    sa.Column("dispatch_id", RowId, comment="The one that it sends; null while it only plans."),
    sa.Column("done_before", sa.BigInteger, comment="Deliveries that were done when it began."),
    sa.Column(
        "begun",
        sa.BigInteger,
        nullable=False,
        server_default="0",
        comment="Messages whose intent was committed under it; it only grows.",
    ),
    sa.Column(
        "marks",
        sa.Text,
        nullable=False,
        server_default="[]",
        comment="Numbers of the deliveries whose dot may be on its way, as JSON: they are in flight.",
    ),
    sa.Column("turn", sa.BigInteger, nullable=False, server_default="0", comment="Turns that were committed under it."),
    sa.Column("terms", sa.Text, comment="Relay and limits of its run, as JSON; null: nobody kept them."),
    sa.Column("ended_by", sa.Text, comment="Why its run ended; null where it did not say."),
    sa.Column(
        "rested", sa.BigInteger, nullable=False, server_default="0", comment="Microseconds, for windows of rate."
    ),
    sqlite_autoincrement=True,
    comment="One row per process that holds deliveries; kept for ever, so that numbers are never used again.",
)
sa.Index("ix_leases_open", leases.c.id, **partial(leases.c.ended_at.is_(None)))

dispatches = sa.Table(
    "dispatches",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),
    sa.Column("newsletter", sa.Text, nullable=False),
    sa.Column("slug", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("reason", Reason, nullable=False, server_default=""),
    sa.Column("planned_at", UtcMicroseconds, nullable=False),
    sa.Column("paused_at", UtcMicroseconds),
    sa.Column("paused_by", Reason, nullable=False, server_default="", comment="A person, or a run itself."),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("letterhead", sa.Text, nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("staged_by", RowId, sa.ForeignKey("leases.id")),
    sa.Column("canary_of", sa.Integer, comment="So many first, and then pause."),
    sa.Column(
        "canary_lease", RowId, sa.ForeignKey("leases.id"), comment="Who sends them; null while nobody has begun."
    ),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1", comment="Of its newest editions."),
    sa.Column(
        "first_delivery",
        RowId,
        nullable=False,
        server_default="0",
        comment="All its deliveries have this number or more.",
    ),
    sa.Column("variant_rule", sa.Text, comment="Who gets which variant, as JSON; null: nobody kept it."),
    sa.CheckConstraint(f"status IN {listed(DispatchStatus)}", name="status"),
    sa.CheckConstraint(f"(status = '{DispatchStatus.STAGING}') = (staged_by IS NOT NULL)", name="staging"),
    sa.CheckConstraint(f"(status = '{DispatchStatus.PAUSED}') = (paused_at IS NOT NULL)", name="paused"),
    sa.CheckConstraint("canary_lease IS NULL OR canary_of IS NOT NULL", name="canary"),
    sqlite_autoincrement=True,
    comment="One issue to its audience; `staging` until the plan is complete, and then visible by one commit.",
)
VISIBLE = dispatches.c.status != DispatchStatus.STAGING
sa.Index("uq_dispatches_visible", dispatches.c.newsletter, dispatches.c.slug, unique=True, **partial(VISIBLE))

frozen_pictures = sa.Table(
    "pictures",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
    comment="By the SHA-256 of their bytes, each once for the whole ledger.",
)

editions = sa.Table(
    "editions",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),
    sa.Column("dispatch_id", RowId, sa.ForeignKey("dispatches.id"), nullable=False),
    sa.Column("variant", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False, index=True),
    sa.Column("content", sa.Text, nullable=False),
    sa.UniqueConstraint("dispatch_id", "variant", "revision"),
    comment="Frozen letters as JSON; revision counts from 1.",
)

edition_pictures = sa.Table(
    "edition_pictures",
    metadata,
    sa.Column("edition_id", RowId, sa.ForeignKey("editions.id"), primary_key=True),
    sa.Column("cid", sa.Text, primary_key=True),
    sa.Column("picture", sa.Text, sa.ForeignKey("pictures.digest"), nullable=False),
)

lots = sa.Table(
    "lots",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),
    sa.Column("dispatch_id", RowId, sa.ForeignKey("dispatches.id"), nullable=False, index=True),
    sa.Column("lease_id", RowId, sa.ForeignKey("leases.id"), comment="Who has it; null: whoever comes may take it."),
    sa.Column("domain", sa.Text, nullable=False, comment="Whose readers alone stand here; empty: anybody's."),
    sa.Column("first_line", sa.Integer, nullable=False, comment="Lots are taken in the order of the subscriber file."),
    sa.Column("due_at", UtcMicroseconds, comment="Those who wait here are deferred, until then; null: planned."),
    sa.Column("behind", sa.Boolean, nullable=False, comment="Taken after all others: perhaps the relay refuses them."),
    sa.Column("filled_at", UtcMicroseconds, nullable=False, comment="When somebody was put here last."),
    *(
        sa.Column(name, sa.Integer, nullable=False, server_default="0")
        for name in ("waiting", *(state.value for state in COUNTED))
    ),
    comment="Some hundred deliveries that are leased as one, with how many of them wait, and how the others ended.",
)
sa.Index("ix_lots_held", lots.c.lease_id, **partial(lots.c.lease_id.is_not(None)))
sa.Index(
    "ix_lots_free",
    lots.c.dispatch_id,
    lots.c.due_at,
    lots.c.first_line,
    lots.c.id,
    **partial(lots.c.lease_id.is_(None) & (lots.c.waiting > sa.literal_column("0"))),
)
"""In the order of a claim, which looks through nothing else: of 10 million deliveries there are 20,000 lots."""

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),
    sa.Column("dispatch_id", RowId, nullable=False),
    sa.Column("edition_id", RowId, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("address", sa.Text, comment="As first written; null where it is the key itself."),
    sa.Column("address_hash", sa.LargeBinary, nullable=False),
    sa.Column("merge", sa.Text, comment="Merge values as JSON, without an email that is the address."),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column(
        "state", sa.Text, nullable=False, comment="Before its end planned or deferred: seen_state says the rest."
    ),
    sa.Column("lease_id", RowId, sa.ForeignKey("leases.id"), comment="Of one in doubt: under which it came to be so."),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("trying_since", UtcMicroseconds, comment="First attempt, moved forward by pauses."),
    sa.Column("due_at", UtcMicroseconds),
    sa.Column("changed_at", UtcMicroseconds, nullable=False),
    sa.Column("reply_stage", sa.Text),
    sa.Column("reply_code", sa.Integer),
    sa.Column("reply_enhanced", ForeignText),
    sa.Column("reply_text", ForeignText, comment="Of a sent one: the relay's queue id stands here."),
    sa.Column("reply_class", sa.Text),
    sa.Column("reply_rule", sa.Text, comment="Id of the rule that gave the class; null where it was accepted."),
    sa.Column("lot_id", RowId, nullable=False, server_default="0"),
    points_at_in_sqlite("dispatch_id", "dispatches.id"),
    points_at_in_sqlite("edition_id", "editions.id"),
    sa.UniqueConstraint("dispatch_id", "key"),
    *is_one_of("state", tuple(State)),
    sa.CheckConstraint("key <> ''", name="key"),
    sa.CheckConstraint(f"state NOT IN {listed(HELD)} OR lease_id IS NOT NULL", name="lease"),
    sa.CheckConstraint(f"state <> '{State.DEFERRED}' OR due_at IS NOT NULL", name="deferred"),
    sa.CheckConstraint(f"state <> '{State.PLANNED}' OR due_at IS NULL", name="planned"),
    sa.CheckConstraint("attempts >= 0", name="attempts"),
    info={"postgresql_with": {"fillfactor": FILLED}},
    comment="One issue for one subscriber. Its lot is claimed, not the row.",
)
sa.Index("ix_deliveries_lot", deliveries.c.lot_id)
"""No index names a column that changes when a message is sent: PostgreSQL then writes no index at all (HOT)."""

suppressions = sa.Table(
    "suppressions",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),
    sa.Column("newsletter", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("address_hash", sa.LargeBinary, nullable=False),
    sa.Column("at", UtcMicroseconds, nullable=False),
    sa.Column("lifted_at", UtcMicroseconds, comment="From then on it holds no more; kept as a record."),
    sa.CheckConstraint("key <> '' OR length(address_hash) > 0", name="somebody"),
    sa.CheckConstraint("newsletter <> '' AND reason <> ''", name="words"),
    comment="Addresses never to mail; newsletter `*` means all. A link knows the hash, a file the key.",
)
sa.Index(
    "uq_suppressions_holding",
    suppressions.c.newsletter,
    suppressions.c.reason,
    suppressions.c.key,
    suppressions.c.address_hash,
    unique=True,
    **partial(suppressions.c.lifted_at.is_(None)),
)
sa.Index("ix_suppressions_key", suppressions.c.key, suppressions.c.newsletter)
sa.Index("ix_suppressions_hash", suppressions.c.address_hash, suppressions.c.newsletter)

other_hashes = sa.Table(
    "other_hashes",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("address_hash", sa.LargeBinary, primary_key=True, index=True),
    comment="Of a reader whose newsletter was renamed: what a link of any of their letters may leave behind.",
)

learned = sa.Table(
    "learned",
    metadata,
    sa.Column("relay", sa.Text, primary_key=True, comment="host:port"),
    sa.Column("domain", sa.Text, primary_key=True, comment="Of recipients; empty: the relay itself."),
    sa.Column("window", sa.Float, nullable=False, comment="Connections at once that it took."),
    sa.Column("in_a_row", sa.Integer, nullable=False, comment="Replies that asked for patience, none accepted since."),
    sa.Column("rests_until", UtcMicroseconds, comment="Nothing is tried before."),
    sa.Column("session_limit", sa.Integer, comment="Messages over one connection; null: not known."),
    sa.Column("at", UtcMicroseconds, nullable=False),
    comment="How much a relay, and a domain behind it, was last willing to take; forgotten after a day.",
)

told_once = sa.Table(
    "said",
    metadata,
    sa.Column("newsletter", sa.Text, primary_key=True),
    sa.Column("what", sa.Text, primary_key=True),
    sa.Column("at", UtcMicroseconds, nullable=False),
    comment="What an operator was told once and is not told again.",
)

resolutions = sa.Table(
    "resolutions",
    metadata,
    sa.Column("dispatch_id", RowId, sa.ForeignKey("dispatches.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, comment="Of the decision, from 1 in each dispatch."),
    sa.Column("delivery_id", RowId, sa.ForeignKey("deliveries.id"), primary_key=True),
    sa.Column("decided", sa.Text, nullable=False, comment="The state it was given."),
    sa.Column("lease_id", RowId, sa.ForeignKey("leases.id")),
    sa.Column("trying_since", UtcMicroseconds),
    sa.Column("doubtful_since", UtcMicroseconds, nullable=False),
    sa.Column("final", sa.Boolean, nullable=False, comment="Something was built on it since."),
    comment="What a person decided of deliveries in doubt, and what they were before, so that it can be undone.",
)
