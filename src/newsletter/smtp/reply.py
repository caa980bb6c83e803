"""The relay's words (RFC 5321 4.2, RFC 3463), made fit to be kept and shown. Touches: nothing.

What a reply is about, and what follows from it, is decided where the dispatch has its rules.
"""

import re
from dataclasses import dataclass

_TEXT_LIMIT = 500
"""Characters of a reply that are kept."""
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: `stage` is connect, ehlo, starttls, auth, mail, rcpt, data or dot."""

    stage: str
    code: int
    """0 where there was no reply: the link was lost."""
    enhanced: str
    """`5.1.1`, or empty."""
    text: str


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
