"""Take older issues into the archive from a folder of HTML or Markdown. Touches: that folder, reading; the workspace.

First all is made aside and told; what is agreed to is moved to `issues/imported/<slug>/`, each issue whole or not at
all, to be committed. What is there already is left alone: the same again is no change, another of its slug is refused.
Limits: 5,000 files; one that cannot be taken is told, and the others go on.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from newsletter.archive.imported import PAGE
from newsletter.catalogue import Said, lines, phrase
from newsletter.errors import CannotWriteError, InputError, Problem, UsageError
from newsletter.issue.find import IMPORTED
from newsletter.progress import Advance
from newsletter.settings.workspace import Workspace

from .steps.files import cannot_be_written, write_files
from .steps.old_issues import HTML, MARKDOWN, OldIssue, read_old_issue

_MOST_FILES = 5_000


@dataclass(frozen=True, slots=True)
class Incoming:
    """An issue that is ready to be moved to where it is kept."""

    slug: str
    made: Path
    said: Said


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do; `folder` is where imported issues are kept."""

    folder: Path
    incoming: tuple[Incoming, ...]
    unchanged: int
    problems: tuple[Problem, ...]

    def summary(self) -> Said:
        """A line or more for each issue."""
        same = [phrase("workflow.import.unchanged", count=self.unchanged)] if self.unchanged else []
        return lines(*(one.said for one in self.incoming), *same)


@contextmanager
def planned_import(workspace: Workspace, given: Path, advance: Advance) -> Iterator[ImportPlan]:
    """Raises UsageError for no folder, InputError for one without a letter."""
    root = given.resolve()
    if not root.is_dir():
        raise UsageError(phrase("workflow.import.is_no_folder", path=str(given)))
    paths = _letters_in(root, given)
    try:
        workspace.state.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="import-", dir=workspace.state) as aside:
            yield _plan(workspace, root, paths, Path(aside), advance)
    except OSError as error:
        raise CannotWriteError(cannot_be_written(error, workspace.state)) from error


def import_issues(plan: ImportPlan) -> Said:
    """Move everything to its place; what to say about it."""
    try:
        plan.folder.mkdir(parents=True, exist_ok=True)
        # Made aside, they may lie on another disk; only what is on this one takes its place in one step.
        with TemporaryDirectory(prefix=".import-", dir=plan.folder) as near:
            for one in plan.incoming:
                shutil.copytree(one.made, Path(near, one.slug)).rename(plan.folder / one.slug)
    except OSError as error:
        raise CannotWriteError(cannot_be_written(error, plan.folder)) from error
    return phrase("workflow.import.done", count=len(plan.incoming), folder=f"issues/{IMPORTED}")


def _letters_in(root: Path, given: Path) -> list[Path]:
    """Every file that may be one, by its path; hidden folders and links to folders are not entered."""
    found: list[Path] = []
    for folder, inside, names in os.walk(root):
        inside[:] = [name for name in inside if not name.startswith(".")]
        paths = (Path(folder, name) for name in names if not name.startswith("."))
        found += [path for path in paths if path.suffix.lower() in HTML | MARKDOWN and _is_file(path)]
        if len(found) > _MOST_FILES:
            raise InputError(phrase("workflow.import.has_too_many", path=str(given), most=f"{_MOST_FILES:,}"))
    if not found:
        raise InputError(phrase("workflow.import.holds_no_letter", path=str(given)))
    return sorted(found)


def _is_file(path: Path) -> bool:
    """Or a link, which is told; a pipe or a device would be read for ever."""
    return path.is_symlink() or path.is_file()


def _plan(workspace: Workspace, root: Path, paths: list[Path], aside: Path, advance: Advance) -> ImportPlan:
    zone = ZoneInfo(workspace.settings.newsletter.timezone)
    folder = workspace.issues / IMPORTED
    incoming: list[Incoming] = []
    problems: list[Problem] = []
    taken: dict[str, str] = {}
    unchanged = 0
    for done, path in enumerate(paths, 1):
        try:
            old = read_old_issue(path, root, zone)
            _refuse_slug(old, workspace, taken)
            taken[old.slug] = old.file
            if (folder / old.slug).exists():
                _refuse_another(old, folder / old.slug)
                unchanged += 1
            else:
                incoming.append(_made(old, aside / old.slug))
        except InputError as error:
            problems += error.problems
        advance(done, len(paths))
    return ImportPlan(folder, tuple(incoming), unchanged, tuple(problems))


def _made(old: OldIssue, made: Path) -> Incoming:
    files = old.files()
    for below in {(made / name).parent for name in files}:
        below.mkdir(parents=True, exist_ok=True)
    write_files(made, files)
    head = phrase(
        "workflow.import.will_come",
        path=f"issues/{IMPORTED}/{old.slug}/",
        day=f"{old.about.date:%Y-%m-%d}",
        title=old.about.title,
        file=old.file,
    )
    pictures = [phrase("workflow.import.pictures", count=len(old.pictures))] if old.pictures else []
    return Incoming(old.slug, made, lines(head, *pictures, *old.told))


def _refuse_slug(old: OldIssue, workspace: Workspace, taken: dict[str, str]) -> None:
    """One of an issue, or of another file of the same import."""
    hint = phrase("workflow.import.say_slug")
    if (workspace.issues / f"{old.slug}.yaml").exists():
        said = phrase("workflow.import.is_an_issue", slug=old.slug)
    elif old.slug in taken:
        said = phrase("workflow.import.is_twice", slug=old.slug, other=taken[old.slug])
    else:
        return
    raise InputError(problems=[Problem(said, old.file, hint=hint)])


def _refuse_another(old: OldIssue, kept: Path) -> None:
    """What is there with other content. A picture's name is its content, while its bytes change with Pillow."""
    names = {path.relative_to(kept).as_posix() for path in kept.rglob("*") if path.is_file()}
    files = old.files()
    if names != files.keys() or (kept / PAGE).read_bytes() != files[PAGE]:
        said = phrase("workflow.import.is_there", slug=old.slug, folder=f"issues/{IMPORTED}/{old.slug}")
        raise InputError(problems=[Problem(said, old.file, hint=phrase("workflow.import.remove_it"))])
