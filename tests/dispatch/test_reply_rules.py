"""An operator's own rules: laid over the package's, and named with file and line where they are wrong."""

from pathlib import Path

import pytest

from newsletter.dispatch.policy import Policy
from newsletter.dispatch.reply_class import ReplyClass
from newsletter.dispatch.reply_rule import ReplyRule
from newsletter.dispatch.reply_rules import load_reply_rules, merged, packaged_rules, rule_for
from newsletter.dispatch.rule_file import read_rules
from newsletter.errors import SettingsError
from newsletter.settings.model import SmtpTable
from newsletter.smtp.reply import reply_of
from tests.support.books import workspace_at

BUSY = """
# ours
[[rule]]
id = "our-relay-busy"
class = "throttle"
code = "451"
pattern = "queue is full"
"""


def own(text: str) -> tuple[ReplyRule, ...]:
    return merged(read_rules(text, "replies.toml", own=True))


def test_own_rules_are_asked_first() -> None:
    found = rule_for(reply_of("rcpt", 451, "4.3.0 queue is full"), "example.com", own(BUSY))
    assert (found.id, found.reply_class) == ("our-relay-busy", ReplyClass.THROTTLE)
    assert rule_for(reply_of("rcpt", 451, "4.3.0 disk"), "example.com", own(BUSY)).id == "temporary"


def test_a_rule_with_the_id_of_one_of_the_packages_takes_its_place() -> None:
    rules = own('[[rule]]\nid = "policy"\nclass = "permanent"\ncode = "5xx"\nenhanced = "5.7.*"\n')
    assert [rule.id for rule in rules] == [rule.id for rule in packaged_rules()]
    assert rule_for(reply_of("dot", 550, "5.7.1 no"), "example.com", rules).reply_class is ReplyClass.PERMANENT
    assert rule_for(reply_of("dot", 554, "5.7.1 DAS51 no"), "daum.net", rules).id == "daum-spam"


def test_every_reply_finds_a_rule_even_where_the_last_ones_are_replaced_by_narrower_ones() -> None:
    """Else a 451 would be final, and a 550 would end the run in the middle of a message."""
    narrower = '[[rule]]\nid = "temporary"\nclass = "throttle"\ncode = "452"\n'
    narrower += '[[rule]]\nid = "permanent"\nclass = "policy"\ndomain = "example.com"\n'
    rules = own(narrower)
    for code, domain, expected in (
        (452, "example.org", ReplyClass.THROTTLE),
        (451, "example.org", ReplyClass.TEMPORARY),
        (451, "example.com", ReplyClass.TEMPORARY),
        (550, "example.com", ReplyClass.POLICY),
        (550, "example.org", ReplyClass.PERMANENT),
    ):
        assert rule_for(reply_of("rcpt", code, "hm"), domain, rules).reply_class is expected


