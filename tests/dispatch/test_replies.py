"""Which class a reply is, as a table; and what becomes of a relay's words before they are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch.reply_class import ReplyClass
from newsletter.dispatch.reply_rules import packaged_rules, rule_for
from newsletter.smtp.reply import reply_of

K = ReplyClass


@pytest.mark.parametrize(
    ("stage", "said", "domain", "expected"),
    [
        # before a message
        ("connect", "000 Connection refused", "", K.CONNECT),
        ("connect", "554 5.7.1 no service for you", "", K.CONNECT),
        ("connect", "421 4.3.2 too many connections", "", K.THROTTLE),
        ("ehlo", "502 not implemented", "", K.CONNECT),
        ("starttls", "000 certificate verify failed", "", K.CONNECT),
        ("starttls", "454 4.7.0 TLS not available", "", K.THROTTLE),
        ("auth", "535 5.7.8 wrong", "", K.LOGIN),
        ("auth", "534 5.7.9 needs another mechanism", "", K.LOGIN),
        ("auth", "000 AUTH is not supported", "", K.LOGIN),
        ("auth", "454 4.7.0 temporary failure", "", K.THROTTLE),
        # accepted
        ("dot", "250 2.0.0 queued", "example.com", K.ACCEPTED),
        ("dot", "252 fine", "example.com", K.ACCEPTED),
        # the sender, and our right to relay
        ("mail", "550 5.7.1 not you", "example.com", K.SENDER),
        ("mail", "553 5.1.8 unknown domain", "example.com", K.SENDER),
        ("mail", "501 syntax", "example.com", K.SENDER),
        ("mail", "530 5.7.0 authentication required", "example.com", K.LOGIN),
        ("rcpt", "530 5.7.0 authentication required", "example.com", K.LOGIN),
        ("rcpt", "550 5.1.7 bad sender", "example.com", K.SENDER),
        ("rcpt", "553 5.1.8 sender domain", "example.com", K.SENDER),
        ("dot", "550 5.1.8 sender domain", "example.com", K.SENDER),
        ("rcpt", "554 5.7.1 <a@example.com>: Relay access denied", "example.com", K.RELAYING),
        ("rcpt", "550 relaying denied", "example.com", K.RELAYING),
        # slower
        ("mail", "451 4.3.0 try later", "example.com", K.THROTTLE),
        ("mail", "452 4.3.1 no space", "example.com", K.THROTTLE),
        ("rcpt", "421 4.7.0 too fast", "example.com", K.THROTTLE),
        ("dot", "421 4.7.28 unusual rate", "gmail.com", K.THROTTLE),
        ("rcpt", "450 4.7.28 unusual rate", "gmail.com", K.THROTTLE),
        ("rcpt", "421 4.3.2 going down", "example.com", K.THROTTLE),
        ("rcpt", "454 4.7.0 wait", "example.com", K.THROTTLE),
        ("rcpt", "450 4.7.1 Error: too many connections from you", "example.com", K.THROTTLE),
        ("dot", "421 4.3.1 temporarily", "naver.com", K.THROTTLE),
        ("rcpt", "421 4.3.2 Your IP filtered by policy", "naver.com", K.POLICY),
        ("rcpt", "421 4.3.2 Your IP filtered by policy", "mail.naver.com", K.POLICY),
        ("rcpt", "421 4.3.2 Your IP filtered by policy", "notnaver.com", K.THROTTLE),
        # later
        ("rcpt", "450 4.2.1 receiving too fast", "example.com", K.GREYLIST),
        ("rcpt", "452 4.5.3 too many recipients", "example.com", K.GREYLIST),
        ("rcpt", "451 4.7.1 please try again", "example.com", K.GREYLIST),
        ("rcpt", "450 greylisted for 300 seconds", "example.com", K.GREYLIST),
        ("rcpt", "452 4.2.2 full", "example.com", K.MAILBOX_FULL),
        ("dot", "552 5.2.2 over quota", "example.com", K.MAILBOX_FULL),
        ("rcpt", "552 mailbox full", "example.com", K.MAILBOX_FULL),
        # the address
        *((("rcpt", f"550 {code} no", "example.com", K.BAD_ADDRESS)) for code in (
            "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1",
        )),
        ("rcpt", "556 5.1.10 null MX", "example.com", K.BAD_ADDRESS),
        ("rcpt", "501 5.1.3 syntax of the address", "example.com", K.BAD_ADDRESS),
        ("dot", "550 5.1.1 no such user", "example.com", K.PERMANENT),
        ("data", "550 5.1.1 no such user", "example.com", K.PERMANENT),
        ("rcpt", "550 no such user", "example.com", K.PERMANENT),
        ("rcpt", "553 what is this", "example.com", K.PERMANENT),
        ("rcpt", "501 what is this", "example.com", K.PERMANENT),
        ("rcpt", "550 5.1.12 new", "example.com", K.PERMANENT),
        # this letter
        ("mail", "552 5.3.4 too big", "example.com", K.CONTENT),
        ("mail", "552 too big", "example.com", K.CONTENT),
        ("dot", "552 5.3.4 too big", "example.com", K.CONTENT),
        ("dot", "554 5.6.0 bad content", "example.com", K.CONTENT),
        ("data", "503 5.5.1 out of order", "example.com", K.CONTENT),
        ("rcpt", "503 5.5.1 out of order", "example.com", K.CONTENT),
        ("dot", "500 line too long", "example.com", K.CONTENT),
        # this reader's receiver
        ("rcpt", "550 5.7.1 blocked", "naver.com", K.POLICY),
        ("dot", "554 5.7.26 unauthenticated", "gmail.com", K.UNAUTHENTICATED),
        # the rest
        ("rcpt", "451 4.3.0 disk", "example.com", K.TEMPORARY),
        ("dot", "451 whatever", "example.com", K.TEMPORARY),
        ("dot", "554 whatever", "example.com", K.PERMANENT),
        ("rcpt", "571 whatever", "example.com", K.PERMANENT),
    ],
)  # fmt: skip
def test_the_class_of_a_reply(stage: str, said: str, domain: str, expected: ReplyClass) -> None:
    code, _, text = said.partition(" ")
    assert rule_for(reply_of(stage, int(code), text), domain).reply_class is expected


@given(st.sampled_from(["rcpt", "data", "dot"]), st.integers(400, 599), st.text(max_size=40))
def test_only_a_refused_rcpt_can_say_that_an_address_is_bad(stage: str, code: int, text: str) -> None:
    found = rule_for(reply_of(stage, code, text), "example.com").reply_class
    assert found is not K.BAD_ADDRESS or (stage == "rcpt" and code >= 500)
    assert found not in (K.ACCEPTED, K.CONNECT, K.LOST)


def test_every_class_but_lost_has_a_rule() -> None:
    assert {rule.reply_class for rule in packaged_rules()} == set(ReplyClass) - {K.LOST}


@pytest.mark.parametrize(
    ("code", "text", "enhanced", "kept"),
    [
        (550, "5.1.1 no such user", "5.1.1", "no such user"),
        (550, "5.1.1 first\n5.1.1 second", "5.1.1", "first second"),
        (550, "4.1.1 contradicts the code", "", "4.1.1 contradicts the code"),
        (550, "5.1.1", "5.1.1", ""),
        (550, "5.1.1000 no code", "", "5.1.1000 no code"),
        (550, "see 5.1.1", "", "see 5.1.1"),
        (550, "a\x1b[31m red\x00 text\x9b", "", "a [31m red text"),
        (550, "없는 사용자", "", "없는 사용자"),
    ],
)
def test_a_relays_words_are_made_fit_to_be_kept(code: int, text: str, enhanced: str, kept: str) -> None:
    reply = reply_of("rcpt", code, text)
    assert (reply.enhanced, reply.text) == (enhanced, kept)


@given(st.text())
def test_words_that_are_kept_are_one_printable_line_of_bounded_length(text: str) -> None:
    kept = reply_of("dot", 550, text).text
    assert len(kept) <= 500
    assert kept == " ".join(kept.split())
    kept.encode()
