"""Read what a mailbox provider reports of a reader: ARF (RFC 5965), CFBL (RFC 9477), receipts. Touches: nothing."""

import re
from dataclasses import dataclass

from newsletter.printable import one_line

from .dsn import typed_address
from .fields import Fields, message_ids_in, parse_fields
from .mime import MimePart
from .model import Kind
from .plain import saying

_REPORT = "message/feedback-report"
_RECEIPT = "message/disposition-notification"
_MOST_NAMED = 20
_KINDS = {
    "not-spam": Kind.REPORT,
    "virus": Kind.REPORT,
    "auth-failure": Kind.REPORT,
    "dmarc": Kind.REPORT,
    "dkim": Kind.REPORT,
    "opt-out": Kind.UNSUBSCRIBE,
    "opt-out-list": Kind.UNSUBSCRIBE,
}
"""Everything else, a type that is not registered included, is a reader's complaint: mailing on would be the worse
error. A virus report or a failed signature is about the letter, not the wish of who got it."""
_MICROSOFT = re.compile(r"^complaint about message from\b", re.IGNORECASE)
_REPORTS_BY_SUBJECT = re.compile(r"^(?:\[[^\]]{0,60}\] ?)?Report Domain: ?\S+.{0,200}\bSubmitter:", re.IGNORECASE)
_REPORT_TYPES = frozenset({"tlsrpt", "disposition-notification"})


@dataclass(frozen=True, slots=True)
class FeedbackReport:
    kind: Kind
    addresses: tuple[str, ...]
    message_ids: tuple[str, ...]
    hints: str
    """Fields that may carry a token of ours: the envelope sender, a feedback id."""
    text: str


def read_feedback(message: MimePart) -> FeedbackReport | None:
    """None where the message is no report about one of ours."""
    for part in message.walk():
        if part.content_type == _REPORT:
            return _of_report(parse_fields(part.octets.replace(b"\n\n", b"\n").strip(b"\n")))
        if part.content_type == _RECEIPT:
            return _of_receipt(parse_fields(part.octets.strip(b"\n")))
    return _of_microsoft(message) or _of_other_reports(message)


def _of_report(fields: Fields) -> FeedbackReport:
    kind_said = one_line(fields.raw("feedback-type")).lower()
    named = [
        typed_address(value)
        for name in ("original-rcpt-to", "original-recipient", "removal-recipient", "x-original-rcpt-to")
        for value in fields.all_raw(name)
    ]
    hints = " ".join(fields.raw(name) for name in ("original-mail-from", "cfbl-feedback-id", "original-envelope-id"))
    return FeedbackReport(
        _KINDS.get(kind_said, Kind.COMPLAINT),
        tuple(address for address in named[:_MOST_NAMED] if address),
        tuple(message_ids_in(" ".join(fields.raw(name) for name in ("message-id", "cfbl-feedback-id")))),
        hints,
        saying(f"{kind_said or 'abuse'} {fields.raw('user-agent')}"),
    )


def _of_receipt(fields: Fields) -> FeedbackReport:
    """RFC 8098: it was displayed, or deleted unread; nothing follows from either."""
    named = (typed_address(fields.raw(name)) for name in ("original-recipient", "final-recipient"))
    return FeedbackReport(
        Kind.REPORT,
        tuple(address for address in named if address),
        tuple(message_ids_in(fields.raw("original-message-id"))),
        "",
        saying(fields.raw("disposition")),
    )


def _of_microsoft(message: MimePart) -> FeedbackReport | None:
    """Outlook.com's junk mail reports have no report part: the complaint is the message within."""
    subject = message.fields.text("subject")
    if not _MICROSOFT.match(subject) or not message.parts:
        return None
    within = (part.fields for part in message.walk() if "x-hmxmroriginalrecipient" in part.fields)
    named = next((typed_address(fields.raw("x-hmxmroriginalrecipient")) for fields in within), "")
    return FeedbackReport(Kind.COMPLAINT, (named,) if named else (), (), "", saying(subject))


def _of_other_reports(message: MimePart) -> FeedbackReport | None:
    """DMARC aggregate reports (RFC 7489 7.2.1.1) and TLS reports (RFC 8460 5.3) that came to the wrong mailbox."""
    subject = message.fields.text("subject")
    by_type = message.content_type == "multipart/report" and message.parameters.get("report-type") in _REPORT_TYPES
    return FeedbackReport(Kind.REPORT, (), (), "", saying(subject)) if by_type or _is_aggregate(subject) else None


def _is_aggregate(subject: str) -> bool:
    return _REPORTS_BY_SUBJECT.match(subject) is not None
