"""`newsletter check` finds what stands in the way of a send, whichever file it is in."""

from newsletter.workflow.checking import check
from tests.workflow.conftest import Reload, write_issue


def test_an_issue_without_fault_is_told_as_such(open_workspace: Reload) -> None:
    report = check(open_workspace(), "2026-11")
    assert report.exit_code == 0
    assert report.summary() == "2026-11: nothing found\nIt goes to 3 subscribers of subscribers.csv"


def test_what_cannot_be_loaded_is_a_finding_at_its_place(open_workspace: Reload) -> None:
    workspace = open_workspace()
    write_issue(workspace.root, more="bogus: 1\n")
    report = check(workspace, "2026-11")
    assert report.exit_code == 65
    assert [(finding.rule, finding.line, finding.column) for finding in report.findings] == [("issue-file", 6, 1)]
    assert str(report.findings[0]).startswith("issues/2026-11.yaml:6:1: bogus: ")


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
