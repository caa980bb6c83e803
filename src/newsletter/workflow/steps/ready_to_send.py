"""Make ready to send a dispatch with nothing but what is in the ledger, this machine's secret and its environment.

Touches: the ledger, the secret, key files.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from newsletter.catalogue import phrase
from newsletter.dispatch.policy import Policy
from newsletter.errors import RefusedError, SettingsError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.states import Claim
from newsletter.message.message import Message
from newsletter.settings.workspace import Workspace

from .compose import FrozenComposer
from .example_sender import refuse_frozen_example
from .keys import links_of
from .relay_settings import settings_from_ledger
from .worker_place import require_secret


class PageMissingError(RefusedError):
    """Its letters lead to a page or to pictures that nobody has published yet; who has the files does."""


@dataclass(frozen=True, slots=True)
class ReadyDispatch:
    """A run's material."""

    compose: Callable[[Claim], Message]
    policy: Policy
    zone: str
    """Of its newsletter."""
    settings_at: datetime
    """Since when its relay settings are what they are."""


def ready_to_send(
    place: Workspace, ledger: Ledger, record: DispatchRecord, environ: Mapping[str, str]
) -> ReadyDispatch:
    """SettingsError (78) for what is missing or wrong on this machine, SecretLostError among them."""
    require_secret(place, ledger)
    kept = ledger.relay_settings(record.newsletter)
    if kept is None:
        raise SettingsError(
            phrase("workflow.worker.nothing_published", newsletter=record.newsletter),
            hint=phrase("workflow.worker.publish_settings", slug=record.slug),
        )
    sendable = settings_from_ledger(place, kept, environ)
    head = ledger.letterhead(record.id)
    refuse_frozen_example(sendable.workspace, head)
    links_of(sendable.workspace, create=False, list_id=head.list_id).message_tags(head.slug, head.key_id)
    _require_page(ledger, record, head.archive_url)
    composer = FrozenComposer(sendable.workspace, ledger, record.id)
    zone = sendable.workspace.settings.newsletter.timezone
    return ReadyDispatch(composer.compose, sendable.policy, zone, kept.at)


def _require_page(ledger: Ledger, record: DispatchRecord, archive_url: str) -> None:
    page = ledger.publication(record.id)
    if page is not None and page.is_current:
        return
    if archive_url or ledger.hosted_pictures(record.newsletter, record.id):
        raise PageMissingError(
            phrase("workflow.worker.page_missing"),
            hint=phrase("workflow.worker.publish_page", slug=record.slug),
        )
