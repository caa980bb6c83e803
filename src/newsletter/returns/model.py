"""What a message that came back says, before anybody looks whose it is. Touches: nothing.

Nothing here is believed yet: a forged bounce names whom it likes. Only a token of ours or our own Message-ID leads to
a delivery, and that is looked up by who holds the keys and the ledger.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a message is."""

    BOUNCE = "bounce"
    """Did not arrive, and will not (DSN action failed)."""
    DELAY = "delay"
    """Has not arrived yet; somebody goes on trying. No bounce."""
    COMPLAINT = "complaint"
    """Reported as spam (ARF, RFC 5965)."""
    UNSUBSCRIBE = "unsubscribe"
    """A mailto of List-Unsubscribe."""
    MOVED = "moved"
    """The reader has another address now: told, not followed."""
    AUTO_REPLY = "auto_reply"
    """Vacation and the like (RFC 3834). No bounce."""
    CHALLENGE = "challenge"
    """Wants a person to prove to be one."""
    DELIVERED = "delivered"
    """A DSN that says it arrived, or was handed on."""
    REPORT = "report"
    """Understood, and nothing follows: not-spam, a virus report, a read receipt (RFC 8098), a DMARC or TLS report."""
    UNKNOWN = "unknown"
    """Not understood: a person's letter, perhaps."""


@dataclass(frozen=True, slots=True)
class Clues:
    """Who a return is about, as found in it; strongest first. Nothing is verified."""

    tokens: tuple[str, ...] = ()
    """What looks like a token of ours: in the address it was sent to (VERP, mailto), as ENVID, in List-Unsubscribe."""
    message_ids: tuple[str, ...] = ()
    """Without angle brackets: of the returned message, In-Reply-To, References."""
    addresses: tuple[str, ...] = ()
    """Original- and Final-Recipient first, then what stood in the text."""


@dataclass(frozen=True, slots=True)
class Return:
    """One thing that one message says of one reader; a message about three has three."""

    kind: Kind
    clues: Clues
    reply_class: str = ""
    """Of a bounce or delay: a `ReplyClass` of the reply rules, such as bad_address, mailbox_full, policy."""
    rule: str = ""
    """Id of the rule that gave the class."""
    code: int = 0
    """SMTP reply code, 0 where none was said."""
    enhanced: str = ""
    """RFC 3463, such as 5.1.1."""
    text: str = ""
    """What the other side said, one line, at most 500 characters."""
    domain: str = ""
    """Of the recipient, lower case."""
    reader: str = ""
    """Which reader understood it: dsn, arf, text, …, for the log."""
    new_address: str = ""
    """Of `MOVED`."""
