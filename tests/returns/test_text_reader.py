"""Bounces that are no RFC 3464 messages: whom they are about, and what they say; bounded whatever they are."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.returns.model import Kind
from newsletter.returns.text_reader import TextReport, codes_in, read_bounce_text

QMAIL = """Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.

<jane@example.com>:
Sorry, no mailbox here by that name. vpopmail (#5.1.1)

<john@example.com>:
User's mailbox is full.

--- Below this line is a copy of the message.

To: somebody-else@example.com
"""


def test_each_recipient_has_a_report_with_its_own_reason() -> None:
    assert read_bounce_text(QMAIL, subject="failure notice", sender="MAILER-DAEMON@mx.example.net") == (
        TextReport(
            Kind.BOUNCE,
            "jane@example.com",
            "Sorry, no mailbox here by that name. vpopmail (#5.1.1)",
            0,
            "5.1.1",
        ),
        TextReport(Kind.BOUNCE, "john@example.com", "User's mailbox is full.", 0, ""),
    )


def test_one_recipients_end_is_not_told_of_another() -> None:
    text = QMAIL.replace("User's mailbox is full.", "Sorry, something went wrong.")
    _, john = read_bounce_text(text, subject="failure notice", sender="MAILER-DAEMON@mx.example.net")
    assert (john.text, john.enhanced) == ("Sorry, something went wrong.", "")


@pytest.mark.parametrize(
    ("text", "address", "reason"),
    [
        ("메일을 전송하지 못했습니다.\n받는사람: hong@example.com\n사유: 없는 계정입니다.", "hong@example.com", "없는"),
        ("메일이 반송되었습니다.\nhong@example.com으로 보낸 메일\n사유 : 용량 초과", "hong@example.com", "용량 초과"),
        ("Undeliverable Address: a@example.com\nReason: full", "a@example.com", "full"),
        ("did not reach the following recipient:\nc=US;dda:SMTP=a@example.com; x\nUnknown", "a@example.com", "Unknown"),
        ("The following recipients did not receive your message:\n<a@example.com>", "a@example.com", ""),
        ("RCPT TO:<a@example.com>\n550 5.1.1 unknown user\nUnable to deliver message", "a@example.com", "unknown user"),
    ],
)  # fmt: skip
def test_a_recipient_is_named_by_a_line_or_a_label(text: str, address: str, reason: str) -> None:
    (report,) = read_bounce_text(text, subject="반송 Undeliverable", sender="postmaster@example.net")
    assert report.address == address
    assert reason in report.text


def test_addresses_of_the_sender_and_of_the_copy_are_nobodys() -> None:
    text = (
        "Mail could not be delivered.\npostmaster@example.net\nmailer-daemon@example.org\nContact: help@example.net\n"
    )
    text += "<jane@example.com>: no such user\n----- Original message -----\nTo: other@example.com\n"
    reports = read_bounce_text(text, subject="failure", sender="Mail System <postmaster@example.net>")
    assert [report.address for report in reports] == ["jane@example.com"]


def test_a_sentence_that_is_broken_before_an_address_names_nobody() -> None:
    text = "Mail could not be delivered to:\njane@example.com\n\nTo reach somebody try other names, such as if\n"
    text += "mike.fox@example.com fails, try mike@example.com instead.\n"
    reports = read_bounce_text(text, subject="failure", sender="MAILER-DAEMON@example.net")
    assert [report.address for report in reports] == ["jane@example.com"]


def test_an_address_that_only_a_header_names_gets_the_reason() -> None:
    text = "This message was created automatically by mail delivery software.\n  an undisclosed address\n    is full"
    reports = read_bounce_text(text, sender="Mailer-Daemon@example.net", failed_recipients=["jane@example.com"])
    assert [(report.address, "is full" in report.text) for report in reports] == [("jane@example.com", True)]


def test_flufl_is_asked_where_only_a_local_part_is_named() -> None:
    text = (
        "Your mail to the following recipients could not be delivered because they are not accepting mail from "
        "news@example.org:\n\n\tscreenname\n"
    )
    reports = read_bounce_text(text, subject="Mail Delivery Problem", sender="MAILER-DAEMON@aol.com")
    assert [report.address for report in reports] == ["screenname@aol.com"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<a@example.com>: 451 4.4.1 no answer\nYour message will be retried until it is 5 days old.", Kind.DELAY),
        ("<a@example.com>: 451 4.4.1 no answer\nI'm not going to try again.", Kind.BOUNCE),
        ("받는사람: a@example.com\n메일이 아직 전달되지 못했습니다. 48시간 동안 계속 시도합니다.", Kind.DELAY),
        ("받는사람: a@example.com\n48시간 동안 재시도하고도 전달하지 못하여 반송되었습니다.", Kind.BOUNCE),
    ],
)
def test_a_delay_is_no_bounce(text: str, kind: Kind) -> None:
    (report,) = read_bounce_text(text, subject="Mail delivery", sender="mailer-daemon@example.net")
    assert report.kind is kind


@pytest.mark.parametrize(
    ("subject", "sender", "text"),
    [
        ("지난 호가 전송되지 않았습니다", "jane@example.com", "메일이 전달되지 않았습니다. 제 주소: jane@example.com"),
        ("Re: Undeliverable: News", "jane@example.com", "> <jane@example.com>: 550 5.1.1 user unknown\nIs that me?"),
        ("Re: Undeliverable: News", "jane@example.com", "You wrote: mail delivery failed:\n<jane@example.com>: 550 no"),
        ("Out of office", "jane@example.com", "I am away and cannot be reached. Write to kim@example.com."),
        ("부재중", "hong@example.com", "휴가 중입니다. 메일을 수신하지 못합니다. 문의: kim@example.com"),
        ("인증 요청", "mailer-daemon@example.net", "메일이 전달되지 않았습니다. 발송자 인증: \n<hong@example.com>"),
        ("News", "jane@example.com", ""),
        ("", "", ""),
    ],
)  # fmt: skip
def test_what_people_write_is_no_notice(subject: str, sender: str, text: str) -> None:
    assert read_bounce_text(text, subject=subject, sender=sender) == ()


@pytest.mark.parametrize(
    ("text", "code", "enhanced"),
    [
        ("550 5.1.1 no such user", 550, "5.1.1"),
        ("said: 550-5.7.1 [192.0.2.1] blocked", 550, "5.7.1"),
        ("(#5.1.1)", 0, "5.1.1"),
        ("host 192.0.2.45 said nothing", 0, ""),
        ("452 4.2.2 over quota, 550 lines", 452, "4.2.2"),
        ("after 450 hours, 500 MB, 500통", 0, ""),
        ("mx500.example.com id 4.500-550", 0, ""),
    ],
)
def test_codes_are_told_from_other_numbers(text: str, code: int, enhanced: str) -> None:
    assert codes_in(text) == (code, enhanced)


HOSTILE = (
    "@", "a@", "a@b.", "<a@example.com>:", "a" * 999 + "@", "사유: ", "\n", "\n\n", "550 ", "5.1.1 ", "user " * 9,
    "mailbox ", "받는사람: a@example.com\n", "계정 존재 ", "exceed " * 3, "to: ", ": ", "a@example.com\n사유:\n\n",
    "<a@example.com>: mailbox user account ", "-- original message", "\u3000", "\x00", "could not be delivered. ",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
@pytest.mark.parametrize("opening", ["", "This is the mail system at host mx.example.net.\n\n"], ids=["bare", "notice"])
def test_no_text_takes_two_seconds(opening: str, piece: str) -> None:
    """The promise itself is a time; of the processor, so that a busy machine does not break it."""
    text = opening + piece * (1_000_000 // len(piece))
    started = time.process_time()
    reports = read_bounce_text(text, subject="Undeliverable", sender="mailer-daemon@example.net")
    assert time.process_time() - started < 2
    assert len(reports) <= 50
    assert all(len(report.text) <= 500 for report in reports)


def test_nor_do_many_recipients_with_words_that_no_rule_knows() -> None:
    text = "This is the mail system at host mx.example.net.\n\n"
    text += "".join(f"<reader{number}@mx{number}.example.com>: 550 {'what is this ' * 40}\n" for number in range(5_000))
    started = time.process_time()
    reports = read_bounce_text(text, subject="Undeliverable", sender="mailer-daemon@example.net")
    assert time.process_time() - started < 2
    assert len(reports) == 50


@settings(max_examples=60)
@given(st.lists(st.sampled_from((*HOSTILE[:-2], *QMAIL.split("\n"))), max_size=30).map("\n".join), st.text(max_size=40))
def test_any_text_is_answered_with_lines_that_can_be_logged(text: str, subject: str) -> None:
    for report in read_bounce_text(text[:20_000], subject=subject, sender="postmaster@example.net"):
        assert report.kind in (Kind.BOUNCE, Kind.DELAY)
        assert "\n" not in report.text
        assert not report.address or report.address.count("@") == 1
