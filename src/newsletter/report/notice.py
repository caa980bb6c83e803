"""The mail that tells an operator how a run ended. Touches: nothing.

Its headers are ASCII only, so the standard library may fold them; it is made by a machine and says so (RFC 3834).
"""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from newsletter.message.message import Envelope, Message
from newsletter.settings.model import Settings

from .ending import Ending


def notice(settings: Settings, address: str, ending: Ending, now: datetime) -> Message:
    """Build the notice to one operator; the relay's words may be in the body, never in a header."""
    sender = settings.sender.address
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = address
    mail["Subject"] = f"[newsletter] {ending.slug}: {_state(ending)}"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n\n".join([ending.summary(), f"{settings.newsletter.name} <{settings.newsletter.list_id}>"]))
    return Message.of(Envelope(settings.envelope_sender, address), str(mail["Message-ID"]), mail.as_bytes())


def _state(ending: Ending) -> str:
    if ending.report.stopped is not None:
        return f"stopped ({ending.report.stopped.kind.label})"
    return "finished" if ending.exit_code() == 0 else "needs another look"
