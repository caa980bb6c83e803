"""Delivery status notifications (RFC 3464, RFC 6533) as systems really write them."""

import pytest

from newsletter.returns.model import Kind
from newsletter.returns.read import read_return

from .shapes import LETTER_HEAD, MESSAGE_ID, OURS, READER, TOKEN, report

POSTFIX = f"""\
Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 4Bz1Yk2Kq3z9s
X-Postfix-Sender: rfc822; bounce@news.example.org
Arrival-Date: Mon, 30 Nov 2026 09:00:01 +0900 (KST)

Final-Recipient: rfc822; {READER}
Original-Recipient: rfc822;{READER}
Action: failed
Status: 5.1.1
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; 550 5.1.1 <{READER}>: Recipient address rejected: User
    unknown in virtual mailbox table
"""
EXIM = f"""\
Reporting-MTA: dns; mx.example.net

Action: failed
Final-Recipient: rfc822;{READER}
Status: 5.0.0
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; 552 5.2.2 The email account that you tried to reach is over quota
"""
EXCHANGE = f"""\
Reporting-MTA: dns;SL2P216MB0001.KORP216.PROD.OUTLOOK.COM
Received-From-MTA: dns;mail-smtp-2.example.net
Arrival-Date: Mon, 30 Nov 2026 00:00:02 +0000

Original-Recipient: rfc822;{READER}
Final-Recipient: rfc822;{READER}
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup
X-Display-Name: {READER}
"""
GMAIL = f"""\
Reporting-MTA: dns; googlemail.com
Arrival-Date: Sun, 29 Nov 2026 16:00:02 -0800 (PST)
X-Original-Message-ID: <{MESSAGE_ID}>

Final-Recipient: rfc822; {READER}
Action: failed
Status: 5.2.1
Diagnostic-Code: smtp; 550-5.2.1 The email account that you tried to reach is inactive.
Last-Attempt-Date: Sun, 29 Nov 2026 16:00:03 -0800 (PST)
"""
SES = f"""\
Reporting-MTA: dsn; a1-2.smtp-out.ap-northeast-2.amazonses.com

Action: failed
Final-Recipient: rfc822; {READER}
Diagnostic-Code: smtp; 550 5.7.26 Unauthenticated email from news.example.org is not accepted
Status: 5.7.26
"""
SENDMAIL = f"""\
Reporting-MTA: dns; mx.example.net
Received-From-MTA: DNS; relay.example.org
Arrival-Date: Mon, 30 Nov 2026 09:00:01 +0900

Final-Recipient: RFC822; <{READER}>
Action: failed
Status: 5.1.1
Diagnostic-Code: SMTP; 550 5.1.1 <{READER}>... User unknown
Last-Attempt-Date: Mon, 30 Nov 2026 09:00:03 +0900
"""
SPREAD_OUT = POSTFIX.replace("\nAction", "\n\nAction").replace("\nStatus", "\n\nStatus")
ONE_GROUP = EXIM.replace("\n\n", "\n")


@pytest.mark.parametrize(
    ("status", "code", "enhanced", "reply_class"),
    [
        (POSTFIX, 550, "5.1.1", "bad_address"),
        (EXIM, 552, "5.2.2", "mailbox_full"),
        (EXCHANGE, 550, "5.1.10", "bad_address"),
        (GMAIL, 550, "5.2.1", "bad_address"),
        (SES, 550, "5.7.26", "unauthenticated"),
        (SENDMAIL, 550, "5.1.1", "bad_address"),
        (SPREAD_OUT, 550, "5.1.1", "bad_address"),
        (ONE_GROUP, 552, "5.2.2", "mailbox_full"),
    ],
)
def test_a_failure_is_a_bounce_with_its_reader_and_class(
    status: str, code: int, enhanced: str, reply_class: str
) -> None:
    (found,) = read_return(report(status), OURS)

    assert (found.kind, found.reader) == (Kind.BOUNCE, "dsn")
    assert (found.code, found.enhanced, found.reply_class) == (code, enhanced, reply_class)
    assert found.clues.addresses == (READER,)
    assert found.clues.tokens == (TOKEN,)
    assert found.clues.message_ids == (MESSAGE_ID,)
    assert found.domain == "example.com"


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "5.1.1", Kind.BOUNCE),
        ("failed", "4.4.7", Kind.BOUNCE),
        ("error", "5.0.0", Kind.BOUNCE),
        ("Failed (no such user)", "5.1.1", Kind.BOUNCE),
        ("delayed", "4.4.1", Kind.DELAY),
        ("delayed", "", Kind.DELAY),
        ("delivered", "2.0.0", Kind.DELIVERED),
        ("relayed", "2.0.0", Kind.DELIVERED),
        ("expanded", "2.0.0", Kind.DELIVERED),
        ("", "5.1.1", Kind.BOUNCE),
        ("", "4.2.2", Kind.DELAY),
        ("", "", Kind.UNKNOWN),
    ],
)
def test_the_action_says_what_became_of_it(action: str, status: str, kind: Kind) -> None:
    (found,) = read_return(report(f"Final-Recipient: rfc822; {READER}\nAction: {action}\nStatus: {status}\n"), OURS)

    assert found.kind is kind


