"""A site -> all its files, but for the pictures of issues. Touches: files (templates)."""

from collections.abc import Iterator, Sequence

from .index_pages import index_pages
from .look import SiteLook
from .pages import issue_pages
from .site import MakesFiles, Site, SiteFile

MAKERS: Sequence[MakesFiles] = ()
"""Of what is no page: feeds, search, sitemap, …"""


def site_files(site: Site, look: SiteLook) -> Iterator[SiteFile]:
    """What others need comes first, so that a site which is written halfway is whole: the index last."""
    yield look.style
    yield from (SiteFile(path, data) for path, data in look.pictures.items())
    yield from issue_pages(site, look)
    for make in MAKERS:
        yield from make(site)
    yield from index_pages(site, look)
