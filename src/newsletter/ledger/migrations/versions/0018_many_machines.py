"""Many machines: relay settings, the newest approvals, who is at it, who shares a relay. Touches: the ledger's tables.

Whatever a process of before knows stays as it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "relay_settings",
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="When they last became others."),
        sa.Column(
            "settings", sa.Text(), nullable=False, comment="As JSON: relay, limits, rules, names of keys; no secret."
        ),
        sa.PrimaryKeyConstraint("newsletter", name="pk_relay_settings"),
        comment="What a machine without the workspace's files sends a newsletter with; the newest that somebody"
        " published.",
    )
    op.create_table(
        "schedule",
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True, comment="Null: a person sends it."),
        sa.Column("digest", sa.Text(), nullable=False, comment="Of the editions that were approved."),
        sa.Column("approved_at", sa.BigInteger(), nullable=False, comment="As the approval says itself."),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="When it reached the ledger, by the ledger's clock."),
        sa.PrimaryKeyConstraint("newsletter", "slug", name="pk_schedule"),
        comment="The newest approval of each issue; of one that is planned, a record.",
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("machine", sa.Text(), nullable=False, comment="Its name, for people."),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("beat_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True, comment="Null: it has not said that it ended."),
        sa.Column(
            "doing", sa.Text(), server_default="[]", nullable=False, comment="The issues that it sends, as JSON."
        ),
        sa.Column("troubles", sa.Text(), server_default="[]", nullable=False, comment="What is in its way, as JSON."),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
        comment="One row per process of `newsletter worker`; what it holds of deliveries is a lease's.",
        sqlite_autoincrement=True,
    )
    # Every new column may be null or has a default: a process of the version before goes on with its work meanwhile.
    op.add_column(
        "leases",
        sa.Column(
            "turn",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="Turns that were committed under it.",
        ),
    )
    op.create_table(
        "sharing",
        sa.Column("account", sa.Text(), nullable=False, comment="Whom the relay counts for: user@host, or host:port."),
        sa.Column("epoch", sa.BigInteger(), nullable=False, comment="Of the last that asked for a part."),
        sa.PrimaryKeyConstraint("account", name="pk_sharing"),
        comment="How often somebody asked for a part of what a relay takes.",
    )
    op.create_table(
        "sharers",
        sa.Column("lease_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False, comment="Its processes tell each other; empty: it is alone."),
        sa.Column(
            "asked",
            sa.BigInteger(),
            nullable=False,
            comment="The epoch of its question: once all know it, it may begin.",
        ),
        sa.Column("knows", sa.BigInteger(), nullable=False, comment="The epoch by whose parts it goes."),
        sa.ForeignKeyConstraint(["lease_id"], ["leases.id"], name="fk_sharers_lease_id"),
        sa.PrimaryKeyConstraint("lease_id", name="pk_sharers"),
        comment="Who shares an account: rows whose lease is open.",
    )
    is_free = sa.text("lease_id IS NULL AND waiting > 0")
    op.create_index(
        "ix_lots_free",
        "lots",
        ["dispatch_id", "due_at", "first_line", "id"],
        unique=False,
        sqlite_where=is_free,
        postgresql_where=is_free,
    )
    op.create_index("ix_sharers_account", "sharers", ["account"], unique=False)
    op.add_column(
        "leases",
        sa.Column(
            "gone", sa.Boolean(), nullable=True, comment="False: it was silent and may wake up; null: nobody kept it."
        ),
    )
    op.create_table(
        "news",
        sa.Column("lease_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False, comment="From 1 for each lease."),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False, comment="As of the sharer: who belongs to it knows already."),
        sa.Column(
            "dispatch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="What it was sending.",
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False, comment="What its relay said, as JSON, without any address."),
        sa.ForeignKeyConstraint(["lease_id"], ["leases.id"], name="fk_news_lease_id"),
        sa.PrimaryKeyConstraint("lease_id", "number", name="pk_news"),
        comment="What runs tell those of other commands and machines; kept for a minute.",
    )
    op.create_index("ix_news_account", "news", ["account"], unique=False)
