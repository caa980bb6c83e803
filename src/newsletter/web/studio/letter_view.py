"""Make the studio's views from a workspace: load, render, merge, as a send would. Touches: the workspace's files.

A view is kept until a file that went into it changes. Limits: the way out in a previewed letter is a proof's, so that
nobody is unsubscribed by a curious click.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from newsletter.audience.subscriber import Subscriber
from newsletter.check.unreadable import in_language
from newsletter.edition.edition import Edition
from newsletter.edition.variants import languages_of, variant_for
from newsletter.errors import NewsletterError, Problem, UsageError
from newsletter.issue.find import find_issue, issue_paths
from newsletter.issue.model import Issue
from newsletter.message.letterhead import letterhead
from newsletter.message.merge import Composer, Signs
from newsletter.settings.load import FILE, load_settings
from newsletter.settings.workspace import Workspace
from newsletter.web.page_templates import Publisher
from newsletter.workflow.steps.keys import signer_of
from newsletter.workflow.steps.sample import sample_subscriber
from newsletter.workflow.steps.secret import harmless_links_of

from .cache import Stamp, pictures, stamp, still_true, subscriber_files
from .edition_cache import Editions, load
from .header_words import explained
from .inbox_rows import inbox_rows
from .model import Asked, Reader, View
from .raw_message import readable_wire, signatures
from .readers import Readers

MAX_ISSUES = 200
"""Issues to choose from."""
_KEPT = 16
"""Views; their pictures are the editions'."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An issue for one reader, before anything is merged."""

    workspace: Workspace
    path: Path
    issue: Issue
    edition: Edition
    reader: Subscriber | None
    """None: the defaults."""
    tags: frozenset[str]
    made_from: Stamp

    @property
    def subscriber(self) -> Subscriber:
        return self.reader or sample_subscriber(self.edition)

    def composer(self) -> Composer:
        links = harmless_links_of(self.workspace)
        head = letterhead(self.workspace.settings, self.issue.slug, datetime.now(UTC), links.key_id)
        return Composer({self.edition.variant: self.edition}, head, links, _signer(self.workspace))


