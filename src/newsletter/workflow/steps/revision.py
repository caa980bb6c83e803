"""A workspace as it was in a commit, in a folder of its own for as long as it is looked at.

Touches: git's objects, which are only read; a temporary folder. Of the commit's files it takes settings, templates, and
what the issue or the settings name. Limits: links in a commit are passed by; the environment's settings hold as today.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from newsletter.catalogue import Verbatim, phrase
from newsletter.errors import InputError, Problem, SettingsError, UsageError
from newsletter.folded import folded
from newsletter.probes.git_tree import (
    CommittedFile,
    commit_named,
    committed_contents,
    committed_files,
    common_ancestor,
    from_lfs,
    is_lfs_pointer,
    why_no_repository,
)
from newsletter.settings.load import FILE, load_settings
from newsletter.settings.workspace import Workspace

_TEMPLATES = "templates/"
_ISSUES = "issues/"
_NAMES_FILES = ("section.toml", ".css.j2", ".html.j2")
_SHORT = 10
"""Digits of a commit's id that people are shown."""


@dataclass(frozen=True, slots=True)
class GitRevision:
    """A commit, and how somebody named it."""

    given: str
    commit: str

    @property
    def short(self) -> str:
        return self.commit[:_SHORT]


def revision_named(workspace: Workspace, given: str) -> GitRevision:
    """UsageError (64) where the workspace is in no repository, or that names no commit of it."""
    refuse_without_repository(workspace)
    commit = commit_named(workspace.root, given)
    if commit is None:
        raise UsageError(
            phrase("workflow.diff.no_such_revision", revision=given),
            hint=phrase("workflow.diff.how_revisions_are_named"),
        )
    return GitRevision(given, commit)


def refuse_without_repository(workspace: Workspace) -> None:
    why = why_no_repository(workspace.root)
    if why == "":
        raise UsageError(phrase("workflow.diff.no_git"), hint=phrase("workflow.diff.approve_first"))
    if why is not None:
        said = phrase("workflow.diff.no_repository", folder=str(workspace.root), why=Verbatim(why))
        raise UsageError(said, hint=phrase("workflow.diff.approve_first"))


def where_they_parted(workspace: Workspace, one: GitRevision, other: GitRevision) -> GitRevision:
    """As git means `A...B`: what a branch changed, whatever happened elsewhere since."""
    commit = common_ancestor(workspace.root, one.commit, other.commit)
    if commit is None:
        said = phrase("workflow.diff.nothing_in_common", one=one.given, other=other.given)
        raise UsageError(said, hint=phrase("workflow.diff.fetch_more"))
    return GitRevision(f"{one.given}...{other.given}", commit)


@contextmanager
def workspace_then(workspace: Workspace, revision: GitRevision, file: str | None) -> Iterator[Workspace | None]:
    """The workspace of that commit with what the issue in `file` needs, or with all issue files; None for no workspace.

    Whatever is wrong with a file inside is told with the revision before its name, as git writes it.
    """
    files = {one.path: one for one in committed_files(workspace.root, revision.commit)}
    if FILE not in files:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="newsletter-diff-") as made, _told_of(revision):
        root = Path(made).resolve()
        first = [one for path, one in files.items() if _is_always_needed(path, file)]
        texts = _write(workspace, revision, root, first)
        named = folded("\n".join(data.decode("utf-8", "replace") for path, data in texts.items() if _names_files(path)))
        others = [one for path, one in files.items() if path not in texts and folded(PurePosixPath(path).name) in named]
        _write(workspace, revision, root, others)
        yield Workspace(root, load_settings(root / FILE, os.environ))


def _is_always_needed(path: str, file: str | None) -> bool:
    is_issue = path == file if file else path.startswith(_ISSUES) and path.count("/") == 1 and path.endswith(".yaml")
    return path == FILE or is_issue or path.startswith(_TEMPLATES)


def _names_files(path: str) -> bool:
    return path.endswith((FILE, ".yaml", *_NAMES_FILES))


def _write(
    workspace: Workspace, revision: GitRevision, root: Path, files: Sequence[CommittedFile]
) -> Mapping[str, bytes]:
    found = dict(committed_contents(workspace.root, files)) if files else {}
    problems = list(_not_here(found, files))
    for path, data in found.items():
        if is_lfs_pointer(data):
            real = from_lfs(workspace.root, data)
            if real is None:
                hint = phrase("workflow.diff.fetch_from_lfs", revision=revision.commit)
                problems.append(Problem(phrase("workflow.diff.is_lfs_pointer"), path, hint=hint))
            found[path] = real or data
    if problems:
        raise InputError(problems=problems)
    for path, data in found.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return found


def _not_here(found: Mapping[str, bytes], files: Iterable[CommittedFile]) -> Iterator[Problem]:
    for one in files:
        if one.path not in found:
            hint = phrase("workflow.diff.fetch_more")
            yield Problem(phrase("workflow.diff.is_not_in_clone"), one.path, hint=hint)


@contextmanager
def _told_of(revision: GitRevision) -> Iterator[None]:
    try:
        yield
    except InputError as error:
        raise InputError(problems=_prefixed(error.problems, revision)) from error
    except SettingsError as error:
        raise SettingsError(problems=_prefixed(error.problems, revision)) from error


def _prefixed(problems: Sequence[Problem], revision: GitRevision) -> list[Problem]:
    return [replace(problem, file=f"{revision.given}:{problem.file}") for problem in problems]
