"""Links: link-placeholder, link-text, link-http, link-localhost. Touches: nothing (no link is fetched)."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from newsletter.check.finding import Severity
from newsletter.check.material import Material
from newsletter.check.page import Tag
from newsletter.check.registry import Found, error, warning

_BARE_WORDS = frozenset(
    {"여기", "여기를 클릭", "클릭", "더보기", "더 보기", "자세히", "자세히 보기", "바로가기", "링크"}
    | {"here", "click here", "click", "more", "read more", "learn more", "link", "this"}
)
_EXAMPLE_HOST = re.compile(r"(?:.*\.)?example(?:\.(?:com|net|org))?", re.ASCII)
_OWN_MACHINE = re.compile(r"localhost|.*\.localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0", re.ASCII)


@error("link-placeholder")
def link_placeholder(material: Material) -> Iterator[Found]:
    """A link that leads nowhere was meant to be filled in; one to example.* may be, so that only warns."""
    for link in _links(material):
        href = link.get("href")
        words = link.words[:40]
        if href in {"", "#", "/"} or re.match(r"\s*javascript:", href, re.IGNORECASE):
            yield Found(
                ko=f"‘{words}’ 링크에 주소가 없습니다: {href!r}",
                en=f"The link “{words}” leads nowhere: {href!r}",
                path=material.path_of(link.words),
            )
        elif _EXAMPLE_HOST.fullmatch(_host(href)) and not _is_ours(material, href):
            yield Found(
                ko=f"‘{words}’ 링크가 예시 주소로 갑니다: {href}",
                en=f"The link “{words}” goes to an example address: {href}",
                path=material.path_of(href),
                severity=Severity.WARNING,
            )


@warning("link-text")
def link_text(material: Material) -> Iterator[Found]:
    """Out of its sentence, as a screen reader lists links, “here” says nothing (WCAG 2.4.4)."""
    for link in _links(material):
        if link.words.strip(" .!→›»>").casefold() in _BARE_WORDS:
            yield Found(
                ko=f"‘{link.words}’만으로는 어디로 가는 링크인지 알 수 없습니다.",
                en=f"“{link.words}” does not say where the link goes.",
                path=material.path_of(link.get("href")),
            )


@warning("link-http")
def link_http(material: Material) -> Iterator[Found]:
    """Mail programs warn of, or rewrite, links without TLS."""
    for link in _links(material):
        href = link.get("href")
        if urlsplit_or_none(href, "scheme") == "http" and not _OWN_MACHINE.fullmatch(_host(href)):
            yield Found(
                ko=f"https 가 아닌 링크입니다: {href}",
                en=f"A link without https: {href}",
                path=material.path_of(href),
            )


@warning("link-localhost")
def link_localhost(material: Material) -> Iterator[Found]:
    """Such a link works on the editor's machine only."""
    for link in _links(material):
        href = link.get("href")
        if _OWN_MACHINE.fullmatch(_host(href)):
            yield Found(
                ko=f"이 컴퓨터에서만 열리는 링크입니다: {href}",
                en=f"A link that opens on this machine only: {href}",
                path=material.path_of(href),
            )


def urlsplit_or_none(href: str, part: str) -> str:
    """A part of a URL in lower case; empty where the URL cannot be read."""
    try:
        return (getattr(urlsplit(href), part) or "").lower()
    except ValueError:
        return ""


def _host(href: str) -> str:
    return urlsplit_or_none(href, "hostname")


def _is_ours(material: Material, href: str) -> bool:
    """Addresses of the settings are judged where they are set, not once for every link to them."""
    ours = (material.settings.institute.website, material.settings.links.archive_url)
    return any(address and href.startswith(address) for address in ours)


def _links(material: Material) -> list[Tag]:
    """The links a reader can follow; those whose address comes with the subscriber are judged at merge."""
    markers = {hole.marker for sheet in material.sheets for hole in sheet.edition.holes}
    found = (link for sheet in material.sheets for link in sheet.page.named("a"))
    return [link for link in found if not any(marker in link.get("href") for marker in markers)]
