"""The deliveries of one issue as rows for somebody else's program. Touches: the ledger and the key, for reading."""

from collections.abc import Callable, Iterator

from newsletter.errors import SettingsError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.message.message_id import message_ids
from newsletter.report.audit import AuditRow, delivery_row
from newsletter.settings.workspace import Workspace

from .keys import links_of


def delivery_rows(workspace: Workspace, ledger: Ledger, record: DispatchRecord) -> Iterator[AuditRow]:
    """In the order of the subscriber file, as they are read."""
    head, _ = ledger.frozen(record.id)
    identity_of: Callable[[str], str] | None
    try:
        links = links_of(workspace, create=False, list_id=head.list_id)
        identity_of = message_ids(head, links)
    except SettingsError:  # the key that made them may be gone, with others there
        identity_of = None
    for delivery in ledger.deliveries(record.id):
        identity = identity_of(delivery.key) if identity_of else ""
        yield delivery_row(record.slug, delivery, identity)
