"""The same feeds as JSON Feed 1.1 (jsonfeed.org/version/1.1): `feed.json`, `feed.en.json`. Touches: nothing."""

import json

from .addresses import fit_for_xml
from .feed_entries import FeedEntry, LanguageFeed, feeds_of
from .site import Site, SiteFile

_VERSION = "https://jsonfeed.org/version/1.1"
_Json = dict[str, object]


def json_feeds(site: Site) -> tuple[SiteFile, ...]:
    return tuple(SiteFile(feed.file("feed", "json"), _octets(feed)) for feed in feeds_of(site))


def _octets(feed: LanguageFeed) -> bytes:
    said: _Json = {
        "version": _VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.address("feed", "json"),
        "description": feed.description,
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": [_item(entry) for entry in feed.entries],
    }
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def _item(entry: FeedEntry) -> _Json:
    item: _Json = {
        "id": entry.id,
        "url": entry.url,
        "title": fit_for_xml(entry.title),
        "content_html": entry.content,
        "date_published": entry.posted_at.isoformat(timespec="seconds"),
        "date_modified": entry.updated_at.isoformat(timespec="seconds"),
        "authors": [{"name": entry.author}],
        "language": entry.language,
    }
    optional: _Json = {"summary": fit_for_xml(entry.summary), "image": entry.picture, "tags": list(entry.tags)}
    return item | {name: value for name, value in optional.items() if value}
