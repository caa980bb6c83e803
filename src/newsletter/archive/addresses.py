"""Full addresses of what is in the archive, and names of it that hold for ever. Touches: nothing.

An id is made of the newsletter's list_id and the slug, and of nothing that moves: an archive at another address, built
on another machine, has the same ids, so that no feed reader or calendar shows an old issue as a new one (RFC 9562 5.5).
"""

import re
from collections.abc import Callable
from urllib.parse import quote, urljoin
from uuid import NAMESPACE_DNS, uuid5

from lxml import html

from newsletter.settings.model import Settings

from .site import Site

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""XML 1.0, production 2."""
_ADDRESSED = {"href", "src", "poster", "cite", "data"}
_DEEP = html.HTMLParser(huge_tree=True)
"""What is nested over 256 deep is otherwise cut off without a word."""
_LEFT_OUT = ("script", "style", "form", "iframe", "object", "embed", "template", "svg")


def fit_for_xml(text: str) -> str:
    """Without what no XML file may hold, which is also what nobody could read."""
    return _NO_XML.sub("", text)


def full_address(site: Site, path: str) -> str:
    """Of a file of the archive, for whoever reads it elsewhere."""
    return site.base_url + quote(path)


def lasting_name(settings: Settings, *parts: str) -> str:
    """`urn:uuid:…` of something in this newsletter. A renamed list keeps the names it had under its first list_id."""
    newsletter = settings.newsletter
    first = (*newsletter.former_list_ids, newsletter.list_id)[0]
    return uuid5(NAMESPACE_DNS, "/".join((first, *parts))).urn


def with_full_addresses(body: str, page: str) -> str:
    """HTML of a page at the address `page` as a feed carries it: every link and picture by its full address.

    What no feed reader runs or shows is left out: scripts, styles, forms, drawn charts, whose values stand beside them.
    """
    root = html.fragment_fromstring(fit_for_xml(body), create_parent="div", parser=_DEEP)
    for element in list(root.iter(*_LEFT_OUT)):
        element.drop_tree()
    for element in root.iter():
        for name, value in element.attrib.items():
            if name in _ADDRESSED:
                element.set(name, urljoin(page, value.strip()))
            elif name == "srcset":
                element.set(name, _each(value, lambda one: urljoin(page, one)))
    inside = "".join(html.tostring(child, encoding="unicode") for child in root)
    return (_escaped(root.text or "") + inside).strip()


def _each(srcset: str, change: Callable[[str], str]) -> str:
    """Every address of a `srcset`, which stand before their widths."""
    candidates = (candidate.split(None, 1) for candidate in srcset.split(",") if candidate.strip())
    return ", ".join(" ".join((change(first), *rest)) for first, *rest in candidates)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
