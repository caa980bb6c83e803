"""One row of another system's export becomes a person, or a bad row. Touches: nothing.

What counts as consent on record: a time that the person said yes at. Where a system only knows since when somebody is
in its list, that is none by itself, unless it also says that they came by their own will; whoever imports can vouch for
the others (`vouched`), and says where they said yes.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from newsletter.audience.address import AddressError, parse_address
from newsletter.audience.subscriber import BadRow
from newsletter.catalogue import phrase
from newsletter.csv_file.rows import CsvRow

from .attributes import Attributes, own_tags, read_attributes, tags_of
from .formats import OWN_EXPORT, ExportFormat, StandingThere
from .formula import as_typed
from .mapping import KEYS, ColumnMapping
from .moments import moment_of

_YES = frozenset({"y", "yes", "true", "1", "동의", "동의함", "예", "o"})
_COMPLAINTS = ("spam", "abuse", "스팸")
_FULL = ("out_of_storage",)
_OF_THE_SENDER = ("blocked", "rate", "denied", "denylist", "spam", "url", "spf", "spammy")
"""What Buttondown calls undeliverable and is no dead address."""
_HASH_LENGTH = 16
_HANGUL = ("가", "힣")


@dataclass(slots=True)
class ExportedPerson:
    """Somebody of an export. `reason` is why they are never mailed again; empty for all others."""

    line: int
    email: str
    key: str
    """Empty where only `address_hash` is known."""
    name: str = ""
    language: str = ""
    tags: frozenset[str] = frozenset()
    fields: Mapping[str, str] = field(default_factory=dict)
    consent_at: datetime | None = None
    """None: there is none on record, so they are not mailed."""
    consent_source: str = ""
    reason: str = ""
    left_at: datetime | None = None
    address_hash: bytes = b""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of a file besides its rows."""

    zone: tzinfo
    """Where times without a zone were written."""
    now: datetime
    standing: StandingThere | None = None
    """Everybody's, where the file's name or somebody says it; what a row says of one who left counts all the same."""
    vouched: str = ""
    """Where those without consent on record said yes, as whoever imports them says; they said so when they joined."""


