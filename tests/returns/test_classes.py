"""Which class a bounce's words are: the rules of the replies, asked at the stage `returned`."""

import tomllib
from pathlib import Path

import pytest

from newsletter.dispatch.reply_class import ReplyClass
from newsletter.dispatch.rule_file import read_rules
from newsletter.errors import SettingsError
from newsletter.returns.classes import rule_of_return
from newsletter.returns.model import Kind

K = ReplyClass


@pytest.mark.parametrize(
    ("kind", "code", "enhanced", "text", "domain", "expected"),
    [
        (Kind.BOUNCE, 550, "5.1.1", "no such user", "example.com", K.BAD_ADDRESS),
        (Kind.BOUNCE, 0, "5.1.1", "no such user", "example.com", K.BAD_ADDRESS),
        (Kind.BOUNCE, 552, "5.2.2", "over quota", "example.com", K.MAILBOX_FULL),
        (Kind.BOUNCE, 550, "5.7.26", "unauthenticated", "gmail.com", K.UNAUTHENTICATED),
        (Kind.BOUNCE, 554, "", "rejected: 5.7.1 DAS51", "daum.net", K.POLICY),
        (Kind.BOUNCE, 552, "5.3.4", "too big", "example.com", K.CONTENT),
        (Kind.BOUNCE, 0, "4.4.7", "expired", "example.com", K.TEMPORARY),
        (Kind.BOUNCE, 0, "", "", "example.com", K.PERMANENT),
        (Kind.DELAY, 0, "", "", "example.com", K.TEMPORARY),
    ],
)
def test_the_class_of_what_came_back(
    kind: Kind, code: int, enhanced: str, text: str, domain: str, expected: ReplyClass
) -> None:
    found = rule_of_return(kind, code=code, enhanced=enhanced, text=text, domain=domain)
    assert found.reply_class is expected


def test_receivers_words_are_known_without_a_code_of_their_own() -> None:
    words = tomllib.loads((Path(__file__).parent / "corpus" / "words.toml").read_text(encoding="utf-8"))
    wrong = [
        (said, expected, found)
        for expected, all_said in words.items()
        for said in all_said
        if (found := rule_of_return(Kind.BOUNCE, text=said, domain="example.com").reply_class) != expected
    ]
    assert wrong == []


def test_an_operators_rule_may_take_a_returned_5xx_for_a_bad_address_but_no_4xx() -> None:
    rule = '[[rule]]\nid = "gone"\nclass = "bad_address"\nstage = "returned"\ncode = "{}"\n'
    assert read_rules(rule.format("5xx"), "replies.toml", own=True)[0].reply_class is K.BAD_ADDRESS
    with pytest.raises(SettingsError, match="bad_address suppresses"):
        read_rules(rule.format("4xx"), "replies.toml", own=True)
