"""What relays and receivers really say (replies.toml), and the rule that knows it; each rule is there and explained."""

import tomllib
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.catalogue import LANGUAGES, entries
from newsletter.dispatch.reply_class import ReplyClass
from newsletter.dispatch.reply_meanings import meaning_of
from newsletter.dispatch.reply_rule import ReplyRule
from newsletter.dispatch.reply_rules import packaged_rules, rule_for
from newsletter.smtp.reply import reply_of

K = ReplyClass
WORDS_OF_PERIODS = (
    "per hour", "an hour", "this hour", "hourly", "in the last hour", "per day", "daily", "a day", "in 24 hours",
    "today", "per 24h", "this month", "monthly",
)  # fmt: skip
WORDS_OF_LIMITS = (
    "You have exceeded the number of mails you may send {}",
    "sending limit {} reached",
    "Sorry, max 500 messages {}",
    "too many recipients {}",
    "550-only 100 messages {} are allowed",
    "Your quota of 1000 e-mails {} is used up",
    "Message rejected: user@example.com sent more than 300 messages {}",
)
FULL_MAILBOXES = (
    "account is exceeding their quota", "account is over quota", "disc quota exceeded", "exceeded storage allocation",
    "exceeding its mailbox quota", "mail quota exceeded", "mailbox exceeded the local limit", "mailbox is full",
    "mailbox quota usage exceeded", "mailbox size limit exceeded", "maildir over quota", "over the allowed quota",
    "quota exceeded", "quota violation for", "user has exceeded quota, bouncing mail", "(Mailbox) Quota Violation",
    "user has too many messages on the server", "email quota exceeded", "inbox is out of storage space",
    "account disabled temporarly for exceeding receiving limits", "메일함 용량을 초과했습니다",
    "수신 한도를 초과했습니다",
)  # fmt: skip
"""As they are listed in github.com/sisimai/rb-sisimai, lib/sisimai/reason/mailboxfull.rb; the last two assumed."""


def said() -> list[dict[str, str]]:
    replies: list[dict[str, str]] = tomllib.loads(Path(__file__).with_name("replies.toml").read_text(encoding="utf-8"))[
        "reply"
    ]
    return replies


def known(stage: str, words: str, domain: str = "example.com") -> ReplyRule:
    code, _, text = words.partition(" ")
    return rule_for(reply_of(stage, int(code), text), domain)


@pytest.mark.parametrize("one", said(), ids=lambda one: f"{one['rule']}-{one['said'][:40]}")
def test_what_is_really_said_is_known(one: dict[str, str]) -> None:
    assert known(one["stage"], one["said"], one.get("domain", "example.com")).id == one["rule"]


def test_every_rule_has_a_real_reply_and_every_reply_a_source() -> None:
    assert {rule.id for rule in packaged_rules()} == {one["rule"] for one in said()}
    assert [one["said"] for one in said() if not one["source"].startswith(("https://", "assumed"))] == []
    assert len({one["said"].split()[0] + one["said"].split()[1] for one in said()}) > 40


@pytest.mark.parametrize("rule", packaged_rules(), ids=lambda rule: str(rule.id))
def test_every_rule_says_what_it_means_and_how_to_mend_it(rule: ReplyRule) -> None:
    told = meaning_of(rule.id, rule.reply_class)
    assert told is not None
    by_class = meaning_of("an-own-rule", rule.reply_class)
    if rule.is_receivers or rule.reply_class in (K.QUOTA, K.UNAUTHENTICATED):
        assert told != by_class
    for language in LANGUAGES:
        assert told.meaning.in_language(language).endswith(".")
        assert told.remedy.in_language(language).endswith(".")


def test_nothing_is_explained_that_there_is_not() -> None:
    explained = {key.partition(".")[0] for key in entries("newsletter.dispatch", "words", "reply_meanings.toml")}
    rules = {rule.id.removesuffix("-in-words").removesuffix("-at-rcpt") for rule in packaged_rules()}
    assert explained <= rules | {f"class-{kind}" for kind in ReplyClass}


def test_every_class_is_explained_and_an_unknown_one_is_not() -> None:
    assert all(meaning_of("", kind) for kind in ReplyClass)
    assert meaning_of("policy", "of a later version") is None
    # an own rule that has the id of a packaged one and another class
    assert meaning_of("daum-spam", "greylist") == meaning_of("", "greylist")
    assert meaning_of("unauthenticated-spf-in-words", "unauthenticated") == meaning_of(
        "unauthenticated-spf", "unauthenticated"
    )


