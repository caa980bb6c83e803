"""The feeds in XML: Atom (RFC 4287) as `feed.xml`, RSS 2.0 with the full text as `rss.xml`. Touches: nothing."""

from email.utils import format_datetime

from lxml import etree

from .addresses import fit_for_xml
from .feed_entries import FeedEntry, LanguageFeed, feeds_of
from .site import Site, SiteFile

FEED = "feed.xml"
"""The Atom feed of the newsletter's own language."""
_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_Element = etree._Element  # noqa: SLF001 - the only name lxml has for it


def xml_feeds(site: Site) -> tuple[SiteFile, ...]:
    """`feed.xml` and `rss.xml`, and for another language `feed.en.xml` and `rss.en.xml`."""
    return tuple(file for feed in feeds_of(site) for file in (_atom(feed), _rss(feed)))


def _atom(feed: LanguageFeed) -> SiteFile:
    root = etree.Element(f"{{{_ATOM}}}feed", {_LANG: feed.language}, nsmap={None: _ATOM})  # type: ignore[dict-item]
    _add(root, _ATOM, "id", feed.id)
    _add(root, _ATOM, "title", feed.title)
    _add(root, _ATOM, "subtitle", feed.description)
    _add(root, _ATOM, "updated", feed.updated_at.isoformat(timespec="seconds"))
    _add(root, _ATOM, "link", rel="self", type="application/atom+xml", href=feed.address("feed", "xml"))
    _add(root, _ATOM, "link", rel="alternate", type="text/html", href=feed.home)
    _add(_add(root, _ATOM, "author"), _ATOM, "name", feed.author)
    for entry in feed.entries:
        _atom_entry(_add(root, _ATOM, "entry"), entry)
    return SiteFile(feed.file("feed", "xml"), _octets(root))


def _atom_entry(parent: _Element, entry: FeedEntry) -> None:
    parent.set(_LANG, entry.language)
    _add(parent, _ATOM, "id", entry.id)
    _add(parent, _ATOM, "title", entry.title)
    _add(parent, _ATOM, "link", rel="alternate", type="text/html", href=entry.url)
    _add(parent, _ATOM, "published", entry.posted_at.isoformat(timespec="seconds"))
    _add(parent, _ATOM, "updated", entry.updated_at.isoformat(timespec="seconds"))
    _add(_add(parent, _ATOM, "author"), _ATOM, "name", entry.author)
    for tag in entry.tags:
        _add(parent, _ATOM, "category", term=tag)
    if entry.summary:
        _add(parent, _ATOM, "summary", entry.summary)
    _add(parent, _ATOM, "content", entry.content, type="html")


def _rss(feed: LanguageFeed) -> SiteFile:
    root = etree.Element("rss", {"version": "2.0"}, nsmap={"atom": _ATOM, "content": _CONTENT, "dc": _DC})
    channel = _add(root, "", "channel")
    _add(channel, "", "title", feed.title)
    _add(channel, "", "link", feed.home)
    _add(channel, "", "description", feed.description)
    _add(channel, "", "language", feed.language)
    _add(channel, "", "lastBuildDate", format_datetime(feed.updated_at))
    _add(channel, _ATOM, "link", rel="self", type="application/rss+xml", href=feed.address("rss", "xml"))
    for entry in feed.entries:
        _rss_item(_add(channel, "", "item"), entry)
    return SiteFile(feed.file("rss", "xml"), _octets(root))


def _rss_item(parent: _Element, entry: FeedEntry) -> None:
    _add(parent, "", "guid", entry.id, isPermaLink="false")
    _add(parent, "", "title", entry.title)
    _add(parent, "", "link", entry.url)
    _add(parent, "", "pubDate", format_datetime(entry.posted_at))
    _add(parent, _DC, "creator", entry.author)
    for tag in entry.tags:
        _add(parent, "", "category", tag)
    if entry.summary:
        _add(parent, "", "description", entry.summary)
    _add(parent, _CONTENT, "encoded", entry.content)


def _add(parent: _Element, namespace: str, name: str, text: str = "", **attributes: str) -> _Element:
    """A child; whatever it says is made fit for XML, and the writer escapes it."""
    child = etree.SubElement(parent, f"{{{namespace}}}{name}" if namespace else name)
    for key, value in attributes.items():
        child.set(key, fit_for_xml(value))
    if text:
        child.text = fit_for_xml(text)
    return child


def _octets(root: _Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
