"""The deliveries of one issue as rows for somebody else's program. Touches: the ledger and the key, for reading."""

from collections.abc import Callable, Iterator

from newsletter.errors import SettingsError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.message.message_id import message_ids
from newsletter.report.audit import AuditRow, delivery_row
from newsletter.settings.workspace import Workspace

from .keys import links_of


def delivery_rows(
    workspace: Workspace, ledger: Ledger, record: DispatchRecord, *, identified: bool = True
) -> Iterator[AuditRow]:
    """In the order of the subscriber file, as they are read; `identified` by their Message-IDs."""
    identity_of = _identities(workspace, ledger, record) if identified else None
    events = ledger.events_by_delivery(record.id)
    for delivery in ledger.deliveries(record.id):
        identity = identity_of(delivery.key) if identity_of else ""
        yield delivery_row(record.slug, delivery, identity, events.get(delivery.id, ()))


def _identities(workspace: Workspace, ledger: Ledger, record: DispatchRecord) -> Callable[[str], str] | None:
    """From a key to its Message-ID; None where the key that made them is gone, with others there."""
    head, _ = ledger.frozen(record.id)
    try:
        return message_ids(head, links_of(workspace, create=False, list_id=head.list_id))
    except SettingsError:
        return None
