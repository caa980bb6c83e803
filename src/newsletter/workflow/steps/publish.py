"""Publish an issue before its first message, and the archive that leads to it behind its last.

Touches: the archive's folder, `[archive] publish`, the network, the ledger. A letter carries the addresses of its page
and its pictures for ever, so no dot is written before they were fetched from there. Nothing is lost where that fails:
the plan stands, and the next run tries again.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsletter.catalogue import Said, lines, phrase
from newsletter.errors import InputError, RunAgainError, UnavailableError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.lock_file import alone
from newsletter.ledger.records import DispatchRecord
from newsletter.settings.workspace import Workspace

from .publish_command import PUBLISH_SECONDS, NotPublishedError, run_publish_command

if TYPE_CHECKING:  # mostly nothing is published, and templates and pictures hang on these
    from newsletter.archive.site import SiteIssue
    from newsletter.probes.hosted import Expected

    from .site import Built

_LOCK = "archive.lock"
_LONGEST = 2 * PUBLISH_SECONDS
"""Seconds: the command, the looks, and as long again for the building."""
_NAMED = 5
_PAGE_GROWS = 256 * 1024
"""Bytes that a page may have more where it is read: its number of views, what a network in front puts in."""

_Say = Callable[[Said], None]


class ArchiveBusyError(RunAgainError):
    """Another process builds and publishes it; `hangs`: for longer than that takes, so somebody must hear of it."""

    def __init__(self, *, hangs: bool) -> None:
        hint = phrase("workflow.publish.it_hangs" if hangs else "workflow.publish.wait_for_it")
        super().__init__(phrase("workflow.publish.another_is_at_it"), hint=hint)
        self.hangs = hangs


def publish_ahead(
    workspace: Workspace, ledger: Ledger, record: DispatchRecord, say: _Say, again: Said | None = None
) -> tuple[Said, ...]:
    """Before the first message: build the issue's page and pictures, publish them, and fetch each; warnings.

    Nothing to do where that was done for its newest words, or its letters lead to no archive. UnavailableError (69)
    where publishing fails or something is not there, InputError (65) where there can be no page, ArchiveBusyError (75);
    `again` says how to try again, where not by `send` or `send --due`.
    """
    if _is_published(ledger, record):
        return ()
    address = ledger.letterhead(record.id).archive_url
    hosted = ledger.hosted_pictures(record.newsletter, record.id)
    if not (address or hosted):
        return ()
    with _alone(workspace):
        if _is_published(ledger, record):
            return ()
        is_built = phrase("workflow.publish.is_built", slug=record.slug, folder=workspace.settings.archive.dir)
        say(phrase("workflow.publish.begins", slug=record.slug) if workspace.settings.archive.publish else is_built)
        revision = ledger.revision(record.id)
        try:
            warnings = _published_and_seen(workspace, ledger, record.slug, address, hosted)
        except (UnavailableError, InputError) as error:
            again = again or phrase("workflow.publish.nothing_was_sent", slug=record.slug)
            raise type(error)(error.message, hint=lines(error.hint, again)) from error
        ledger.page_published(record.id, revision, datetime.now(UTC))
    return warnings


def publish_archive(workspace: Workspace, ledger: Ledger, say: _Say) -> tuple[Said, ...]:
    """Behind the last message: build and publish the archive that leads to whatever is at its end; warnings.

    Once for each issue; what fails is tried again by whoever calls next. Errors as `publish_ahead`.
    """
    list_id = workspace.settings.newsletter.list_id
    if not ledger.unlisted(list_id) or not workspace.settings.links.archive_url:
        return ()
    with _alone(workspace):
        waiting = ledger.unlisted(list_id)
        if not waiting:
            return ()
        slugs = tuple(one.slug for one in waiting)
        is_built = phrase("workflow.publish.is_built_with", slugs=slugs, folder=workspace.settings.archive.dir)
        say(phrase("workflow.publish.leads_to", slugs=slugs) if workspace.settings.archive.publish else is_built)
        built = _publish(workspace, ledger)
        for one in waiting:
            ledger.page_listed(one.id, datetime.now(UTC))
    return (*built.warnings, *built.problems)


def _is_published(ledger: Ledger, record: DispatchRecord) -> bool:
    page = ledger.publication(record.id)
    return page is not None and page.is_current


@contextmanager
def _alone(workspace: Workspace) -> Iterator[None]:
    """Two who build into one folder, and carry it away meanwhile, would publish halves."""
    path = workspace.state / _LOCK
    with alone(path) as is_alone:
        if not is_alone:
            raise ArchiveBusyError(hangs=time.time() - path.stat().st_mtime > _LONGEST)
        path.touch()
        yield


def _publish(workspace: Workspace, ledger: Ledger, *, planned: str = "") -> "Built":
    from .site import build_site

    def silently(_done: int, _total: int) -> None:
        """Only what changed is made and written."""

    built = build_site(workspace, workspace.archive, ledger, planned=planned, making=silently, writing=silently)
    if workspace.settings.archive.publish:
        run_publish_command(workspace, workspace.archive)
    return built


def _published_and_seen(
    workspace: Workspace, ledger: Ledger, slug: str, address: str, hosted: Mapping[str, str]
) -> tuple[Said, ...]:
    built = _publish(workspace, ledger, planned=slug)
    issue = next((one for one in built.site.issues if one.slug == slug), None)
    if address and issue is None:
        raise InputError(lines(phrase("workflow.publish.has_no_page", slug=slug), *built.problems))
    expected = [_picture(workspace, one) for one in hosted]
    if address and issue is not None:
        expected += _of_page(workspace, issue, address, built.site.base_url, hosted)
    return (*_look(workspace, slug, expected, hosted), *built.warnings, *built.problems)


def _of_page(
    workspace: Workspace, issue: "SiteIssue", address: str, base_url: str, hosted: Mapping[str, str]
) -> Iterator["Expected"]:
    """The page in each language, which says where it is, and its pictures."""
    from newsletter.probes.hosted import Expected

    for path in issue.pictures:
        if (picture := f"{address}/{path}") not in hosted:
            yield _picture(workspace, picture)
    for page in issue.pages:
        size = (workspace.archive / page.path / "index.html").stat().st_size
        yield Expected(f"{address}/{page.path}", 2 * size + _PAGE_GROWS, words=f"{base_url}{page.path}")


def _picture(workspace: Workspace, address: str) -> "Expected":
    """With the bytes that were built: one that an issue before had, too, is as it was published then."""
    from newsletter.probes.hosted import Expected

    from .hosted_pictures import path_of

    data = (workspace.archive / path_of(address)).read_bytes()
    return Expected(address, len(data), digest=hashlib.sha256(data).hexdigest())


def _look(
    workspace: Workspace, slug: str, expected: Sequence["Expected"], hosted: Mapping[str, str]
) -> tuple[Said, ...]:
    """Without a command somebody publishes by hand, and may do so later: only a letter's own pictures cannot wait."""
    from newsletter.probes.hosted import not_there

    found = not_there(expected)
    if not found:
        return ()
    named = [phrase("workflow.publish.one_missing", address=one, why=why) for one, why in found.items()]
    folder, command = workspace.settings.archive.dir, workspace.settings.archive.publish
    is_not_there = phrase("workflow.publish.is_not_there", slug=slug, count=len(found))
    is_not_yet = phrase("workflow.publish.is_not_there_yet", slug=slug, count=len(found))
    said = lines(is_not_there if command else is_not_yet, *named[:_NAMED])
    if command:
        raise NotPublishedError(said, hint=phrase("workflow.publish.look_where_it_goes"))
    if hosted.keys() & found.keys():
        raise NotPublishedError(said, hint=phrase("workflow.publish.publish_the_folder", folder=folder))
    return (lines(said, phrase("workflow.publish.publish_it_soon", folder=folder)),)
