"""The tables of people: who subscribed by the pages or an import, with what consent, who was told. Touches: nothing.

A person is one row for a newsletter, by the hash that the links carry. Who stands in the subscriber file alone has one
only once they chose a language, tags or a name, and then without an address. Texts that are null were not said: the
subscriber file's count. Limits: nobody is looked up by their address but to be forgotten, which goes through all: an
index of addresses would be most of what an import of a million takes.
"""

import sqlalchemy as sa

from .column_types import ForeignText, RowId, UtcMicroseconds, listed
from .schema import metadata, partial
from .subscription_state import SubscriptionState

consent_texts = sa.Table(
    "consent_texts",
    metadata,
    sa.Column("digest", sa.Text, primary_key=True, comment="SHA-256 of language and text."),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False, comment="What stood beside the button, word for word."),
    comment="What people agreed to: each wording once, kept as long as somebody's consent names it.",
)

imports = sa.Table(
    "imports",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),
    sa.Column("newsletter", sa.Text, nullable=False),
    sa.Column("format", sa.Text, nullable=False, comment="Whose export it was: listmonk, mailchimp, …"),
    sa.Column("file", sa.Text, nullable=False, comment="Its name, without its folder."),
    sa.Column("at", UtcMicroseconds, nullable=False),
    sa.Column("mapping", sa.Text, nullable=False, comment="Its columns -> ours, as JSON."),
    sa.Column("counts", sa.Text, nullable=False, comment="new, changed, gone, unconsented, bad, …, as JSON."),
    sqlite_autoincrement=True,
    comment="What was taken over from other systems; the next import of a format is compared with its last.",
)

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),
    sa.Column("newsletter", sa.Text, nullable=False),
    sa.Column("address_hash", sa.LargeBinary, nullable=False),
    sa.Column("key", sa.Text, nullable=False, server_default="", comment="Empty where only the hash is known."),
    sa.Column("address", sa.Text, nullable=False, server_default="", comment="As first written."),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("language", sa.Text),
    sa.Column("tags", sa.Text, comment="As JSON, a list."),
    sa.Column("fields", sa.Text, comment="Further merge fields as JSON, an object."),
    sa.Column("source", sa.Text, nullable=False, comment="form, api, hand, link, or the format of an import."),
    sa.Column("consent_at", UtcMicroseconds, comment="When the person said yes: the POST that confirmed."),
    sa.Column("consent_source", sa.Text, nullable=False, server_default="", comment="Where: a page, a desk, …"),
    sa.Column("consent_text", sa.Text, sa.ForeignKey("consent_texts.digest")),
    sa.Column("consent_language", sa.Text, nullable=False, server_default=""),
    sa.Column("over_14", sa.Boolean, comment="Ticked; null: was not asked."),
    sa.Column("created_at", UtcMicroseconds, nullable=False),
    sa.Column("changed_at", UtcMicroseconds, nullable=False),
    sa.Column("import_id", RowId, sa.ForeignKey("imports.id"), comment="The last import that had this person."),
    sa.UniqueConstraint("newsletter", "address_hash"),
    sa.CheckConstraint(f"state IN {listed(SubscriptionState)}", name="state"),
    sa.CheckConstraint("length(address_hash) > 0", name="hash"),
    sqlite_autoincrement=True,
    comment="One person of a newsletter; who left stays here and in the suppressions, until forgotten.",
)
sa.Index("ix_subscriptions_newsletter", subscriptions.c.newsletter, subscriptions.c.id)  # to read them in their order

sign_ups = sa.Table(
    "sign_ups",
    metadata,
    sa.Column("id", sa.Text, primary_key=True, comment="Random; a signed one stands in the mailed link."),
    sa.Column("newsletter", sa.Text, nullable=False),
    sa.Column("address_hash", sa.LargeBinary, nullable=False, index=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("name", sa.Text),
    sa.Column("language", sa.Text, nullable=False, comment="Chosen, or the page's; the mail that asks is in it."),
    sa.Column("tags", sa.Text, comment="As JSON, a list."),
    sa.Column("source", sa.Text, nullable=False, comment="form or api."),
    sa.Column("place", sa.Text, nullable=False, server_default="", comment="Address of the page, or a site's origin."),
    sa.Column("consent_text", sa.Text, sa.ForeignKey("consent_texts.digest"), nullable=False),
    sa.Column("over_14", sa.Boolean, nullable=False),
    sa.Column("asked_at", UtcMicroseconds, nullable=False),
    sa.Column("mailed_at", UtcMicroseconds, comment="When the relay took the mail that asks; null: not yet."),
    sa.Column("confirmed_at", UtcMicroseconds),
    sa.Column("due_at", UtcMicroseconds, comment="When the mail that asks is tried next; null: not any more."),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    comment="Who asked to be subscribed and has not confirmed; the address is erased when confirmed or too old.",
)

sa.Index("ix_sign_ups_due", sign_ups.c.due_at, **partial(sign_ups.c.due_at.is_not(None)))

sign_up_counts = sa.Table(
    "sign_up_counts",
    metadata,
    sa.Column("newsletter", sa.Text, primary_key=True),
    sa.Column("who", sa.LargeBinary, primary_key=True, comment="A network's keyed hash of this day; empty: all."),
    sa.Column("grain", UtcMicroseconds, primary_key=True, autoincrement=False, comment="Beginning of five minutes."),
    sa.Column("number", sa.BigInteger, nullable=False),
    comment="How often somebody asked to be subscribed within the hour; what is older is erased.",
)

leave_reasons = sa.Table(
    "leave_reasons",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),
    sa.Column("newsletter", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False, comment="In the newsletter's time zone."),
    sa.Column("reason", sa.Text, nullable=False, comment="One of the listed ones."),
    sa.Column("words", sa.Text, nullable=False, server_default="", comment="The reader's own."),
    comment="Why people left, where they said so; of who said it, nothing is known.",
)

welcomes = sa.Table(
    "welcomes",
    metadata,
    sa.Column("newsletter", sa.Text, primary_key=True),
    sa.Column("address_hash", sa.LargeBinary, primary_key=True),
    sa.Column("since", UtcMicroseconds, nullable=False, comment="Confirmed."),
    sa.Column("planned_at", UtcMicroseconds, comment="When the welcome letter became a delivery; null: it waits."),
    comment="Who gets, or got, the welcome letter: one for an address, ever.",
)

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("newsletter", sa.Text, primary_key=True),
    sa.Column("address_hash", sa.LargeBinary, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True, comment="consent, two_years or incident."),
    sa.Column("about", UtcMicroseconds, primary_key=True, comment="The consent's time, its anniversary, the incident."),
    sa.Column("begun_at", UtcMicroseconds, nullable=False, comment="Before its final dot may have been written."),
    sa.Column("sent_at", UtcMicroseconds, comment="When the relay took it; null with a reply: it was refused."),
    sa.Column("message_id", sa.Text, nullable=False, comment="Of the notice: proof of its sending."),
    sa.Column("reply", ForeignText, comment="The relay's words; null: nobody knows whether it went out."),
    comment="What the law has people told, and when they were.",
)
