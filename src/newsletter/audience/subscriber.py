"""A subscriber: one good row of the subscriber file, or a sign-up, parsed once at the door. Touches: nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from newsletter.catalogue import SILENCE, Phrase, Said, Value, phrase


class KnownFrom(StrEnum):
    """Where somebody is known from."""

    FILE = "file"
    """The subscriber file alone."""
    CHOSE = "chose"
    """The subscriber file; what the ledger has of name, language and tags goes before it."""
    SIGN_UP = "sign-up"
    """The ledger alone."""
    BOTH = "both"
    """A sign-up who is in the file, too."""
    UNCONFIRMED = "unconfirmed"
    """The ledger alone, taken over from elsewhere without consent: never mailed."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A person who asked for the newsletter. `email` is as first written (NFC, trimmed), `key` is what is compared."""

    email: str
    key: str
    """NFC, IDNA (A-label) domain, case-folded: equal keys are one person (docs/design.md 4.3)."""
    name: str = ""
    language: str = ""
    tags: frozenset[str] = frozenset()
    consent_at: str = ""
    consent_source: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    line: int = 0
    """Line of the file, from 1, where the row begins; 0 for somebody who is in no file."""
    origin: KnownFrom = KnownFrom.FILE

    def values(self) -> dict[str, str]:
        """The merge values by key (see `issue.fields.MergeField`); cells in which nothing can be seen are missing."""
        values = {"email": self.email}
        if _can_be_seen(self.name):
            values["name"] = self.name
        if _can_be_seen(self.language):
            values["language"] = self.language
        for column, cell in self.fields.items():
            if _can_be_seen(cell):
                values[f"fields.{column}"] = cell
        return values


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is never mailed, and why; the reason never repeats the address."""

    line: int
    reason: Said


_HINTS = {
    "csv_file.row.is_too_long": phrase("csv_file.row.shorten_it"),
    "csv_file.row.quote_is_open": phrase("csv_file.row.close_quote"),
    "csv_file.row.goes_on_after_quote": phrase("csv_file.row.close_quote"),
    "audience.row.has_too_many_cells": phrase("audience.row.quote_commas"),
    "audience.row.holds_nul": phrase("audience.row.save_again"),
    "audience.address.holds_name": phrase("audience.row.name_has_column"),
    "audience.address.is_several": phrase("audience.row.one_row_each"),
}


def row_hint(reason: Value) -> Said:
    """What to do about a bad row; silence where what is wrong says it."""
    return _HINTS.get(reason.code, SILENCE) if isinstance(reason, Phrase) else SILENCE


def _can_be_seen(value: str) -> bool:
    """Whether there is more than spaces and invisible characters, such as a U+200B copied from a page."""
    # The first character decides nearly always; asking it alone first takes a third of the time.
    first = value[:1]
    if first == "":
        return False
    return (first.isprintable() and not first.isspace()) or any(
        char.isprintable() and not char.isspace() for char in value
    )
