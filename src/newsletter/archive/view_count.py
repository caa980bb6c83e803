"""조회수 on a page: an empty place in what is built, filled by whoever serves it. Touches: nothing."""

import re

from markupsafe import Markup

from .page_words import page_words

_EMPTY = re.compile(rb'<div class="views" hidden>(<dt>[^<]*</dt><dd>)(?=</dd></div>)')


def place_for_views(language: str) -> Markup:
    """Of a page whose own words are in this language; nobody sees it."""
    words = page_words(language)["views"]
    return Markup('<div class="views" hidden><dt>{}</dt><dd></dd></div>').format(words)


def with_views(page: bytes, count: int) -> bytes:
    """The bytes of a page with its count; as they are where they have no place for one."""
    return _EMPTY.sub(rb'<div class="views">\g<1>' + f"{count:,}".encode(), page, count=1)
