"""`newsletter diff`: a letter before and after, in each language it is written in.

Touches: the workspace's files, git's objects (only read), a temporary folder.

Before is what was approved last, else the last commit; after is what lies in the folder; git's own words for revisions
choose others. An issue that is on one side only is all new, or all gone. Limits: a reader who does not get all sections
gets no comparison of their own; which sections are only for some is told beside it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsletter.catalogue import Said, Value, phrase
from newsletter.difference.compare import ChangeKind, ItemChange, LetterDifference, letter_difference, parts_changed
from newsletter.difference.letter_words import ItemKind, WordItem, letter_parts
from newsletter.errors import UsageError
from newsletter.issue.find import find_issue
from newsletter.probes.git_tree import commit_named
from newsletter.settings.workspace import Workspace

from .steps.files import write_files
from .steps.letter import file_in
from .steps.letter_side import LetterSide, approved_side, nothing_there, side_in_folder, side_in_revision
from .steps.revision import refuse_without_repository, revision_named, where_they_parted


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """What is to be compared, as somebody said it."""

    issue: str | None = None
    """Slug or path; None: the newest."""
    revisions: str | None = None
    """`REV`, `REV..`, `REV..REV`, `REV...REV`, as for `git diff`; None: see `against_approved`."""
    against_approved: bool = False
    """The approval alone will do as what was before."""


@dataclass(frozen=True, slots=True)
class LanguageDiff:
    """The letter that everybody of a language gets, but for what is only for some."""

    language: str
    difference: LetterDifference
    is_on: tuple[bool, bool]
    """Whether it is there before, and after."""

    @property
    def change(self) -> str:
        match self.is_on:
            case (True, True):
                return "changed" if self.difference else "same"
            case (True, False):
                return "removed"
        return "added"


@dataclass(frozen=True, slots=True)
class LetterDiff:
    """All that differs between two states of an issue."""

    slug: str
    before: LetterSide
    after: LetterSide
    facts: tuple[ItemChange, ...]
    """Of the issue as a whole: when it is published, which sections are only for some."""
    letters: tuple[LanguageDiff, ...]

    def __bool__(self) -> bool:
        return bool(self.facts) or any(one.change != "same" for one in self.letters)

    def counted(self) -> Counter[ChangeKind]:
        counts = Counter[ChangeKind](one.change for one in self.facts)
        for letter in self.letters:
            counts.update(letter.difference.counted())
        return counts

    def summary(self) -> Said:
        """One line for a person."""
        names: dict[str, Value] = {"slug": self.slug, "before": self.before.called, "after": self.after.called}
        if not self:
            return phrase("workflow.diff.nothing_differs", **names)
        if not self.before.is_there:
            return phrase("workflow.diff.is_new", **names)
        if not self.after.is_there:
            return phrase("workflow.diff.is_gone", **names)
        counts = self.counted()
        if not counts:
            return phrase("workflow.diff.only_look_differs", **names)
        return phrase(
            "workflow.diff.differs",
            **names,
            changed=counts["changed"],
            added=counts["added"],
            removed=counts["removed"],
            moved=counts["moved"],
        )


def is_revision(workspace: Workspace, word: str) -> bool:
    """Whether git knows a commit by that word here."""
    return commit_named(workspace.root, word) is not None


def diff_letter(workspace: Workspace, request: DiffRequest) -> LetterDiff:
    """UsageError (64) for what is not there; InputError (65) for an issue that cannot be read, and on which side."""
    file, after, before = _sides(workspace, request)
    if not (before.is_there or after.is_there):
        raise UsageError(
            phrase("workflow.diff.is_on_neither_side", file=file, before=before.called, after=after.called),
            hint=phrase("workflow.diff.how_revisions_are_named"),
        )
    return letters_compared(file, before, after)


def write_difference(out: Path, slug: str, page: str) -> Path:
    """Into `<slug>.diff.html` of a folder, or a file that ends in .html, over an older one. CannotWriteError (73)."""
    folder, name = (out.parent, out.name) if out.suffix == ".html" else (out, f"{slug}.diff.html")
    [path] = write_files(folder, {name: page.encode()})
    return path


def letters_compared(file: str, before: LetterSide, after: LetterSide) -> LetterDiff:
    """The difference of two sides, of which at least one is there."""
    letters = tuple(_language_diff(before, after, language) for language in _languages(before, after))
    both = before.is_there and after.is_there
    return LetterDiff(Path(file).stem, before, after, tuple(_facts(before, after)) if both else (), letters)


def _sides(workspace: Workspace, request: DiffRequest) -> tuple[str, LetterSide, LetterSide]:
    """The issue's file from the workspace's root, after, before."""
    if request.revisions is None:
        path = _path_of(workspace, request.issue)
        file = file_in(workspace, path)
        before = _usual_before(workspace, path, file, only_approved=request.against_approved)
        return file, _side_now(workspace, path), before
    old, dots, new = _parted(request.revisions)
    begin = revision_named(workspace, old or "HEAD")
    if not dots:
        path = _path_of(workspace, request.issue)
        file, after = file_in(workspace, path), _side_now(workspace, path)
    else:
        end = revision_named(workspace, new or "HEAD")
        begin = where_they_parted(workspace, begin, end) if dots == "..." else begin
        file = file_in(workspace, _path_of(workspace, request.issue)) if request.issue else ""
        after = side_in_revision(workspace, end, file)
        file = file or after.file
    return file, after, side_in_revision(workspace, begin, file)


def _side_now(workspace: Workspace, path: Path) -> LetterSide:
    return side_in_folder(workspace, path) if path.is_file() else nothing_there(phrase("workflow.diff.folder"))


def _parted(revisions: str) -> tuple[str, str, str]:
    for dots in ("...", ".."):
        old, found, new = revisions.partition(dots)
        if found:
            return old, found, new
    return revisions, "", ""


def _path_of(workspace: Workspace, issue: str | None) -> Path:
    """Of an issue that may be in a commit alone."""
    try:
        return find_issue(workspace, issue, may_begin=False)
    except UsageError:
        if issue is None or Path(issue).name != issue or Path(issue).suffix:
            path = Path(issue or "").resolve()
            if issue is None or path.suffix != ".yaml" or not path.is_relative_to(workspace.root):
                raise
            return path
        return workspace.issues / f"{issue}.yaml"


def _usual_before(workspace: Workspace, path: Path, file: str, *, only_approved: bool) -> LetterSide:
    approved = approved_side(workspace, path, file)
    if approved is not None:
        return approved
    if only_approved:
        hint = phrase("workflow.diff.compare_with_commit", slug=path.stem)
        raise UsageError(phrase("workflow.diff.was_never_approved", file=file), hint=hint)
    refuse_without_repository(workspace)
    return side_in_revision(workspace, revision_named(workspace, "HEAD"), file)


def _languages(before: LetterSide, after: LetterSide) -> list[str]:
    return list(dict.fromkeys([*after.editions, *before.editions]))


def _language_diff(before: LetterSide, after: LetterSide, language: str) -> LanguageDiff:
    old, new = before.editions.get(language), after.editions.get(language)
    if old and new:
        return LanguageDiff(language, letter_difference(old, new), (True, True))
    parts = parts_changed(letter_parts(old) if old else (), letter_parts(new) if new else ())
    return LanguageDiff(language, LetterDifference(parts), (old is not None, new is not None))


def _facts(before: LetterSide, after: LetterSide) -> Iterator[ItemChange]:
    facts: tuple[tuple[ItemKind, str, str], ...] = (
        ("date", before.date, after.date),
        ("only_for", before.only_for, after.only_for),
    )
    for kind, old, new in facts:
        if old != new:
            change: ChangeKind = "changed" if old and new else "added" if new else "removed"
            yield ItemChange(kind, change, WordItem(kind, old) if old else None, WordItem(kind, new) if new else None)
