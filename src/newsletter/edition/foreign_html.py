"""HTML of a letter that another tool made, as quiet HTML of our own: words, links, pictures, tables of data.

Touches: nothing. nh3 has the last word on tags, attributes and link schemes. Taken out is what is not for the public or
not for a page: scripts, styles, forms, frames, hidden words, pixels that count, links to leave or to change a
subscription, and what of a link is one reader's (personal_links.py). Pictures on other hosts are never fetched: their
descriptions stay. Limits: 250 levels deep; what is in a picture or in plain words, such as a name, stays.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import nh3
from lxml import html

from newsletter.excerpt import shortened
from newsletter.issue.texts import SCHEMES
from newsletter.language_tags import TAG

from .foreign_layout import (
    BLOCKS,
    INLINE,
    TABLE,
    Element,
    a_block_a_line,
    element_words,
    foreign_document,
    is_unseen,
    leave_out_the_empty,
    order_headings,
    undo_layout,
)
from .personal_links import is_way_out, shared_address

_WITH_ALL_IN_THEM = (
    "script style title template noscript form button select textarea iframe frame frameset noframes object embed"
    " applet svg math audio video canvas map head"
)
_GONE = frozenset(_WITH_ALL_IN_THEM.split())
_ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    **{cell: {"colspan", "rowspan"} for cell in ("td", "th")},
    "h2": {"id"},
}
_ANCHOR = re.compile(r"story-\d{2,3}")
_PICTURE = re.compile(r"pictures/[a-z0-9.-]+")
_SMALL_NUMBER = re.compile(r"[0-9]{1,4}")
_DEEPEST = 250
"""A letter of tables in tables has 60 levels; each costs time for all that is in it."""
_MOST_ELEMENTS = 30_000
"""Three times a letter of 1 MB; with more of them side by side, taking some away takes minutes."""
_DEEP = html.HTMLParser(huge_tree=True)


@dataclass(slots=True)
class Removed:
    """What was taken out, counted for whoever imports."""

    ways_out: int = 0
    personal: int = 0
    """Links that lost what was one reader's, or their whole address."""
    hosts: set[str] = field(default_factory=set)
    """Of pictures elsewhere, which were left out."""
    lost_pictures: list[str] = field(default_factory=list)
    """Named in the file, and not there or no pictures."""


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """Where a picture is kept, below the issue's folder (`pictures/a.png`), and its size in CSS pixels."""

    path: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class QuietPage:
    """What is left of a letter."""

    body: str
    removed: Removed


TakePicture = Callable[[str], KeptPicture | None]
"""Of the `src` as it is written; None where there is no such picture."""


class NoLetterError(ValueError):
    """Nested so deeply, or of so many elements, as no letter is."""


def quiet_page(source: str, title: str, take_picture: TakePicture) -> QuietPage:
    """The body of a document, or a fragment; a first heading that only says `title` again is left out.

    Raises NoLetterError.
    """
    root = foreign_document(source)
    _refuse_what_takes_long(root)
    removed = Removed()
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag in _GONE or is_unseen(element):
            _drop(element)
    for link in list(root.iter("a")):
        _clean_link(link, removed)
    for picture in list(root.iter("img")):
        _clean_picture(picture, removed, take_picture)
    undo_layout(root)
    order_headings(root, title)
    leave_out_the_empty(root)
    inside = "".join(html.tostring(body, encoding="unicode") for body in root.iter("body"))
    return QuietPage(a_block_a_line(trusted_page(inside)), removed)


def trusted_page(kept: str, pictures: str = "pictures/") -> str:
    """What was kept, once more through the sanitiser: somebody may have edited the file since.

    `pictures` is where its pictures are, seen from its page.
    """

    def only_ours(tag: str, attribute: str, value: str) -> str | None:
        allowed = _only_ours(tag, attribute, value)
        return allowed.replace("pictures/", pictures, 1) if allowed and attribute == "src" else allowed

    return nh3.clean(
        kept,
        tags=set(INLINE | TABLE | BLOCKS),
        clean_content_tags=set(_GONE) - {"head"},
        attributes=_ATTRIBUTES,
        attribute_filter=only_ours,
        link_rel=None,
        url_schemes=set(SCHEMES),
    ).strip()


