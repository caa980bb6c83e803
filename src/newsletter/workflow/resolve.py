"""Decide about deliveries in doubt, of all or of single readers, and take that back. Touches: the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsletter.catalogue import Said, lines, phrase
from newsletter.errors import InputError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DeliveryRecord, DispatchRecord
from newsletter.ledger.states import State
from newsletter.report.states_and_times import STATE_WORDS, local
from newsletter.settings.workspace import Workspace

from .steps.audience import given_address
from .steps.dispatch import planned_dispatch

_MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is in doubt and is to be decided about."""

    slug: str
    rows: Sequence[DeliveryRecord]
    zone: str

    def summary(self) -> Said:
        """Who it is about, and since when."""
        told = [phrase("workflow.resolve.in_doubt", slug=self.slug, count=len(self.rows))]
        told += [
            phrase("workflow.resolve.since", address=row.address, when=local(row.changed_at, self.zone))
            for row in self.rows[:_MOST_NAMED]
        ]
        if (more := len(self.rows) - _MOST_NAMED) > 0:
            told.append(phrase("workflow.resolve.more", count=more))
        return lines(*told)


def prepare_resolve(workspace: Workspace, given: str, addresses: Sequence[str] = ()) -> Doubt:
    """What would be decided; without addresses all that is in doubt, which may be nothing.

    What processes that are gone had in flight is in doubt, too. InputError (65) where one of the addresses is not,
    UsageError (64) for what is no address.
    """
    wanted = {key: address for address, key in map(given_address, addresses)}
    with planned_dispatch(workspace, given) as (ledger, record):
        ledger.take_back(ledger.now())
        rows = list(ledger.deliveries(record.id, (State.IN_DOUBT,)))
        doubtful = {row.key for row in rows}
        if missing := {key: address for key, address in wanted.items() if key not in doubtful}:
            raise _not_in_doubt(ledger, record, missing)
    named = [row for row in rows if not wanted or row.key in wanted]
    return Doubt(record.slug, named, workspace.settings.newsletter.timezone)


def _not_in_doubt(ledger: Ledger, record: DispatchRecord, missing: Mapping[str, str]) -> InputError:
    """Say of each what it is instead."""
    told: list[Said] = []
    for key, address in missing.items():
        row = ledger.delivery(record.id, key)
        if row is None:
            told.append(phrase("workflow.resolve.is_no_reader", address=address, slug=record.slug))
        else:
            told.append(phrase("workflow.resolve.is_not_in_doubt", address=address, state=STATE_WORDS[row.state]))
    return InputError(lines(*told), hint=phrase("workflow.resolve.nothing_changed", slug=record.slug))


def resolve(workspace: Workspace, doubt: Doubt, *, as_sent: bool) -> Said:
    """Decide it: exactly what was shown, or nothing where that has changed meanwhile (65)."""
    if not doubt.rows:
        return phrase("workflow.resolve.nothing_in_doubt", slug=doubt.slug)
    keys = [row.key for row in doubt.rows]
    with planned_dispatch(workspace, doubt.slug) as (ledger, record):
        count = ledger.resolve(record.id, as_sent, ledger.now(), keys=keys)
    if as_sent:
        decided = phrase("workflow.resolve.counted_as_sent", slug=doubt.slug, count=count)
    else:
        decided = phrase("workflow.resolve.to_be_sent_again", slug=doubt.slug, count=count)
    return lines(decided, phrase("workflow.resolve.to_undo", slug=doubt.slug))


def undo_resolve(workspace: Workspace, given: str) -> Said:
    """Hold again what the last decision was about; RefusedError (77) once something was built on it."""
    with planned_dispatch(workspace, given) as (ledger, record):
        count = ledger.undo_resolve(record.id)
    return phrase("workflow.resolve.is_undone", slug=record.slug, count=count)
