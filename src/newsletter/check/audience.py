"""The audience in numbers, from one pass over the rows, for the rules that ask about everybody. Touches: nothing.

Limits: of what is wrong only the first are kept by line, the others counted, so memory does not grow with the audience.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from newsletter.audience.subscriber import BadRow, Subscriber

NAMED = 20
"""So many rows are named for each rule; a person mends those first."""


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
    good: int = 0
    bad: Lines = field(default_factory=Lines)
    missing: Lines = field(default_factory=Lines)
    """Merge values that a subscriber's edition needs and the row has not; what is the field's key."""
    without_consent: Lines = field(default_factory=Lines)
    longest: dict[str, str] = field(default_factory=dict)
    """For each key the value with the most octets."""


def summarise(
    rows: Iterable[Subscriber | BadRow],
    file: str,
    variant_of: Callable[[Subscriber], str],
    needed: Mapping[str, frozenset[str]],
) -> AudienceSummary:
    """Look at every row once. `needed` has, for each variant, the keys without a default."""
    summary = AudienceSummary(file)
    sizes: dict[str, int] = {}
    for row in rows:
        if isinstance(row, BadRow):
            summary.bad.add(row.line, row.reason)
            continue
        summary.good += 1
        values = row.values()
        for key in sorted(needed.get(variant_of(row), frozenset()) - values.keys()):
            summary.missing.add(row.line, key)
        if not (row.consent_at and row.consent_source):
            summary.without_consent.add(row.line, "")
        for key, value in values.items():
            size = len(value.encode())
            if size > sizes.get(key, 0):
                sizes[key], summary.longest[key] = size, value
    return summary
