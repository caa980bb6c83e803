"""Make the studio's views from a workspace: load, render, merge, as a send would. Touches: the workspace's files.

A view is kept until a file that went into it changes. Limits: the way out in a previewed letter is a proof's, so that
nobody is unsubscribed by a curious click; a search looks at the first MAX_SCANNED rows of the subscriber file.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from newsletter.audience.address import AddressError
from newsletter.audience.read import find_subscriber, read_subscribers
from newsletter.audience.subscriber import Subscriber
from newsletter.edition.edition import Edition
from newsletter.edition.render import render
from newsletter.edition.variants import variant_for
from newsletter.errors import NewsletterError, Problem, UsageError
from newsletter.issue.find import find_issue, issue_paths
from newsletter.issue.load import load_issue
from newsletter.issue.model import Issue
from newsletter.message.letterhead import letterhead
from newsletter.message.merge import Composer, Parts
from newsletter.settings.load import FILE, load_settings
from newsletter.settings.workspace import Workspace
from newsletter.workflow.audience import subscriber_file
from newsletter.workflow.sample import sample_subscriber
from newsletter.workflow.secret import links_of

from .pages import Publisher
from .view import Reader, View

MAX_READERS = 50
MAX_SCANNED = 100_000
"""Rows; some three seconds of reading."""
_KEPT = 8
"""Views; one is some 2 MB with its pictures."""

Stamp = tuple[tuple[Path, int, int], ...]
"""Path, time of change in nanoseconds, and size, of each file and folder that a view was made from."""


class WorkspaceLetters:
    """The letters of one workspace (see `view.Letters`)."""

    def __init__(self, workspace: Workspace, given: str | None, environ: Mapping[str, str]) -> None:
        """`given` is the slug or path the studio is opened with; UsageError where there is no such issue."""
        self._workspace = workspace
        self._environ = environ
        self._opened = find_issue(workspace, given)
        self._kept: OrderedDict[tuple[Path, str | None], tuple[Stamp, View]] = OrderedDict()
        self._lock = threading.Lock()

    def load(self, slug: str | None, reader: str | None, /) -> View:
        path = self._path(slug)
        # One at a time: rendering keeps a processor busy anyway, and cssutils keeps its settings in globals.
        with self._lock:
            kept = self._kept.get((path, reader))
            if kept and kept[0] == _stamp(place for place, _, _ in kept[0]):
                return kept[1]
            try:
                return self._fresh(path, reader)
            except NewsletterError as error:
                return replace(self._empty(path), reader=reader or "", problems=_problems(error))

    def find_readers(self, words: str, /) -> list[Reader]:
        return [_reader(one) for one in islice(self._matching(words), MAX_READERS)]

    def _path(self, slug: str | None) -> Path:
        if slug is None or slug == self._opened.stem:
            return self._opened
        for path in issue_paths(self._workspace):
            if path.stem == slug:
                return path
        raise UsageError("There is no such issue.")

    def _fresh(self, path: Path, reader: str | None) -> View:
        settings = load_settings(self._workspace.root / FILE, self._environ)
        self._workspace = workspace = replace(self._workspace, settings=settings)
        before = _stamp(_sources(workspace, path))
        issue = load_issue(path, workspace_root=workspace.root, timezone=settings.newsletter.timezone)
        stamp = before + _stamp(_pictures(issue, path.parent, workspace.root))
        view = self._merged(path, issue, reader)
        self._kept[path, reader] = stamp, view
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return view

    def _merged(self, path: Path, issue: Issue, reader: str | None) -> View:
        chosen = self._chosen(reader)
        language = self._workspace.settings.newsletter.language
        tags = chosen.tags if chosen else frozenset[str]()
        edition = render(issue, self._workspace, variant_for(issue, chosen.language if chosen else "", tags, language))
        parts = self._parts(issue, edition, chosen or sample_subscriber(edition))
        return replace(
            self._empty(path),
            readers=tuple(self.find_readers("")),
            reader=chosen.email if chosen else "",
            unknown_reader=(reader or "") if chosen is None else "",
            subject=parts.subject,
            html=parts.html,
            text=parts.text,
            headers=parts.headers,
            pictures={picture.cid: (picture.media_type, picture.data) for picture in edition.pictures},
        )

    def _parts(self, issue: Issue, edition: Edition, subscriber: Subscriber) -> Parts:
        links = links_of(self._workspace, create=True)
        head = letterhead(self._workspace.settings, issue.slug, datetime.now(UTC), links.key_id)
        composer = Composer({edition.variant: edition}, head, links)
        parts = composer.parts(subscriber.email, subscriber.key, edition.variant, subscriber.values())
        real, proof = links.token(subscriber.key), links.token(subscriber.key, proof=True)
        return Parts(
            subject=parts.subject,
            html=parts.html.replace(real, proof),
            text=parts.text.replace(real, proof),
            headers=tuple((name, value.replace(real, proof)) for name, value in parts.headers),
        )

    def _empty(self, path: Path) -> View:
        settings = self._workspace.settings
        slugs = {path.stem, self._opened.stem, *(found.stem for found in issue_paths(self._workspace))}
        return View(
            publisher=Publisher(settings.newsletter.name, settings.institute.name, settings.newsletter.language),
            slug=path.stem,
            issues=tuple(sorted(slugs, reverse=True)),
        )

    def _chosen(self, reader: str | None) -> Subscriber | None:
        """An address, else the first whose name or address has these words in it; None for the defaults."""
        if reader == "" or not self._has_subscribers():
            return None
        try:
            exact = find_subscriber(subscriber_file(self._workspace, or_example=True), reader or "")
        except AddressError:
            exact = None
        return exact or next(self._matching(reader or ""), None)

    def _matching(self, words: str) -> Iterator[Subscriber]:
        if not self._has_subscribers():
            return
        wanted = words.strip().casefold()
        for row in islice(read_subscribers(subscriber_file(self._workspace, or_example=True)), MAX_SCANNED):
            if isinstance(row, Subscriber) and (wanted in row.key or wanted in row.name.casefold()):
                yield row

    def _has_subscribers(self) -> bool:
        return self._workspace.csv.is_file() or self._workspace.example_csv.is_file()


def _reader(subscriber: Subscriber) -> Reader:
    return Reader(subscriber.email, subscriber.name)


def _problems(error: NewsletterError) -> tuple[Problem, ...]:
    problems: tuple[Problem, ...] = getattr(error, "problems", ())
    return problems or (Problem(error.message, hint=error.hint),)


def _sources(workspace: Workspace, issue: Path) -> Iterator[Path]:
    """All but the pictures; folders too, since a file that is added changes its folder."""
    yield from (issue, workspace.root / FILE, workspace.csv, workspace.example_csv, workspace.issues)
    yield from (workspace.templates, *sorted(workspace.templates.glob("*")))


def _pictures(issue: Issue, *folders: Path) -> Iterator[Path]:
    """Every place where a picture of the issue is looked for."""
    for image in (issue.hero, *(section.image for section in issue.sections)):
        if image:
            yield from (folder / image.src for folder in folders)


def _stamp(paths: Iterable[Path]) -> Stamp:
    return tuple((path, *_facts(path)) for path in paths)


def _facts(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, -1
    return found.st_mtime_ns, found.st_size
