"""Through which relay a run sent, and under which limits. Touches: the ledger's tables."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    terms = sa.Column("terms", sa.Text(), comment="Relay and limits of its run, as JSON; null: nobody kept them.")
    op.add_column("leases", terms)
