"""Put somebody on the list by hand, with the consent that they gave. Touches: the ledger.

Done twice it is done once: who is there already gets what is said anew, and keeps the consent on record where none is
said. Limits: the subscriber file is not looked at; who is in both is mailed once.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.catalogue import Said, phrase
from newsletter.check.consent_dates import consent_date
from newsletter.errors import RefusedError, UsageError
from newsletter.language_tags import is_known, meant_tag
from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import reason_said
from newsletter.ledger.subscription_state import SubscriptionState
from newsletter.ledger.subscriptions import Subscription
from newsletter.message.escape import clean
from newsletter.report.sign_up_words import sign_up_as_json
from newsletter.settings.workspace import Workspace

from .steps.audience import given_address
from .steps.keys import links_of
from .steps.people_ledger import open_own_people_ledger

_BY_HAND = "hand"


@dataclass(frozen=True, slots=True)
class PersonToAdd:
    """What somebody typed; None was left out."""

    address: str
    consent_source: str
    """Where they said yes: a desk, a letter, a call."""
    consent_at: str | None = None
    name: str | None = None
    language: str | None = None
    tags: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """Who is on the list now."""

    subscription: Subscription
    is_new: bool
    newsletter: str

    def said(self) -> Said:
        code = "workflow.add_subscriber.added" if self.is_new else "workflow.add_subscriber.was_there"
        return phrase(code, address=self.subscription.address, newsletter=self.newsletter)

    def to_json(self) -> str:
        """Docs/subscribers.md; keys are only ever added."""
        return json.dumps({"added": self.is_new, **sign_up_as_json(self.subscription, "")}, ensure_ascii=False)


def add_subscriber(workspace: Workspace, wanted: PersonToAdd) -> Added:
    """UsageError (64) for what cannot be meant, RefusedError (77) for who is never to be mailed."""
    email, key = given_address(wanted.address)
    newsletter, now = workspace.settings.newsletter, datetime.now(UTC)
    said = _said(wanted, ZoneInfo(newsletter.timezone), now)
    links = links_of(workspace, create=True)
    hashes = links.all_hashes(key)
    with open_own_people_ledger(workspace, Purpose.PAGES) as ledger:
        _refuse_suppressed(ledger, newsletter.list_id, email, key, hashes)
        known = ledger.subscription(newsletter.list_id, hashes)
        is_new = known is None or known.state is not SubscriptionState.CONFIRMED
        consent = said.consent_at or (now if is_new else None)
        tags = frozenset(tag for tag in map(_cleaned, wanted.tags) if tag) if wanted.tags else None
        row = Subscription(
            hashes[0],
            key,
            email,
            name=None if wanted.name is None else _cleaned(wanted.name),
            language=said.language,
            tags=tags,
            source=_BY_HAND,
            consent_at=consent,
            consent_source=said.source,
        )
        ledger.subscribe(newsletter.list_id, [row], now)
        kept = ledger.subscription(newsletter.list_id, hashes)
    return Added(kept or row, is_new, newsletter.name)


@dataclass(frozen=True, slots=True)
class _Said:
    source: str
    consent_at: datetime | None
    language: str | None


def _said(wanted: PersonToAdd, zone: ZoneInfo, now: datetime) -> _Said:
    source = _cleaned(wanted.consent_source)
    if not source:
        raise UsageError(phrase("workflow.add_subscriber.no_source"))
    language = None if wanted.language is None else wanted.language.strip().lower()
    if language and not is_known(language):
        raise UsageError(
            phrase("workflow.add_subscriber.no_language", language=language, meant=meant_tag(language) or "ko, en")
        )
    return _Said(source, _consent(wanted.consent_at, zone, now) if wanted.consent_at else None, language)


def _consent(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """A day, or a moment; without an offset it is the newsletter's."""
    day = consent_date(text)
    if day is None:
        raise UsageError(phrase("workflow.add_subscriber.no_date", given=text))
    moment = _moment(text, day)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if moment > now + timedelta(minutes=1):
        raise UsageError(phrase("workflow.add_subscriber.to_come", given=text))
    return moment.astimezone(UTC)


def _moment(text: str, day: date) -> datetime:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the caller puts it in the newsletter's zone


def _refuse_suppressed(ledger: PeopleLedger, newsletter: str, email: str, key: str, hashes: Collection[bytes]) -> None:
    """Whoever left, or complained, decided that; a person at the keyboard takes it back in so many words."""
    for one in ledger.suppressions_of(key, hashes):
        if one.lifted_at is None and one.newsletter in (newsletter, "*"):
            raise RefusedError(
                phrase("workflow.add_subscriber.is_suppressed", address=email, reason=reason_said(one.reason)),
                hint=phrase("workflow.add_subscriber.take_it_back", address=email),
            )


def _cleaned(text: str) -> str:
    return " ".join(clean(text).split())
