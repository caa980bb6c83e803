"""One finished mail and the frozen circumstances it was made in. Touches: nothing."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from newsletter.catalogue import phrase
from newsletter.errors import InputError

from .canonical import off_the_wire, on_the_wire

_TWO_ADDRESSES = re.compile(r"[!-;=?-~]+@[!-;=?-~]+ [!-;=?-~]+@[!-;=?-~]+", re.ASCII)


@dataclass(slots=True)  # not frozen, and Message neither: one of each is made for every message, ten times as fast
class Envelope:
    """MAIL FROM and RCPT TO (RFC 5321); addr-specs, domains as A-labels, never empty, never with control characters."""

    mail_from: str
    rcpt_to: str

    def __post_init__(self) -> None:
        # A blank or a control character here would be a second SMTP command or parameter.
        if not _TWO_ADDRESSES.fullmatch(f"{self.mail_from} {self.rcpt_to}"):
            raise InputError(phrase("message.head.envelope_address_is_bad"))


@dataclass(slots=True)
class Message:
    """One complete mail for one subscriber."""

    envelope: Envelope
    message_id: str
    """With its angle brackets; the same over retries and machines."""
    wire: tuple[bytes, ...]
    """What DATA carries, in pieces, without the final dot: CRLF only, dots stuffed, ending in CRLF (RFC 5321 4.5.2).
    Whoever makes it answers for that; nobody looks through 60 KB again for each message."""
    eight_bit: bool = False
    """It needs a relay that offers 8BITMIME."""

    @classmethod
    def of(cls, envelope: Envelope, message_id: str, data: bytes) -> "Message":
        """From octets of any kind: line ends and dots are put right."""
        return cls(envelope, message_id, (on_the_wire(data),), not data.isascii())

    @property
    def data(self) -> bytes:
        """The same as RFC 5322 has it: one piece, no dot stuffed."""
        return off_the_wire(b"".join(self.wire))


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all messages of one issue have in common; frozen at plan time, so that a resumed run says the same."""

    newsletter: str
    list_id: str
    slug: str
    sender_name: str
    sender_address: str
    reply_to: str
    """Empty: a send-only letter."""
    envelope_sender: str
    date: datetime
    """Aware; the Date header of every message."""
    pages_url: str
    """Without a trailing slash; empty: no one-click headers."""
    archive_url: str
    unsubscribe_mailto: str
    key_id: str
    """Which signing key makes the tokens and Message-IDs."""
    proof: bool = False
    """A proof: marked subject, links that change nothing."""
    verp: bool = False
    """The local part of `envelope_sender` gets `+<token>`, so that a bounce says whom it is about."""
    cfbl_address: str = ""
    """Where complaints go (RFC 9477); empty: no such header."""

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "date": self.date.isoformat()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Letterhead":
        return cls(**{**data, "date": datetime.fromisoformat(data["date"])})
