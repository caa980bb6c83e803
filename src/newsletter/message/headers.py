"""Which header fields a letter has, and what they say. Touches: nothing.

Gmail, Yahoo and Microsoft demand one-click from bulk senders (RFC 8058): https first, then mailto. There is no
Auto-Submitted, since people wrote the letter (RFC 3834 5 speaks of automatic ones).
"""

import hashlib
from email.utils import format_datetime
from urllib.parse import quote

from newsletter.catalogue import phrase

from .header_encoding import Field, identified, mailbox, structured, unstructured
from .message import Letterhead

_PROOF_MARK = phrase("message.head.proof_mark")
_ONE_CLICK = structured("List-Unsubscribe-Post", ["List-Unsubscribe=One-Click"])
_SENDER_ID_LENGTH = 12  # Google asks for 5 to 15 characters


def sender_field(head: Letterhead) -> Field:
    """From, aligned with the sending domain."""
    return mailbox("From", head.sender_name, head.sender_address)


def subject_field(head: Letterhead, language: str, subject: str) -> Field:
    """Subject; a proof's is marked in the letter's language."""
    mark = f"{_PROOF_MARK.in_language(language)} " if head.proof else ""
    return unstructured("Subject", mark + subject)


def leaving_fields(head: Letterhead, token: str) -> list[Field]:
    """List-Unsubscribe and List-Unsubscribe-Post (RFC 2369 3.2, RFC 8058 3.1); none without a way out that we offer."""
    ways = []
    if head.pages_url:
        ways.append(unsubscribe_url(head, token))
    if head.unsubscribe_mailto:
        ways.append(f"mailto:{quote(head.unsubscribe_mailto, safe='@')}?subject=unsubscribe%20{token}")
    if not ways:
        return []
    fields = [structured("List-Unsubscribe", [f"<{way}>{',' if way is not ways[-1] else ''}" for way in ways])]
    if head.pages_url:
        fields.append(_ONE_CLICK)
    return fields


def unsubscribe_url(head: Letterhead, token: str) -> str:
    return f"{head.pages_url}/u/{token}"


def web_url(head: Letterhead) -> str:
    """Where the archive shows this issue."""
    return f"{head.archive_url}/{head.slug}/"


def standing_fields(head: Letterhead, language: str) -> list[Field]:
    """What is the same for every subscriber of a variant, below the personal fields."""
    fields = [structured("Date", [format_datetime(head.date)])]
    if head.reply_to:
        fields.append(structured("Reply-To", [head.reply_to]))
    fields.append(identified("List-Id", head.newsletter, head.list_id))
    if head.archive_url:
        fields.append(structured("List-Archive", [f"<{head.archive_url}>"]))
    if head.cfbl_address:
        # RFC 9477. No CFBL-Feedback-ID: a report then names the Message-ID, and that is enough.
        fields.append(structured("CFBL-Address", [f"{head.cfbl_address};", "report=arf"]))
    return [
        *fields,
        structured("Precedence", ["bulk"]),
        structured("X-Auto-Response-Suppress", ["OOF"]),
        structured("Feedback-ID", [_feedback_id(head)]),
        structured("Content-Language", [language]),
        structured("MIME-Version", ["1.0"]),
    ]


def _feedback_id(head: Letterhead) -> str:
    """`issue:list:kind:sender`, as Google's feedback loop counts complaints; the sender's part never changes."""
    domain = head.sender_address.rpartition("@")[2].lower()
    sender = hashlib.sha256(domain.encode()).hexdigest()[:_SENDER_ID_LENGTH]
    return f"{head.slug}:{head.list_id}:newsletter:{sender}"
