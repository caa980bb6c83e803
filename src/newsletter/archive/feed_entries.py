"""What every kind of feed says, made once: a feed for each language, an entry for each of its newest issues.

Touches: nothing. Limits: the newest 50; none where the archive has no public address, since a feed is read elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from newsletter.writing import direction_of

from .addresses import full_address, lasting_name, with_full_addresses
from .site import IssuePage, Site, SiteIssue

MOST_ENTRIES = 50
"""Four years of a monthly letter; a reader that has the feed keeps what it saw."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """An issue as a feed carries it; addresses are full, the moments aware."""

    id: str
    url: str
    title: str
    summary: str
    content: str
    """HTML."""
    picture: str
    author: str
    tags: tuple[str, ...]
    language: str
    posted_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class LanguageFeed:
    """The feed of one language, newest entry first; it has at least one."""

    id: str
    language: str
    suffix: str
    """Of its files' names: nothing for the newsletter's language, else `.en`."""
    title: str
    description: str
    home: str
    author: str
    """Of what has no author of its own."""
    entries: tuple[FeedEntry, ...]
    site: Site

    @property
    def updated_at(self) -> datetime:
        return max(entry.updated_at for entry in self.entries)

    def file(self, name: str, suffix: str) -> str:
        """`feed.xml`, `feed.en.xml`."""
        return f"{name}{self.suffix}.{suffix}"

    def address(self, name: str, suffix: str) -> str:
        return full_address(self.site, self.file(name, suffix))


def public_issues(site: Site) -> tuple[SiteIssue, ...]:
    """What is told to machines elsewhere: a draft never is, though a preview shows it."""
    return tuple(issue for issue in site.listed if not issue.is_draft)


def feed_languages(site: Site) -> tuple[str, ...]:
    """Those that have a feed, the newsletter's own first."""
    if not site.base_url:
        return ()
    issues = public_issues(site)
    main = [issue.main.language for issue in issues]
    others = sorted({page.language for issue in issues for page in issue.pages[1:]} - set(main[:1]))
    return (*main[:1], *others)


def feeds_of(site: Site) -> Iterator[LanguageFeed]:
    """A feed for each language that issues are in; in the newsletter's own every issue, in another what is in it."""
    settings = site.settings
    for place, language in enumerate(feed_languages(site)):
        entries = []
        for issue in public_issues(site):
            page = issue.main if place == 0 else _page_in(issue, language)
            if page is not None:
                entries.append(_entry(site, issue, page))
        yield LanguageFeed(
            id=lasting_name(settings, *([language] if place else [])),
            language=language,
            suffix=f".{language}" if place else "",
            title=settings.newsletter.name,
            description=settings.newsletter.tagline or settings.newsletter.name,
            home=site.base_url,
            author=settings.institute.name,
            entries=tuple(entries[:MOST_ENTRIES]),
            site=site,
        )


def _page_in(issue: SiteIssue, language: str) -> IssuePage | None:
    return next((page for page in issue.pages[1:] if page.language == language), None)


def _entry(site: Site, issue: SiteIssue, page: IssuePage) -> FeedEntry:
    url = full_address(site, page.path)
    direction = ' dir="rtl"' if direction_of(page.language) == "rtl" else ""
    is_main = page == issue.main
    return FeedEntry(
        id=lasting_name(site.settings, "issue", issue.slug, *([] if is_main else [page.language])),
        url=url,
        title=page.title,
        summary=page.summary,
        content=f'<div lang="{page.language}"{direction}>{with_full_addresses(page.body, url)}</div>',
        picture=full_address(site, issue.picture) if issue.picture else "",
        author=issue.author or site.settings.institute.name,
        tags=issue.tags,
        language=page.language,
        posted_at=issue.posted_at,
        updated_at=max(issue.posted_at, issue.registered_at),
    )
