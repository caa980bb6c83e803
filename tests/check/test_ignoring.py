"""newsletter.toml and comments in the issue say which findings count, and how much; each with a reason."""

from pathlib import Path

import pytest

from newsletter.check.audience import AudienceSummary
from newsletter.check.comments import comments_in
from newsletter.check.finding import Finding, Severity
from newsletter.check.places.source import read_source
from newsletter.check.run import Examined, examine
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.errors import SettingsError
from newsletter.issue.load import load_issue
from tests.support.checks import ko
from tests.support.issue_files import workspace, write_issue

ISSUE = """\
title: 책
preheader: 새 책
sections:
  - type: notice
    body: |
      [여기](https://a.example.kr/x)
  - type: notice
    body: |
      [더보기](https://a.example.kr/y)
"""


def examined(root: Path, text: str, toml: str = "", environ: dict[str, str] | None = None) -> Examined:
    place = workspace(root, toml, environ)
    path = write_issue(root, text)
    issue = load_issue(path, workspace_root=place.root, timezone="Asia/Seoul")
    editions = [render(issue, place, variant) for variant in variants(issue, ["ko"])]
    return examine(issue, editions, place, "issues/2026-11.yaml", AudienceSummary(file="subscribers.csv"))


def told(findings: tuple[Finding, ...]) -> list[tuple[str, int | None]]:
    """Rule and line, of these rules alone."""
    mine = {"link-text", "bad-ignore", "unused-ignore", "subject-length"}
    return [(finding.rule, finding.line) for finding in findings if finding.rule in mine]


def test_a_comment_ignores_a_rule_in_one_place(tmp_path: Path) -> None:
    text = ISSUE.replace(
        "  - type: notice\n", "  # check: ignore link-text -- the museum's own words\n  - type: notice\n", 1
    )
    found = examined(tmp_path, text)
    assert told(found.findings) == [("link-text", 10)]
    [ignored] = [finding for finding in found.ignored if finding.rule == "link-text"]
    assert (ignored.line, ignored.ignored, ignored.ignored_here) == (7, "the museum's own words", True)


def test_a_comment_may_name_a_rule_by_its_former_id(tmp_path: Path) -> None:
    text = ISSUE.replace("title: 책\n", "title: 책 # check: ignore mail-bytes -- the map must be legible\n")
    assert ("bad-ignore", 1) not in told(examined(tmp_path, text).findings)
    source = read_source(tmp_path / "issues" / "2026-11.yaml", "issues/2026-11.yaml")
    assert [one.holds_for("size-message", ("title",)) for one in comments_in(source)] == [True]


def test_settings_ignore_a_rule_everywhere(tmp_path: Path) -> None:
    found = examined(tmp_path, ISSUE, '[check.ignore]\nlink-text = "our house style"\n')
    assert told(found.findings) == []
    ignored = [finding for finding in found.ignored if finding.rule == "link-text"]
    assert {(finding.ignored, finding.ignored_here) for finding in ignored} == {("our house style", False)}
    assert [finding.line for finding in ignored] == [6, 9]


def test_settings_say_how_bad_a_rule_is(tmp_path: Path) -> None:
    found = examined(tmp_path, ISSUE, '[check.severity]\nlink-text = "error"\n')
    assert {finding.severity for finding in found.findings if finding.rule == "link-text"} == {Severity.ERROR}


def test_the_environment_may_say_it_too(tmp_path: Path) -> None:
    found = examined(tmp_path, ISSUE, environ={"NEWSLETTER_CHECK__IGNORE": '{"link-text": "in the pipeline"}'})
    assert told(found.findings) == []


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# check: ignore link-tekst -- x", "link-text"),
        ("# check: ignore issue-file -- x", "issue-file"),
        ("# check: ignore link-text", "까닭"),
        ("# check: ignore -- x", "어떤 규칙"),
        ("# check: skip link-text -- x", "어떤 규칙"),
    ],
)
def test_a_comment_that_cannot_work_is_a_finding(tmp_path: Path, comment: str, message: str) -> None:
    found = examined(tmp_path, ISSUE.replace("  - type", f"  {comment}\n  - type", 1))
    [bad] = [finding for finding in found.findings if finding.rule == "bad-ignore"]
    assert message in ko(bad.message)
    assert (bad.line, bad.column, bad.severity) == (4, 3, Severity.WARNING)
    assert comment in bad.excerpt
    assert ("link-text", 7) in told(found.findings)


def test_a_comment_at_the_end_of_the_file_holds_for_nothing(tmp_path: Path) -> None:
    found = examined(tmp_path, f"{ISSUE}# check: ignore link-text -- x\n")
    assert told(found.findings)[-1] == ("bad-ignore", 10)


def test_a_comment_with_nothing_to_ignore_is_a_finding(tmp_path: Path) -> None:
    text = ISSUE.replace("title: 책", "title: 책 # check: ignore subject-length, link-text -- x")
    found = examined(tmp_path, text)
    assert told(found.findings) == [
        ("unused-ignore", 1),
        ("unused-ignore", 1),
        ("link-text", 6),
        ("link-text", 9),
    ]


def test_only_who_has_seen_the_audience_can_call_a_comment_needless(tmp_path: Path) -> None:
    place = workspace(tmp_path)
    path = write_issue(tmp_path, ISSUE.replace("title: 책", "title: 책 # check: ignore link-text -- x"))
    issue = load_issue(path, workspace_root=place.root, timezone="Asia/Seoul")
    editions = [render(issue, place, variant) for variant in variants(issue, ["ko"])]
    found = examine(issue, editions, place, "issues/2026-11.yaml")
    assert told(found.findings) == [("link-text", 6), ("link-text", 9)]


@pytest.mark.parametrize(
    ("toml", "line", "words"),
    [
        ('[check.severity]\nlink-tekst = "error"\n', 9, "did you mean `link-text`?"),
        ('[check.ignore]\n\nxyzzy = "why"\n', 10, "docs/checks.md"),
        ('[check.ignore]\nissue-file = "why"\n', 9, "cannot be changed"),
    ],
)
def test_a_rule_that_is_none_is_an_error_of_the_settings(tmp_path: Path, toml: str, line: int, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        examined(tmp_path, ISSUE, toml)
    [problem] = caught.value.problems
    assert (problem.file, problem.line) == ("newsletter.toml", line)
    assert words in str(problem.message)


def test_a_rule_that_is_none_in_the_environment_names_the_variable(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        examined(tmp_path, ISSUE, environ={"NEWSLETTER_CHECK__SEVERITY": '{"xyzzy": "error"}'})
    assert caught.value.problems[0].file == "NEWSLETTER_CHECK__SEVERITY"
