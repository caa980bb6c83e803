"""Workspaces and issue files on disk, as small as they can be, for tests that need a real one."""

from pathlib import Path

from newsletter.errors import InputError, Problem
from newsletter.issue.load import load_issue
from newsletter.issue.model import Issue
from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace

SETTINGS = """\
[newsletter]
name = "서울이슈큐레이터"
list_id = "letter.news.example.org"
[sender]
address = "no-reply@news.example.org"
[institute]
name = "서울연구원"
"""


def workspace(root: Path, more: str = "", environ: dict[str, str] | None = None) -> Workspace:
    """A workspace in `root` with the required settings and `more` lines of TOML."""
    (root / "issues").mkdir(parents=True, exist_ok=True)
    (root / "newsletter.toml").write_text(SETTINGS + more, encoding="utf-8")
    return find_workspace(root, explicit=None, environ=environ or {})


def write_issue(root: Path, text: str | bytes, slug: str = "2026-11") -> Path:
    """An issue file, byte for byte."""
    path = root / "issues" / f"{slug}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read_issue(root: Path, text: str | bytes) -> Issue:
    """The issue that a file with this text is."""
    return load_issue(write_issue(root, text), workspace_root=root, timezone="Asia/Seoul")


def problems_of(root: Path, text: str | bytes) -> list[Problem]:
    """Everything that is wrong with an issue file with this text; empty when it is good. `a.png` is a picture of it."""
    (root / "issues").mkdir(exist_ok=True)
    (root / "issues" / "a.png").touch()
    try:
        read_issue(root, text)
    except InputError as error:
        return list(error.problems)
    return []
