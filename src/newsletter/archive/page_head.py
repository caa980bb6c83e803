"""What stands in the head of a page for others than its reader: feeds, Open Graph, JSON-LD. Touches: nothing.

Limits: nothing where the archive has no public address, since all of it are full addresses.
"""

from collections.abc import Iterator

from markupsafe import Markup

from newsletter.edition.share_card import CARD_SIZE

from .addresses import full_address
from .cards import card_path
from .event_calendar import ALL_EVENTS, calendar_path
from .feed_entries import feed_languages
from .json_ld import json_ld, json_ld_of_index
from .site import IssuePage, Site, SiteIssue

_KINDS = (
    ("feed", "xml", "application/atom+xml"),
    ("rss", "xml", "application/rss+xml"),
    ("feed", "json", "application/feed+json"),
)
_ALTERNATE = Markup('<link rel="alternate" type="{}" title="{}" href="{}">')
_META = Markup('<meta {}="{}" content="{}">')


def head_of_issue(site: Site, issue: SiteIssue, page: IssuePage) -> Markup:
    """Lines of the head of an issue's page in one language."""
    if not site.base_url:
        return Markup()
    card = full_address(site, card_path(page, issue))
    facts = [
        ("og:type", "article"),
        ("og:title", page.title),
        ("og:description", page.summary),
        ("og:url", full_address(site, page.path)),
        *_of_site(site),
        ("og:locale", page.language.replace("-", "_")),
        ("og:image", card),
        *((f"og:image:{side}", str(length)) for side, length in zip(("width", "height"), CARD_SIZE, strict=True)),
        ("og:image:alt", page.title),
        ("article:published_time", issue.posted_at.isoformat(timespec="seconds")),
        *(("article:tag", tag) for tag in issue.tags),
    ]
    lines = [*_feeds(site), *_calendar(site, issue), *_metas(facts)]
    return _lines([*lines, _META.format("name", "twitter:card", "summary_large_image"), json_ld(site, issue, page)])


def head_of_index(site: Site) -> Markup:
    """Lines of the head of the first page."""
    if not site.base_url:
        return Markup()
    newsletter = site.settings.newsletter
    facts = [
        ("og:type", "website"),
        ("og:title", newsletter.name),
        ("og:description", newsletter.tagline),
        ("og:url", site.base_url),
        *_of_site(site),
        ("og:locale", newsletter.language),
    ]
    newest = next(iter(site.listed), None)
    if newest is not None:
        facts.append(("og:image", full_address(site, card_path(newest.main, newest))))
    has_events = any(issue.events for issue in site.listed)
    calendar = [_ALTERNATE.format("text/calendar", newsletter.name, full_address(site, ALL_EVENTS))]
    return _lines([*_feeds(site), *(calendar if has_events else []), *_metas(facts), json_ld_of_index(site)])


def _of_site(site: Site) -> tuple[tuple[str, str], ...]:
    return (("og:site_name", site.settings.newsletter.name),)


def _feeds(site: Site) -> Iterator[Markup]:
    name = site.settings.newsletter.name
    for place, language in enumerate(feed_languages(site)):
        dot = f".{language}" if place else ""
        title = f"{name} ({language})" if place else name
        for file, suffix, media_type in _KINDS:
            yield _ALTERNATE.format(media_type, title, full_address(site, f"{file}{dot}.{suffix}"))


def _calendar(site: Site, issue: SiteIssue) -> Iterator[Markup]:
    if issue.events:
        yield _ALTERNATE.format("text/calendar", issue.main.title, full_address(site, calendar_path(issue)))


def _metas(facts: list[tuple[str, str]]) -> Iterator[Markup]:
    return (_META.format("property", name, value) for name, value in facts if value)


def _lines(parts: list[Markup]) -> Markup:
    return Markup("\n").join(parts)
