"""The first tables: leases, dispatches with frozen editions, deliveries, suppressions. Touches: the ledger's tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _where(condition: sa.TextClause) -> dict[str, Any]:
    return {"sqlite_where": condition, "postgresql_where": condition}


def upgrade() -> None:
    op.create_table(
        "facts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_facts"),
        comment="About the book itself: `armed` since a person first sent with it.",
    )
    op.create_table(
        "leases",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("lock", sa.Text(), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("beat_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_leases"),
        comment="One row per process that holds deliveries; kept for ever, so that numbers are never used again.",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_leases_open", "leases", ["id"], unique=False, **_where(sa.text("ended_at IS NULL")))
    op.create_table(
        "pictures",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_pictures"),
        comment="By the SHA-256 of their bytes, each once for the whole ledger.",
    )
    op.create_table(
        "said",
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("newsletter", "what", name="pk_said"),
        comment="What an operator was told once and is not told again.",
    )
    op.create_table(
        "suppressions",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column(
            "lifted_at", sa.BigInteger(), nullable=True, comment="From then on it holds no more; kept as a record."
        ),
        sa.CheckConstraint("key <> '' OR length(address_hash) > 0", name="ck_suppressions_somebody"),
        sa.CheckConstraint("newsletter <> '' AND reason <> ''", name="ck_suppressions_words"),
        sa.PrimaryKeyConstraint("id", name="pk_suppressions"),
        comment="Addresses never to mail; newsletter `*` means all. A link knows the hash, a file the key.",
    )
    op.create_index("ix_suppressions_hash", "suppressions", ["address_hash", "newsletter"], unique=False)
    op.create_index("ix_suppressions_key", "suppressions", ["key", "newsletter"], unique=False)
    op.create_index(
        "uq_suppressions_holding",
        "suppressions",
        ["newsletter", "reason", "key", "address_hash"],
        unique=True,
        **_where(sa.text("lifted_at IS NULL")),
    )
    op.create_table(
        "dispatches",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("paused_at", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("letterhead", sa.Text(), nullable=False),
        sa.Column("total", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("staged_by", Id, nullable=True),
        sa.Column("canary_of", sa.Integer(), nullable=True, comment="So many first, and then pause."),
        sa.Column("canary_lease", Id, nullable=True, comment="Who sends them; null while nobody has begun."),
        sa.CheckConstraint("(status = 'paused') = (paused_at IS NOT NULL)", name="ck_dispatches_paused"),
        sa.CheckConstraint("(status = 'staging') = (staged_by IS NOT NULL)", name="ck_dispatches_staging"),
        sa.CheckConstraint("canary_lease IS NULL OR canary_of IS NOT NULL", name="ck_dispatches_canary"),
        sa.CheckConstraint("status IN ('staging', 'running', 'paused', 'cancelled')", name="ck_dispatches_status"),
        sa.ForeignKeyConstraint(["canary_lease"], ["leases.id"], name="fk_dispatches_canary_lease"),
        sa.ForeignKeyConstraint(["staged_by"], ["leases.id"], name="fk_dispatches_staged_by"),
        sa.PrimaryKeyConstraint("id", name="pk_dispatches"),
        comment="One issue to its audience; `staging` until the plan is complete, and then visible by one commit.",
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_dispatches_visible",
        "dispatches",
        ["newsletter", "slug"],
        unique=True,
        **_where(sa.text("status != 'staging'")),
    )
    op.create_table(
        "editions",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("dispatch_id", Id, nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name="fk_editions_dispatch_id"),
        sa.PrimaryKeyConstraint("id", name="pk_editions"),
        sa.UniqueConstraint("dispatch_id", "variant", "revision", name="uq_editions_dispatch_id_variant_revision"),
        comment="Frozen letters as JSON; revision counts from 1.",
    )
    op.create_index("ix_editions_digest", "editions", ["digest"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("dispatch_id", Id, nullable=False),
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True, comment="As first written; null where it is the key itself."),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "merge", sa.Text(), nullable=True, comment="Merge values as JSON, without an email that is the address."
        ),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("lease_id", Id, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("trying_since", sa.BigInteger(), nullable=True, comment="First attempt, moved forward by pauses."),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("reply_stage", sa.Text(), nullable=True),
        sa.Column("reply_code", sa.Integer(), nullable=True),
        sa.Column("reply_enhanced", sa.Text(), nullable=True),
        sa.Column("reply_text", sa.Text(), nullable=True, comment="Of a sent one: the relay's queue id stands here."),
        sa.Column("reply_class", sa.Text(), nullable=True),
        sa.CheckConstraint("key <> ''", name="ck_deliveries_key"),
        sa.CheckConstraint("state <> 'deferred' OR due_at IS NOT NULL", name="ck_deliveries_deferred"),
        sa.CheckConstraint("state <> 'planned' OR due_at IS NULL", name="ck_deliveries_planned"),
        sa.CheckConstraint(
            "state IN ('planned', 'claimed', 'in_flight', 'sent', 'deferred', 'failed', "
            "'in_doubt', 'suppressed', 'expired', 'cancelled')",
            name="ck_deliveries_state",
        ),
        sa.CheckConstraint("state NOT IN ('claimed', 'in_flight') OR lease_id IS NOT NULL", name="ck_deliveries_lease"),
        sa.CheckConstraint("attempts >= 0", name="ck_deliveries_attempts"),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name="fk_deliveries_dispatch_id"),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_deliveries_edition_id"),
        sa.ForeignKeyConstraint(["lease_id"], ["leases.id"], name="fk_deliveries_lease_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("dispatch_id", "key", name="uq_deliveries_dispatch_id_key"),
        comment="One issue for one subscriber. A claimed one with a due time was deferred before, and goes back there.",
    )
    op.create_index(
        "ix_deliveries_held", "deliveries", ["lease_id"], unique=False, **_where(sa.text("lease_id IS NOT NULL"))
    )
    op.create_index("ix_deliveries_state", "deliveries", ["dispatch_id", "state", "due_at", "id"], unique=False)
    op.create_table(
        "edition_pictures",
        sa.Column("edition_id", Id, nullable=False),
        sa.Column("cid", sa.Text(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_edition_pictures_edition_id"),
        sa.ForeignKeyConstraint(["picture"], ["pictures.digest"], name="fk_edition_pictures_picture"),
        sa.PrimaryKeyConstraint("edition_id", "cid", name="pk_edition_pictures"),
    )
