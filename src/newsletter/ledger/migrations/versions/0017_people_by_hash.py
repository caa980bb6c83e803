"""People are found by the hash that links carry alone. Touches: the ledger's tables."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_subscriptions_key", table_name="subscriptions")
