"""What `init` and `new` write passes the check, but for the samples that are there to be replaced."""

from pathlib import Path

import pytest

from newsletter.audience.read import read_subscribers
from newsletter.check.finding import Severity
from newsletter.check.run import check_issue
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue
from newsletter.issue.scaffold import init_workspace
from newsletter.settings.load import find_workspace
from tests.support.checks import audience_of


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_new_workspace_has_no_errors(tmp_path: Path, language: str) -> None:
    made = init_workspace(tmp_path, language=language)
    workspace = find_workspace(tmp_path, explicit=tmp_path, environ={})
    [path] = [path for path in made if path.parent == workspace.issues and path.suffix == ".yaml"]
    issue = load_issue(path, workspace_root=tmp_path, timezone=workspace.settings.newsletter.timezone)
    editions = [render(issue, workspace, variant) for variant in variants(issue, ["ko", "en"])]
    rows = read_subscribers(workspace.example_csv)
    audience = audience_of(issue, editions, workspace.settings, rows)
    findings = check_issue(issue, editions, workspace, f"issues/{path.name}", audience)
    assert [str(finding) for finding in findings if finding.severity is Severity.ERROR] == []
    placed = {"link-placeholder", "stand-in", "example-address"}
    assert {finding.rule for finding in findings} <= {"list-unsubscribe", "footer-unsubscribe"} | placed
    assert all(finding.line and finding.excerpt for finding in findings if finding.rule in placed)
