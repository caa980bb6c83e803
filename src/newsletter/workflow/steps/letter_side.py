"""One side of a comparison: an issue as it lies in the folder, in a commit, or as somebody approved it.

Touches: the workspace's files, git's objects (only read), a temporary folder.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from newsletter.catalogue import Said, phrase
from newsletter.edition.edition import Edition
from newsletter.issue.find import find_issue
from newsletter.report.states_and_times import local
from newsletter.settings.workspace import Workspace

from .approval import folder_of, read
from .letter import Letter, open_letter
from .revision import GitRevision, workspace_then


@dataclass(frozen=True, slots=True)
class LetterSide:
    """The letters of an issue in one state; none where the issue is not there."""

    called: Said
    """For a person: `the folder`, `HEAD~1 (1a2b3c4d5e)`."""
    kind: str
    """`folder`, `commit` or `approval`."""
    commit: str = ""
    file: str = ""
    editions: Mapping[str, Edition] = field(default_factory=dict)
    """The one with every section, by language, for each language that it is written in."""
    date: str = ""
    """When it is published, by the newsletter's clock."""
    only_for: str = ""
    """Which sections only some readers get, and by which tags."""

    @property
    def is_there(self) -> bool:
        return bool(self.editions)


def nothing_there(called: Said, kind: str = "folder", commit: str = "") -> LetterSide:
    return LetterSide(called, kind, commit)


def side_in_folder(workspace: Workspace, path: Path) -> LetterSide:
    """As it is now; InputError (65) with every problem of the file."""
    letter = open_letter(workspace, str(path))
    return _side(workspace, letter, phrase("workflow.diff.folder"), "folder")


def side_in_revision(workspace: Workspace, revision: GitRevision, file: str) -> LetterSide:
    """As a commit has it; `file` empty: the newest issue of that commit. InputError (65) names the revision."""
    called = phrase("workflow.diff.commit", revision=revision.given, commit=revision.short)
    with workspace_then(workspace, revision, file or None) as then:
        if then is None or (file and not (then.root / file).is_file()):
            return nothing_there(called, "commit", revision.commit)
        path = then.root / file if file else find_issue(then, None)
        return _side(then, open_letter(then, str(path)), called, "commit", revision.commit)


def approved_side(workspace: Workspace, path: Path, file: str) -> LetterSide | None:
    """What somebody said yes to, byte for byte; None where nobody did. RefusedError (77) where it was touched."""
    approval = read(folder_of(path), path.stem)
    if approval is None:
        return None
    settings = workspace.settings.newsletter
    said: Mapping[str, Any] = approval.inputs.get(file, {})
    languages = [
        name for name in approval.editions if name == settings.language or name in said.get("translations", {})
    ]
    day = local(approval.at, settings.timezone)
    return LetterSide(
        phrase("workflow.diff.approval", by=approval.by, on=day),
        "approval",
        file=file,
        editions={language: approval.editions[language] for language in languages},
        date=_date(said, settings.timezone),
        only_for="; ".join(_only_for(said)),
    )


def _side(workspace: Workspace, letter: Letter, called: Said, kind: str, commit: str = "") -> LetterSide:
    said = letter.issue.model_dump(mode="json", include={"publish_at", "sections"})
    return LetterSide(
        called,
        kind,
        commit,
        letter.file,
        {edition.language: edition for edition in _whole_editions(workspace, letter)},
        _date(said, workspace.settings.newsletter.timezone),
        "; ".join(_only_for(said)),
    )


def _whole_editions(workspace: Workspace, letter: Letter) -> Iterator[Edition]:
    """In another language than its own only where somebody translated it."""
    from newsletter.edition.edition import Variant
    from newsletter.edition.render import render
    from newsletter.edition.variants import languages_of

    own, shown = workspace.settings.newsletter.language, tuple(letter.issue.shown_sections)
    for language in languages_of(letter.issue, own):
        if language == own or language in letter.issue.translations:
            yield render(letter.issue, workspace, Variant(language, shown, len(shown)))


def _date(said: Mapping[str, Any], zone: str) -> str:
    at = said.get("publish_at")
    return local(datetime.fromisoformat(at), zone) if at else ""


def _only_for(said: Mapping[str, Any]) -> Iterable[str]:
    """A section by its heading, or by its number where it has none."""
    for number, section in enumerate(said.get("sections", []), 1):
        if section.get("only_for") and section.get("hidden") not in {True, "true"}:
            yield f"{section.get('heading') or number}: {', '.join(section['only_for'])}"
