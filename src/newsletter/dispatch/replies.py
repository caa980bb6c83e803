"""What a reply may be about. Touches: nothing.

Which class a reply is of, `rules.py` decides.
"""

from enum import StrEnum


class ReplyClass(StrEnum):
    """What a reply is about; what follows from it stands in decide.py."""

    ACCEPTED = "accepted"
    CONNECT = "connect"
    LOGIN = "login"
    SENDER = "sender"
    RELAYING = "relaying"
    """The relay does not carry mail for us at all: mostly a missing login."""
    CONTENT = "content"
    """Size, content, protocol: the same for everybody."""
    THROTTLE = "throttle"
    GREYLIST = "greylist"
    MAILBOX_FULL = "mailbox_full"
    BAD_ADDRESS = "bad_address"
    POLICY = "policy"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    LOST = "lost"
    """No reply: the link was lost. Not for rules."""
