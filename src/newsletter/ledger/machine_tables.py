"""The tables of many machines: with what relay settings a newsletter is sent, what is approved of it, who is at it, who
shares a relay and how much of it is used.

Touches: nothing.
"""

import sqlalchemy as sa

from .column_types import ForeignText, RowId, UtcMicroseconds
from .schema import metadata

relay_settings = sa.Table(
    "relay_settings",
    metadata,
    sa.Column("newsletter", sa.Text, primary_key=True),
    sa.Column("at", UtcMicroseconds, nullable=False, comment="When they last became others."),
    sa.Column("settings", sa.Text, nullable=False, comment="As JSON: relay, limits, rules, names of keys; no secret."),
    comment="What a machine without the workspace's files sends a newsletter with; the newest that somebody published.",
)

schedule = sa.Table(
    "schedule",
    metadata,
    sa.Column("newsletter", sa.Text, primary_key=True),
    sa.Column("slug", sa.Text, primary_key=True),
    sa.Column("due_at", UtcMicroseconds, comment="Null: a person sends it."),
    sa.Column("digest", sa.Text, nullable=False, comment="Of the editions that were approved."),
    sa.Column("approved_at", UtcMicroseconds, nullable=False, comment="As the approval says itself."),
    sa.Column("approved_by", ForeignText, nullable=False),
    sa.Column("at", UtcMicroseconds, nullable=False, comment="When it reached the ledger, by the ledger's clock."),
    comment="The newest approval of each issue; of one that is planned, a record.",
)

workers = sa.Table(
    "workers",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),
    sa.Column("machine", ForeignText, nullable=False, comment="Its name, for people."),
    sa.Column("pid", sa.BigInteger, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("started_at", UtcMicroseconds, nullable=False),
    sa.Column("beat_at", UtcMicroseconds, nullable=False),
    sa.Column("ended_at", UtcMicroseconds, comment="Null: it has not said that it ended."),
    sa.Column("doing", sa.Text, nullable=False, server_default="[]", comment="The issues that it sends, as JSON."),
    sa.Column("troubles", sa.Text, nullable=False, server_default="[]", comment="What is in its way, as JSON."),
    sqlite_autoincrement=True,
    comment="One row per process of `newsletter worker`; what it holds of deliveries is a lease's.",
)

sharing = sa.Table(
    "sharing",
    metadata,
    sa.Column("account", sa.Text, primary_key=True, comment="Whom the relay counts for: user@host, or host:port."),
    sa.Column("epoch", sa.BigInteger, nullable=False, comment="Of the last that asked for a part."),
    comment="How often somebody asked for a part of what a relay takes.",
)

sharers = sa.Table(
    "sharers",
    metadata,
    sa.Column("lease_id", RowId, sa.ForeignKey("leases.id"), primary_key=True, autoincrement=False),
    sa.Column("account", sa.Text, nullable=False, index=True),
    sa.Column("command", sa.Text, nullable=False, comment="Its processes tell each other; empty: it is alone."),
    sa.Column(
        "asked", sa.BigInteger, nullable=False, comment="The epoch of its question: once all know it, it may begin."
    ),
    sa.Column("knows", sa.BigInteger, nullable=False, comment="The epoch by whose parts it goes."),
    comment="Who shares an account: rows whose lease is open.",
)

news = sa.Table(
    "news",
    metadata,
    sa.Column("lease_id", RowId, sa.ForeignKey("leases.id"), primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False, comment="From 1 for each lease."),
    sa.Column("account", sa.Text, nullable=False, index=True),
    sa.Column("command", sa.Text, nullable=False, comment="As of the sharer: who belongs to it knows already."),
    sa.Column("dispatch_id", RowId, nullable=False, comment="What it was sending."),
    sa.Column("at", UtcMicroseconds, nullable=False),
    sa.Column("told", sa.Text, nullable=False, comment="What its relay said, as JSON, without any address."),
    comment="What runs tell those of other commands and machines; kept for a minute.",
)

budgets = sa.Table(
    "budgets",
    metadata,
    sa.Column("account", sa.Text, primary_key=True, comment="Whom the relay counts for: user@host, or the host."),
    sa.Column("seconds", sa.Integer, primary_key=True, autoincrement=False, comment="Length of the window."),
    sa.Column("grain", UtcMicroseconds, primary_key=True, autoincrement=False, comment="Beginning of a 240th of it."),
    sa.Column("used", sa.BigInteger, nullable=False, comment="Messages taken from the window in this grain."),
    sa.CheckConstraint("used >= 0", name="used"),
    comment="How much of the windows of `[smtp] rate` is used, by all processes; what is over is cleared away.",
)
