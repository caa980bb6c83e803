"""Why a process ended its part of a run, and how long it rested for a window. Touches: the ledger's tables."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "leases",
        sa.Column("ended_by", sa.Text(), nullable=True, comment="Why its run ended; null where it did not say."),
    )
    op.add_column(
        "leases",
        sa.Column(
            "rested",
            sa.BigInteger(),
            nullable=False,
            server_default="0",
            comment="Microseconds, for windows of rate.",
        ),
    )
