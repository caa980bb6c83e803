"""The exports that are known, as data: how each is recognised, what its columns and words mean. Touches: nothing.

What a system says is kept in `formats.toml`, so that a new word of it is a line there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from newsletter.catalogue import table

OWN_EXPORT = "newsletter"
"""The format that our own export has."""
PLAIN_LIST = "csv"
"""A list that somebody keeps in a spreadsheet."""


class StandingThere(StrEnum):
    """How somebody stands with the system that exported them; from `UNSUBSCRIBED` on as a suppression calls it."""

    SUBSCRIBED = "subscribed"
    UNCONFIRMED = "unconfirmed"
    UNSUBSCRIBED = "unsubscribed"
    COMPLAINED = "complained"
    BAD_ADDRESS = "bad address"
    MAILBOX_FULL = "mailbox full"
    BLOCKED = "manual"

    @property
    def is_mailable(self) -> bool:
        """Whether that system would mail them, or would once they had confirmed."""
        return self in (StandingThere.SUBSCRIBED, StandingThere.UNCONFIRMED)

    @property
    def strictness(self) -> int:
        """Of two that are said of somebody, the greater one holds."""
        return (self is not StandingThere.SUBSCRIBED) + (not self.is_mailable)


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One system's export."""

    name: str
    recognised_by: tuple[frozenset[str], ...]
    columns: Mapping[str, str]
    """Theirs, in small letters -> ours."""
    status: Mapping[str, StandingThere]
    zone: str
    own_will: tuple[str, ...]

    def recognises(self, header: frozenset[str]) -> bool:
        """Whether a file with these columns, in small letters, is one of its exports."""
        return any(wanted <= header for wanted in self.recognised_by)


@cache
def export_formats() -> Mapping[str, ExportFormat]:
    """All of them by name, in the order in which a header is compared with them."""
    return {name: _format(name, data) for name, data in table(__package__, "formats.toml").items()}


def recognised(header: frozenset[str]) -> ExportFormat | None:
    """The first whose export has such a header; None for one that nobody knows."""
    return next((one for one in export_formats().values() if one.recognises(header)), None)


def _format(name: str, data: Mapping[str, Any]) -> ExportFormat:
    return ExportFormat(
        name,
        tuple(frozenset(columns) for columns in data["recognised_by"]),
        data["columns"],
        {word: StandingThere(meant) for word, meant in data["status"].items()},
        data.get("zone", ""),
        tuple(data.get("own_will", ())),
    )
