"""`newsletter check` finds what stands in the way of a send, whichever file it is in, and says so in several forms."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.catalogue import Verbatim
from newsletter.check.finding import Finding, LetterPlace, Severity
from newsletter.check.formats import Format, FormatOptions, write_findings
from newsletter.errors import InputError, SettingsError, UsageError
from newsletter.report.findings import CheckReport
from newsletter.settings.workspace import Workspace
from newsletter.workflow.approve import keep, propose
from newsletter.workflow.check import check, check_all, folder_in_repository
from newsletter.workflow.steps.examine import refuse_errors
from newsletter.workflow.steps.letter import open_letter
from newsletter.workflow.steps.prepare import prepare
from tests.support.checks import ko
from tests.workflow.conftest import Reload, write_issue

TODO = "sections:\n  - type: notice\n    body: TODO\n"
BARE = "sections:\n  - type: notice\n    body: |\n      [여기](https://a.example.kr/x)\n"


REAL = {
    "NEWSLETTER_NEWSLETTER__LIST_ID": "letter.si.re.kr",
    "NEWSLETTER_SENDER__ADDRESS": "no-reply@si.re.kr",
    "NEWSLETTER_LINKS__PAGES_URL": "https://letter.si.re.kr",
}
"""In place of the addresses that are examples, of which `check` warns."""


def in_toml(workspace: Workspace, toml: str) -> None:
    path = workspace.root / "newsletter.toml"
    path.write_text(path.read_text(encoding="utf-8") + toml, encoding="utf-8")


def test_an_issue_without_fault_is_told_as_such(open_workspace: Reload) -> None:
    report = check(open_workspace(**REAL), "2026-11")
    assert report.exit_code == 0
    assert str(report.summary()) == "2026-11: nothing found\nIt goes to 3 subscribers of subscribers.csv"
    assert as_text(report) == ""


def test_addresses_of_nobody_are_advice_while_nothing_leaves_this_machine(open_workspace: Reload) -> None:
    workspace = open_workspace()
    report = check(workspace, "2026-11")
    assert report.exit_code == 0
    told = [(one.rule, one.place, one.severity.value) for one in report.findings]
    assert told == [("example-address", f"newsletter.toml:{line}:1", "warning") for line in (4, 6, 12)]
    keep(workspace, propose(workspace, "2026-11"), by="Jane Doe")
    assert prepare(workspace, "2026-11").warnings == 3


def test_what_cannot_be_loaded_is_a_finding_at_its_place(open_workspace: Reload) -> None:
    workspace = open_workspace()
    write_issue(workspace.root, more="bogus: 1\n")
    report = check(workspace, "2026-11")
    assert report.exit_code == 65
    assert [(finding.rule, finding.line, finding.column) for finding in report.findings] == [("issue-file", 6, 1)]
    assert str(report.findings[0]).startswith("issues/2026-11.yaml:6:1: bogus: ")
    assert ko(report.findings[0].why)


def test_a_field_of_another_tool_is_left_over_also_where_the_file_cannot_be_read(open_workspace: Reload) -> None:
    workspace = open_workspace()
    path = write_issue(workspace.root, more="author: '{{{name}}}'\nhero: 1\n")
    report = check(workspace, str(path))
    assert [(one.rule, one.line) for one in report.findings] == [("placeholder-left", 6), ("issue-file", 7)]


def test_what_is_wrong_with_an_issue_as_a_whole_names_its_file_to_programs_too(open_workspace: Reload) -> None:
    workspace = open_workspace()
    sections = "".join(f"  - {{ type: notice, body: 글, only_for: [t{number}] }}\n" for number in range(7))
    write_issue(workspace.root, more=f"sections:\n{sections}")
    report = check(workspace, "2026-11")
    assert [(finding.rule, finding.file) for finding in report.findings] == [("issue-file", "issues/2026-11.yaml")]
    [result] = json.loads(written("sarif", report))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "issues/2026-11.yaml"


def test_a_subscriber_file_that_cannot_be_read_is_a_finding(open_workspace: Reload) -> None:
    workspace = open_workspace()
    (workspace.root / "subscribers.csv").write_text("name,town\n홍길동,서울\n", encoding="utf-8")
    report = check(workspace, "2026-11")
    assert report.exit_code == 65
    assert "subscribers.csv" in str(report.findings[0])


def test_an_issue_can_be_checked_where_there_is_nobody(open_workspace: Reload) -> None:
    workspace = open_workspace()
    (workspace.root / "subscribers.csv").unlink()
    assert check(workspace, "2026-11").exit_code == 0


def test_a_person_reads_the_place_the_line_and_what_to_do_and_on_request_why(open_workspace: Reload) -> None:
    workspace = open_workspace()
    write_issue(workspace.root, more=BARE)
    text = as_text(check(workspace, "2026-11"))
    assert text.startswith("issues/2026-11.yaml:9:12: 주의: ‘여기’만으로는")
    assert "    [여기](https://a.example.kr/x)\n" in text
    more = as_text(check(workspace, "2026-11"), verbose=True)
    assert "화면 낭독기" in more
    assert "WCAG 2.2, 2.4.4" in more
    assert re.search(r"^ko 편지의 HTML \d+:\d+: <a href=", more, re.MULTILINE)


def test_what_is_ignored_is_counted_and_stands_in_the_forms_for_programs(open_workspace: Reload) -> None:
    workspace = open_workspace(**REAL)
    write_issue(workspace.root, more=BARE.replace("sections:", "sections: # check: ignore link-text -- by contract"))
    report = check(workspace, "2026-11")
    assert str(report.summary()).startswith("2026-11: nothing found, 1 ignored\n")
    assert "까닭: by contract" in as_text(report, verbose=True)
    assert as_text(report) == ""
    data = json.loads(written("json", report))
    assert (data["issue"], data["findings"]) == ("2026-11", [])
    assert [(one["rule"], one["line"], one["reason"]) for one in data["ignored"]] == [("link-text", 9, "by contract")]
    results = json.loads(written("sarif", report))["runs"][0]["results"]
    assert results[0]["suppressions"][0]["justification"] == "by contract"
    assert written("github", report) == ""


def test_a_folder_in_the_place_of_the_subscriber_file_is_refused_and_not_passed_over(open_workspace: Reload) -> None:
    workspace = open_workspace(NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false")
    (workspace.root / "subscribers.csv").rename(workspace.root / "subscribers.example.csv")
    (workspace.root / "subscribers.csv").mkdir()
    [found] = check(workspace, "2026-11").errors
    assert (found.rule, found.file) == ("audience-file", "subscribers.csv")
    with pytest.raises(InputError, match="this is not a file"):
        prepare(workspace, "2026-11")


def test_a_bad_row_tells_what_is_to_be_done_about_it(open_workspace: Reload) -> None:
    workspace = open_workspace()
    rows = 'email,name\na@example.com,서울, 대한민국\nb@example.com,"서울\nno address,x\nhong@example.com,홍길동\n'
    (workspace.root / "subscribers.csv").write_text(rows, encoding="utf-8")
    hints = {one.line: str(one.hint) for one in check(workspace, "2026-11").errors if one.line}
    assert hints[2].startswith("Put a cell with a comma")
    assert hints[3].startswith("Quotation marks go round")
    assert hints[4].startswith("Mend the address in that row")


def written(form: str, *reports: CheckReport, single: bool = True) -> str:
    return write_findings(Format[form.upper()], reports, FormatOptions("ko", single=single))


def as_text(report: CheckReport, *, verbose: bool = False) -> str:
    return write_findings(Format.TEXT, [report], FormatOptions("ko", verbose=verbose))


def test_a_script_gets_one_object_for_one_issue_and_a_list_for_all(open_workspace: Reload) -> None:
    workspace = open_workspace(**REAL)
    write_issue(workspace.root, "2026-12", more=TODO)
    reports = check_all(workspace)
    assert [(report.slug, report.exit_code) for report in reports] == [("2026-11", 0), ("2026-12", 65)]
    assert [one["issue"] for one in json.loads(written("json", *reports, single=False))] == ["2026-11", "2026-12"]
    assert json.loads(written("json", reports[0])) == {"issue": "2026-11", "findings": [], "ignored": []}
    assert len(json.loads(written("sarif", *reports))["runs"]) == 1
    assert written("github", *reports).startswith("::error file=issues/2026-12.yaml,line=8,col=11,")


def test_a_link_out_of_the_workspace_stops_nobody_elses_check_and_is_not_read(
    open_workspace: Reload, tmp_path_factory: pytest.TempPathFactory
) -> None:
    workspace = open_workspace()
    outside = tmp_path_factory.mktemp("outside") / "key.yaml"
    outside.write_text("secret: words\n", encoding="utf-8")
    (workspace.issues / "2026-12.yaml").symlink_to(outside)
    good, bad = check_all(workspace)
    assert (good.slug, good.exit_code) == ("2026-11", 0)
    assert (bad.slug, bad.exit_code, bad.findings[0].file) == ("2026-12", 65, "issues/2026-12.yaml")
    assert "secret" not in as_text(bad, verbose=True)


def test_a_workspace_without_issues_has_nothing_to_check(open_workspace: Reload) -> None:
    workspace = open_workspace()
    (workspace.root / "issues" / "2026-11.yaml").unlink()
    with pytest.raises(UsageError, match="newsletter new"):
        check_all(workspace)


def test_an_error_that_settings_ignore_stops_neither_an_approval_nor_a_send(open_workspace: Reload) -> None:
    workspace = open_workspace()
    write_issue(workspace.root, more=TODO)
    with pytest.raises(InputError, match="placeholder-left"):
        propose(workspace, "2026-11")
    in_toml(workspace, '[check.ignore]\nplaceholder-left = "the project is called TODO"\n')
    workspace = open_workspace()
    keep(workspace, propose(workspace, "2026-11"), by="reviewer")
    assert prepare(workspace, "2026-11").letter.issue.slug == "2026-11"


def test_an_error_that_is_lowered_or_commented_away_stops_nothing(open_workspace: Reload) -> None:
    workspace = open_workspace(NEWSLETTER_CHECK__SEVERITY='{"placeholder-left": "warning"}')
    write_issue(workspace.root, more=TODO)
    assert "placeholder-left" in str(propose(workspace, "2026-11").summary())
    write_issue(
        workspace.root, more=TODO.replace("  - type", "  # check: ignore placeholder-left -- its name\n  - type")
    )
    assert "placeholder-left" not in str(propose(open_workspace(), "2026-11").summary())


def test_a_warning_that_is_made_an_error_stops_an_approval_and_a_send(open_workspace: Reload) -> None:
    workspace = open_workspace()
    write_issue(workspace.root, more=BARE)
    keep(workspace, propose(workspace, "2026-11"), by="reviewer")
    strict = open_workspace(NEWSLETTER_CHECK__SEVERITY='{"link-text": "error"}')
    with pytest.raises(InputError, match=r"issues/2026-11\.yaml:9:12: .*\[link-text\]"):
        propose(strict, "2026-11")
    with pytest.raises(InputError, match="link-text"):
        prepare(strict, "2026-11")


def test_a_rule_that_is_none_stops_everything_with_78(open_workspace: Reload) -> None:
    workspace = open_workspace(NEWSLETTER_CHECK__IGNORE='{"link-tekst": "x"}')
    for act in (lambda: check(workspace, "2026-11"), lambda: propose(workspace, "2026-11")):
        with pytest.raises(SettingsError, match="did you mean `link-text`") as caught:
            act()
        assert caught.value.exit_code == 78


def test_what_is_only_in_the_letter_is_refused_with_its_place_there(open_workspace: Reload) -> None:
    workspace = open_workspace()
    found = Finding(
        "script-tag", Severity.ERROR, Verbatim("a script"), "issues/2026-11.yaml", hint=Verbatim("delete it")
    )
    found = replace(found, letters=(LetterPlace("ko", 40, 7, 12, "<script>"),))
    with pytest.raises(InputError) as caught:
        refuse_errors([found], open_letter(workspace, "2026-11"))
    assert str(caught.value.problems[0]) == "2026-11.html [ko] 40:7: a script [script-tag]\n    <script>\ndelete it"


def test_files_are_named_from_the_root_of_the_repository(open_workspace: Reload, tmp_path: Path) -> None:
    workspace = open_workspace()
    assert folder_in_repository(workspace) == ""
    (tmp_path / ".git").mkdir()
    assert folder_in_repository(workspace) == ""
    inside = Workspace(tmp_path / "letters" / "monthly", workspace.settings)
    assert folder_in_repository(inside) == "letters/monthly/"
