"""The mail that the law asks for: that a consent was received, whether it still holds, that personal data leaked.

Touches: nothing. It is plain text, in the reader's language, made by a machine (RFC 3834), with the reader's own way
out. The standard library may fold its headers: of ours only the subject and the sender have words.
"""

from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from newsletter.audience.address import envelope_address
from newsletter.catalogue import known_language, phrase
from newsletter.ledger.legal_notices import NoticeKind
from newsletter.message.message import Envelope, Message
from newsletter.printable import one_line
from newsletter.settings.model import Settings

_CODES = {
    NoticeKind.CONSENT: ("report.legal_notice.consent_subject", "report.legal_notice.consent_body"),
    NoticeKind.TWO_YEARS: ("report.legal_notice.two_years_subject", "report.legal_notice.two_years_body"),
}
"""Subject and body."""


@dataclass(frozen=True, slots=True)
class NoticeText:
    """What it says to one person."""

    subject: str
    body: str


def consent_text(
    settings: Settings, kind: NoticeKind, language: str, *, consent: date, source: str, way_out: str
) -> NoticeText:
    """Sender, the day of the consent, what became of it, and how to withdraw it."""
    language = known_language(language, settings.newsletter.language, ("ko", "en"))
    common = {"newsletter": one_line(settings.newsletter.name), "sender": one_line(settings.sender_name)}
    subject, words = _CODES[kind]
    where = one_line(source) or phrase("report.legal_notice.not_recorded").in_language(language)
    body = phrase(words, **common, day=consent.isoformat(), source=where, way_out=way_out)
    footer = phrase("report.legal_notice.footer", institute=_institute(settings))
    text = "\n".join(part.in_language(language) for part in (body, footer))
    return NoticeText(phrase(subject, newsletter=common["newsletter"]).in_language(language), f"{text}\n")


def notice_message(
    settings: Settings, text: NoticeText, *, address: str, key: str, message_id: str, leave: str, now: datetime
) -> Message:
    """`leave` is an https address for one click (RFC 8058), empty for none."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(settings.sender_name, addr_spec=settings.sender.address)
    mail["To"] = envelope_address(address, key)
    mail["Subject"] = one_line(text.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    if settings.sender.reply_to:
        mail["Reply-To"] = settings.sender.reply_to
    if leave:
        mail["List-Unsubscribe"] = f"<{leave}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(text.body)
    return Message.of(Envelope(settings.envelope_sender, envelope_address(address, key)), message_id, mail.as_bytes())


def _institute(settings: Settings) -> str:
    about = settings.institute
    phones = ", ".join(f"{one.label} {one.number}" for one in about.phones)
    return "\n".join(part for part in (about.name, about.postal_address, phones) if part)