def test_each_recipient_of_one_notification_is_told() -> None:
    status = "".join(
        f"\nFinal-Recipient: rfc822; {name}@example.com\nAction: {action}\nStatus: {code}\n"
        for name, action, code in (("a", "failed", "5.1.1"), ("b", "delayed", "4.2.2"), ("c", "delivered", "2.1.5"))
    )

    found = read_return(report(f"Reporting-MTA: dns; mx.example.net\n{status}", returned="Subject: x\n"), OURS)

    assert [(one.kind, one.clues.addresses) for one in found] == [
        (Kind.BOUNCE, ("a@example.com",)),
        (Kind.DELAY, ("b@example.com",)),
        (Kind.DELIVERED, ("c@example.com",)),
    ]


@pytest.mark.parametrize(
    ("recipient", "address"),
    [
        ("rfc822; reader@example.com", "reader@example.com"),
        ("RFC822;<reader@example.com>", "reader@example.com"),
        ("reader@example.com", "reader@example.com"),
        ('rfc822; "Hong" <reader@example.com>', "reader@example.com"),
        ("utf-8; 홍길동@example.com", "홍길동@example.com"),
        (r"utf-8; \x{D64D}\x{AE38}\x{B3D9}@example.com", "홍길동@example.com"),
        (r"utf-8; a\x{110000}\x{D800}\x{0A}@example.com", "a@example.com"),
        ("X400; /C=KR/A= /P=EXAMPLE/S=HONG/", ""),
        ("system; reader", ""),
    ],
)
def test_an_address_is_read_whatever_its_type(recipient: str, address: str) -> None:
    status = f"Final-Recipient: {recipient}\nAction: failed\nStatus: 5.1.1\n"
    data = report(
        status,
        status_type="message/global-delivery-status",
        returned="Subject: x\n",
        returned_type="message/global-headers",
    )

    (found,) = read_return(data, OURS)

    assert found.clues.addresses == ((address,) if address else ())


@pytest.mark.parametrize(
    "returned_type", ["message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"]
)
def test_the_returned_letter_says_which_it_was(returned_type: str) -> None:
    (found,) = read_return(report(POSTFIX, returned=LETTER_HEAD, returned_type=returned_type), OURS)

    assert found.clues.message_ids == (MESSAGE_ID,)
    assert found.clues.tokens == (TOKEN,)


def test_the_envelope_id_comes_before_what_was_returned() -> None:
    other = "2026-10.mzxw6ytboi4dkmrqgaydcmjs@news.example.org"

    (found,) = read_return(report(f"Original-Envelope-Id: {other}\n\n{POSTFIX}"), OURS)

    assert found.clues.message_ids == (other, MESSAGE_ID)


def test_who_moved_is_told_with_the_new_address_and_the_class() -> None:
    status = POSTFIX.replace("5.1.1", "5.1.6").replace("User\n    unknown", "moved to\n    new@example.net")

    (found,) = read_return(report(status), OURS)

    assert (found.kind, found.new_address) == (Kind.MOVED, "new@example.net")
    assert found.enhanced == "5.1.6"