def test_no_rule_makes_anything_else_of_what_was_accepted() -> None:
    rules = own('[[rule]]\nid = "everything"\nclass = "temporary"\n')
    assert rule_for(reply_of("dot", 250, "2.0.0 ok"), "example.com", rules).reply_class is ReplyClass.ACCEPTED
    assert rule_for(reply_of("dot", 550, "no"), "example.com", rules).id == "everything"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[[rule]]\nclass = 'policy'", "replies.toml:1:1: id: must be a name"),
        ("\n[[rule]]\nid = 'A b'\nclass = 'policy'", "replies.toml:3:1: id: must be a name"),
        ("[[rule]]\nid = 'x'", "replies.toml:1:1: class: must be one of"),
        ("[[rule]]\nid = 'x'\nclass = 'polcy'", "replies.toml:3:1: class: must be one of"),
        ("[[rule]]\nid = 'x'\nclass = 'polcy'", "did you mean `policy`?"),
        ("[[rule]]\nid = 'x'\nclass = 'policy'\ncode = ['5x']", "replies.toml:4:1: code: '5x' is not a code"),
        ("[[rule]]\nid = 'x'\nclass = 'policy'\ncode = [550]", "replies.toml:4:1: code: must be a text"),
        ("[[rule]]\nid = 'x'\nclass = 'policy'\nstages = 'dot'", "toml:4:1: stages: unknown; did you mean `stage`?"),
        ("[[rule]]\nid = 'x'\nclass = 'policy'\nstage = 'end'", "replies.toml:4:1: stage: 'end' is none"),
        ("[[rule]]\nid = 'x'\nclass = 'policy'\n[[rule]]\nid = 'x'\nclass = 'policy'", "toml:5:1: id: `x` stands"),
        ("[[rule]]\nid = 'x'\nclass = 'policy'\npattern = '('", "replies.toml:4:1: pattern: is no regular expression"),
        ("[[rule]]\nid = 'x'\nclass = 'policy'\npattern = 5", "replies.toml:4:1: pattern: must be a text or a list"),
        ("[[rule]]\nid = 'x'\nclass = 'policy'\nunless = 5", "replies.toml:4:1: unless: must be text"),
        ("[[rule]]\nid = 'x'\nclass = 'policy'\nunless = '['", "replies.toml:4:1: unless: is no regular expression"),
        ("[[rule]]\nid = 'x'\nclass = 'policy'\nrest = '1h'", "replies.toml:4:1: rest: only rules of quota, unauth"),
        ("[[rule]]\nid = 'x'\nclass = 'quota'\nrest = '25h'", "replies.toml:4:1: rest: at most `24h`"),
        ("[[rule]]\nid = 'x'\nclass = 'quota'\nrest = 1", "replies.toml:4:1: rest: must be a length of time"),
        ("[[rule]]\nid = 'x'\nclass = 'accepted'", "replies.toml:3:1: class: what is accepted is not for rules"),
        ("[[rule]]\nid = 'x'\nclass = 'lost'", "replies.toml:3:1: class: a lost connection is no reply"),
        ("[[rule]]\nid = 'x'\nclass = 'bad_address'\ncode = '550'", "replies.toml:3:1: class: bad_address suppresses"),
        ("[[rule]]\nid = 'x'\nclass = 'bad_address'\nstage = 'rcpt'\ncode = '4xx'", "bad_address suppresses"),
        ("rule = ", "replies.toml:1:"),
        ("[[rule]]\nid = 'x'\nclass = 'policy'\nvague = 'yes'", "toml:4:1: vague: must be true or false"),
        ("rules = 1", "replies.toml: unknown key `rules`"),
        ("rule = 1", "replies.toml: a rule begins with [[rule]]"),
    ],
)  # fmt: skip
def test_a_wrong_rule_is_named_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_rules(text, "replies.toml", own=True)
    assert complaint in str(caught.value)


def test_all_wrong_rules_are_named_at_once() -> None:
    text = "[[rule]]\nid = 'a'\nclass = 'no'\n[[rule]]\nid = 'b'\nclass = 'nor'\n"
    with pytest.raises(SettingsError) as caught:
        read_rules(text, "replies.toml", own=True)
    assert [problem.line for problem in caught.value.problems] == [3, 6]
    assert caught.value.exit_code == 78


def test_the_setting_names_a_file_of_the_workspace(tmp_path: Path) -> None:
    (tmp_path / "replies.toml").write_bytes(b"\xef\xbb\xbf" + BUSY.replace("\n", "\r\n").encode())
    plain = workspace_at(tmp_path).settings
    settings = plain.model_copy(update={"smtp": SmtpTable(rules="replies.toml")})
    rules = Policy.from_settings(settings, root=tmp_path).rules
    assert rules is not None
    assert "our-relay-busy" in {rule.id for rule in rules}
    assert Policy.from_settings(plain, root=tmp_path).rules is None


def test_a_file_that_is_missing_or_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_text('[smtp]\nrules = "mine.toml"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^newsletter\.toml:2:1: smtp\.rules: cannot read mine\.toml: there is"):
        load_reply_rules(tmp_path, "mine.toml")
    with pytest.raises(SettingsError, match=r"^NEWSLETTER_SMTP__RULES: smtp\.rules: cannot read mine\.toml: there is"):
        load_reply_rules(tmp_path, "mine.toml", "NEWSLETTER_SMTP__RULES")
    (tmp_path / "mine.toml").write_bytes(b"\xff")
    with pytest.raises(SettingsError, match=r"mine\.toml: is not UTF-8"):
        load_reply_rules(tmp_path, "mine.toml")
