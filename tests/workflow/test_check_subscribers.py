"""`newsletter subscribers check`: the whole list, row by row, before any letter."""

import json
import tracemalloc
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from newsletter.catalogue import Phrase
from newsletter.check.finding import Finding, Severity
from newsletter.settings.workspace import Workspace
from newsletter.workflow.check_subscribers import SubscriberCheck, check_subscribers
from newsletter.workflow.subscribers import suppress
from tests.support.cli import newsletter
from tests.support.issue_files import workspace as make_workspace

TODAY = date(2026, 11, 29)
HEAD = "email,name,language,tags,consent_at,consent_source\n"
GOOD = "a@example.com,홍길동,ko,시민;연구,2026-03-02,누리집\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_workspace(tmp_path)


def checked(workspace: Workspace, text: str | bytes) -> tuple[SubscriberCheck, list[Finding]]:
    content = text if isinstance(text, bytes) else text.encode()
    (workspace.root / "subscribers.csv").write_bytes(content)
    report, findings = check_subscribers(workspace, today=TODAY)
    return report, list(findings)


def test_a_good_list_has_nothing_to_be_told(workspace: Workspace) -> None:
    report, findings = checked(workspace, HEAD + GOOD)
    assert (findings, report.people, report.exit_code) == ([], 1, 0)


@pytest.mark.parametrize(
    ("row", "rule", "words"),
    [
        ("b@naver.con,,,,2026-01-05,x", "domain-typo", "naver.com was probably meant"),
        ('b@example.com,,,"시민,연구",2026-01-05,x', "tag-separator", "comma"),
        ("b@example.com,,,,작년 봄,x", "consent-date", "is no date"),
        ("b@example.com,,,,2062-01-05,x", "consent-date", "still to come"),
        ("b@example.com,#N/A,,,2026-01-05,x", "merge-value", "name"),
        ("b@example.com,홍\u202e길동,,,2026-01-05,x", "merge-value", "name"),
        ("b@example.com,,kr,,2026-01-05,x", "language-unknown", "ko was probably meant"),
        ("홍길동 <b@example.com>,,,,,", "bad-row", "a name with the address"),
        ("b@example.com; c@example.com,,,,,", "bad-row", "more than one address"),
        ("A@EXAMPLE.COM,,,,,", "duplicate-row", "line 2"),
    ],
)
def test_what_is_wrong_with_a_row_names_its_line(workspace: Workspace, row: str, rule: str, words: str) -> None:
    many = "".join(f"x{number}@example.org,,,,2026-01-05,x\n" for number in range(100))
    report, findings = checked(workspace, f"{HEAD}{GOOD}{row}\n{many}")
    [found] = findings
    assert (found.rule, found.line, found.severity, report.exit_code) == (rule, 3, Severity.WARNING, 0)
    assert words in str(found.message)
    assert isinstance(found.hint, Phrase)
    assert "b@" not in str(found)


def test_the_counts_add_up(workspace: Workspace) -> None:
    suppress(workspace, "b@example.com", "manual")
    rows = "b@example.com,,,,2020-01-05,x\nA@example.com,,,,,\nnobody,,,,,\nc@gmial.com,,,,,\n"
    report, findings = checked(workspace, HEAD + GOOD + rows)
    assert (report.rows, report.people, report.duplicates, report.bad) == (5, 3, 1, 1)
    assert report.rows == report.people + report.duplicates + report.bad
    assert (report.suppressed, report.doubtful) == (1, 1)
    assert (report.without_consent, report.old_consent) == (1, 1)
    assert report.to_json()["by_rule"] == Counter(finding.rule for finding in findings)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (HEAD, "audience-empty"),
        ("이름,전화\n홍길동,02-120\n", "audience-file"),
        ("", "audience-file"),
        (b"email\n\xff\xfe\xff\n", "audience-file"),
        (HEAD + GOOD + "nobody,,,,,\n", "bad-row"),
    ],
)
def test_what_would_stop_a_send_is_an_error(workspace: Workspace, text: str | bytes, rule: str) -> None:
    report, findings = checked(workspace, text)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    assert [finding.rule for finding in errors] == [rule]
    assert (report.errors, report.exit_code) == (1, 65)


@pytest.mark.parametrize("form", ["{}", "\ufeff{}", "{}\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_files_as_spreadsheets_save_them(workspace: Workspace, form: str, encoding: str) -> None:
    text = form.format(f"{HEAD}{GOOD}b@naver.con,홍길동,ko,,,\n".replace("\n", "\r\n"))
    if encoding == "cp949" and "\ufeff" in text:
        return
    _, [found] = checked(workspace, text.encode(encoding))
    assert (found.rule, found.line) == ("domain-typo", 3)


def test_memory_does_not_grow_with_the_findings(workspace: Workspace) -> None:
    rows = "".join(f"r{number}@naver.con,,kr,,작년,x\n" for number in range(20_000))
    (workspace.root / "subscribers.csv").write_text(HEAD + rows, encoding="utf-8")
    report, findings = check_subscribers(workspace, today=TODAY)
    tracemalloc.start()
    try:
        total = sum(1 for _ in findings)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total == 60_000
    assert report.doubtful == 20_000
    assert peak < 12 * 1024 * 1024  # a kept finding alone is some 500 octets, so that they would come to 30 MB


def test_the_command_tells_people_and_scripts_the_same(workspace: Workspace) -> None:
    csv = workspace.root / "export.csv"
    csv.write_text(f"{HEAD}{GOOD}b@gmial.com,,,,2026-01-05,x\n", encoding="utf-8")
    told = newsletter("subscribers", "check", "export.csv", cwd=workspace.root)
    assert (told.returncode, told.stderr.startswith("export.csv: 2 rows: 2 subscribers, 0 bad")) == (0, True)
    assert told.stdout.startswith("export.csv:3: warning: The address is at gmial.com; gmail.com was probably meant.")
    as_json = newsletter("subscribers", "check", "export.csv", "--json", cwd=workspace.root)
    read = json.loads(as_json.stdout)
    assert [(found["file"], found["line"], found["rule"]) for found in read["findings"]] == [
        ("export.csv", 3, "domain-typo")
    ]
    assert (read["rows"], read["people"], read["errors"], read["warnings"]) == (2, 2, 0, 1)
    assert newsletter("subscribers", "check", cwd=workspace.root).returncode == 65


def test_no_finding_is_json_too(workspace: Workspace) -> None:
    (workspace.root / "subscribers.csv").write_text(HEAD + GOOD, encoding="utf-8")
    told = newsletter("subscribers", "check", "--json", "--quiet", cwd=workspace.root)
    assert (json.loads(told.stdout)["findings"], told.stderr) == ([], "")
