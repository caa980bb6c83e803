"""Who gets which variant of an issue, for those who join after its plan. Touches: the ledger's tables."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    rule = sa.Column("variant_rule", sa.Text(), comment="Who gets which variant, as JSON; null: nobody kept it.")
    op.add_column("dispatches", rule)
