"""How many messages a relay takes over one connection. Touches: the ledger's tables."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "learned",
        sa.Column(
            "session_limit", sa.Integer(), nullable=True, comment="Messages over one connection; null: not known."
        ),
    )
