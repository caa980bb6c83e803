"""What only a look outside tells: how the links of a letter answer, and what a spam filter says. Touches: nothing.

Whoever looks (newsletter.probes) hands it in; rules read it as they read the rest.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urldefrag, urlsplit

from newsletter.edition.edition import Edition

from .link_faults import EXAMPLE_HOST, OWN_MACHINE
from .page import read_page


class VisitResult(StrEnum):
    """What a visit to a link came to."""

    FINE = "fine"
    GONE = "gone"
    """404 or 410: nothing is there."""
    FAILING = "failing"
    """5xx: the site itself says that it is broken."""
    NO_HOST = "no-host"
    NOBODY = "nobody"
    """Nobody answers at that host and port."""
    SILENT = "silent"
    """No answer in time."""
    CUT = "cut"
    """The connection broke off before there was an answer."""
    NO_TLS = "no-tls"
    NO_HTTP = "no-http"
    LOOP = "loop"
    """Redirects without an end."""
    UNREADABLE = "unreadable"
    """An address that nobody can ask for."""
    INSIDE = "inside"
    """The address leads into a network of one's own, where readers cannot follow; nothing was fetched."""
    REFUSED = "refused"
    """Refused to a program (401, 403, 405, 429 and the like): a reader may well get through."""
    NOT_VISITED = "not-visited"
    """The time for all links together was over."""


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """How one address answered."""

    answer: VisitResult
    status: int = 0
    """Of HTTP; 0 where there was none."""
    moved_to: str = ""
    """Where it has moved for good (301, 308); empty where it has not."""
    detail: str = ""
    """What the other side, or TLS, said more precisely, in its own words."""


@dataclass(frozen=True, slots=True)
class SpamTest:
    """One test of SpamAssassin that hit."""

    name: str
    points: float
    words: str


@dataclass(frozen=True, slots=True)
class SpamReport:
    """SpamAssassin's opinion; `tests` are the heaviest first."""

    points: float
    tests: tuple[SpamTest, ...] = ()


@dataclass(frozen=True, slots=True)
class Outside:
    """All that was looked up outside; empty where nobody looked."""

    links: Mapping[str, LinkAnswer] | None = None
    """By address without its fragment, as `address_of` gives it."""
    spam: Mapping[str, SpamReport] | None = None
    """By the edition's variant."""


def idle_rules(outside: Outside) -> set[str]:
    """The rules that had nothing to look at, since nobody had looked."""
    looked = {"link-status": outside.links, "spam-score": outside.spam}
    return {rule for rule, seen in looked.items() if seen is None}


def address_of(href: str) -> str:
    """What to visit for a link: the address without its fragment; empty for what is no http(s) address."""
    try:
        parts = urlsplit(href.strip())
        visited = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return urldefrag(href.strip()).url if visited else ""


def addresses_to_visit(editions: Iterable[Edition]) -> list[str]:
    """Every distinct address that these letters link to, in order.

    But for those that a subscriber's value makes whole, and those that other rules judge by their host (example.org,
    localhost).
    """
    return list(dict.fromkeys(_addresses(editions)))


def _addresses(editions: Iterable[Edition]) -> Iterator[str]:
    for edition in editions:
        markers = [hole.marker for hole in edition.holes]
        for link in read_page(edition.html).named("a"):
            href = link.get("href")
            address = address_of(href)
            if address and not any(marker in href for marker in markers) and not _judged_by_host(address):
                yield address


def _judged_by_host(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return bool(EXAMPLE_HOST.fullmatch(host) or OWN_MACHINE.fullmatch(host))
