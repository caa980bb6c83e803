"""People as CSV: our own export, which comes back as it was, and what each other system takes. Touches: nothing.

Limits: a system that has no column for who left gets them in a file of their own (`left`). Nothing is written that a
spreadsheet would run: see `formula`. An address is never changed: one that would run is in no other system's file.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from .attributes import tags_cell
from .formats import OWN_EXPORT, StandingThere
from .formula import harmless_cell, neutral, would_run
from .mapping import FIELD

_as_json = json.JSONEncoder(ensure_ascii=False).encode  # `json.dumps` makes one anew for each
OWN_COLUMNS = (
    "email", "name", "language", "tags", "consent_at", "consent_source", "status", "suppressed", "suppressed_at",
    "address_hash",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody whom the subscriber file or the ledger knows, with what is known of them in both."""

    email: str
    """Empty where only the hash is known."""
    name: str = ""
    language: str = ""
    tags: frozenset[str] = frozenset()
    fields: Mapping[str, str] = field(default_factory=dict)
    consent_at: str = ""
    consent_source: str = ""
    status: str = "file"
    """`file`: stands in the subscriber file; `confirmed`, `unconfirmed`; `left`: nothing else is known."""
    reason: str = ""
    left_at: datetime | None = None
    address_hash: bytes = b""

    @property
    def is_mailed(self) -> bool:
        return not self.reason and self.status in ("file", "confirmed")


@dataclass(frozen=True, slots=True)
class TableForm:
    """What a file has at its top, and how each person is a row of it."""

    header: tuple[str, ...]
    row: Callable[[KnownPerson], Sequence[str]]
    with_left: bool
    """It has a column for who left."""
    marked: bool = False
    """With a byte order mark, without which Excel reads Korean wrongly."""


def own_form(fields: Sequence[str]) -> TableForm:
    """Everything, as `subscribers import` reads it."""
    header = (*OWN_COLUMNS, *(_own_column(name) for name in fields))
    return TableForm(tuple(map(neutral, header)), lambda one: list(map(neutral, _own_row(one, fields))), with_left=True)


def foreign_form(name: str, fields: Sequence[str]) -> TableForm:
    """For one of the other systems."""
    header, cells, with_left = _FORMS[name]
    own_columns = name in _WITH_COLUMNS

    def row(one: KnownPerson) -> Sequence[str]:
        found = [*cells(one), *(one.fields.get(field_name, "") for field_name in fields if own_columns)]
        return [found[0], *map(harmless_cell, found[1:])]

    columns = (*header, *(map(harmless_cell, fields) if own_columns else ()))
    return TableForm(columns, row, with_left, marked=name == "stibee")


def form_of(name: str, fields: Sequence[str]) -> TableForm:
    """Raises KeyError for a system that is not known."""
    return own_form(fields) if name == OWN_EXPORT else foreign_form(name, fields)


def is_for(form: TableForm, one: KnownPerson, *, own: bool, left: bool) -> bool:
    """Whether somebody belongs into the file; `left`: it is of those who left."""
    if own:
        return bool(one.reason) or not left
    if not one.email or would_run(one.email):
        return False
    return bool(one.reason) if left else one.is_mailed or (form.with_left and bool(one.reason))


def _own_column(name: str) -> str:
    return f"{FIELD}{name}" if name.casefold() in OWN_COLUMNS or name.startswith(FIELD) or name == "source" else name


def _own_row(one: KnownPerson, fields: Sequence[str]) -> list[str]:
    return [
        one.email,
        one.name,
        one.language,
        tags_cell(one.tags),
        one.consent_at,
        one.consent_source,
        one.status,
        one.reason,
        one.left_at.isoformat(timespec="microseconds") if one.left_at else "",
        "" if one.email else one.address_hash.hex(),
        *(one.fields.get(name, "") for name in fields),
    ]


def _attributes(one: KnownPerson) -> str:
    found: dict[str, object] = dict(one.fields)
    known = {"language": one.language, "consent_at": one.consent_at, "consent_source": one.consent_source}
    found |= {key: value for key, value in known.items() if value}
    if one.tags:
        found["tags"] = sorted(one.tags)
    return _as_json(found)


def _commas(tags: frozenset[str]) -> str:
    return ",".join(f'"{tag}"' if "," in tag else tag for tag in sorted(tags))


def _first_and_last(name: str) -> tuple[str, str]:
    """The last word of a name in Latin letters; 홍길동 is one word, and stays whole."""
    first, blank, last = name.rpartition(" ")
    return (first, last) if blank else (name, "")


def _moment(text: str, form: str, zone: tzinfo = UTC) -> str:
    """In the form and at the place of another system; a day without a time, and what is no moment, as it stands."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return found.astimezone(zone).strftime(form) if found.tzinfo else text


def _keila_status(reason: str) -> str:
    if reason == StandingThere.BAD_ADDRESS:
        return "unreachable"
    return "unsubscribed" if reason else "active"


_ISO = "%Y-%m-%dT%H:%M:%S.000Z"
_SEOUL = ZoneInfo("Asia/Seoul")
_Cells = Callable[[KnownPerson], Sequence[str]]
_FORMS: Mapping[str, tuple[tuple[str, ...], _Cells, bool]] = {
    "listmonk": (("email", "name", "attributes"), lambda one: (one.email, one.name, _attributes(one)), False),
    "mailchimp": (
        ("Email Address", "First Name", "Last Name", "Tags", "OPTIN_TIME"),
        lambda one: (
            one.email, *_first_and_last(one.name), _commas(one.tags), _moment(one.consent_at, "%Y-%m-%d %H:%M:%S")
        ),
        False,
    ),
    "stibee": (
        ("이메일 주소", "이름", "그룹", "구독일", "이메일 수신거부"),
        lambda one: (
            one.email, one.name, _commas(one.tags), _moment(one.consent_at, "%Y.%m.%d %H:%M", _SEOUL),
            "Y" if one.reason else "",
        ),
        True,
    ),
    "keila": (
        ("Email", "First name", "Last name", "Data", "Status"),
        lambda one: (one.email, *_first_and_last(one.name), _attributes(one), _keila_status(one.reason)),
        True,
    ),
    "buttondown": (
        ("email_address", "name", "tags", "creation_date", "type"),
        lambda one: (
            one.email, one.name, _commas(one.tags), _moment(one.consent_at, _ISO),
            "unsubscribed" if one.reason else "regular",
        ),
        False,
    ),
    "ghost": (
        ("email", "name", "subscribed_to_emails", "labels", "created_at"),
        lambda one: (
            one.email, one.name, "false" if one.reason else "true", _commas(one.tags), _moment(one.consent_at, _ISO)
        ),
        True,
    ),
}  # fmt: skip
"""Columns, cells, and whether one of them says who left."""
_WITH_COLUMNS = ("mailchimp", "stibee", "buttondown")
"""Merge fields are columns there; elsewhere they are attributes, or there are none (Ghost)."""
