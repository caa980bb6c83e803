"""What the ledger's list knows of one person: for scripts and for people. Touches: nothing."""

from collections.abc import Iterator
from datetime import datetime

from newsletter.catalogue import SILENCE, Said, phrase
from newsletter.ledger.subscription_state import SubscriptionState
from newsletter.ledger.subscriptions import Subscription
from newsletter.printable import one_line

from .states_and_times import local

_STATES = {
    SubscriptionState.CONFIRMED: phrase("report.sign_up_words.confirmed"),
    SubscriptionState.UNCONFIRMED: phrase("report.sign_up_words.unconfirmed"),
    SubscriptionState.CHOSE: phrase("report.sign_up_words.chose"),
}


def sign_up_as_json(one: Subscription, wording: str) -> dict[str, object]:
    """Null is what was not said; times are ISO 8601."""
    return {
        "state": one.state.value,
        "email": one.address or None,
        "name": one.name,
        "language": one.language,
        "tags": None if one.tags is None else sorted(one.tags),
        "fields": None if one.fields is None else dict(one.fields),
        "source": one.source,
        "consent_at": _time(one.consent_at),
        "consent_source": one.consent_source,
        "consent_language": one.consent_language,
        "consent_text": wording or None,
        "over_14": one.over_14,
        "created_at": _time(one.created_at),
        "changed_at": _time(one.changed_at),
    }


def sign_up_words(one: Subscription, wording: str, zone: str) -> Iterator[Said]:
    """Since when, what they said of themselves, and what they agreed to when and where."""
    since = local(one.created_at, zone) if one.created_at else ""
    said = (one.name, one.language, "; ".join(sorted(one.tags or ())))
    about = ", ".join(one_line(part) for part in said if part)
    yield phrase(
        "report.sign_up_words.is_in_ledger",
        state=_STATES[one.state],
        source=one_line(one.source),
        since=since,
        about=phrase("report.sign_up_words.about", said=about) if about else SILENCE,
    )
    if one.consent_at or one.consent_source:
        when = local(one.consent_at, zone) if one.consent_at else ""
        parts = (when, one_line(one.consent_source), one.consent_language)
        yield phrase("report.subscriber.consent", consent=", ".join(part for part in parts if part))
    if wording:
        yield phrase("report.sign_up_words.agreed_to", wording=one_line(wording))
    if one.over_14:
        yield phrase("report.sign_up_words.over_14")


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
