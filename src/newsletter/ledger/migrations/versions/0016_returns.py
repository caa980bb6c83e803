"""What came back of deliveries, and how far access logs were read. Touches: the ledger's tables."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "returns",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False, comment="Of the message: read twice, kept once."),
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column(
            "delivery_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="Which it is about; null: not known.",
        ),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "event", sa.Text(), nullable=False, comment="bounced, complained, unsubscribed, delayed, moved, replied."
        ),
        sa.Column("reply_class", sa.Text(), server_default="", nullable=False, comment="As of a relay's reply."),
        sa.Column("reply_code", sa.Integer(), nullable=True),
        sa.Column("reply_enhanced", sa.Text(), nullable=True),
        sa.Column("reply_text", sa.Text(), nullable=True, comment="What the other side said."),
        sa.Column("reply_rule", sa.Text(), nullable=True),
        sa.Column("suppressed", sa.Boolean(), nullable=False, comment="It suppressed the address."),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="When it was read."),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name="fk_returns_delivery_id"),
        sa.PrimaryKeyConstraint("id", name="pk_returns"),
        sa.UniqueConstraint("fingerprint", name="uq_returns_fingerprint"),
        comment="Events of deliveries that are sent, as far as somebody told us.",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_returns_address_hash", "returns", ["address_hash"], unique=False)
    op.create_index("ix_returns_delivery", "returns", ["delivery_id"], unique=False)
    op.create_table(
        "log_places",
        sa.Column("log", sa.Text(), nullable=False, comment="SHA-256 of its first line: a rotated log keeps it."),
        sa.Column("offset", sa.BigInteger(), nullable=False, comment="Octets that were read."),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("log", name="pk_log_places"),
        comment="How far access logs were read.",
    )