@pytest.mark.parametrize("limit", WORDS_OF_LIMITS)
def test_a_limit_of_an_hour_a_day_or_a_month_is_a_quota_in_whatever_words(limit: str) -> None:
    codes, stages = ("421", "450", "451", "452", "550", "552", "554"), ("mail", "rcpt", "data", "dot")
    for period, code, stage in product(WORDS_OF_PERIODS, codes, stages):
        rule = known(stage, words := f"{code} {limit.format(period)}")
        assert rule.reply_class is K.QUOTA, words
        assert (rule.rest > timedelta(hours=1)) == (period == "in 24 hours" or "hour" not in period), words


@pytest.mark.parametrize(
    ("stage", "words", "expected"),
    [
        *(("rcpt", f"{code} {words}", None) for code in (450, 452, 550, 552, 554) for words in FULL_MAILBOXES),
        ("dot", "451 Mails per session limit exceeded.", K.SESSION_LIMIT),
        ("rcpt", "421 Max message per connection reached, closing transmission channel", K.SESSION_LIMIT),
        ("dot", "550 This has exceeded the max number of messages per session. Open a new one.", K.SESSION_LIMIT),
        ("rcpt", "421 too many connections per hour from your IP", K.THROTTLE),
        ("rcpt", "550 Too many concurrent connections", K.THROTTLE),
        ("connect", "421 4.7.0 too many connections", K.THROTTLE),
        ("auth", "454 4.7.0 Too many login attempts, please try again later", K.THROTTLE),
        ("rcpt", "451 4.7.1 Greylisted for 1 hour, the limit has not been reached", K.GREYLIST),
        ("rcpt", "450 4.2.1 The user you are trying to contact is receiving mail too quickly", K.GREYLIST),
        ("dot", "550 5.2.122 The recipient has exceeded their limit of messages per hour", K.GREYLIST),
        ("rcpt", "452 4.5.3 Your message has too many recipients", K.GREYLIST),
        ("mail", "552 5.3.4 message size exceeds the daily limit? No: fixed limit per message", K.CONTENT),
        ("rcpt", "421 4.3.1 You send too many messages.", K.THROTTLE),
        ("rcpt", "550 5.1.1 <daily-limit.exceeded@example.com>: no such user", K.BAD_ADDRESS),
        ("dot", "554 This IP has been blocked for the day: too many messages judged to be spam", K.POLICY),
    ],
)  # fmt: skip
def test_what_only_sounds_like_a_quota_is_none(stage: str, words: str, expected: ReplyClass | None) -> None:
    found = known(stage, words, "naver.com" if "You send" in words else "example.com").reply_class
    assert found is not K.QUOTA
    assert expected in (None, found)


@pytest.mark.parametrize("code", ["421", "450", "550", "554"])
@pytest.mark.parametrize(
    ("enhanced", "rule"),
    [
        *((f"7.{number}", "unauthenticated-spf") for number in (23, 24, 27)),
        *((f"7.{number}", "unauthenticated-dkim") for number in (20, 21, 22, 30)),
        *((f"7.{number}", "unauthenticated-dmarc") for number in (31, 40)),
        ("7.25", "unauthenticated-ptr"),
        ("7.26", "unauthenticated"),
        ("7.29", "unauthenticated-tls"),
        ("7.32", "unauthenticated-alignment"),
    ],
)
@pytest.mark.parametrize("domain", ["gmail.com", "a-company.example.com", "naver.com"])
def test_not_authenticated_is_known_by_its_number_at_whatever_domain(
    domain: str, enhanced: str, rule: str, code: str
) -> None:
    for stage in ("mail", "rcpt", "dot"):
        found = known(stage, f"{code} {code[0]}.{enhanced} no", domain)
        assert (found.id, found.reply_class) == (rule, K.UNAUTHENTICATED)


@pytest.mark.parametrize(
    ("stage", "words", "expected"),
    [
        ("auth", "535 5.7.8 Authentication credentials invalid", K.LOGIN),
        ("auth", "534 5.7.9 Application-specific password required", K.LOGIN),
        ("mail", "530 5.7.0 Authentication required", K.LOGIN),
        ("mail", "530 5.7.0 Must issue a STARTTLS command first", K.LOGIN),
        ("rcpt", "550 5.7.1 Unauthenticated senders not allowed", K.RELAYING),
        ("rcpt", "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain", K.RELAYING),
        ("rcpt", "550 5.7.136 Sender was not authenticated for organization", K.POLICY),
        ("dot", "554 5.7.1 Spam message rejected (score 9: SPF_FAIL 1.0, DKIM_INVALID 0.1)", K.POLICY),
        ("dot", "550 5.7.1 SPF=pass, DKIM=pass, and yet rejected as spam", K.POLICY),
        ("dot", "550 5.7.1 likely unsolicited mail", K.POLICY),
    ],
)
def test_what_only_sounds_like_missing_records_is_something_else(stage: str, words: str, expected: ReplyClass) -> None:
    assert known(stage, words).reply_class is expected


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
