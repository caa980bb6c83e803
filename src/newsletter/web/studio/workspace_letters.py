"""Everything the studio shows of one workspace: the letters as a send would make them, the proof, what `check` says.

Touches: the workspace's files, the ledger for reading; for a proof the network. What was made is kept until a file that
went into it changes.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.edition.variants import variant_for
from newsletter.errors import NewsletterError, Problem, RefusedError, UsageError
from newsletter.issue.find import find_issue, letter_paths
from newsletter.settings.load import FILE, load_settings
from newsletter.settings.workspace import Workspace
from newsletter.web.page_templates import Publisher
from newsletter.workflow.send_proof import Proof, deliver_proof
from newsletter.workflow.steps.issue_states import Draft

from .cache import Cache, Recent, Stamp, list_files, sought_files, stamp
from .check_cache import Checked, Checks
from .edition_cache import Editions, load
from .letter_view import Opened, letter_view
from .model import Asked, Reader, View
from .readers import Readers

MAX_ISSUES = 200
"""Issues to choose from."""
MAX_ISSUE_STATES = 60
"""Issues that the panel of them lists; the first look at one takes some 20 ms."""
_VIEWS = 16
"""Views that are kept; their pictures are the editions'."""


class Kept:
    """What the requests to one studio share: what was made for one of them, until a file changes."""

    def __init__(self) -> None:
        self.editions = Editions()
        self.checks = Checks(self.editions)
        self.readers = Readers()
        self.views: Cache[tuple[Path, Asked], View] = Cache(_VIEWS)
        self.drafts: Cache[Path, Draft] = Cache(2 * MAX_ISSUE_STATES)
        self.issues: Recent[str, Path] = Recent(MAX_ISSUES)
        """Where issues were found that somebody has asked for; their files may be gone since."""


