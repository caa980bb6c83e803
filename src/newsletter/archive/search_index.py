"""The search of the archive, which asks no server: its texts in parts by year, and the script that looks through them.

Touches: the package's own script, once. The script takes the newest part first and older ones only while too little is
found, so that a common word costs one part however old the archive is. What is compared is text, not words: Korean is
found with any particle behind it. Limits: the first 20,000 characters of an issue.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import groupby

from newsletter.catalogue import texts

from .addresses import fit_for_xml
from .site import Site, SiteFile, SiteIssue

SCRIPT = "search.js"
_PARTS = "search.json"
_LONGEST = 20_000
"""Characters of a text that are looked through: four times a long letter."""
_MOST_OCTETS = 256_000
"""Of a part, before the host compresses it to a third; one long issue may be alone over it."""


def search_files(site: Site) -> tuple[SiteFile, ...]:
    """`search.js`, the parts (`search-2026.json`, `search-2026-2.json`), and `search.json` with their names."""
    parts = tuple(_parts(site))
    if not parts:
        return ()
    names = _octets([part.path for part in parts])
    return (SiteFile(SCRIPT, _script()), SiteFile(_PARTS, names), *parts)


def search_words(site: Site) -> Mapping[str, str]:
    """What the form says, for its template `_search.html.j2`; nothing where there is nothing to search."""
    language = site.settings.newsletter.language
    return texts("newsletter.archive", "words", "search.toml", language=language) if site.listed else {}


def _parts(site: Site) -> Iterator[SiteFile]:
    """Newest first, each with its rows newest first."""
    for year, issues in groupby(site.listed, lambda issue: issue.posted_at.year):
        for place, rows in enumerate(_cut([row for issue in issues for row in _rows(issue)]), 1):
            name = f"search-{year}.json" if place == 1 else f"search-{year}-{place}.json"
            yield SiteFile(name, _octets(rows))


def _cut(rows: list[Mapping[str, str]]) -> Iterator[list[Mapping[str, str]]]:
    part: list[Mapping[str, str]] = []
    size = 0
    for row in rows:
        octets = len(_octets(row))
        if part and size + octets > _MOST_OCTETS:
            yield part
            part, size = [], 0
        part, size = [*part, row], size + octets
    if part:
        yield part


def _rows(issue: SiteIssue) -> Iterator[Mapping[str, str]]:
    """Address, title, day, language and text of each page; the script reads these letters."""
    for page in issue.pages:
        yield {
            "u": page.path,
            "t": _plain(page.title),
            "d": f"{issue.posted_at:%Y-%m-%d}",
            "l": page.language,
            "x": _plain(page.text)[:_LONGEST],
        }


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", fit_for_xml(text)).split())


def _octets(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@cache
def _script() -> bytes:
    return files("newsletter.archive").joinpath("pages", SCRIPT).read_bytes()
