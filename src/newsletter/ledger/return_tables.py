"""The tables of what comes back: bounces and complaints, and how far an access log was read. Touches: nothing."""

import sqlalchemy as sa

from .column_types import ForeignText, RowId, UtcMicroseconds
from .schema import metadata

returns = sa.Table(
    "returns",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),
    sa.Column("fingerprint", sa.Text, nullable=False, unique=True, comment="Of the message: read twice, kept once."),
    sa.Column("newsletter", sa.Text, nullable=False),
    sa.Column("delivery_id", RowId, sa.ForeignKey("deliveries.id"), comment="Which it is about; null: not known."),
    sa.Column("address_hash", sa.LargeBinary, nullable=False, index=True),
    sa.Column("event", sa.Text, nullable=False, comment="bounced, complained, unsubscribed, delayed, moved, replied."),
    sa.Column("reply_class", sa.Text, nullable=False, server_default="", comment="As of a relay's reply."),
    sa.Column("reply_code", sa.Integer),
    sa.Column("reply_enhanced", ForeignText),
    sa.Column("reply_text", ForeignText, comment="What the other side said."),
    sa.Column("reply_rule", sa.Text),
    sa.Column("suppressed", sa.Boolean, nullable=False, comment="It suppressed the address."),
    sa.Column("at", UtcMicroseconds, nullable=False, comment="When it was read."),
    sqlite_autoincrement=True,
    comment="Events of deliveries that are sent, as far as somebody told us.",
)
sa.Index("ix_returns_delivery", returns.c.delivery_id)

log_places = sa.Table(
    "log_places",
    metadata,
    sa.Column("log", sa.Text, primary_key=True, comment="SHA-256 of its first line: a rotated log keeps it."),
    sa.Column("offset", sa.BigInteger, nullable=False, comment="Octets that were read."),
    sa.Column("at", UtcMicroseconds, nullable=False),
    comment="How far access logs were read.",
)
