"""An issue in numbers, kept beside its approval where `[report] keep` asks for it: `issues/<slug>.report.json`.

So git tells the newsletter's history, also where there is no ledger. Touches: that file. Limits: numbers only; of a
domain with fewer than five readers nothing is told.
"""

from collections.abc import Iterator
from pathlib import Path

from newsletter.catalogue import Said, phrase
from newsletter.issue.find import SLUG
from newsletter.report.figures import IssueFigures
from newsletter.report.figures_json import from_kept, kept_text
from newsletter.report.issue_report import IssueReport
from newsletter.settings.replace_file import replace_file
from newsletter.settings.system_reason import system_reason
from newsletter.settings.workspace import Workspace

_SUFFIX = ".report.json"
_LARGEST = 1_048_576
"""Bytes; a file of ours has some 30,000."""

KeptReports = dict[str, IssueFigures]
"""By slug."""


def kept_name(slug: str) -> str:
    """As people name it."""
    return f"issues/{slug}{_SUFFIX}"


def kept_if_asked(workspace: Workspace, report: IssueReport) -> tuple[Said, ...]:
    """Write it where `[report] keep` asks for it and it says anything new; what went wrong, if anything.

    Never with small domains by their names, nor what a ledger says that knows less than happened.
    """
    figures = report.figures
    if not workspace.settings.report.keep or report.full or report.is_behind:
        return ()
    path = workspace.issues / f"{figures.issue}{_SUFFIX}"
    text = kept_text(figures)
    try:
        if not path.is_file() or path.read_text(encoding="utf-8", errors="replace") != text:
            issue = path.with_name(f"{figures.issue}.yaml")
            replace_file(path, text, like=issue if issue.exists() else workspace.root / "newsletter.toml")
    except OSError as error:
        why = system_reason(error)
        return (phrase("workflow.report.cannot_keep", file=kept_name(figures.issue), why=why),)
    return ()


def kept_reports(workspace: Workspace) -> tuple[KeptReports, list[Said]]:
    """Those of this newsletter, under any of its names, and what is wrong with files that cannot be read."""
    newsletter = workspace.settings.newsletter
    names = {newsletter.list_id, *newsletter.former_list_ids}
    found: KeptReports = {}
    wrong: list[Said] = []
    for path in _paths(workspace):
        file = path.relative_to(workspace.root).as_posix()
        try:
            figures = from_kept(_text(path))
        except OSError as error:
            wrong.append(phrase("workflow.report.cannot_read", file=file, why=system_reason(error)))
            continue
        slug = path.name.removesuffix(_SUFFIX)
        if figures is None or figures.issue != slug:
            wrong.append(phrase("workflow.report.says_nothing", file=file))
        elif figures.newsletter in names:
            found[slug] = figures
    return found, wrong


def _paths(workspace: Workspace) -> Iterator[Path]:
    for path in sorted(workspace.issues.glob(f"*{_SUFFIX}")):
        if SLUG.fullmatch(path.name.removesuffix(_SUFFIX)):
            yield path


def _text(path: Path) -> bytes:
    if not path.is_file():  # a pipe, which would be waited for
        return b""
    with path.open("rb") as file:
        return file.read(_LARGEST)
