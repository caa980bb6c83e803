"""Links: link-placeholder, anchor-in-mail, link-syntax, link-text, link-http, link-localhost.

Touches: nothing (no link is fetched)."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from newsletter.check.finding import Severity
from newsletter.check.link_faults import EXAMPLE_HOST, OWN_MACHINE, Fault, fault_of, line_to_write
from newsletter.check.link_words import says_nothing
from newsletter.check.material import Material, Sheet
from newsletter.check.page import Tag
from newsletter.check.rows import dead_values
from newsletter.check.rule import Found, error, warning

from .linked_pictures import links_of_pictures

_OF_TEMPLATES = frozenset({"tel", "sms"})
"""Schemes that the footer may use, beside those of an issue."""
_SHOWN = 100


@error("link-placeholder")
def link_placeholder(material: Material) -> Iterator[Found]:
    """A link that leads nowhere was meant to be filled in; one to example.* may be, so that only warns."""
    yield from _faulty(material, anchors=False)
    yield from dead_values(material.audience)
    for sheet, link in _links(material):
        href = link.get("href")
        words = link.words[:40]
        if EXAMPLE_HOST.fullmatch(_host(href)) and not _is_ours(material, href):
            yield Found(
                ko=f"‘{words}’ 링크가 예시 주소로 갑니다: {href}",
                en=f"The link “{words}” goes to an example address: {href}",
                severity=Severity.WARNING,
                tag=link,
                sheet=sheet,
            )


@error("anchor-in-mail")
def anchor_in_mail(material: Material) -> Iterator[Found]:
    """Nothing in an issue can be pointed at, and Gmail and Samsung do not follow what a template points at."""
    yield from _faulty(material, anchors=True)


@error("link-syntax")
def link_syntax(material: Material) -> Iterator[Found]:
    """Markdown shows a link as it was typed, brackets and all, where it cannot read the address."""
    for one in material.links:
        link = one.link
        if not link.is_read:
            fixed = line_to_write(link.words, link.address)
            yield Found(
                ko=f"링크로 읽히지 않아 ‘[{link.words}](…)’라는 글자 그대로 나갑니다: {link.address[:_SHOWN]}",
                en=f"This is not read as a link and goes out as “[{link.words}](…)”: {link.address[:_SHOWN]}",
                ko_hint=f"빈칸이나 괄호가 든 주소는 < >로 감싸거나 빈칸을 %20으로 적으세요: {fixed}",
                en_hint=f"Put an address with spaces or brackets in < >, or write a space as %20: {fixed}",
                path=one.path,
                sought=one.sought,
                nth=one.nth,
            )


@warning("link-text")
def link_text(material: Material) -> Iterator[Found]:
    """Out of its sentence, as a screen reader lists links, “here” says nothing (WCAG 2.4.4)."""
    of_pictures = {link for sheet in material.sheets for link, _ in links_of_pictures(sheet.page)}
    for sheet, link in _links(material):
        if says_nothing(link.words) and link not in of_pictures:
            yield Found(
                ko=f"‘{link.words}’만으로는 어디로 가는 링크인지 알 수 없습니다.",
                en=f"“{link.words}” does not say where the link goes.",
                tag=link,
                sheet=sheet,
            )


@warning("link-http")
def link_http(material: Material) -> Iterator[Found]:
    """Mail programs warn of, or rewrite, links without TLS."""
    for sheet, link in _links(material):
        href = link.get("href")
        if urlsplit_or_none(href, "scheme") == "http" and not OWN_MACHINE.fullmatch(_host(href)):
            yield Found(
                ko=f"https가 아닌 링크입니다: {href}", en=f"A link without https: {href}", tag=link, sheet=sheet
            )


@warning("link-localhost")
def link_localhost(material: Material) -> Iterator[Found]:
    """Such a link works on the editor's machine only."""
    for sheet, link in _links(material):
        href = link.get("href")
        if OWN_MACHINE.fullmatch(_host(href)):
            yield Found(
                ko=f"이 컴퓨터에서만 열리는 링크입니다: {href}",
                en=f"A link that opens on this machine only: {href}",
                tag=link,
                sheet=sheet,
            )


def _faulty(material: Material, *, anchors: bool) -> Iterator[Found]:
    """Links whose address cannot work: those typed in the issue, and what the templates have besides."""
    typed = set()
    for one in material.links:
        link = one.link
        fault = fault_of(link.address) if link.is_read and not link.address.startswith("{{") else None
        if fault is None:
            continue
        typed |= {link.href, ""}  # where the scheme is refused, the letter has the words without an address
        if fault.anchor is anchors:
            yield replace(
                _told(link.words, link.address, fault),
                ko_hint=f"이렇게 적으세요: {line_to_write(link.words, fault.instead)}",
                en_hint=f"Write: {line_to_write(link.words, fault.instead)}",
                path=one.path,
                sought=one.sought,
                nth=one.nth,
            )
    for sheet, tag in _links(material):
        href = tag.get("href")
        fault = None if urlsplit_or_none(href, "scheme") in _OF_TEMPLATES else fault_of(href)
        if fault and href not in typed and fault.anchor is anchors:
            yield replace(_told(tag.words, href, fault), tag=tag, sheet=sheet)


def _told(words: str, address: str, fault: Fault) -> Found:
    return Found(
        ko=f"‘{words[:40]}’ 링크의 주소 ‘{address[:_SHOWN]}’: {fault.ko}.",
        en=f"The link “{words[:40]}” to “{address[:_SHOWN]}” {fault.en}.",
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


def _links(material: Material) -> list[tuple[Sheet, Tag]]:
    """The links a reader can follow; those whose address comes with the subscriber are judged at merge."""
    markers = {hole.marker for sheet in material.sheets for hole in sheet.edition.holes}
    found = ((sheet, link) for sheet in material.sheets for link in sheet.page.named("a"))
    return [(sheet, link) for sheet, link in found if not any(marker in link.get("href") for marker in markers)]
