"""The relay's words (RFC 5321 4.2, RFC 3463), made fit to be kept and shown. Touches: nothing.

What a reply is about, and what follows from it, is decided where the dispatch has its rules.
"""

import re
from dataclasses import dataclass

from newsletter.catalogue import Phrase, Verbatim
from newsletter.printable import one_line

_TEXT_LIMIT = 500
"""Characters of a reply that are kept."""
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: `stage` is connect, ehlo, starttls, auth, mail, rcpt, data or dot."""

    stage: str
    code: int
    """0 where there was no reply: the link was lost."""
    enhanced: str
    """`5.1.1`, or empty."""
    text: str
    """The relay's own words. Where it said nothing: why not, in English."""
    reason: Phrase | None = None
    """Why it said nothing, where that was found out here: `text` in every language."""

    def in_language(self, language: str) -> str:
        """What the relay said, on one line; where it said nothing, why not."""
        text = self.reason.in_language(language) if self.reason else self.text
        return " ".join(part for part in (str(self.code or ""), self.enhanced, text) if part)

    def __str__(self) -> str:
        return self.in_language("en")

    @property
    def stored_text(self) -> str:
        """The text as a ledger keeps it: a reason of ours with its code, so that it can be read in every language."""
        return self.reason.to_json() if self.reason else self.text

    @classmethod
    def from_stored(cls, stage: str, code: int, enhanced: str, stored_text: str) -> "Reply":
        """The reply whose `stored_text` this is. With a code they are a relay's words, whatever they look like."""
        reason = Verbatim(stored_text) if code else Phrase.from_json(stored_text)
        return cls(stage, code, enhanced, str(reason), reason if isinstance(reason, Phrase) else None)


def no_reply(stage: str, reason: Phrase) -> Reply:
    """The relay said nothing, for a reason of which we have the words."""
    return Reply(stage, 0, "", str(reason), reason)


def reply_of(stage: str, code: int, text: str) -> Reply:
    """A relay's words, fit to be kept and shown: one line, no control characters, the enhanced code split off.

    An enhanced code that contradicts the code (RFC 3463 2: same first digit) is left in the text and not believed.
    """
    match = _ENHANCED.match(text.lstrip())
    enhanced = match[1] if match and match[1][0] == str(code)[0] else ""
    if match and enhanced and text.isascii() and text.isprintable() and text[0] == enhanced[0]:
        # One line of plain words, as nearly always: the same as below, in a third of the time.
        return Reply(stage, code, enhanced, text[match.end() :].strip()[:_TEXT_LIMIT])
    if enhanced:
        # Each line of a reply repeats it (RFC 2034 4).
        text = re.sub(rf"(?m)^\s*{re.escape(enhanced)}(?:[ \t]+|$)", "", text)
    return Reply(stage, code, enhanced, one_line(text)[:_TEXT_LIMIT])
