"""What of an issue is published in the archive, and how often it was looked at. Touches: the ledger's tables."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publications",
        sa.Column(
            "dispatch_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=False,
            comment="Of the editions that page and pictures were seen of.",
        ),
        sa.Column("first_at", sa.BigInteger(), nullable=False, comment="When its page was published first."),
        sa.Column(
            "listed_at",
            sa.BigInteger(),
            nullable=True,
            comment="Since when the archive's index leads to it; null: not yet.",
        ),
        sa.ForeignKeyConstraint(["dispatch_id"], ["dispatches.id"], name="fk_publications_dispatch_id"),
        sa.PrimaryKeyConstraint("dispatch_id", name="pk_publications"),
        comment="Issues whose page and pictures were seen in the archive before the first message.",
    )
    op.create_table(
        "page_views",
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False, comment="Of the page; empty: the newsletter's own."),
        sa.Column("day", sa.Date(), nullable=False, comment="In the newsletter's time zone."),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("number > 0", name="ck_page_views_number"),
        sa.PrimaryKeyConstraint("newsletter", "slug", "language", "day", name="pk_page_views"),
        comment="How often a page of the archive was looked at; of who looked, nothing is known.",
    )
