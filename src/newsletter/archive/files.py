"""A site -> all its files, but for the pictures of issues. Touches: files (templates, fonts)."""

from collections.abc import Iterator, Sequence

from .card_cache import card_cache
from .cards import FontsOf, share_cards
from .event_calendar import event_calendars
from .index_pages import index_pages
from .json_feed import json_feeds
from .look import SiteLook
from .pages import issue_pages
from .search_index import search_files
from .site import MakesFiles, Site, SiteFile
from .sitemap import sitemap
from .xml_feeds import xml_feeds

MAKERS: Sequence[MakesFiles] = (event_calendars, search_files, xml_feeds, json_feeds, sitemap)
"""Of what is no page and needs nothing but the site."""


def site_files(site: Site, look: SiteLook, fonts_of: FontsOf) -> Iterator[SiteFile]:
    """What others need comes first, so that a site which is written halfway is whole: the index last."""
    yield look.style
    yield from (SiteFile(path, data) for path, data in look.pictures.items())
    yield from issue_pages(site, look)
    cards = card_cache(look.workspace)
    yield from share_cards(site, fonts_of, cards.card)
    cards.forget_others()
    for make in MAKERS:
        yield from make(site)
    yield from index_pages(site, look)
