"""What receivers really say, as they were quoted, and the rule that knows it; every rule of a receiver is here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch.reply_class import ReplyClass
from newsletter.dispatch.reply_rules import packaged_rules, rule_for
from newsletter.smtp.reply import reply_of

K = ReplyClass

SAID = """
# Naver
rcpt naver.com    naver-filtered             421 4.3.2 Your IP(192.0.2.1) is filtered and this connection will be clos
rcpt naver.com    naver-slower               421 4.3.1 You send too many messages.
rcpt naver.com    bad-address                550 5.1.1 Inactive mbox
# Daum and Kakao
rcpt hanmail.net  daum-slower                421 4.4.1 CHIC 192.0.2.1: Network is busy.
rcpt kakao.com    daum-slower                421 4.4.5 CCRT 192.0.2.1: Connection refused. Server is busy(RT)
dot  daum.net     daum-spam                  554 5.7.1 DAS51 2192.0.2.1: Your mail is blocked automatically by anti-sp
rcpt daum.net     bad-address                550 5.1.1 RUSR 192.0.2.1: No such user: <reader1@example.com>
rcpt hanmail.net  bad-address                550 5.2.1 RACT 192.0.2.1: Mailbox is inactive
# Nate, and portals without a name
rcpt nate.com     nate-slower                421 Server too busy.
rcpt nate.com     korean-reader-refuses      550 You are registered as spammer (by user's reject list)
dot  example.com  korean-reader-refuses      554 5.0.0 Service unavailable (reader1: mail is denied, by spam filter)
rcpt example.com  mailbox-full-in-words      550 (Mailbox) Quota Violation
rcpt example.com  mailbox-full-in-words      550 The recipient's mailbox is full
rcpt example.com  mailbox-full-at-rcpt       552 Requested mail action aborted: exceeded storage allocation
# public offices, and relays that speak Korean
rcpt korea.kr     public-office-greylist     450 try again later
rcpt seoul.go.kr  public-office-greylist     451 4.7.1 Service unavailable - try again later
dot  seoul.go.kr  public-office-refuses      571 스팸으로 차단되었습니다
rcpt korea.kr     bad-address                550 5.1.1 user unknown
rcpt example.com  korean-relay-limit         554 일일 발송량을 초과하였습니다
# Google
dot  gmail.com    gmail-slower               421 4.7.28 Our system has detected an unusual rate of unsolicited mail
rcpt gmail.com    mailbox-full               452 4.2.2 The recipient's inbox is out of storage space.
rcpt gmail.com    gmail-receives-too-much    450 4.2.1 The user is receiving mail too quickly.
rcpt gmail.com    gmail-receives-too-much    550 5.2.1 The user you are trying to contact is receiving mail at a rate
rcpt gmail.com    bad-address                550 5.2.1 The email account that you tried to reach is disabled.
dot  gmail.com    gmail-unauthenticated      550 5.7.26 Unauthenticated email is not accepted
rcpt naver.com    google-relay-limit         450 4.2.1 Peak SMTP relay limit exceeded for this customer.
mail naver.com    google-daily-limit         550 5.4.5 Daily user sending limit exceeded.
# Microsoft
rcpt hotmail.com  outlook-slower             421 RP-001 (BAY004) Unfortunately, some messages from 192.0.2.1 weren't s
rcpt example.com  microsoft-slower           451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited
mail naver.com    microsoft-tenant-limit     550 5.7.705 Access denied, tenant has exceeded threshold.
rcpt outlook.com  microsoft-block-list       550 SC-001 (BAY004) Unfortunately, messages from 192.0.2.1 weren't sent.
rcpt example.com  microsoft-block-list       550 5.7.606 Access denied, banned sending IP [192.0.2.1].
rcpt example.com  microsoft-access-denied    550 5.4.1 Recipient address rejected: Access denied.
dot  example.com  microsoft-receives-too-much 554 5.2.122 The recipient has exceeded their limit for messages per hour
# Yahoo, AOL
rcpt yahoo.com    yahoo-slower               421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to une
rcpt aol.com      yahoo-slower               451 Resources temporarily unavailable. Please try again later [#4.16.1].
rcpt yahoo.com    yahoo-receives-too-much    450 User is receiving mail too quickly
dot  yahoo.com    permanent                  554 delivery error: dd This user doesn't have a yahoo.com account
dot  yahoo.com    policy                     553 5.7.2 [TSS09] All messages from 192.0.2.1 will be permanently deferre
# iCloud
rcpt icloud.com   icloud-receives-too-much   421 4.7.1 Messages to reader1@icloud.com deferred due to excessive volume
rcpt me.com       icloud-slower              452 try later
dot  icloud.com   policy                     550 5.7.1 [CS01] Message rejected due to local policy.
rcpt example.com  policy-in-words            550 blocked: see https://www.spamhaus.org/query/ip/192.0.2.1
"""
"""Stage, domain of the recipient, the rule that knows it, and what was said."""


def said() -> list[tuple[str, ...]]:
    return [tuple(line.split(maxsplit=3)) for line in SAID.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize(("stage", "domain", "rule", "words"), said())
def test_what_receivers_say_is_known(stage: str, domain: str, rule: str, words: str) -> None:
    code, _, text = words.partition(" ")
    assert rule_for(reply_of(stage, int(code), text), domain).id == rule


def test_every_rule_of_a_receiver_is_tried_here() -> None:
    tried = {rule for _, _, rule, _ in said()}
    assert {rule.id for rule in packaged_rules() if rule.is_receivers} <= tried


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("naver-filtered", K.POLICY),
        ("naver-slower", K.THROTTLE),
        ("daum-slower", K.THROTTLE),
        ("google-relay-limit", K.QUOTA),
        ("microsoft-tenant-limit", K.QUOTA),
        ("gmail-receives-too-much", K.GREYLIST),
        ("public-office-greylist", K.GREYLIST),
        ("microsoft-access-denied", K.PERMANENT),
        ("mailbox-full-in-words", K.MAILBOX_FULL),
    ],
)
def test_what_follows_from_a_receivers_words(rule: str, expected: ReplyClass) -> None:
    assert {one.id: one.reply_class for one in packaged_rules()}[rule] is expected


@pytest.mark.parametrize("domain", ["naver.com", "gmail.com", "icloud.com", "korea.kr"])
def test_before_there_is_a_recipient_it_is_the_relays_word(domain: str) -> None:
    found = rule_for(reply_of("mail", 421, "4.7.0 slow down"), domain)
    assert (found.id, found.is_receivers) == ("sender-later", False)


@given(
    st.sampled_from(["mail", "rcpt", "data", "dot"]),
    st.integers(400, 599),
    st.text(max_size=60),
    st.sampled_from(["naver.com", "hanmail.net", "korea.kr", "gmail.com", "hotmail.com", "icloud.com", "example.com"]),
)
def test_whoever_says_what_only_a_refused_rcpt_says_that_an_address_is_bad(
    stage: str, code: int, text: str, domain: str
) -> None:
    reply = reply_of(stage, code, text)
    found = rule_for(reply, domain).reply_class
    assert found not in (K.ACCEPTED, K.CONNECT, K.LOST)
    listed = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"}
    assert found is not K.BAD_ADDRESS or (stage == "rcpt" and code >= 500 and reply.enhanced in listed)
