"""`newsletter new SLUG --from-feed FEED`: the newest entries of a feed become short notes. Touches: network, or a file.

Those since the last issue, by title, link, the first lines of what it says and its day, in one `briefs` section; the
title of the issue is left to write. Limits: nothing but the feed is fetched, and by this command alone.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from operator import itemgetter
from pathlib import Path
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from newsletter.catalogue import Said, phrase
from newsletter.desk.text.fresh_text import fresh_text
from newsletter.edition.pasted.cleaned import pasted_blocks
from newsletter.edition.pasted.feed import ReadEntry, read_feed
from newsletter.edition.pasted.left_out import LeftOutCount
from newsletter.edition.pasted.pieces import PastedBlock, PastedHeading, PastedParagraph, PastedRun, leaves, words_alone
from newsletter.edition.pasted.spelled import with_literal_braces
from newsletter.edition.pasted.unwrapped import direct_address
from newsletter.edition.pasted.writing import markdown_of
from newsletter.errors import InputError, Problem
from newsletter.excerpt import shortened
from newsletter.issue.scaffold import new_path, write_issue
from newsletter.issue.schema import NAME
from newsletter.issue.tree import Data
from newsletter.probes.addresses import Allowed, is_public
from newsletter.probes.feed import LARGEST_FEED, fetched_feed
from newsletter.settings.system_reason import system_reason
from newsletter.settings.workspace import Workspace

from .steps.begun import BegunIssue
from .steps.published import published

TAKEN_OF_FEED = 10
"""Entries that are taken where nobody says how many."""
_LONGEST_TITLE, _LONGEST_SUMMARY, _LONGEST_HTML = 200, 300, 50_000
"""Characters."""


def new_from_feed(
    workspace: Workspace,
    slug: str,
    feed: str,
    *,
    newest: int = TAKEN_OF_FEED,
    now: datetime | None = None,
    allowed: Allowed = is_public,
) -> BegunIssue:
    """`feed` is an https address or a file. Raises UsageError, UnavailableError (69), InputError, CannotWriteError."""
    new_path(workspace, slug)
    is_address = "://" in feed
    read = read_feed(fetched_feed(feed, allowed=allowed) if is_address else _file(Path(feed)), feed)
    since = _last(workspace, now or datetime.now(UTC))
    said = [one for one in read.entries if one.title or one.summary]
    fresh = [one for one in said if since is None or one.at is None or one.at > since]
    zone, base = ZoneInfo(workspace.settings.newsletter.timezone), feed if is_address else ""
    source = shortened(_plain(read.title), _LONGEST_TITLE)
    briefs = [brief for one in _newest_first(fresh)[:newest] if (brief := _brief(one, base, source, zone))]
    if not briefs:
        raise InputError(problems=[Problem(_nothing(read.entries, since), feed)])
    section: dict[str, Data] = {"type": "briefs", **({"heading": source} if source else {}), "items": [*briefs]}
    data: dict[str, Data] = {"title": "", "line_breaks": "keep", "sections": [section]}
    path = write_issue(workspace, slug, fresh_text(data, comments=f"# yaml-language-server: $schema={NAME}\n"))
    counts = {"count": len(briefs), "older": len(said) - len(fresh), "more": max(len(fresh) - newest, 0)}
    return BegunIssue(path, (phrase("workflow.new.from_feed", **counts),))


def _file(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FEED:
            raise InputError(
                problems=[Problem(phrase("probes.feed.is_too_large", most=LARGEST_FEED // 1_000_000), path.name)]
            )
        return path.read_bytes()
    except OSError as error:
        why = phrase("issue.file.cannot_be_read", why=system_reason(error))
        raise InputError(problems=[Problem(why, path.name)]) from error


def _last(workspace: Workspace, now: datetime) -> datetime | None:
    """When the last issue went out."""
    return max((at for at in published(workspace).values() if at is not None and at <= now), default=None)


def _newest_first(entries: Sequence[ReadEntry]) -> list[ReadEntry]:
    """Those without a day stand where the feed has them, which is newest first mostly: before the others."""
    undated = [one for one in entries if one.at is None]
    dated = [(one.at, one) for one in entries if one.at]
    return [*undated, *(one for _, one in sorted(dated, key=itemgetter(0), reverse=True))]


def _brief(entry: ReadEntry, base: str, source: str, zone: tzinfo) -> dict[str, Data] | None:
    summary = _summary(entry.summary)
    title = shortened(_plain(entry.title) or summary.strip(), _LONGEST_TITLE)
    if not title:
        return None
    brief: dict[str, Data] = {"title": title}
    if address := direct_address(urljoin(base, entry.link) if entry.link else ""):
        brief["url"] = address.replace("{", "%7B").replace("}", "%7D")
    if summary.strip() and summary.strip() != title:
        brief["text"] = summary
    day = f"{entry.at.astimezone(zone):%Y-%m-%d}" if entry.at else ""
    if said := ", ".join(filter(None, [source, day])):
        brief["source"] = said
    return brief


def _summary(html: str) -> str:
    """The first paragraphs on one line, as Markdown that says just that."""
    blocks = _blocks(html)
    words = " ".join(words_alone(one.words) for one in leaves(blocks) if isinstance(one, PastedParagraph))
    run = PastedRun(shortened(words, _LONGEST_SUMMARY))
    return markdown_of([PastedParagraph((run,))], keep_breaks=True) if run.text else ""


def _plain(html: str) -> str:
    blocks = leaves(_blocks(html))
    words = (words_alone(one.words) for one in blocks if isinstance(one, PastedParagraph | PastedHeading))
    return with_literal_braces(" ".join(filter(None, words)))


def _blocks(html: str) -> Sequence[PastedBlock]:
    try:
        return pasted_blocks(html[:_LONGEST_HTML], LeftOutCount())
    except InputError:
        return []


def _nothing(entries: Sequence[ReadEntry], since: datetime | None) -> Said:
    if entries and since:
        return phrase("workflow.new.feed_has_nothing_new", since=f"{since:%Y-%m-%d %H:%M}")
    return phrase("workflow.new.feed_is_empty")