class PersonReader:
    """Reads rows of one file."""

    def __init__(self, mapping: ColumnMapping, facts: FileFacts) -> None:
        self._format: ExportFormat = mapping.format
        self._width = len(mapping.columns)
        self._tags = mapping.places("tags")
        self._tags_of = own_tags if mapping.format.name == OWN_EXPORT else tags_of
        self._fields = mapping.fields()
        self._facts = facts
        self._is_own = mapping.format.name == OWN_EXPORT
        self._places = {key: mapping.place(key) for key in KEYS}
        self._says_standing = any(
            mapping.places(key) for key in ("status", "left_reason", "opted_out", "left_at", "bounced_at")
        )

    @property
    def says_standing(self) -> bool:
        """Whether the file can tell who left."""
        return self._says_standing or self._facts.standing is not None

    def __call__(self, row: CsvRow) -> ExportedPerson | BadRow:
        if row.problem:
            return BadRow(row.line, row.problem)
        if any(cell.strip() for cell in row.cells[self._width :]):
            said = phrase("audience.row.has_too_many_cells", cells=len(row.cells), columns=self._width)
            return BadRow(row.line, said)
        at, cells = self._places, self._clean(row.cells)
        if cells is None:
            return BadRow(row.line, phrase("audience.row.holds_nul"))
        if not cells[at["email"]] and cells[at["address_hash"]]:
            return self._known_by_hash(row.line, cells)
        try:
            email, key = parse_address(cells[at["email"]])
        except AddressError as error:
            return BadRow(row.line, error.reason)
        return self._person(row.line, email, key, cells)

    def _clean(self, written: Sequence[str]) -> list[str] | None:
        """As many cells as columns, and an empty one behind them; None where they hold a NUL."""
        text = "".join(written)
        if "\0" in text:
            return None
        cells = [cell.strip() for cell in written[: self._width]]
        if self._is_own:
            cells = [as_typed(cell) for cell in cells]
        if not text.isascii() and not unicodedata.is_normalized("NFC", text):
            cells = [unicodedata.normalize("NFC", cell) for cell in cells]
        cells.extend([""] * (self._width + 1 - len(cells)))
        return cells

    def _known_by_hash(self, line: int, cells: Sequence[str]) -> ExportedPerson | BadRow:
        at = self._places
        try:
            address_hash = bytes.fromhex(cells[at["address_hash"]])
        except ValueError:
            address_hash = b""
        reason = cells[at["left_reason"]]
        if len(address_hash) != _HASH_LENGTH or not reason:
            return BadRow(line, phrase("audience.address.is_empty"))
        return ExportedPerson(
            line, "", "", reason=reason, left_at=self._moment(cells[at["left_at"]]), address_hash=address_hash
        )

    def _person(self, line: int, email: str, key: str, cells: Sequence[str]) -> ExportedPerson | BadRow:
        at = self._places
        more = read_attributes(cells[at["attributes"]]) if cells[at["attributes"]] else _NOTHING
        standing = self._standing(cells)
        if standing is None:
            return BadRow(line, phrase("audience.export.unknown_status", status=cells[at["status"]][:40]))
        reason = "" if standing.is_mailable else standing.value
        if self._is_own:
            reason = cells[at["left_reason"]]
        consent_at, source = None, ""
        if standing is StandingThere.SUBSCRIBED and not reason:
            consent_at, source = self._consent(cells, more)
        fields = {name: cells[index] for name, index in self._fields if cells[index]}
        return ExportedPerson(
            line,
            email,
            key,
            cells[at["name"]] or more.name or _whole_name(cells[at["first_name"]], cells[at["last_name"]]),
            (cells[at["language"]] or more.language).lower(),
            self._all_tags(cells, more),
            {**more.fields, **fields} if more.fields else fields,
            consent_at,
            source,
            reason,
            (self._moment(cells[at["left_at"]]) or self._moment(cells[at["bounced_at"]])) if reason else None,
        )

    def _all_tags(self, cells: Sequence[str], more: Attributes) -> frozenset[str]:
        tags = more.tags
        for index in self._tags:
            if cells[index]:
                tags = tags | self._tags_of(cells[index]) if tags else self._tags_of(cells[index])
        return tags

    def _standing(self, cells: Sequence[str]) -> StandingThere | None:
        """How somebody stands there; None for a word that is not known: nobody guesses that one wants the letter."""
        at, given = self._places, self._facts.standing
        word = cells[at["status"]].casefold()
        standing = self._format.status.get(word) if word else None
        if standing is None:
            if word and given is None:
                return None
            standing = given or StandingThere.SUBSCRIBED
        elif given is not None and given.strictness > standing.strictness:
            standing = given
        return self._closer(standing, cells) if self._says_standing else standing

    def _closer(self, standing: StandingThere, cells: Sequence[str]) -> StandingThere:
        """What other columns than the status say of somebody who left."""
        at = self._places
        if self._is_own:
            return standing
        why = cells[at["left_reason"]].casefold()
        if standing.is_mailable and (why or cells[at["left_at"]] or cells[at["opted_out"]].casefold() in _YES):
            standing = StandingThere.UNSUBSCRIBED
        if standing.is_mailable and cells[at["bounced_at"]]:
            standing = StandingThere.BAD_ADDRESS
        if standing is StandingThere.UNSUBSCRIBED and any(word in why for word in _COMPLAINTS):
            return StandingThere.COMPLAINED
        bounce = cells[at["bounce_reason"]].casefold()
        if standing is StandingThere.BAD_ADDRESS and bounce:
            if any(word in bounce for word in _FULL):
                return StandingThere.MAILBOX_FULL
            if any(word in bounce for word in _OF_THE_SENDER):
                return StandingThere.UNCONFIRMED
        return standing

    def _consent(self, cells: Sequence[str], more: Attributes) -> tuple[datetime | None, str]:
        """When and where they said yes; None where the file does not know."""
        at = self._places
        source = cells[at["consent_source"]] or more.consent_source
        asked = self._moment(cells[at["consent_at"]]) or self._moment(more.consent_at)
        confirmed = self._moment(cells[at["confirmed_at"]])
        # Mailchimp notes a confirmation also for whoever was added by hand; who confirmed left an address of theirs.
        themselves = cells[at["confirmed_from"]] or at["confirmed_from"] >= self._width
        if found := (confirmed if asked or themselves else None) or asked:
            return found, source or self._format.name
        joined = self._moment(cells[at["joined_at"]]) or confirmed
        if joined and (self._came_by_themselves(cells[at["added_by"]]) or cells[at["agreed"]].casefold() in _YES):
            return joined, cells[at["added_by"]] or self._format.name
        if joined and self._facts.vouched:
            return joined, self._facts.vouched
        return None, ""

    def _came_by_themselves(self, added_by: str) -> bool:
        word = added_by.casefold()
        return bool(word) and any(one in word for one in self._format.own_will)

    def _moment(self, text: str) -> datetime | None:
        return moment_of(text, self._facts.zone, self._facts.now) if text else None


_NOTHING = Attributes()


def _whole_name(first: str, last: str) -> str:
    """In the order in which it is said: 홍길동, Jane Doe."""
    if first and last and all(_HANGUL[0] <= sign <= _HANGUL[1] for sign in first + last):
        return f"{last}{first}"
    return f"{first} {last}".strip()
