"""RSS, Atom or JSON Feed -> its entries, in plain values. Touches: nothing.

SECURITY: entities are neither declared nor looked up (a feed with `<!ENTITY` is refused), nothing is fetched, trees
have libxml2's own bounds. Limits: what a feed says of itself only; the first 1,000 entries.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from lxml import etree

from newsletter.catalogue import phrase
from newsletter.edition.foreign_layout import Element
from newsletter.errors import InputError, Problem

_MOST = 1_000
_DATES = ("pubdate", "published", "date", "issued", "updated", "modified")
"""The day it appeared first, then the day it was changed."""


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """Title and summary may hold HTML; a link as it is written there."""

    title: str
    link: str
    summary: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ReadFeed:
    title: str
    entries: tuple[ReadEntry, ...]


def read_feed(data: bytes, file: str) -> ReadFeed:
    """`file` is how errors call it. Raises InputError for what is no feed."""
    try:
        feed = _of_json(data) if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" else _of_xml(data)
    except (ValueError, TypeError, AttributeError, RecursionError, etree.XMLSyntaxError) as error:
        raise InputError(problems=[Problem(phrase("edition.pasted.is_no_feed"), file)]) from error
    return feed


def _of_json(data: bytes) -> ReadFeed:
    """https://www.jsonfeed.org/version/1.1/"""
    given: Any = json.loads(data.decode("utf-8-sig"))
    if "jsonfeed.org" not in str(given.get("version", "")):
        raise ValueError("version")
    items = [item for item in given.get("items") or [] if isinstance(item, dict)][:_MOST]
    entries = (
        ReadEntry(
            _word(item, "title"),
            _word(item, "url") or _word(item, "external_url"),
            _word(item, "summary") or _word(item, "content_html") or _word(item, "content_text"),
            _moment(_word(item, "date_published") or _word(item, "date_modified")),
        )
        for item in items
    )
    return ReadFeed(_word(given, "title"), tuple(entries))


def _word(mapping: dict[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""


def _of_xml(data: bytes) -> ReadFeed:
    if b"<!ENTITY" in data.replace(b"\0", b""):
        raise ValueError("entities")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    root: Element | None = etree.fromstring(data, parser=parser)
    if root is None or _name(root) not in {"rss", "feed", "rdf"}:
        raise ValueError("root")
    channel = next((one for one in root if _name(one) == "channel"), root)
    items = [one for one in root.iter() if _name(one) in {"item", "entry"}][:_MOST]
    return ReadFeed(_text(channel, "title"), tuple(map(_entry, items)))


def _entry(item: Element) -> ReadEntry:
    dates = (_moment(_text(item, name)) for name in _DATES)
    summary = _text(item, "description") or _text(item, "summary") or _text(item, "encoded") or _text(item, "content")
    return ReadEntry(_text(item, "title"), _link(item), summary, next(filter(None, dates), None))


def _link(item: Element) -> str:
    """Atom's has an attribute and may be one of several; RSS's is a text, or its id if that is an address."""
    links = list(_named(item, "link"))
    best = next((one for one in links if one.get("rel") in {None, "alternate"} and one.get("href")), None)
    if best is not None:
        return str(best.get("href"))
    guids = (one for one in _named(item, "guid") if one.get("isPermaLink") != "false")
    texts = ((one.text or "").strip() for one in [*links, *guids])
    return next((text for text in texts if text), "")


def _text(parent: Element, name: str) -> str:
    """All in the first element of a name, HTML in it as HTML."""
    found = next(_named(parent, name), None)
    if found is None:
        return ""
    if len(found) and found.get("type") == "xhtml":
        return "".join(etree.tostring(one, encoding="unicode", method="html") for one in found)
    text = "".join(found.itertext()).strip()
    return text if found.get("type") != "text" else text.replace("&", "&amp;").replace("<", "&lt;")


def _named(parent: Element, name: str) -> Iterator[Element]:
    return (one for one in parent if _name(one) == name)


def _name(element: Element) -> str:
    """Without its namespace; RSS 1.0, Dublin Core and Media RSS name alike what is alike. Those of media are others."""
    tag = element.tag
    if not isinstance(tag, str) or "search.yahoo.com/mrss" in tag:
        return ""
    return tag.rpartition("}")[2].lower()


def _moment(text: str) -> datetime | None:
    text = text.strip()[:64]
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, TypeError, IndexError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
