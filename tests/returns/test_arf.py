"""Complaints and other reports of mailbox providers: ARF (RFC 5965), CFBL (RFC 9477), Microsoft's own form."""

import pytest

from newsletter.returns.model import Kind
from newsletter.returns.read import read_return

from .shapes import LETTER_HEAD, MESSAGE_ID, OURS, READER, TOKEN, report


def arf(fields: str, returned: str = f"{LETTER_HEAD}\nSome words.\n", returned_type: str = "message/rfc822") -> bytes:
    return report(
        fields,
        status_type="message/feedback-report",
        report_type="feedback-report",
        words="This is an email abuse report for an email message received from IP 192.0.2.1.",
        returned=returned,
        returned_type=returned_type,
    )


FIELDS = f"""\
Feedback-Type: abuse
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <bounce@news.example.org>
Original-Rcpt-To: <{READER}>
Arrival-Date: Mon, 30 Nov 2026 09:00:01 +0900
Source-IP: 192.0.2.1
Reported-Domain: news.example.org
"""
ABUSE = arf(FIELDS)
NO_RECIPIENT = """\
Feedback-Type: abuse
User-Agent: Yahoo!-Mail-Feedback/2.0
Version: 0.1
Original-Mail-From: <bounce@news.example.org>
Original-Rcpt-To: redacted
Reported-Domain: news.example.org
"""
JUNK_REPORT = f"""\
From: staff@hotmail.com
To: bounce@news.example.org
Subject: complaint about message from 192.0.2.1
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b-1"

--b-1
Content-Type: message/rfc822
Content-Disposition: inline

X-HmXmrOriginalRecipient: <{READER}>
{LETTER_HEAD}
Some words.

--b-1--
""".encode()


@pytest.mark.parametrize(
    ("feedback", "kind"),
    [
        ("abuse", Kind.COMPLAINT),
        ("Abuse", Kind.COMPLAINT),
        ("fraud", Kind.COMPLAINT),
        ("other", Kind.COMPLAINT),
        ("x-junk", Kind.COMPLAINT),
        ("", Kind.COMPLAINT),
        ("opt-out", Kind.UNSUBSCRIBE),
        ("not-spam", Kind.REPORT),
        ("virus", Kind.REPORT),
        ("auth-failure", Kind.REPORT),
    ],
)
def test_the_feedback_type_says_what_it_is(feedback: str, kind: Kind) -> None:
    (found,) = read_return(arf(FIELDS.replace("abuse", feedback, 1)), OURS)

    assert (found.kind, found.reader) == (kind, "arf")


@pytest.mark.parametrize("data", [ABUSE, JUNK_REPORT], ids=["arf", "microsoft"])
def test_a_complaint_names_its_reader_and_letter(data: bytes) -> None:
    (found,) = read_return(data, OURS)

    assert found.kind is Kind.COMPLAINT
    assert found.clues.addresses == (READER,)
    assert found.clues.tokens == (TOKEN,)
    assert found.clues.message_ids == (MESSAGE_ID,)


def test_where_the_recipient_is_redacted_our_own_marks_say_who_it_was() -> None:
    letter = LETTER_HEAD.replace(READER, "redacted@redacted.invalid")

    (found,) = read_return(arf(NO_RECIPIENT, letter), OURS)

    assert found.clues.tokens == (TOKEN,)
    assert found.clues.message_ids == (MESSAGE_ID,)
    assert READER not in found.clues.addresses


def test_a_report_of_one_header_field_is_enough() -> None:
    """RFC 9477 allows a report with nothing of the message but its Message-ID or CFBL-Feedback-ID."""
    data = arf(
        "Feedback-Type: abuse\nUser-Agent: x\nVersion: 1\n", f"Message-ID: <{MESSAGE_ID}>\n", "text/rfc822-headers"
    )

    (found,) = read_return(data, OURS)

    assert (found.kind, found.clues.message_ids) == (Kind.COMPLAINT, (MESSAGE_ID,))


def test_the_envelope_sender_in_a_report_bears_the_token() -> None:
    fields = FIELDS.replace("<bounce@", f"<bounce+{TOKEN}@")

    (found,) = read_return(arf(fields, "Subject: x\n", "text/rfc822-headers"), OURS)

    assert found.clues.tokens == (TOKEN,)


@pytest.mark.parametrize(
    ("subject", "content_type"),
    [
        ("Report Domain: news.example.org Submitter: example.com Report-ID: <1@example.com>", "application/zip"),
        ("[Preview] Report Domain: news.example.org Submitter: example.com", "application/gzip"),
        ("TLS", "multipart/report; report-type=tlsrpt; boundary=x"),
        ("Read: the letter", "multipart/report; report-type=disposition-notification; boundary=x"),
    ],
)
def test_a_report_that_asks_for_nothing_is_no_bounce(subject: str, content_type: str) -> None:
    data = f"From: postmaster@example.com\nSubject: {subject}\nContent-Type: {content_type}\n\nUEsDBA==\n".encode()

    (found,) = read_return(data, OURS)

    assert found.kind is Kind.REPORT


def test_a_read_receipt_names_its_reader_and_letter() -> None:
    fields = (
        f"Final-Recipient: rfc822; {READER}\nOriginal-Message-ID: <{MESSAGE_ID}>\nDisposition: manual-action; deleted\n"
    )
    data = report(fields, status_type="message/disposition-notification", report_type="disposition-notification")

    (found,) = read_return(data, OURS)

    assert (found.kind, found.clues.addresses, found.clues.message_ids) == (Kind.REPORT, (READER,), (MESSAGE_ID,))
