"""Freeze an issue for its audience: the editions, the letterhead, and a delivery for each subscriber.

Touches: the subscriber file, the ledger.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from newsletter.audience.links import Links
from newsletter.audience.subscriber import Subscriber
from newsletter.catalogue import phrase
from newsletter.edition.edition import Edition
from newsletter.errors import CannotWriteError, InputError, Problem
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.states import PlannedDelivery
from newsletter.message.letterhead import letterhead
from newsletter.settings.workspace import Workspace

from .audience import choose_variant, everybody, subscriber_file
from .keys import links_of
from .prepare import Fresh


def plan_dispatch(workspace: Workspace, ledger: Ledger, fresh: Fresh, first: int | None = None) -> DispatchRecord:
    """Freeze everything that makes a message, and one delivery for each subscriber, by one commit.

    For a canary of `first` it is paused until the run begins, so that nobody else goes on with it meanwhile.
    """
    settings, slug, now = workspace.settings, fresh.letter.issue.slug, datetime.now(UTC)
    links = links_of(workspace, create=True)
    choose = choose_variant(fresh.letter.issue, workspace)
    rows = _deliveries(subscriber_file(workspace), fresh.editions, choose, links)
    head = letterhead(settings, slug, now, links.key_id)
    ledger.plan(head, fresh.editions, rows, now, canary=first, although_like=fresh.although_like)
    record = ledger.find(settings.newsletter.list_id, slug)
    if record is None:
        raise CannotWriteError(phrase("workflow.send.plan_was_lost"), hint=phrase("workflow.send.was_ledger_replaced"))
    return record


def _deliveries(
    path: Path, editions: Mapping[str, Edition], choose: Callable[[Subscriber], str], links: Links
) -> Iterator[PlannedDelivery]:
    """One delivery for each good row; of a subscriber's values only those that the edition merges are kept."""
    merged = {name: {hole.key for hole in edition.holes} | {"name"} for name, edition in editions.items()}
    required = {name: edition.required_keys() for name, edition in editions.items()}
    for subscriber in everybody(path):
        variant, values = choose(subscriber), subscriber.values()
        # The file may have changed since it was looked at: a row that cannot be merged must not be frozen.
        if variant not in editions or not required[variant] <= values.keys():
            raise InputError(
                problems=[Problem(phrase("workflow.send.row_has_changed"), path.name, subscriber.line)],
                hint=phrase("workflow.send.nothing_was_planned"),
            )
        today, *former = links.all_hashes(subscriber.key)
        yield PlannedDelivery(
            address=subscriber.email,
            key=subscriber.key,
            address_hash=today,
            variant=variant,
            values={key: value for key, value in values.items() if key in merged[variant]},
            line=subscriber.line,
            former_hashes=tuple(former),
        )
