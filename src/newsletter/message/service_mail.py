"""A mail that a machine writes to one person who asked for something, in the look of the letter. Touches: nothing.

It says that a machine wrote it and that no machine should answer (RFC 3834 5). There is no List-Unsubscribe, since it
puts nobody on a list, and no name of the person, whom nobody has asked yet. Its Message-ID comes from what it is about:
sent once more after a lost link, it is the same mail.
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime

from newsletter.audience.address import envelope_address
from newsletter.edition.edition import Edition
from newsletter.settings.model import Settings

from .fillings import Fillings
from .header_encoding import mailbox, structured, unstructured
from .holes import holed_texts
from .merge import Signs, signature_fields
from .message import Envelope, Message
from .mime import frame


class ServiceMail:
    """One edition, made ready once; each mail of it differs in its recipient and in what fills its holes."""

    def __init__(self, edition: Edition, settings: Settings, signer: Signs | None = None) -> None:
        """Raises InputError where the edition's holes do not fit its texts."""
        self._settings = settings
        self._signer = signer
        self._fillings = Fillings(edition.holes, {})
        self._subject, self._html, self._text = holed_texts(edition, self._fillings)
        around = frame(edition)
        self._encoded_text = self._text.encoded(before=around.opening, after=around.middle)
        self._encoded_html = self._html.encoded()
        self._closing = around.closing
        self._from = mailbox("From", settings.sender_name, settings.sender.address)
        reply_to = [structured("Reply-To", [settings.sender.reply_to])] if settings.sender.reply_to else []
        self._standing = [
            *reply_to,
            structured("Auto-Submitted", ["auto-generated"]),
            structured("X-Auto-Response-Suppress", ["All"]),
            structured("Content-Language", [edition.language]),
            structured("MIME-Version", ["1.0"]),
            around.content_type,
        ]

    def message(self, address: str, key: str, values: Mapping[str, str], about: str, date: datetime) -> Message:
        """The complete mail. `about` is a word of letters, digits, `_` and `-` that no other mail of its kind has.

        Raises InputError for a hole without a value.
        """
        filled = self._fillings.fill(address, "", values)
        recipient = envelope_address(address, key)
        identity = f"<{about}@{self._settings.sender.address.rpartition('@')[2]}>"
        fields = [
            self._from,
            structured("To", [recipient]),
            unstructured("Subject", self._subject.fill(filled)),
            structured("Message-ID", [identity]),
            structured("Date", [format_datetime(date)]),
            *self._standing,
        ]
        head = b"".join(field.wire for field in fields)
        body = self._encoded_text.fill(self._text.octets(filled))
        body += self._encoded_html.fill(self._html.octets(filled))
        body.append(self._closing)
        wire = (head, *body) if self._signer is None else (signature_fields(self._signer, head, body), head, *body)
        return Message(Envelope(self._settings.envelope_sender, recipient), identity, wire)
