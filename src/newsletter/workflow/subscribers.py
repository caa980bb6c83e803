"""Who gets the newsletter, and who never again. Touches: the subscriber file, the ledger."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from newsletter.audience.subscriber import BadRow, KnownFrom, Subscriber
from newsletter.catalogue import SILENCE, Said, Verbatim, phrase
from newsletter.ledger.records import LedgerMissingError, Purpose
from newsletter.ledger.states import Suppression, reason_said
from newsletter.printable import one_line
from newsletter.settings.workspace import Workspace

from .steps.audience import first_time, given_address
from .steps.keys import links_of
from .steps.newsletter import open_own_ledger
from .steps.people import people_at_hand

_SOURCES = {KnownFrom.CHOSE: KnownFrom.FILE, KnownFrom.UNCONFIRMED: KnownFrom.SIGN_UP}
"""Where somebody is listed, whatever else is known of them."""


@dataclass(frozen=True, slots=True)
class SubscriberRow:
    """One line of the list."""

    line: int
    """Of the file; 0 for who is not in it."""
    address: str
    """Or, of somebody who left by a link and is in no list any more, the hash."""
    person: Subscriber | None = None
    why: Said = SILENCE
    """Why no mail goes there: the reason as the ledger keeps it, `duplicate`, `unconfirmed`, or what is wrong with the
    row."""

    @property
    def source(self) -> str:
        """Where somebody is known from; empty for who is in no list."""
        if self.person is None:
            return KnownFrom.FILE if self.line else ""
        return _SOURCES.get(self.person.origin, self.person.origin)

    def cells(self, language: str) -> tuple[str, ...]:
        """Of whoever signed up there is one more, the source."""
        line, name = str(self.line or ""), self.person.name if self.person else ""
        cells = (line, one_line(self.address), one_line(name), one_line(self.why.in_language(language)))
        return cells if self.source in ("", KnownFrom.FILE) else (*cells, self.source)

    def to_json(self) -> dict[str, Any]:
        """For scripts; keys are only ever added."""
        person = self.person or Subscriber("", "")
        is_hash = not self.line and "@" not in self.address
        return {
            "line": self.line or None,
            "address": None if is_hash or not self.address else self.address,
            "address_hash": self.address if is_hash else None,
            "name": person.name,
            "language": person.language,
            "tags": sorted(person.tags),
            "consent_at": person.consent_at,
            "consent_source": person.consent_source,
            "source": self.source or None,
            "not_mailed": str(self.why) or None,
        }


def subscriber_rows(workspace: Workspace, *, only_suppressed: bool) -> Iterator[SubscriberRow]:
    """In the order of the file, then sign-ups, then suppressed addresses that are neither.

    A link knows only an address's hash, so one that left by a click and is in no file any more shows as its hash.
    """
    links = links_of(workspace, create=True)
    suppressions = _suppressions(workspace)
    by_mark = {mark: one for one in suppressions for mark in (one.key, one.address_hash) if mark}
    told: set[int] = set()
    with first_time() as is_first:
        for row in people_at_hand(workspace).rows(unconfirmed_too=True):
            if isinstance(row, BadRow):
                if not only_suppressed:
                    yield SubscriberRow(row.line, "", why=row.reason)
                continue
            marks = (row.key, *links.all_hashes(row.key))
            one = next((by_mark[mark] for mark in marks if mark in by_mark), None)
            if one is not None:
                told.add(id(one))
            first = is_first(row.key)
            if one is not None or not only_suppressed:
                unconfirmed = KnownFrom.UNCONFIRMED if row.origin is KnownFrom.UNCONFIRMED else ""
                why = Verbatim(one.reason if one else unconfirmed if first else "duplicate")
                yield SubscriberRow(row.line, row.email, row, why)
    for one in suppressions:
        if id(one) not in told:
            yield SubscriberRow(0, one.key or one.address_hash.hex(), why=Verbatim(one.reason))


def _suppressions(workspace: Workspace) -> list[Suppression]:
    try:
        with open_own_ledger(workspace, Purpose.READ) as ledger:
            return list(ledger.suppressions(workspace.settings.newsletter.list_id))
    except LedgerMissingError:
        return []


@dataclass(frozen=True, slots=True)
class Suppressing:
    """What became of an address that somebody suppressed, or took back; as text, what to say about it."""

    address: str
    newsletter: str
    suppressed: bool
    changed: bool
    """False where it was so before."""
    said: Said
    reason: str = ""

    def __str__(self) -> str:
        return str(self.said)

    def to_json(self) -> str:
        """Docs/subscribers.md; keys are only ever added."""
        told = {"address": self.address, "newsletter": self.newsletter, "suppressed": self.suppressed}
        return json.dumps({**told, "reason": self.reason or None, "changed": self.changed}, ensure_ascii=False)


def suppress(workspace: Workspace, address: str, reason: str) -> Suppressing:
    """Never mail this address again for this newsletter; makes the ledger's tables where there are none."""
    email, key = given_address(address)
    list_id = workspace.settings.newsletter.list_id
    hash_ = links_of(workspace, create=True).address_hash(key)
    with open_own_ledger(workspace, Purpose.PAGES) as ledger:
        is_new = ledger.suppress(list_id, key=key, address_hash=hash_, reason=reason, now=datetime.now(UTC))
    name = workspace.settings.newsletter.name
    said = phrase("workflow.subscribers.is_suppressed", address=email, newsletter=name, reason=reason_said(reason))
    return Suppressing(email, list_id, suppressed=True, changed=is_new, said=said, reason=reason)


def unsuppress(workspace: Workspace, address: str) -> Suppressing:
    """Take it back, whoever or whatever it came from."""
    email, key = given_address(address)
    list_id = workspace.settings.newsletter.list_id
    today, *former = links_of(workspace, create=True).all_hashes(key)
    try:
        with open_own_ledger(workspace, Purpose.READ) as ledger:
            lifted = ledger.unsuppress(list_id, key, today, now=datetime.now(UTC), former_hashes=former)
    except LedgerMissingError:
        lifted = False
    code = "workflow.subscribers.may_be_mailed" if lifted else "workflow.subscribers.was_not_suppressed"
    return Suppressing(email, list_id, suppressed=False, changed=lifted, said=phrase(code, address=email))
