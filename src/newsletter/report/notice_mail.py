"""The mail that tells somebody what happened, in the newsletter's language. Touches: nothing.

The standard library may fold its headers: of ours only the subject has words, and they are few. It is made by a machine
and says so (RFC 3834).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from newsletter.catalogue import phrase
from newsletter.excerpt import shortened
from newsletter.message.message import Envelope, Message
from newsletter.printable import one_line
from newsletter.settings.model import Settings

from .announcement import Announcement

_LONGEST = 60
"""Characters of an issue's name in a subject: it is a file's, which may be long."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with it."""

    name: str
    kind: str
    """Its media type: `text/html`."""
    data: bytes
    """A text is in UTF-8."""


def notice_mail(
    settings: Settings, address: str, announcement: Announcement, now: datetime, attachments: Sequence[Attachment] = ()
) -> Message:
    """Build the mail to one address; the relay's words may be in the body, never in a header."""
    sender, language = settings.sender.address, settings.newsletter.language
    about = shortened(one_line(announcement.issue or settings.newsletter.list_id), _LONGEST)
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = address
    mail["Subject"] = phrase("report.notice.subject", slug=about, state=announcement.in_short).in_language(language)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    whose = f"{settings.newsletter.name} <{settings.newsletter.list_id}>"
    mail.set_content("\n\n".join([announcement.text(language), whose]))
    for one in attachments:
        main, _, sub = one.kind.partition("/")
        charset = {"charset": "utf-8"} if main == "text" else {}
        mail.add_attachment(one.data, maintype=main, subtype=sub, filename=one.name, params=charset)
    return Message.of(Envelope(settings.envelope_sender, address), str(mail["Message-ID"]), mail.as_bytes())
