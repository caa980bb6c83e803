"""The mail that tells an operator how a run ended, in the newsletter's language. Touches: nothing.

The standard library may fold its headers: of ours only the subject has words, and they are few. It is made by a machine
and says so (RFC 3834).
"""

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from newsletter.catalogue import Said, phrase
from newsletter.dispatch.stop import StopKind
from newsletter.message.message import Envelope, Message
from newsletter.settings.model import Settings

from .ending import Ending

_STOPPED_BY: Mapping[StopKind, Said] = {
    StopKind.RELAY: phrase("report.notice.relay"),
    StopKind.LOGIN: phrase("report.notice.login"),
    StopKind.SENDER: phrase("report.notice.sender"),
    StopKind.CONTENT: phrase("report.notice.content"),
    StopKind.QUOTA: phrase("report.notice.quota"),
    StopKind.UNAUTHENTICATED: phrase("report.notice.unauthenticated"),
    StopKind.BUDGET: phrase("report.notice.budget"),
    StopKind.REFUSALS: phrase("report.notice.refusals"),
    StopKind.BAD_ADDRESSES: phrase("report.notice.bad_addresses"),
    StopKind.PAUSED: phrase("report.notice.paused"),
    StopKind.CANCELLED: phrase("report.notice.cancelled"),
    StopKind.CANARY: phrase("report.notice.canary"),
    StopKind.ASKED: phrase("report.notice.asked"),
    StopKind.LEASE: phrase("report.notice.lease"),
    StopKind.LEDGER: phrase("report.notice.ledger"),
}


def notice(settings: Settings, address: str, ending: Ending, now: datetime) -> Message:
    """Build the notice to one operator; the relay's words may be in the body, never in a header."""
    sender, language = settings.sender.address, settings.newsletter.language
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = address
    mail["Subject"] = phrase("report.notice.subject", slug=ending.slug, state=_state(ending)).in_language(language)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    whose = f"{settings.newsletter.name} <{settings.newsletter.list_id}>"
    mail.set_content("\n\n".join([ending.summary().in_language(language), whose]))
    return Message.of(Envelope(settings.envelope_sender, address), str(mail["Message-ID"]), mail.as_bytes())


def _state(ending: Ending) -> Said:
    if ending.report.stopped is not None:
        return phrase("report.notice.stopped", why=_STOPPED_BY[ending.report.stopped.kind])
    return phrase("report.notice.finished") if ending.exit_code() == 0 else phrase("report.notice.another_look")
