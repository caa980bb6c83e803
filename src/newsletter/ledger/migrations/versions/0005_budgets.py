"""How much of an hour and of a day is used up. Touches: the ledger's tables."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "budgets",
        sa.Column("account", sa.Text(), nullable=False, comment="Whom the relay counts for: user@host, or the host."),
        sa.Column("seconds", sa.Integer(), autoincrement=False, nullable=False, comment="Length of the window."),
        sa.Column("grain", sa.BigInteger(), autoincrement=False, nullable=False, comment="Beginning of a 240th of it."),
        sa.Column("used", sa.BigInteger(), nullable=False, comment="Messages taken from the window in this grain."),
        sa.CheckConstraint("used >= 0", name="ck_budgets_used"),
        sa.PrimaryKeyConstraint("account", "seconds", "grain", name="pk_budgets"),
        comment="How much of the windows of `[smtp] rate` is used, by all processes; what is over is cleared away.",
    )