def headings_of(body: str) -> tuple[tuple[str, str], ...]:
    """Anchor and words of each heading of the second level."""
    found = ((heading.get("id", ""), element_words(heading)) for heading in _fragment(body).iter("h2"))
    return tuple((anchor, words) for anchor, words in found if anchor and words)


def first_picture(body: str, least: int) -> str:
    """The `src` of the first picture that is shown at least so many CSS pixels wide; empty for none."""
    found = ((picture.get("src", ""), picture.get("width", "")) for picture in _fragment(body).iter("img"))
    return next((source for source, width in found if width.isdecimal() and int(width) >= least), "")


def page_text(body: str) -> str:
    """The text of a page, a blank between its blocks."""
    root = _fragment(body)
    for block in root.iter(*BLOCKS, *TABLE, "br"):
        block.text, block.tail = f" {block.text or ''}", f" {block.tail or ''}"
    return element_words(root)


def _fragment(body: str) -> Element:
    return html.fragment_fromstring(body, create_parent="div", parser=_DEEP)


def _only_ours(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "id":
        return value if _ANCHOR.fullmatch(value) else None
    if attribute == "lang":
        return value if re.fullmatch(TAG, value) else None
    if attribute == "dir":
        return value if value in {"ltr", "rtl"} else None
    if attribute == "src":
        return value if tag == "img" and _PICTURE.fullmatch(value) else None
    if attribute in {"width", "height", "colspan", "rowspan", "start"}:
        return value if _SMALL_NUMBER.fullmatch(value) else None
    return value


def _refuse_what_takes_long(root: Element) -> None:
    levels: dict[Element, int] = {}
    for element in root.iter():
        levels[element] = levels.get(element.getparent(), 0) + 1
        if levels[element] > _DEEPEST or len(levels) > _MOST_ELEMENTS:
            raise NoLetterError


def _drop(element: Element) -> None:
    """With what is in it; what stands behind it stays. The page itself is never taken out."""
    if element.tag not in {"html", "body"} and element.getparent() is not None:
        element.drop_tree()


def _clean_link(link: Element, removed: Removed) -> None:
    address = (link.get("href") or "").strip()
    if is_way_out(address, element_words(link)):
        link.drop_tree()
        removed.ways_out += 1
        return
    shared = shared_address(address)
    removed.personal += shared != address
    if shared.partition(":")[0].lower() in SCHEMES:
        link.attrib.clear()
        link.set("href", shared)
    else:
        link.drop_tag()


def _clean_picture(picture: Element, removed: Removed, take_picture: TakePicture) -> None:
    source, words = (picture.get("src") or "").strip(), " ".join((picture.get("alt") or "").split())
    is_pixel = any(
        (picture.get(side) or "").strip().removesuffix("px") in {"0", "1", "2"} for side in ("width", "height")
    )
    picture.attrib.clear()
    if is_pixel:
        picture.drop_tree()
        return
    kept = None
    if host := _host(source):
        removed.hosts.add(host)
    elif source.partition(":")[0].lower() in {"cid", "data"}:
        removed.lost_pictures.append(shortened(source, 30))
    elif source:
        kept = take_picture(source)
        if kept is None:
            removed.lost_pictures.append(source)
    if kept is None:
        picture.tag, picture.text = "em", words
        return
    for name, value in (("src", kept.path), ("alt", words), ("width", kept.width), ("height", kept.height)):
        picture.set(name, str(value))


def _host(source: str) -> str:
    """Of a picture that is not beside the file; empty for one that is."""
    try:
        parts = urlsplit(source)
    except ValueError:
        return source[:20]
    return parts.hostname or parts.netloc
