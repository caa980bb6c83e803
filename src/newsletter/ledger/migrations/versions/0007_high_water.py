"""A name for the book itself, and how many messages each process began. Touches: the ledger's tables."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "leases",
        sa.Column(
            "begun",
            sa.BigInteger(),
            nullable=False,
            server_default="0",
            comment="Messages whose intent was committed under it; it only grows.",
        ),
    )
    facts = sa.table("facts", sa.column("name", sa.Text), sa.column("value", sa.Text))
    op.execute(sa.insert(facts).values(name="id", value=uuid.uuid4().hex))
