"""Who subscribed by the pages or an import, with their consent, and who was told. Touches: the ledger's tables."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_other_hashes_address_hash", "other_hashes", ["address_hash"], unique=False)
    op.create_table(
        "consent_texts",
        sa.Column("digest", sa.Text(), nullable=False, comment="SHA-256 of language and text."),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="What stood beside the button, word for word."),
        sa.PrimaryKeyConstraint("digest", name="pk_consent_texts"),
        comment="What people agreed to: each wording once, kept as long as somebody's consent names it.",
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False, comment="Whose export it was: listmonk, mailchimp, …"),
        sa.Column("file", sa.Text(), nullable=False, comment="Its name, without its folder."),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False, comment="Its columns -> ours, as JSON."),
        sa.Column("counts", sa.Text(), nullable=False, comment="new, changed, gone, unconsented, bad, …, as JSON."),
        sa.PrimaryKeyConstraint("id", name="pk_imports"),
        comment="What was taken over from other systems; the next import of a format is compared with its last.",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False, comment="Empty where only the hash is known."),
        sa.Column("address", sa.Text(), server_default="", nullable=False, comment="As first written."),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("tags", sa.Text(), nullable=True, comment="As JSON, a list."),
        sa.Column("fields", sa.Text(), nullable=True, comment="Further merge fields as JSON, an object."),
        sa.Column("source", sa.Text(), nullable=False, comment="form, api, hand, link, or the format of an import."),
        sa.Column(
            "consent_at", sa.BigInteger(), nullable=True, comment="When the person said yes: the POST that confirmed."
        ),
        sa.Column("consent_source", sa.Text(), server_default="", nullable=False, comment="Where: a page, a desk, …"),
        sa.Column("consent_text", sa.Text(), nullable=True),
        sa.Column("consent_language", sa.Text(), server_default="", nullable=False),
        sa.Column("over_14", sa.Boolean(), nullable=True, comment="Ticked; null: was not asked."),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "import_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="The last import that had this person.",
        ),
        sa.CheckConstraint("state IN ('confirmed', 'unconfirmed', 'chose')", name="ck_subscriptions_state"),
        sa.CheckConstraint("length(address_hash) > 0", name="ck_subscriptions_hash"),
        sa.ForeignKeyConstraint(["consent_text"], ["consent_texts.digest"], name="fk_subscriptions_consent_text"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_subscriptions_import_id"),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("newsletter", "address_hash", name="uq_subscriptions_newsletter_address_hash"),
        comment="One person of a newsletter; who left stays here and in the suppressions, until forgotten.",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscriptions_key", "subscriptions", ["key", "newsletter"], unique=False)
    op.create_index("ix_subscriptions_newsletter", "subscriptions", ["newsletter", "id"], unique=False)
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.Text(), nullable=False, comment="Random; a signed one stands in the mailed link."),
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False, comment="Chosen, or the page's; the mail that asks is in it."),
        sa.Column("tags", sa.Text(), nullable=True, comment="As JSON, a list."),
        sa.Column("source", sa.Text(), nullable=False, comment="form or api."),
        sa.Column(
            "place", sa.Text(), server_default="", nullable=False, comment="Address of the page, or a site's origin."
        ),
        sa.Column("consent_text", sa.Text(), nullable=False),
        sa.Column("over_14", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "mailed_at",
            sa.BigInteger(),
            nullable=True,
            comment="When the relay took the mail that asks; null: not yet.",
        ),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "due_at",
            sa.BigInteger(),
            nullable=True,
            comment="When the mail that asks is tried next; null: not any more.",
        ),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["consent_text"], ["consent_texts.digest"], name="fk_sign_ups_consent_text"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ups"),
        comment="Who asked to be subscribed and has not confirmed; the address is erased when confirmed or too old.",
    )
    op.create_index("ix_sign_ups_address_hash", "sign_ups", ["address_hash"], unique=False)
    op.create_index(
        "ix_sign_ups_due",
        "sign_ups",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "sign_up_counts",
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("who", sa.LargeBinary(), nullable=False, comment="A network's keyed hash of this day; empty: all."),
        sa.Column("grain", sa.BigInteger(), nullable=False, comment="Beginning of five minutes."),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("newsletter", "who", "grain", name="pk_sign_up_counts"),
        comment="How often somebody asked to be subscribed within the hour; what is older is erased.",
    )
    op.create_table(
        "leave_reasons",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="In the newsletter's time zone."),
        sa.Column("reason", sa.Text(), nullable=False, comment="One of the listed ones."),
        sa.Column("words", sa.Text(), server_default="", nullable=False, comment="The reader's own."),
        sa.PrimaryKeyConstraint("id", name="pk_leave_reasons"),
        comment="Why people left, where they said so; of who said it, nothing is known.",
    )
    op.create_table(
        "welcomes",
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False, comment="Confirmed."),
        sa.Column(
            "planned_at",
            sa.BigInteger(),
            nullable=True,
            comment="When the welcome letter became a delivery; null: it waits.",
        ),
        sa.PrimaryKeyConstraint("newsletter", "address_hash", name="pk_welcomes"),
        comment="Who gets, or got, the welcome letter: one for an address, ever.",
    )
    op.create_table(
        "notices",
        sa.Column("newsletter", sa.Text(), nullable=False),
        sa.Column("address_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="consent, two_years or incident."),
        sa.Column(
            "about", sa.BigInteger(), nullable=False, comment="The consent's time, its anniversary, the incident."
        ),
        sa.Column("begun_at", sa.BigInteger(), nullable=False, comment="Before its final dot may have been written."),
        sa.Column(
            "sent_at",
            sa.BigInteger(),
            nullable=True,
            comment="When the relay took it; null with a reply: it was refused.",
        ),
        sa.Column("message_id", sa.Text(), nullable=False, comment="Of the notice: proof of its sending."),
        sa.Column(
            "reply", sa.Text(), nullable=True, comment="The relay's words; null: nobody knows whether it went out."
        ),
        sa.PrimaryKeyConstraint("newsletter", "address_hash", "kind", "about", name="pk_notices"),
        comment="What the law has people told, and when they were.",
    )
