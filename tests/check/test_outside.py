"""What was looked up outside becomes findings: how links answer, and what SpamAssassin dislikes."""

from pathlib import Path

import pytest

from newsletter.check.audience import AudienceSummary
from newsletter.check.finding import Finding, Severity
from newsletter.check.outside import (
    LinkAnswer,
    Outside,
    SpamReport,
    SpamTest,
    VisitResult,
    address_of,
    addresses_to_visit,
)
from newsletter.check.run import examine
from newsletter.edition.edition import Edition
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue
from tests.support.checks import ko
from tests.support.issue_files import write_issue
from tests.support.letters import workspace_at

URL = "https://www.si.re.kr/report"
ISSUE = f"title: 신성장동력\npreheader: 한 줄\nintro: |\n  첫 줄\n  이 [보고서]({URL}#part) 그리고 [다시]({URL})\n"


def found(root: Path, outside: Outside, text: str = ISSUE, *, language: str = "ko") -> list[Finding]:
    issue = load_issue(write_issue(root, text), workspace_root=root, timezone="Asia/Seoul")
    workspace = workspace_at(root, newsletter={"language": language})
    letters, audience = editions(root, text, language), AudienceSummary(file="subscribers.csv")
    findings = examine(issue, letters, workspace, "issues/2026-11.yaml", audience, outside).findings
    return [finding for finding in findings if finding.rule in {"link-status", "spam-score", "unused-ignore"}]


def editions(root: Path, text: str, language: str = "ko") -> list[Edition]:
    issue = load_issue(write_issue(root, text), workspace_root=root, timezone="Asia/Seoul")
    workspace = workspace_at(root, newsletter={"language": language})
    return [render(issue, workspace, variant) for variant in variants(issue, [language, *issue.translations])]


def answered(answer: LinkAnswer) -> Outside:
    return Outside(links={URL: answer})


@pytest.mark.parametrize("answer", [answer for answer in VisitResult if answer is not VisitResult.FINE])
def test_whatever_is_not_fine_is_told_once_at_its_place_in_the_issue(tmp_path: Path, answer: VisitResult) -> None:
    [finding] = found(tmp_path, answered(LinkAnswer(answer, 418, detail="certificate has expired")))
    assert (finding.rule, finding.severity) == ("link-status", Severity.WARNING)
    assert (finding.line, finding.column) == (5, 11)
    assert URL in ko(finding.message)
    assert "{" not in ko(finding.message)
    assert ko(finding.hint)


def test_an_address_that_stands_once_is_one_finding_in_however_many_languages_the_letter_is(tmp_path: Path) -> None:
    button = f"  - {{ type: story, heading: 가, body: 나, button: {{ label: 더 읽을 보고서, url: {URL} }} }}\n"
    text = (
        f"title: 신성장동력\npreheader: 한 줄\nintro: 글\nsections:\n{button}"
        "translations:\n  en:\n    sections:\n      - button: { label: A report to read }\n"
    )
    [finding] = found(tmp_path, answered(LinkAnswer(VisitResult.GONE, 404)), text)
    assert finding.line == 5
    assert [place.variant for place in finding.letters] == ["ko", "en"]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_a_program_cannot_tell_is_not_called_broken(tmp_path: Path, language: str) -> None:
    [refused] = found(tmp_path, answered(LinkAnswer(VisitResult.REFUSED, 403)), language=language)
    assert {"ko": "확인할 수 없습니다", "en": "cannot tell"}[language] in refused.message.in_language(language)
    assert "403" in ko(refused.message)


def test_a_new_address_is_told_to_be_written(tmp_path: Path) -> None:
    [moved] = found(tmp_path, answered(LinkAnswer(VisitResult.FINE, 200, moved_to="https://www.si.re.kr/new")))
    assert "https://www.si.re.kr/new" in ko(moved.message)
    assert "https://www.si.re.kr/new" in ko(moved.hint)


def test_a_link_that_is_fine_and_one_that_nobody_visited_are_no_finding(tmp_path: Path) -> None:
    assert found(tmp_path, answered(LinkAnswer(VisitResult.FINE, 200))) == []
    assert found(tmp_path, Outside(links={})) == []
    assert found(tmp_path, Outside()) == []


def test_spam_is_told_from_two_points_on_with_the_tests_that_hit(tmp_path: Path) -> None:
    tests = (SpamTest("HTML_IMAGE_ONLY", 1.6, "HTML: images with few words"), SpamTest("MAILING_LIST", -1.0, "List"))
    [finding] = found(tmp_path, Outside(spam={"ko": SpamReport(2.0, tests)}))
    assert (finding.rule, finding.severity) == ("spam-score", Severity.WARNING)
    assert "2.0" in ko(finding.message)
    assert "HTML_IMAGE_ONLY 1.6" in ko(finding.message)
    assert "MAILING_LIST" not in ko(finding.message)
    assert "HTML: images with few words" in ko(finding.hint)
    assert found(tmp_path, Outside(spam={"ko": SpamReport(1.9, tests)})) == []


def test_spam_is_told_of_the_editions_that_get_the_points_and_the_same_points_once(tmp_path: Path) -> None:
    shouting = SpamReport(3.1, (SpamTest("SUBJ_ALL_CAPS", 3.1, "Subject is all capitals"),))
    reports = {"ko": SpamReport(0.1), "en": shouting, "en-0": shouting, "ja": SpamReport(2.2)}
    by_tests, by_nothing_known = found(tmp_path, Outside(spam=reports))
    assert "3.1" in ko(by_tests.message)
    assert "en, en-0" in str(by_tests.message)
    assert "2.2" in ko(by_nothing_known.message)
    assert "ja" in ko(by_nothing_known.message)


def test_a_comment_for_a_rule_that_did_not_look_is_not_called_needless(tmp_path: Path) -> None:
    text = ISSUE.replace("intro: |", "# check: ignore link-status -- that site refuses programs\nintro: |")
    assert found(tmp_path, answered(LinkAnswer(VisitResult.GONE, 404)), text) == []
    assert found(tmp_path, Outside(), text) == []
    [needless] = found(tmp_path, answered(LinkAnswer(VisitResult.FINE, 200)), text)
    assert needless.rule == "unused-ignore"


def test_every_address_is_visited_once_but_those_that_need_no_visit(tmp_path: Path) -> None:
    text = ISSUE + (
        "  [전화](mailto:a@si.re.kr) [내 것](https://www.si.re.kr/{{ subscriber.email }})"
        " [다른](http://한글.kr/가?나=다)"
        " [예](https://www.example.com/) [나](http://localhost:8000/)\n"
        "translations:\n  en:\n    intro: |\n      [a report](https://www.si.re.kr/en)\n"
    )
    assert addresses_to_visit(editions(tmp_path, text)) == [
        URL,
        "http://xn--bj0bj06e.kr/%EA%B0%80?%EB%82%98=%EB%8B%A4",
        "https://www.si.re.kr/en",
    ]


@pytest.mark.parametrize("href", ["", "#a", "/a", "mailto:a@b.c", "javascript:x", "http://", "http://[", "ftp://a.b/"])
def test_what_is_no_web_address_is_not_visited(href: str) -> None:
    assert address_of(href) == ""
