"""The theme of one issue: that of the settings with the issue's own accent, if it has one. Touches: the issue's file.

Judged as `[theme] accent` is (settings/theme.py), at the line of the issue. Limits: colours that were chosen in
`[theme]` to go with its accent stay as they are.
"""

from newsletter.catalogue import SILENCE, phrase
from newsletter.errors import InputError, Problem
from newsletter.issue.load import problem_in
from newsletter.issue.model import Issue
from newsletter.settings.model import ThemeTable
from newsletter.settings.theme import readable_accent, theme_problems
from newsletter.settings.workspace import Workspace


def theme_of(issue: Issue, workspace: Workspace) -> ThemeTable:
    """The theme that the issue is shown in. Raises InputError where its accent makes a text too faint."""
    if problems := accent_problems(issue, workspace):
        raise InputError(problems=problems)
    return _with_accent(issue, workspace)


def accent_problems(issue: Issue, workspace: Workspace) -> list[Problem]:
    """What is too faint with the issue's accent, placed; nothing where it has none."""
    theme = _with_accent(issue, workspace)
    found = theme_problems(theme.model_dump()) if issue.accent else []
    fit = readable_accent(theme) if found else None
    hint = phrase("edition.accent.would_do", colour=fit) if fit else SILENCE
    root = workspace.root
    return [
        problem_in(issue.path, workspace_root=root, where=("accent",), message=one.message, hint=hint) for one in found
    ]


def colour_problems(issue: Issue, workspace: Workspace) -> list[Problem]:
    """What is too faint in the theme that the issue is shown in, whoever chose the colours; not placed."""
    return theme_problems(_with_accent(issue, workspace).model_dump())


def _with_accent(issue: Issue, workspace: Workspace) -> ThemeTable:
    theme = workspace.settings.theme
    return theme.model_copy(update={"accent": issue.accent}) if issue.accent else theme
