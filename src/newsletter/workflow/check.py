"""Check an issue as it would be sent: the file, every edition, the whole audience. Touches: the workspace's files."""

from dataclasses import replace
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.check.finding import Finding, Severity
from newsletter.check.rules import RULES
from newsletter.errors import InputError, Problem, UsageError
from newsletter.issue.fields import is_of_another_tool
from newsletter.issue.find import find_issue, letter_paths, no_issues
from newsletter.progress import Advance
from newsletter.report.findings import CheckReport
from newsletter.settings.workspace import Workspace

from .steps.examine import examined
from .steps.letter import open_letter, render_all
from .steps.probe import NO_PROBES, Wanted, look_outside
from .steps.survey import known_audience

UNREADABLE = "issue-file"
"""Rule id of whatever keeps an issue from being loaded at all."""
_LEFT_OVER = "placeholder-left"
"""That of fields which another tool would have filled in, wherever they are met."""


def check(
    workspace: Workspace, given: str | None, advance: Advance | None = None, wanted: Wanted = NO_PROBES
) -> CheckReport:
    """Load, render and check one issue against the subscriber file, or the example where there is none.

    Outside only what is `wanted` is looked at; UnavailableError (69) where SpamAssassin is, and is not there.
    """
    return check_file(workspace, find_issue(workspace, given), advance, wanted)


def check_all(workspace: Workspace, advance: Advance | None = None, wanted: Wanted = NO_PROBES) -> list[CheckReport]:
    """Every issue of the workspace, by slug; UsageError where there is none."""
    return [check_file(workspace, path, advance, wanted) for path in every_issue(workspace)]


def every_issue(workspace: Workspace) -> list[Path]:
    """The files of all issues, by slug; UsageError where there is none."""
    paths = letter_paths(workspace)
    if not paths:
        raise no_issues(workspace)
    return paths


def check_file(
    workspace: Workspace, path: Path, advance: Advance | None = None, wanted: Wanted = NO_PROBES
) -> CheckReport:
    """As `check`, for the file of an issue."""
    try:
        letter = open_letter(workspace, str(path))
        editions = render_all(letter, workspace)
    except (InputError, UsageError) as error:  # a file that cannot be opened as an issue stops no other's check
        return CheckReport(path.stem, _as_findings(error, workspace, path))
    outside = look_outside(workspace, letter, editions, wanted)
    audience = known_audience(workspace, letter, editions, advance)
    found = examined(letter, editions, workspace, audience, outside)
    return CheckReport(letter.issue.slug, found.findings, audience, found.ignored, outside)


def folder_in_repository(workspace: Workspace) -> str:
    """Where the workspace is in the git repository around it: empty for its root, or none; else with a slash behind."""
    for folder in (workspace.root, *workspace.root.parents):
        if (folder / ".git").exists():
            inside = workspace.root.relative_to(folder).as_posix()
            return "" if inside == "." else f"{inside}/"
    return ""


def _as_findings(error: InputError | UsageError, workspace: Workspace, path: Path) -> tuple[Finding, ...]:
    """What has no file of its own (too many editions, say) is the issue's, so that every program finds a place."""
    problems = getattr(error, "problems", ()) or (Problem(error.message, hint=error.hint),)
    file = path.relative_to(workspace.root).as_posix() if path.is_relative_to(workspace.root) else path.name
    named = (replace(problem, file=problem.file or file) for problem in problems)
    return tuple(_as_finding(problem) for problem in named)


def _as_finding(problem: Problem) -> Finding:
    rule = RULES[_LEFT_OVER if is_of_another_tool(problem.message) else UNREADABLE]
    return Finding(
        rule=rule.id,
        severity=Severity.ERROR,
        message=phrase("check.file.issue-file.at_path", path=problem.path, why=problem.message)
        if problem.path
        else problem.message,
        file=problem.file,
        line=problem.line,
        column=problem.column,
        hint=problem.hint,
        excerpt=problem.excerpt,
        why=rule.why,
        source=rule.source,
    )
