"""`sitemap.xml` (sitemaps.org 0.9): every page, when it was put there, and itself in other languages. Touches: nothing.

Limits: 50,000 pages, as the protocol has it; nothing where the archive has no public address. There is no robots.txt,
which holds for a whole host and is not the archive's to write.
"""

from lxml import etree

from .addresses import full_address
from .feed_entries import public_issues
from .site import Site, SiteFile, SiteIssue

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_MOST_PAGES = 50_000


def sitemap(site: Site) -> tuple[SiteFile, ...]:
    if not site.base_url:
        return ()
    root = etree.Element(f"{{{_SITEMAP}}}urlset", nsmap={None: _SITEMAP, "xhtml": _XHTML})  # type: ignore[dict-item]
    issues = public_issues(site)
    newest = max((issue.registered_at for issue in issues), default=None)
    _page(root, site.base_url, newest.date().isoformat() if newest else "", ())
    pages = [(issue, page.path) for issue in issues for page in issue.pages]
    for issue, path in pages[: _MOST_PAGES - 1]:
        _page(root, full_address(site, path), issue.registered_at.date().isoformat(), _languages(site, issue))
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return (SiteFile("sitemap.xml", data),)


def _languages(site: Site, issue: SiteIssue) -> tuple[tuple[str, str], ...]:
    """Of one that is in several: each language with its page, the page itself too."""
    if len(issue.pages) < 2:
        return ()
    found = tuple((page.language, full_address(site, page.path)) for page in issue.pages)
    return (*found, ("x-default", full_address(site, issue.main.path)))


def _page(root: etree._Element, address: str, day: str, languages: tuple[tuple[str, str], ...]) -> None:
    page = etree.SubElement(root, f"{{{_SITEMAP}}}url")
    etree.SubElement(page, f"{{{_SITEMAP}}}loc").text = address
    if day:
        etree.SubElement(page, f"{{{_SITEMAP}}}lastmod").text = day
    for language, other in languages:
        etree.SubElement(page, f"{{{_XHTML}}}link", {"rel": "alternate", "hreflang": language, "href": other})