class LetterViews:
    """The letters of one workspace (see `view.Letters`)."""

    def __init__(self, workspace: Workspace, given: str | None, environ: Mapping[str, str]) -> None:
        """`given` is the slug or path the studio is opened with; UsageError where there is no such issue."""
        self.workspace = workspace
        """With the settings as they were when they could last be read."""
        self.editions = Editions()
        self._environ = environ
        self._opened = find_issue(workspace, given)
        self._seen: dict[str, Path] = {}
        self._readers = Readers()
        self._kept: OrderedDict[tuple[Path, Asked], tuple[Stamp, View]] = OrderedDict()
        self._lock = threading.Lock()

    def load(self, asked: Asked, /) -> View:
        path = self.path(asked)
        place = path, replace(asked, issue=None)
        with self._lock:
            kept = self._kept.get(place)
        if kept and still_true(kept[0]):
            return kept[1]
        try:
            opened = self.open(asked)
            view = self._merged(opened, asked)
        except NewsletterError as error:
            return replace(self._empty(path), reader=asked.reader or "", problems=self.problems_of(error))
        with self._lock:
            self._kept[place] = opened.made_from, view
            self._kept.move_to_end(place)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return view

    def message(self, asked: Asked, /) -> tuple[str, bytes]:
        """The slug and the whole message; any NewsletterError where there is none."""
        opened = self.open(asked)
        return opened.issue.slug, _message(opened)

    def find_readers(self, words: str, /) -> list[Reader]:
        try:
            return self._list(self.workspace, words)
        except NewsletterError:
            # The view says what is wrong with the file.
            return []

    def proof_to(self) -> tuple[str, ...]:
        try:
            return self.refreshed().settings.preview.proof_to
        except NewsletterError:
            # Settings that cannot be read allow nobody; the view says what is wrong with them.
            return ()

    def path(self, asked: Asked) -> Path:
        """The issue's file; it may be gone. UsageError for a slug that is no issue's."""
        slug = asked.issue
        if slug is None or slug == self._opened.stem:
            return self._opened
        for path in issue_paths(self.workspace):
            if path.stem == slug:
                self._seen[slug] = path
        # One that was there a moment ago is not unknown: its page says that the file is gone, and waits for it.
        if slug not in self._seen:
            raise UsageError("이 작업 폴더에 그런 호가 없습니다. There is no such issue in this workspace.")
        return self._seen[slug]

    def problems_of(self, error: NewsletterError) -> tuple[Problem, ...]:
        """What is wrong, each with its place, in the newsletter's language as far as that is known; at least one."""
        problems = getattr(error, "problems", ()) or (Problem(error.message, hint=error.hint),)
        return tuple(in_language(problem, self.workspace.settings.newsletter.language) for problem in problems)

    def refreshed(self) -> Workspace:
        """The workspace with its settings as they are now; SettingsError where they cannot be read."""
        settings = load_settings(self.workspace.root / FILE, self._environ)
        if settings != self.workspace.settings:
            self.workspace = Workspace(self.workspace.root, settings)
        return self.workspace

    def open(self, asked: Asked) -> Opened:
        """Load and render; any NewsletterError."""
        path = self.path(asked)
        workspace = self.refreshed()
        before = stamp(subscriber_files(workspace))
        issue, files = load(path, workspace)
        chosen = self._readers.chosen(workspace, asked.reader)
        language = asked.language or (chosen.language if chosen else "")
        tags = frozenset(asked.tags) if asked.tags is not None else chosen.tags if chosen else frozenset()
        variant = variant_for(issue, language, tags, workspace.settings.newsletter.language)
        made_from = before + files + stamp(pictures(issue, workspace))
        edition = self.editions.edition(issue, files, variant, workspace)
        return Opened(workspace, path, issue, edition, chosen, tags, made_from)

    def _merged(self, opened: Opened, asked: Asked) -> View:
        workspace, edition, subscriber = opened.workspace, opened.edition, opened.subscriber
        own = workspace.settings.newsletter.language
        values = subscriber.values()
        composer = opened.composer()
        parts = composer.parts(subscriber.email, subscriber.key, edition.variant, values)
        message = composer.compose(subscriber.email, subscriber.key, edition.variant, values)
        return replace(
            self._empty(opened.path),
            readers=tuple(self._list(workspace, "")),
            reader=opened.reader.email if opened.reader else "",
            unknown_reader=(asked.reader or "") if opened.reader is None else "",
            variant=edition.variant,
            language=edition.language,
            languages=languages_of(opened.issue, own),
            tags=tuple(sorted(opened.tags)),
            all_tags=tuple(sorted({tag for section in opened.issue.sections for tag in section.only_for})),
            subject=parts.subject,
            html=parts.html,
            text=parts.text,
            raw=readable_wire(message.data),
            size=len(message.data),
            headers=explained((*signatures(message.data), *parts.headers), own),
            inbox=inbox_rows(workspace.settings.sender_name, parts.subject, parts.html),
            pictures={picture.cid: (picture.media_type, picture.data) for picture in edition.pictures},
        )

    def _empty(self, path: Path) -> View:
        settings = self.workspace.settings
        slugs = sorted((found.stem for found in issue_paths(self.workspace)), reverse=True)[:MAX_ISSUES]
        return View(
            publisher=Publisher(settings.newsletter.name, settings.institute.name, settings.newsletter.language),
            slug=path.stem,
            issues=tuple(sorted({path.stem, self._opened.stem, *slugs}, reverse=True)),
        )

    def _list(self, workspace: Workspace, words: str) -> list[Reader]:
        return [Reader(one.email, one.name) for one in self._readers.matching(workspace, words)]


def _message(opened: Opened) -> bytes:
    subscriber = opened.subscriber
    made = opened.composer().compose(subscriber.email, subscriber.key, opened.edition.variant, subscriber.values())
    return made.data


def _signer(workspace: Workspace) -> Signs | None:
    """As a send signs; an editor's machine need not have the operator's key, and the letter looks the same without."""
    try:
        return signer_of(workspace)
    except NewsletterError:
        return None
