"""Issue files that cannot be read, or whose comments do not work. Touches: a given folder."""

from pathlib import Path

from newsletter.check.finding import Finding
from newsletter.workflow.check import check
from tests.check.cases import Broken, issue, written
from tests.support.issue_files import workspace, write_issue

NEEDLESS = "closing: 글 # check: ignore link-text -- 까닭\n"
PEOPLE = "email,name\na@example.com,홍길동\n"


def unreadable(root: Path) -> list[Finding]:
    place = workspace(root)
    write_issue(root, issue("sections: nothing\n"))
    return list(check(place, "2026-11").findings)


LETTERS = [
    Broken("issue-file", "error", unreadable),
    Broken("publish-hour", "warning", written(issue("publish_at: 2026-12-07\n"))),
    Broken("bad-ignore", "warning", written(issue("# check: ignore link-text\nclosing: 글\n"))),
    Broken("bad-ignore", "warning", written(issue("closing: 글 # check: ignore link-tekst -- 까닭\n"))),
    Broken(
        "unused-ignore", "warning", written(issue("closing: 글 # check: ignore link-text -- 까닭\n"), people=PEOPLE)
    ),
]
