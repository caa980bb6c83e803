"""What a reply may be about, and a relay's words made fit to be kept. Touches: nothing.

Which class a reply is of, `rules.py` decides.
"""

import re
from enum import StrEnum

from newsletter.ledger.states import Reply

_TEXT_LIMIT = 500
"""Characters of a reply that are kept."""
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


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


def reply_of(stage: str, code: int, text: str) -> Reply:
    """A relay's words, fit to be kept and shown: one line, no control characters, the enhanced code split off.

    An enhanced code that contradicts the code (RFC 3463 2: same first digit) is left in the text and not believed.
    """
    match = _ENHANCED.match(text.lstrip())
    enhanced = match[1] if match and match[1][0] == str(code)[0] else ""
    if enhanced:
        # Each line of a reply repeats it (RFC 2034 4).
        text = re.sub(rf"(?m)^\s*{re.escape(enhanced)}(?:[ \t]+|$)", "", text)
    return Reply(stage, code, enhanced, " ".join(_UNPRINTABLE.sub(" ", text).split())[:_TEXT_LIMIT])
