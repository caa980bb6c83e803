"""Take the ledger that is there for the one to send with, though it is an older copy, or another one.

Touches: the ledger, and the mark beside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from newsletter.catalogue import Said, lines, phrase
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LedgerBehindError, LedgerLostError, LedgerMissingError, Purpose
from newsletter.ledger.states import UNFINISHED
from newsletter.settings.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Adoption:
    """A ledger that is not sent with until a person has looked at it."""

    why: Said
    at_stake: Sequence[tuple[str, int]]
    """Issues with how many in them may have the letter already, as far as this ledger knows them."""

    def summary(self) -> Said:
        """Why it is not trusted, who would become in doubt, and what nobody can know."""
        named = (phrase("workflow.adopt.at_stake", slug=slug, count=count) for slug, count in self.at_stake)
        return lines(self.why, *named, phrase("workflow.adopt.cannot_be_known"))


def prepare_adoption(workspace: Workspace) -> Adoption | None:
    """What adopting would mean; None where the ledger is the one that was last sent with. Writes nothing.

    LedgerMissingError (78) where there never was one.
    """
    try:
        open_ledger(workspace, Purpose.DUE).close()
    except (LedgerLostError, LedgerBehindError) as error:
        return Adoption(error.message, _at_stake(workspace))
    return None


def may_have_it(workspace: Workspace) -> Iterator[str]:
    """A line for each delivery that is not settled in this ledger: the issue, a tab, the address."""
    try:
        ledger = open_ledger(workspace, Purpose.READ)
    except LedgerMissingError:
        return
    with ledger:
        for record in ledger.at_stake():
            for delivery in ledger.deliveries(record.id, UNFINISHED):
                yield f"{record.slug}\t{delivery.address}"


def adopt(workspace: Workspace) -> Said:
    """Do it; what to say about it. Made where it was lost: somebody says so."""
    with open_ledger(workspace, Purpose.ADOPTING) as ledger:
        slugs = [record.slug for record in ledger.at_stake()]
        doubted = ledger.adopt(datetime.now(UTC))
    resolve = (phrase("workflow.adopt.to_resolve", slug=slug) for slug in slugs)
    return lines(phrase("workflow.adopt.is_taken", count=doubted), *resolve)


def _at_stake(workspace: Workspace) -> Sequence[tuple[str, int]]:
    try:
        ledger = open_ledger(workspace, Purpose.READ)
    except LedgerMissingError:
        return ()
    with ledger:
        counts = ((record.slug, ledger.counts(record.id)) for record in ledger.at_stake())
        return [(slug, sum(count[state] for state in UNFINISHED)) for slug, count in counts]
