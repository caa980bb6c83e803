"""What is not what it seems: bidi-control, invisible-char, link-disguise, link-mismatch. Touches: nothing."""

from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from newsletter.catalogue import Said, Value, phrase
from newsletter.check.finding import Severity
from newsletter.check.hosts import (
    host_of,
    is_same_owner,
    odd_signs,
    pretends_to_be,
    readable_host,
    strange_letters,
    wire_host,
)
from newsletter.check.material import Material, Sheet
from newsletter.check.page import StartTag
from newsletter.check.rule import Found, error, warning
from newsletter.check.shown_hosts import shown_hosts, shown_mail_hosts
from newsletter.excerpt import shortened
from newsletter.issue.invisible import MARKS, TURNING, Invisible, hides_in_host, invisible_in
from newsletter.issue.tree import DataPath
from newsletter.printable import character_name, one_line
from newsletter.settings.model import Settings

_SHOWN = 60
_TURNS = "check.disguise.bidi-control.found"
_HIDES = "check.disguise.invisible-char.found"


@error("bidi-control", "Unicode UAX #9, 2 https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters")
def bidi_control(material: Material) -> Iterator[Found]:
    """`U+202E` shows `gpj.exe` as `exe.jpg`; plain marks only come along when something is copied, so they warn."""
    told: set[str] = set()
    for path, one in _invisible(material):
        if one.char in TURNING | MARKS:
            told.add(one.char)
            yield _found(_TURNS, one, path, Severity.WARNING if one.char in MARKS else None)
    for char in sorted(_in_settings(material.settings) - told):
        told.add(char)
        yield Found(phrase(_TURNS, character=character_name(char)), file="newsletter.toml")
    for sheet in material.sheets:
        said = {*sheet.edition.subject, *sheet.edition.html, *sheet.edition.text}
        for char in sorted(said & TURNING - told):
            told.add(char)
            yield Found(phrase(_TURNS, character=character_name(char)))


@warning("invisible-char", "Unicode UTS #39, 5.4 https://www.unicode.org/reports/tr39/#Optional_Detection")
def invisible_char(material: Material) -> Iterator[Found]:
    """They part words for a search and a screen reader, and filters know them from spam."""
    for path, one in _invisible(material):
        if one.char not in TURNING | MARKS:
            yield _found(_HIDES, one, path)


@error("link-disguise", "Unicode UTS #39, 4 and 5 https://www.unicode.org/reports/tr39/#Confusable_Detection")
def link_disguise(material: Material) -> Iterator[Found]:
    """A host that looks like another is what phishing does; a reader cannot tell them apart, and filters punish it."""
    told = set()
    for one in material.links:  # with such a host, the letter has the words without an address
        host = host_of(one.link.address)
        if "{{" not in host and (says := _unseen(host)):
            told.add(host)
            yield Found(says, path=one.path, sought=one.sought, nth=one.nth)
    own = _own_hosts(material.settings)
    for sheet, link, host in _hosts(material):
        if host not in told and (says := _unseen(host) or _mistakable(host, link.get("href"), own)):
            yield Found(says, tag=link, sheet=sheet)


def _unseen(host: str) -> Said | None:
    """What to say of a host with a character that cannot be seen, or that no host has."""
    if hidden := hides_in_host(host):
        return phrase("check.disguise.link-disguise.hidden", character=character_name(hidden), **_shown(host))
    if signs := odd_signs(host):
        return phrase("check.disguise.link-disguise.odd", signs=tuple(map(character_name, signs)), **_shown(host))
    return None


def _mistakable(host: str, address: str, own: Collection[str]) -> Said | None:
    """What to say of a host that is taken for another."""
    if letters := strange_letters(host):
        return phrase(
            "check.disguise.link-disguise.letters", letters=tuple(map(character_name, letters)), **_shown(host)
        )
    if known := pretends_to_be(host, own):
        return phrase("check.disguise.link-disguise.pretends", known=known, **_shown(host))
    if before := _before_at(address):
        return phrase("check.disguise.link-disguise.before_at", before=before, **_shown(host))
    return None


def _shown(host: str) -> dict[str, Value]:
    return {"host": shortened(one_line(host), _SHOWN), "wire": shortened(wire_host(host), _SHOWN)}


@warning("link-mismatch", "Google, Email sender guidelines https://support.google.com/mail/answer/81126")
def link_mismatch(material: Material) -> Iterator[Found]:
    """An address in the words of a link is a promise of where it goes."""
    for sheet, link, host in _hosts(material):
        words = link.words
        shown = shown_mail_hosts(words) if link.get("href").lower().startswith("mailto:") else shown_hosts(words)
        if shown and not any(is_same_owner(one, host) for one in shown):
            says = phrase(
                "check.disguise.link-mismatch.found",
                words=shortened(one_line(words), _SHOWN),
                shown=one_line(shown[0]),
                host=one_line(host),
            )
            yield Found(says, tag=link, sheet=sheet)


def _invisible(material: Material) -> Iterator[tuple[DataPath, Invisible]]:
    for text in material.issue.texts():
        if not text.text.isascii() or "&" in text.text:
            for one in invisible_in(text.text, is_markdown=text.kind.is_markdown):
                yield text.path, one


def _found(code: str, one: Invisible, path: DataPath, severity: Severity | None = None) -> Found:
    says = phrase(code, character=character_name(one.char))
    return Found(says, path=path, sought=one.written, nth=one.nth, severity=severity)


def _in_settings(settings: Settings) -> set[str]:
    """Characters that turn the writing of the names a reader sees."""
    names = (settings.newsletter.name, settings.newsletter.tagline, settings.sender.name, settings.institute.name)
    return set("".join(names)) & TURNING


def _hosts(material: Material) -> Iterator[tuple[Sheet, StartTag, str]]:
    """The links of the letter whose host is the same for everybody."""
    markers = [hole.marker.lower() for sheet in material.sheets for hole in sheet.edition.holes]
    for sheet in material.sheets:
        for link in sheet.page.named("a"):
            host = host_of(link.get("href"))
            if host and not any(marker in host for marker in markers):
                yield sheet, link, host


def _own_hosts(settings: Settings) -> tuple[str, ...]:
    addresses = (settings.institute.website, settings.links.pages_url, settings.links.archive_url)
    return (*map(host_of, addresses), readable_host(settings.sender.address.rpartition("@")[2]))


def _before_at(address: str) -> str:
    """What a web address has before its `@`, where it looks like a host; browsers take it for a user's name."""
    try:
        user = urlsplit(address).netloc.rpartition("@")[0] if address.lower().startswith("http") else ""
    except ValueError:
        return ""
    return shortened(one_line(user), _SHOWN) if "." in user or "%" in user else ""


RULES = (
    bidi_control,
    invisible_char,
    link_disguise,
    link_mismatch,
)
