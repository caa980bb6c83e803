"""Which rule gave a reply its class, and what was learned of a relay's pace. Touches: the ledger's tables."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not by copying the table, as Alembic would do for SQLite: a million deliveries stay where they are.
    op.add_column(
        "deliveries",
        sa.Column(
            "reply_rule",
            sa.Text(),
            nullable=True,
            comment="Id of the rule that gave the class; null where it was accepted.",
        ),
    )
    op.create_table(
        "learned",
        sa.Column("relay", sa.Text(), nullable=False, comment="host:port"),
        sa.Column("domain", sa.Text(), nullable=False, comment="Of recipients; empty: the relay itself."),
        sa.Column("window", sa.Float(), nullable=False, comment="Connections at once that it took."),
        sa.Column(
            "in_a_row", sa.Integer(), nullable=False, comment="Replies that asked for patience, none accepted since."
        ),
        sa.Column("rests_until", sa.BigInteger(), nullable=True, comment="Nothing is tried before."),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("relay", "domain", name="pk_learned"),
        comment="How much a relay, and a domain behind it, was last willing to take; forgotten after a day.",
    )
