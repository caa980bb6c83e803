"""An issue file and a subscriber file on disk -> the findings of the check. Touches: the test's own folder."""

from pathlib import Path

from newsletter.audience.read import read_layout, read_subscribers
from newsletter.check.finding import Finding
from newsletter.check.run import check_issue
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue

from .issue_files import write_issue
from .letters import workspace_at


def findings_of(root: Path, text: str, people: str = "", *, language: str = "ko") -> list[Finding]:
    """What the check says of an issue with this text, sent to these subscribers (CSV), if there are any."""
    path = write_issue(root, text)
    workspace = workspace_at(root, newsletter={"language": language})
    issue = load_issue(path, workspace_root=root, timezone="Asia/Seoul")
    editions = [render(issue, workspace, variant) for variant in variants(issue, [language, *issue.translations])]
    (root / "subscribers.csv").write_text(people, encoding="utf-8")
    rows = read_subscribers(root / "subscribers.csv") if people else None
    columns = read_layout(root / "subscribers.csv").columns if people else ()
    return check_issue(issue, editions, workspace.settings, "issues/2026-11.yaml", rows, "subscribers.csv", columns)


def of_rule(findings: list[Finding], *rules: str) -> list[Finding]:
    """The findings of these rules only."""
    return [finding for finding in findings if finding.rule in rules]
