"""What was decided of deliveries in doubt, who paused, where a process is. Touches: the ledger's tables."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "dispatches",
        sa.Column("paused_by", sa.Text(), nullable=False, server_default="", comment="A person, or a run itself."),
    )
    op.add_column(
        "leases",
        sa.Column("machine", sa.Text(), nullable=False, server_default="", comment="Its name, for people."),
    )
    op.create_table(
        "resolutions",
        sa.Column("dispatch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="Of the decision, from 1 in each dispatch."),
        sa.Column("delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False, comment="The state it was given."),
        sa.Column("lease_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("trying_since", sa.BigInteger(), nullable=True),
        sa.Column("doubtful_since", sa.BigInteger(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False, comment="Something was built on it since."),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name="fk_resolutions_dispatch_id"),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name="fk_resolutions_delivery_id"),
        sa.ForeignKeyConstraint(["lease_id"], ["leases.id"], name="fk_resolutions_lease_id"),
        sa.PrimaryKeyConstraint("dispatch_id", "number", "delivery_id", name="pk_resolutions"),
        comment="What a person decided of deliveries in doubt, and what they were before, so that it can be undone.",
    )
