"""Which issue a process is at, and how far that was when it began. Touches: the ledger's tables."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # No foreign key: for SQLite, Alembic would copy the table to add one.
    op.add_column(
        "leases",
        sa.Column(
            "dispatch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The one that it sends; null while it only plans.",
        ),
    )
    op.add_column(
        "leases",
        sa.Column("done_before", sa.BigInteger(), nullable=True, comment="Deliveries that were done when it began."),
    )
