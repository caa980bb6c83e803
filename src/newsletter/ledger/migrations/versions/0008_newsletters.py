"""Which newsletters a ledger knows, and what they were called before. Touches: the ledger's tables."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "newsletters",
        sa.Column("list_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column(
            "now_called",
            sa.Text(),
            nullable=True,
            comment="Its newest list_id, where it was renamed; null where this is it.",
        ),
        sa.PrimaryKeyConstraint("list_id", name="pk_newsletters"),
        comment="Whose book this is. Under any other list_id nothing is planned: those who left stand under these.",
    )
    op.create_table(
        "other_hashes",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", "address_hash", name="pk_other_hashes"),
        comment="Of a reader whose newsletter was renamed: what a link of any of their letters may leave behind.",
    )
    # Until now whoever was planned for, or left, was known by that alone.
    op.execute(
        "INSERT INTO newsletters (list_id, at) SELECT newsletter, min(at) FROM ("
        "SELECT newsletter, planned_at AS at FROM dispatches WHERE status <> 'staging' "
        "UNION ALL SELECT newsletter, at FROM suppressions WHERE newsletter <> '*') AS known GROUP BY newsletter"
    )