@dataclass(frozen=True)
class Snapshot:
    """The workspace as one request sees it: its settings are read once, and nobody changes them under its answer."""

    workspace: Workspace
    """Where the settings cannot be read, with those that could last be: for whoever is told so in their language."""
    unreadable: NewsletterError | None
    """Why the settings cannot be read."""
    settings: Stamp
    """Of newsletter.toml before it was read: what is made by these settings is stale as soon as it changes."""
    opened: Path
    """The issue that the studio was opened with."""
    kept: Kept
    language: str | None = None
    """Of the pages, where somebody asked for one; None: the newsletter's."""

    @property
    def publisher(self) -> Publisher:
        newsletter, institute = self.workspace.settings.newsletter, self.workspace.settings.institute
        return Publisher(newsletter.name, institute.name, self.language or newsletter.language)

    @property
    def proof_to(self) -> Sequence[str]:
        """Addresses that a proof may go to, `[preview] proof_to`; settings that cannot be read allow nobody."""
        return () if self.unreadable else self.workspace.settings.preview.proof_to

    def path(self, asked: Asked) -> Path:
        """The issue's file; it may be gone. UsageError for a slug that is no issue's."""
        slug = asked.issue
        if slug is None or slug == self.opened.stem:
            return self.opened
        for path in letter_paths(self.workspace):
            if path.stem == slug:
                self.kept.issues.keep(slug, path)
        # One that was there a moment ago is not unknown: its page says that the file is gone, and waits for it.
        found = self.kept.issues.find(slug)
        if found is None:
            raise UsageError(phrase("web.studio.no_such_issue"))
        return found

    def load(self, asked: Asked) -> View:
        """The letter, or all that is wrong with it. UsageError where there is no such issue."""
        path = self.path(asked)

        def make() -> tuple[Stamp, View]:
            opened = self.open(asked)
            unknown = (asked.reader or "") if opened.reader is None else ""
            before = replace(self._empty(path), readers=tuple(self._readers("")), unknown_reader=unknown)
            return opened.made_from, letter_view(opened, before)

        try:
            return self.kept.views.get((path, replace(asked, issue=None)), make)
        except NewsletterError as error:
            problems = problems_of(error)
            return replace(self._empty(path), reader=asked.reader or "", problems=problems)

    def message(self, asked: Asked) -> tuple[str, bytes]:
        """The issue's slug and the whole message as `load` shows it; any NewsletterError where there is none."""
        opened = self.open(asked)
        return opened.issue.slug, opened.message()

    def find_readers(self, words: str) -> Sequence[Reader]:
        """Subscribers whose name or address contains the words; a bounded number."""
        try:
            return self._readers(words)
        except NewsletterError:
            # The view says what is wrong with the file.
            return []

    def checked(self, path: Path) -> Checked:
        """Any NewsletterError where not every edition can be looked at; the findings say why."""
        return self.kept.checks.check(path, self._readable(), self.settings)

    def send_proof(self, asked: Asked, to: str) -> str:
        """Send what is shown and say what the relay said; RefusedError where `to` is nobody a proof may go to."""
        opened = self.open(asked)
        allowed = {one.casefold(): one for one in self.proof_to}
        address = allowed.get(to.strip().casefold())
        if address is None:
            raise RefusedError(phrase("web.proof.not_listed"))
        proof = Proof(opened.issue.slug, opened.edition, opened.subscriber.values())
        reply = deliver_proof(opened.workspace, proof, address)
        return f"{reply.code} {reply.text}"

    def open(self, asked: Asked) -> Opened:
        """Load and render; any NewsletterError."""
        path = self.path(asked)
        workspace = self._readable()
        before = stamp(list_files(workspace))
        issue, files = load(path, workspace, self.settings)
        chosen = self.kept.readers.chosen(workspace, asked.reader)
        language = asked.language or (chosen.language if chosen else "")
        tags = frozenset(asked.tags) if asked.tags is not None else chosen.tags if chosen else frozenset()
        variant = variant_for(issue, language, tags, workspace.settings.newsletter.language)
        made_from = before + files + stamp(sought_files(issue, workspace))
        edition = self.kept.editions.edition(issue, files, variant, workspace)
        return Opened(workspace, path, issue, variant, edition, chosen, tags, made_from)

    def _readable(self) -> Workspace:
        if self.unreadable:
            raise self.unreadable
        return self.workspace

    def _empty(self, path: Path) -> View:
        slugs = sorted((found.stem for found in letter_paths(self.workspace)), reverse=True)[:MAX_ISSUES]
        return View(slug=path.stem, issues=tuple(sorted({path.stem, self.opened.stem, *slugs}, reverse=True)))

    def _readers(self, words: str) -> list[Reader]:
        return [Reader(one.email, one.name) for one in self.kept.readers.matching(self.workspace, words)]


class WorkspaceLetters:
    """One workspace as the studio sees it; may be asked from several threads."""

    def __init__(
        self, workspace: Workspace, given: str | None, environ: Mapping[str, str], language: str | None = None
    ) -> None:
        """`given` is the slug or path the studio is opened with; UsageError where there is no such issue."""
        self._environ = environ
        self._language = language
        self._opened = find_issue(workspace, given)
        self._kept = Kept()
        self._last = workspace
        """With the settings as they could last be read."""
        self._lock = threading.Lock()

    def now(self) -> Snapshot:
        """What one request works with."""
        # Written by every request's thread, since a page has to say in the newsletter's language, and under its name,
        # that the settings cannot be read any more.
        with self._lock:
            file = self._last.root / FILE
            before, unreadable = stamp([file]), None
            try:
                self._last = Workspace(self._last.root, load_settings(file, self._environ))
            except NewsletterError as error:
                unreadable = error
            return Snapshot(self._last, unreadable, before, self._opened, self._kept, self._language)


def problems_of(error: NewsletterError) -> tuple[Problem, ...]:
    """What is wrong, each with its place, as far as that is known; at least one."""
    return getattr(error, "problems", ()) or (Problem(error.message, hint=error.hint),)
