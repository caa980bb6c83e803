"""What an import means for one person, given what the book knows of them. Touches: nothing.

An import never mails somebody again who is suppressed here, nor undoes what a person did here themselves: their own
sign-up and what they chose by a link stand. Who left there has left here too, unless they signed up here since.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from .states import SuppressionReason
from .subscription_state import SubscriptionState

if TYPE_CHECKING:
    from newsletter.audience.exports.staged import StagedPerson

OWN_WORD = ("form", "api", "hand", "link")
"""Sources of a row that nobody imported."""
_SAID = ("name", "language", "tags", "fields")


class ImportVerdict(StrEnum):
    """What becomes of somebody in an import; each of them has one."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEFT_THERE = "left_there"
    """Becomes a suppression here."""
    LEFT_BEFORE = "left_before"
    """Left there, and is suppressed here already."""
    CAME_BACK = "came_back"
    """Left there, and signed up here since."""
    SUPPRESSED_HERE = "suppressed_here"
    """Subscribed there, and stays suppressed here."""


class KnownRow(NamedTuple):
    """What stands in `subscriptions`, as the database keeps it."""

    id: int
    address_hash: bytes
    address: str
    state: str
    name: str | None
    language: str | None
    tags: str | None
    fields: str | None
    source: str
    consent_at: int | None
    changed_at: int
    imported_at: int | None
    """When the last import that had this person was begun."""

    @property
    def said(self) -> tuple[str | None, ...]:
        """By _SAID."""
        return self.name, self.language, self.tags, self.fields


class KnownSuppression(NamedTuple):
    """One that holds for somebody, or once did."""

    reason: str
    at: int
    """Microseconds, as the next."""
    lifted_at: int | None
    """None: it holds."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, and what is to be written for it."""

    verdict: ImportVerdict
    values: Mapping[str, Any] | None = None
    """Columns of a row of `subscriptions` that change."""
    is_own: bool = False
    """The row speaks for the person, so the import does not call it its own."""


_NEW = Judgement(ImportVerdict.NEW)


def judge(
    person: "StagedPerson",
    row: KnownRow | None,
    suppressions: Collection[KnownSuppression],
) -> Judgement:
    """`row` is the person's, `suppressions` what holds for them and what once did."""
    if row is None and not suppressions and not person.reason:
        return _NEW
    holding = {one.reason for one in suppressions if one.lifted_at is None}
    if person.reason:
        return Judgement(_leaving(person, row, suppressions, holding))
    if holding:
        return Judgement(ImportVerdict.SUPPRESSED_HERE)
    if row is None:
        return _NEW
    is_own = _is_own_word(row)
    changes = _changes_of_own(person, row) if is_own else _changes(person, row)
    if not changes:
        return Judgement(ImportVerdict.UNCHANGED, is_own=is_own)
    return Judgement(ImportVerdict.CHANGED, changes, is_own=is_own)


def _leaving(
    person: "StagedPerson",
    row: KnownRow | None,
    suppressions: Collection[KnownSuppression],
    holding: Collection[str],
) -> ImportVerdict:
    if person.reason in holding or SuppressionReason.FORGOTTEN in holding:
        return ImportVerdict.LEFT_BEFORE
    if person.reason == SuppressionReason.UNSUBSCRIBED and not holding and _came_back(person, row, suppressions):
        return ImportVerdict.CAME_BACK
    return ImportVerdict.LEFT_THERE


def _came_back(person: "StagedPerson", row: KnownRow | None, suppressions: Collection[KnownSuppression]) -> bool:
    """Where nobody knows when they left, only their own sign-up here counts."""
    left = person.left_at
    if left is not None and any(one.lifted_at is not None and one.lifted_at > left for one in suppressions):
        return True
    if row is None or row.source not in OWN_WORD or row.state != SubscriptionState.CONFIRMED:
        return False
    consent = row.consent_at
    return consent is not None and (left is None or consent > left)


def _is_own_word(row: KnownRow) -> bool:
    """Whether the person, or somebody at a desk, has said something since the last import of them."""
    imported = row.imported_at
    return row.source in OWN_WORD or imported is None or row.changed_at > imported


def _consent(person: "StagedPerson") -> dict[str, Any]:
    if person.consent_at is None:
        return {"state": SubscriptionState.UNCONFIRMED.value, "consent_at": None, "consent_source": ""}
    return {
        "state": SubscriptionState.CONFIRMED.value,
        "consent_at": person.consent_at,
        "consent_source": person.consent_source,
    }


def _changes(person: "StagedPerson", row: KnownRow) -> dict[str, Any]:
    """What is said there now counts, and what is not said any more stays; of two consents the later is on record."""
    both = zip(_SAID, person.said, row.said, strict=True) if person.said != row.said else ()
    changes: dict[str, Any] = {column: new for column, new, old in both if new is not None and new != old}
    known = row.consent_at
    if person.consent_at is not None and (known is None or person.consent_at > known):
        changes |= _consent(person)
    return changes


def _changes_of_own(person: "StagedPerson", row: KnownRow) -> dict[str, Any]:
    """Only what the person has not said: a choice, even an empty one, is theirs."""
    is_choice = row.state == SubscriptionState.CHOSE
    if is_choice and person.consent_at is None:
        return {}  # the subscriber file says whether they are mailed
    both = zip(_SAID, person.said, row.said, strict=True)
    changes: dict[str, Any] = {column: new for column, new, old in both if new is not None and old is None}
    if person.consent_at is not None and row.consent_at is None:
        changes |= _consent(person)
    if changes and not row.address:
        changes |= {"key": person.key, "address": person.address}
    return changes
