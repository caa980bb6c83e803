"""One person of whom the subscriber file and the ledger both know something: who wins. Touches: nothing.

The ledger for name, language and tags, as far as anybody said them there; the file for the rest. A choice by the link
of an older letter may stand beside the sign-up of the same person: what was said last counts.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from newsletter.audience.subscriber import KnownFrom, Subscriber
from newsletter.ledger.subscription_state import SubscriptionState
from newsletter.ledger.subscriptions import Subscription

_NEVER = datetime.min.replace(tzinfo=UTC)


def merged_person(
    row: Subscriber, known: Sequence[Subscription], zone: ZoneInfo, offered: Collection[str] = ()
) -> Subscriber:
    """A row of the file, with what the ledger has of its person. `offered` are the tags that a link lets choose."""
    if not known:
        return row
    by_time = sorted(known, key=lambda one: one.changed_at or _NEVER)
    signed_up = next((one for one in by_time if one.state is SubscriptionState.CONFIRMED), None)
    person = _with_choices(row, by_time, frozenset(offered))
    if signed_up is None:
        return person if person == row else replace(person, origin=KnownFrom.CHOSE)
    has_consent = bool(row.consent_at or row.consent_source)
    return replace(
        person,
        origin=KnownFrom.BOTH,
        consent_at=row.consent_at if has_consent else _day_and_time(signed_up.consent_at, zone),
        consent_source=row.consent_source if has_consent else signed_up.consent_source,
        fields={**(signed_up.fields or {}), **row.fields},
    )


def alone(signed_up: Subscription, zone: ZoneInfo) -> Subscriber:
    """Somebody who is in no file."""
    return Subscriber(
        signed_up.address,
        signed_up.key,
        signed_up.name or "",
        (signed_up.language or "").lower(),
        signed_up.tags or frozenset(),
        _day_and_time(signed_up.consent_at, zone),
        signed_up.consent_source,
        signed_up.fields or {},
        origin=KnownFrom.SIGN_UP if signed_up.state is SubscriptionState.CONFIRMED else KnownFrom.UNCONFIRMED,
    )


def _with_choices(row: Subscriber, by_time: Sequence[Subscription], offered: frozenset[str]) -> Subscriber:
    name, language, tags = row.name, row.language, row.tags
    # Who never signed up was asked about the offered ones alone: the file's others stay.
    signed_up = any(one.state is SubscriptionState.CONFIRMED for one in by_time)
    kept = frozenset[str]() if signed_up else row.tags - offered
    for one in by_time:
        name = name if one.name is None else one.name
        language = language if one.language is None else one.language.lower()
        if one.tags is not None:
            tags = one.tags | kept
    return replace(row, name=name, language=language, tags=tags)


def _day_and_time(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else ""
