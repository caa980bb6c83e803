"""Makes the archive's pages of one issue after the other: each as it was approved, or as it was when it last was.

Touches: the workspace's files, `.newsletter/archive/`. One issue's trouble stops only its page: what was made of it
before stays, and what is wrong is told.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import newsletter
from newsletter.archive.cache import IssueCache
from newsletter.archive.imported import ImportedIssues
from newsletter.archive.make_issue import make_issue
from newsletter.archive.page_templates import templates_digest
from newsletter.archive.site import SiteIssue
from newsletter.catalogue import Said, lines, phrase
from newsletter.errors import InputError, NewsletterError
from newsletter.issue.data_files import resolve_data
from newsletter.issue.pictures import resolve_picture
from newsletter.settings.workspace import Workspace

from .approval import MANIFEST, changes_of_issue, folder_of, read
from .letter import Letter, open_letter
from .sent_issues import SentIssue, digest_of_issue

_NAMED = 5
"""Changes that are told of one issue."""
_TABLES = {"newsletter", "images", "theme"}
"""Of the settings, those that show in the words of a page."""


@dataclass
class Archived:
    """What became of the issues."""

    issues: list[SiteIssue] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Slugs whose pages stay as they are in the folder, since nothing new can be said of them."""
    warnings: list[Said] = field(default_factory=list)
    problems: list[Said] = field(default_factory=list)

    def add_imported(self, imported: ImportedIssues) -> None:
        self.issues += imported.issues
        self.warnings += [phrase("workflow.archive.imported_is_gone", slug=slug) for slug in imported.gone]
        for slug, error in imported.broken.items():
            self.kept.append(slug)
            self.problems.append(lines(phrase("workflow.archive.page_left_out", slug=slug), error))


class PageMaker:
    """What it makes, and what there is to tell, goes into `found`."""

    def __init__(self, workspace: Workspace, found: Archived) -> None:
        self.cache = IssueCache(workspace.state / "archive")
        self._workspace = workspace
        self._found = found
        settings = workspace.settings.model_dump_json(include=_TABLES)
        self._around = [newsletter.__version__, settings, templates_digest(workspace)]

    def is_made(self, path: Path, sent: SentIssue) -> bool:
        """Whether the cache has it as it is now."""
        try:
            return self.cache.find(sent.slug, self._key(path, sent)) is not None
        except NewsletterError:
            return False

    def add_draft(self, path: Path) -> None:
        try:
            edited_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            made = make_issue(open_letter(self._workspace, str(path)).issue, self._workspace, edited_at)
        except NewsletterError as error:
            self._found.warnings.append(lines(phrase("workflow.archive.draft_left_out", slug=path.stem), error))
            return
        self._found.issues.append(replace(made, is_draft=True))

    def add_sent(self, path: Path, sent: SentIssue, *, drafts: bool) -> None:
        try:
            key = self._key(path, sent)
            made = self.cache.find(sent.slug, key) or self._make(path, sent, key, drafts=drafts)
        except NewsletterError as error:
            self._found.problems.append(lines(phrase("workflow.archive.page_left_out", slug=sent.slug), error))
            made = self._stay(sent)
        if made is not None:
            self._found.issues.append(replace(made, is_listed=sent.is_at_end or drafts))

    def _make(self, path: Path, sent: SentIssue, key: str, *, drafts: bool) -> SiteIssue | None:
        letter = open_letter(self._workspace, str(path))
        changes = self._changes(letter, sent)
        if changes and not drafts and self._workspace.settings.schedule.require_approval:
            return self._stay_unapproved(sent, changes)
        made = make_issue(letter.issue, self._workspace, sent.first_published)
        if not changes:
            return self.cache.keep(made, key, self._files(letter))
        places = tuple(changes[:_NAMED])
        self._found.warnings.append(phrase("workflow.archive.differs_from_sent", slug=sent.slug, places=places))
        return replace(made, is_draft=drafts)

    def _stay_unapproved(self, sent: SentIssue, changes: list[str]) -> SiteIssue | None:
        """Words that nobody approved are never shown in silence, and what letters lead to is not taken away."""
        told = lines(
            phrase("workflow.archive.is_not_approved", slug=sent.slug, places=tuple(changes[:_NAMED])),
            phrase("workflow.archive.approve_again", slug=sent.slug),
        )
        last = self._stay(sent)
        (self._found.problems if last is None else self._found.warnings).append(told)
        return last

    def _stay(self, sent: SentIssue) -> SiteIssue | None:
        """What was made before; where that is not known here, the pages in the folder are left alone."""
        last = self.cache.last(sent.slug)
        if last is None:
            self._found.kept.append(sent.slug)
        return last

    def _changes(self, letter: Letter, sent: SentIssue) -> list[str]:
        """What is not as it was approved or, where nobody approved it, as it was sent."""
        approval = read(folder_of(letter.path), sent.slug)
        if approval is not None:
            return changes_of_issue(approval, letter, self._workspace)
        return [] if digest_of_issue(letter.issue, self._workspace) == sent.edition else [letter.file]

    def _key(self, path: Path, sent: SentIssue) -> str:
        manifest = folder_of(path) / MANIFEST
        approved = manifest.read_bytes() if manifest.is_file() else b""
        try:
            told = [path.read_bytes(), approved]
        except OSError as error:
            raise InputError(phrase("workflow.file.cannot_be_read", path=str(path), why=str(error))) from error
        must = self._workspace.settings.schedule.require_approval
        parts = [*self._around, sent.first_published.isoformat(), sent.edition, str(must)]
        digests = [hashlib.sha256(data).hexdigest() for data in told]
        return hashlib.sha256(json.dumps([*parts, *digests]).encode()).hexdigest()

    def _files(self, letter: Letter) -> list[Path]:
        """Those that the issue names: pictures and tables."""
        root = self._workspace.root
        pictures = {resolve_picture(one.src, letter.path, root) for one in letter.issue.pictures()}
        tables = {
            resolve_data(one.src, letter.path, root, subscribers=self._workspace.csv)
            for one in letter.issue.data_files()
        }
        return sorted(pictures | tables)
