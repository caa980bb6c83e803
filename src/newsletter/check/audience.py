"""The audience in numbers, from one pass over the rows, for the rules that ask about everybody. Touches: nothing.

Limits: of what is wrong only the first are kept by line, the others counted, so memory does not grow with the audience.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from newsletter.audience.subscriber import BadRow, Subscriber
from newsletter.edition.catalogue import known_language
from newsletter.edition.variants import folded_tag

NAMED = 20
"""So many rows are named for each rule; a person mends those first."""
_MOST_WORDS = 1_000
"""Different tags and languages that are remembered; a file with more has something else in these columns."""


@dataclass(slots=True)
class Lines:
    """The first lines something was found in, each with what; and how many there are in all."""

    first: list[tuple[int, str]] = field(default_factory=list)
    total: int = 0

    def add(self, line: int, what: str) -> None:
        self.total += 1
        if len(self.first) < NAMED:
            self.first.append((line, what))


@dataclass(slots=True)
class AudienceSummary:
    """`file` names the subscriber file in findings."""

    file: str
    columns: tuple[str, ...] = ()
    """Those of the header; empty where they are not known."""
    good: int = 0
    bad: Lines = field(default_factory=Lines)
    missing: dict[str, Lines] = field(default_factory=dict)
    """Rows without a value that their edition needs, by the field's key."""
    without_consent: Lines = field(default_factory=Lines)
    longest: dict[str, str] = field(default_factory=dict)
    """For each key the value with the most octets."""
    tags: dict[str, str] = field(default_factory=dict)
    """Every tag somebody has: as compared, and as first written."""
    strange_languages: dict[str, Lines] = field(default_factory=dict)
    """Languages there is no edition in, as written."""


def summarise(
    rows: Iterable[Subscriber | BadRow],
    file: str,
    variant_of: Callable[[Subscriber], str],
    needed: Mapping[str, frozenset[str]],
    languages: Collection[str],
    columns: Collection[str] = (),
) -> AudienceSummary:
    """Look at every row once.

    `needed` has, for each variant, the keys without a default; `languages` are those that there are editions in;
    `columns` those of the file's header, if they are known.
    """
    summary = AudienceSummary(file, tuple(column for column in columns if column))
    sizes: dict[str, int] = {}
    for row in rows:
        if isinstance(row, BadRow):
            summary.bad.add(row.line, row.reason)
            continue
        summary.good += 1
        values = row.values()
        for key in sorted(needed.get(variant_of(row), frozenset()) - values.keys()):
            summary.missing.setdefault(key, Lines()).add(row.line, "")
        if not (row.consent_at and row.consent_source):
            summary.without_consent.add(row.line, "")
        for key, value in values.items():
            size = len(value.encode())
            if size > sizes.get(key, 0):
                sizes[key], summary.longest[key] = size, value
        _note_words(summary, row, languages)
    return summary


def _note_words(summary: AudienceSummary, row: Subscriber, languages: Collection[str]) -> None:
    for tag in row.tags:
        if len(summary.tags) < _MOST_WORDS:
            summary.tags.setdefault(folded_tag(tag), tag)
    strange = summary.strange_languages
    if row.language in strange or (len(strange) < _MOST_WORDS and _is_strange(row.language, languages)):
        strange.setdefault(row.language, Lines()).add(row.line, "")


def _is_strange(language: str, languages: Collection[str]) -> bool:
    return bool(language) and language not in languages and not known_language(language, "", languages)
