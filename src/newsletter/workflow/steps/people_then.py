"""Everybody whose address was held at a moment, once each, with what was known of them. Touches: the ledger, the file.

The ledger says since when it knows somebody, those among them who asked and have not confirmed. A row of the
subscriber file is dated by its `consent_at` alone: one without a date may have been there, and is counted in. Who was
mailed before that moment stands in the ledger, whatever became of them since. Limits: who was forgotten since is not
known any more; memory does not grow with the people.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from newsletter.audience.read import read_subscribers
from newsletter.audience.subscriber import Subscriber
from newsletter.check.consent_dates import consent_date
from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.ledger.subscription_state import SubscriptionState
from newsletter.ledger.subscriptions import Subscription
from newsletter.settings.workspace import Workspace

from .audience import first_time

_WITH_ADDRESS = (SubscriptionState.CONFIRMED, SubscriptionState.UNCONFIRMED)


@dataclass(frozen=True, slots=True)
class PersonThen:
    """Somebody whose address was held."""

    key: str
    address: str
    name: str
    language: str
    where: str
    """`sign-up`, `request` (to be subscribed, and not confirmed), `file`, `deliveries` (of an issue that was planned
    before), or `suppression`: the address alone."""
    certain: bool
    """False for a row of the file without a date."""
    fields: tuple[str, ...]
    """What was known: `email`, `name`, `tags`, `consent_at`, or a column of the file."""


def people_then(workspace: Workspace, ledger: PeopleLedger, moment: datetime) -> Iterator[PersonThen]:
    """Sign-ups first, then requests, the file, and who stands in deliveries or in a suppression alone."""
    list_id = workspace.settings.newsletter.list_id
    everywhere = chain(
        _in_ledger(ledger, list_id, moment), _in_file(workspace, moment), _by_address(ledger, list_id, moment)
    )
    with first_time() as is_first:
        yield from (one for one in everywhere if is_first(one.key))


def _in_ledger(ledger: PeopleLedger, list_id: str, moment: datetime) -> Iterator[PersonThen]:
    for one in ledger.subscriptions(list_id, _WITH_ADDRESS):
        if one.key and one.created_at and one.created_at <= moment:
            yield _signed_up(one, "sign-up")
    for request in ledger.sign_ups_asked_before(list_id, moment):
        yield _signed_up(request, "request")


def _in_file(workspace: Workspace, moment: datetime) -> Iterator[PersonThen]:
    if not workspace.csv.exists():
        return
    day = moment.astimezone(ZoneInfo(workspace.settings.newsletter.timezone)).date()
    for row in read_subscribers(workspace.csv):
        if not isinstance(row, Subscriber):
            continue
        since = consent_date(row.consent_at)
        if since is None or since <= day:
            yield _of_row(row, certain=since is not None)


def _by_address(ledger: PeopleLedger, list_id: str, moment: datetime) -> Iterator[PersonThen]:
    for key, address in ledger.addresses_mailed_before(list_id, moment):
        yield PersonThen(key, address, "", "", "deliveries", certain=True, fields=("email", "name"))
    for key in ledger.addresses_suppressed_before(list_id, moment):
        yield PersonThen(key, key, "", "", "suppression", certain=True, fields=("email",))


def _signed_up(one: Subscription, where: str) -> PersonThen:
    known = {
        "name": one.name,
        "language": one.language,
        "tags": one.tags,
        "consent_at": one.consent_at,
        "consent_source": one.consent_source,
    }
    fields = ("email", *(name for name, value in known.items() if value), *sorted(one.fields or ()))
    return PersonThen(one.key, one.address, one.name or "", one.language or "", where, certain=True, fields=fields)


def _of_row(row: Subscriber, *, certain: bool) -> PersonThen:
    known = {"name": row.name, "language": row.language, "tags": row.tags}
    known |= {"consent_at": row.consent_at, "consent_source": row.consent_source}
    own = (column for column, cell in row.fields.items() if cell.strip())
    fields = ("email", *(name for name, value in known.items() if value), *own)
    return PersonThen(row.key, row.email, row.name, row.language, "file", certain=certain, fields=fields)
