"""The tables of what is published of an issue, and how often it was looked at there. Touches: nothing."""

import sqlalchemy as sa

from .column_types import RowId, UtcMicroseconds
from .schema import metadata

publications = sa.Table(
    "publications",
    metadata,
    sa.Column("dispatch_id", RowId, sa.ForeignKey("dispatches.id"), primary_key=True, autoincrement=False),
    sa.Column("revision", sa.Integer, nullable=False, comment="Of the editions that page and pictures were seen of."),
    sa.Column("first_at", UtcMicroseconds, nullable=False, comment="When its page was published first."),
    sa.Column("listed_at", UtcMicroseconds, comment="Since when the archive's index leads to it; null: not yet."),
    comment="Issues whose page and pictures were seen in the archive before the first message.",
)

page_views = sa.Table(
    "page_views",
    metadata,
    sa.Column("newsletter", sa.Text, primary_key=True),
    sa.Column("slug", sa.Text, primary_key=True),
    sa.Column("language", sa.Text, primary_key=True, comment="Of the page; empty: the newsletter's own."),
    sa.Column("day", sa.Date, primary_key=True, comment="In the newsletter's time zone."),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.CheckConstraint("number > 0", name="number"),
    comment="How often a page of the archive was looked at; of who looked, nothing is known.",
)
