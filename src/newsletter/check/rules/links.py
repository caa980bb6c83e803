"""Links: link-placeholder, anchor-in-mail, link-syntax, link-text, link-http, link-localhost.

Touches: nothing (no link is fetched)."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from newsletter.catalogue import Said, phrase
from newsletter.check.audience import AudienceSummary
from newsletter.check.finding import Severity
from newsletter.check.link_faults import (
    EXAMPLE_HOST,
    OWN_MACHINE,
    AddressFault,
    fault_of,
    line_to_write,
    says_nothing,
    text_to_write,
)
from newsletter.check.material import Material, Sheet
from newsletter.check.page import StartTag
from newsletter.check.rule import Found, error, warning
from newsletter.check.subscriber_file import column_of, rows_found
from newsletter.excerpt import shortened

from .linked_pictures import links_of_pictures

_OF_TEMPLATES = frozenset({"tel", "sms"})
"""Schemes that the footer may use, beside those of an issue."""
_SHOWN = 100
_WORDS_SHOWN = 40


@error("link-placeholder", "RFC 3986, 5.1 https://www.rfc-editor.org/rfc/rfc3986#section-5.1")
def link_placeholder(material: Material) -> Iterator[Found]:
    """A link that leads nowhere was meant to be filled in; one to example.* may be, so that only warns."""
    yield from _faulty(material, anchors=False)
    yield from _dead_values(material.audience)
    for sheet, link in _links(material):
        href = link.get("href")
        if EXAMPLE_HOST.fullmatch(_host(href)) and not _is_ours(material, href):
            yield Found(
                phrase("check.links.link-placeholder.example_address", link=_named(link.words), address=href),
                severity=Severity.WARNING,
                tag=link,
                sheet=sheet,
            )


@error("anchor-in-mail", "caniemail, Anchor links https://www.caniemail.com/features/html-anchor-links/")
def anchor_in_mail(material: Material) -> Iterator[Found]:
    """Nothing in an issue can be pointed at, and Gmail and Samsung do not follow what a template points at."""
    yield from _faulty(material, anchors=True)


@error("link-syntax", "CommonMark 0.31.2, 6.3 https://spec.commonmark.org/0.31.2/#links")
def link_syntax(material: Material) -> Iterator[Found]:
    """Markdown shows a link as it was typed, brackets and all, where it cannot read the address."""
    for one in material.links:
        link = one.link
        if not link.is_read:
            yield Found(
                phrase("check.links.link-syntax.found", words=link.words, address=shortened(link.address, _SHOWN)),
                hint=phrase("check.links.link-syntax.found_hint", link=line_to_write(link.words, link.address)),
                path=one.path,
                sought=one.sought,
                nth=one.nth,
            )
        elif link.behind:
            yield Found(
                phrase("check.links.link-syntax.cut", behind=link.behind, address=shortened(link.address, _SHOWN)),
                hint=phrase("check.links.link-syntax.cut_hint", link=f"<{link.address}{link.behind}>"),
                severity=Severity.WARNING,
                path=one.path,
                sought=one.sought,
                nth=one.nth,
            )


@warning("link-text", "WCAG 2.2, 2.4.4 https://www.w3.org/TR/WCAG22/#link-purpose-in-context")
def link_text(material: Material) -> Iterator[Found]:
    """Out of its sentence, as a screen reader lists links, “here” says nothing (WCAG 2.4.4)."""
    of_pictures = {link for sheet in material.sheets for link, _ in links_of_pictures(sheet.page)}
    for sheet, link in _links(material):
        if says_nothing(link.words) and link not in of_pictures:
            yield Found(
                phrase("check.links.link-text.found", words=link.words),
                tag=link,
                sheet=sheet,
            )


@warning("link-http", "W3C TAG, Securing the Web https://www.w3.org/2001/tag/doc/web-https")
def link_http(material: Material) -> Iterator[Found]:
    """Mail programs warn of, or rewrite, links without TLS."""
    for sheet, link in _links(material):
        href = link.get("href")
        if urlsplit_or_none(href, "scheme") == "http" and not OWN_MACHINE.fullmatch(_host(href)):
            yield Found(phrase("check.links.link-http.found", address=href), tag=link, sheet=sheet)


@warning("link-localhost", "RFC 6761, 6.3 https://www.rfc-editor.org/rfc/rfc6761#section-6.3")
def link_localhost(material: Material) -> Iterator[Found]:
    """Such a link works on the editor's machine only."""
    for sheet, link in _links(material):
        href = link.get("href")
        if OWN_MACHINE.fullmatch(_host(href)):
            yield Found(phrase("check.links.link-localhost.found", address=href), tag=link, sheet=sheet)


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
            yield Found(
                _told(link.words, link.address, fault),
                hint=_instead(link.words, fault),
                path=one.path,
                sought=one.sought,
                nth=one.nth,
            )
    for sheet, tag in _links(material):
        href = tag.get("href")
        fault = None if urlsplit_or_none(href, "scheme") in _OF_TEMPLATES else fault_of(href)
        if fault and href not in typed and fault.anchor is anchors:
            yield Found(_told(tag.words, href, fault), tag=tag, sheet=sheet)


def _instead(words: str, fault: AddressFault) -> Said:
    if fault.number:
        return phrase("check.links.link-placeholder.number_hint", text=text_to_write(words, fault.number))
    return phrase("check.links.link-placeholder.fault_hint", link=line_to_write(words, fault.instead))


def _told(words: str, address: str, fault: AddressFault) -> Said:
    link, shown = _named(words), shortened(address, _SHOWN)
    if not shown:
        return phrase("check.links.link-placeholder.fault_without_address", link=link, fault=fault.says)
    return phrase("check.links.link-placeholder.fault", link=link, address=shown, fault=fault.says)


def _named(words: str) -> Said:
    """A link as the beginning of a sentence."""
    if words:
        return phrase("check.links.link-placeholder.link", words=shortened(words, _WORDS_SHOWN))
    return phrase("check.links.link-placeholder.link_without_words")


def _dead_values(audience: AudienceSummary) -> Iterator[Found]:
    """Values that stand for a whole link and are none: the link leads nowhere."""
    for key, rows in audience.dead_links.items():
        found = Found(
            phrase("check.links.link-placeholder.dead_value", column=column_of(key)),
            hint=phrase("check.links.link-placeholder.dead_value_hint"),
        )
        yield from rows_found(audience, rows, found)


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


def _links(material: Material) -> list[tuple[Sheet, StartTag]]:
    """The links a reader can follow; those whose address comes with the subscriber are judged at merge."""
    markers = {hole.marker for sheet in material.sheets for hole in sheet.edition.holes}
    found = ((sheet, link) for sheet in material.sheets for link in sheet.page.named("a"))
    return [(sheet, link) for sheet, link in found if not any(marker in link.get("href") for marker in markers)]


RULES = (
    link_placeholder,
    anchor_in_mail,
    link_syntax,
    link_text,
    link_http,
    link_localhost,
)
