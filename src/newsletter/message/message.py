"""One finished mail and the frozen circumstances it was made in. Touches: nothing."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from newsletter.errors import InputError

_BARE_ADDRESS = re.compile(r"[!-;=?-~]+@[!-;=?-~]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Envelope:
    """MAIL FROM and RCPT TO (RFC 5321); addr-specs, domains as A-labels, never empty, never with control characters."""

    mail_from: str
    rcpt_to: str

    def __post_init__(self) -> None:
        for address in (self.mail_from, self.rcpt_to):
            # A blank or a control character here would be a second SMTP command or parameter.
            if not _BARE_ADDRESS.fullmatch(address):
                raise InputError("an envelope address is not a bare ASCII address")


@dataclass(frozen=True, slots=True)
class Message:
    """One complete mail for one subscriber; `data` is RFC 5322 with CRLF line ends, not dot-stuffed."""

    envelope: Envelope
    message_id: str
    """With its angle brackets; the same over retries and machines."""
    data: bytes


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

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "date": self.date.isoformat()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Letterhead":
        return cls(**{**data, "date": datetime.fromisoformat(data["date"])})
