"""The first steps that most commands share: find the issue, load it, render its editions.

Touches: the workspace's files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.catalogue import phrase
from newsletter.edition.edition import Edition
from newsletter.errors import UsageError
from newsletter.issue.find import find_issue
from newsletter.settings.workspace import Workspace

if TYPE_CHECKING:
    from newsletter.issue.model import Issue


@dataclass(frozen=True, slots=True)
class Letter:
    """An issue as loaded, where it stands, and how to name that place in words."""

    issue: "Issue"
    path: Path
    file: str
    """Relative to the workspace: `issues/2026-11.yaml`."""


def open_letter(workspace: Workspace, given: str | None) -> Letter:
    """Find and load an issue; InputError with every problem of the file, UsageError where there is no such issue."""
    from newsletter.issue.load import load_issue

    path = find_issue(workspace, given)
    file = file_in(workspace, path)
    issue = load_issue(path, workspace_root=workspace.root, timezone=workspace.settings.newsletter.timezone)
    return Letter(issue, path, file)


def file_in(workspace: Workspace, path: Path) -> str:
    """What a file is called in findings and errors, relative to the workspace; UsageError where it is outside."""
    try:
        return path.resolve().relative_to(workspace.root.resolve()).as_posix()
    except ValueError:
        raise UsageError(
            phrase("workflow.file.leads_out_of_workspace", path=str(path)),
            hint=phrase("workflow.file.put_file_into_issues"),
        ) from None


def render_all(letter: Letter, workspace: Workspace) -> dict[str, Edition]:
    """Render every variant that any subscriber could get, by name. Takes some 150 ms a variant, for premailer."""
    from newsletter.edition.render import render
    from newsletter.edition.variants import languages_of, variants

    languages = languages_of(letter.issue, workspace.settings.newsletter.language)
    editions = (render(letter.issue, workspace, variant) for variant in variants(letter.issue, languages))
    return {edition.variant: edition for edition in editions}


def default_edition(editions: Mapping[str, Edition], language: str) -> Edition:
    """The edition with every section in the newsletter's language: what `render` and a question show."""
    return editions[language]


def known_slug(workspace: Workspace, given: str | None) -> str:
    """The slug of an issue file, or the word itself where there is no such file: the ledger may know it still.

    Left out, the newest issue's; UsageError where there is none.
    """
    try:
        return find_issue(workspace, given).stem
    except UsageError:
        if given is None:
            raise
        return given
