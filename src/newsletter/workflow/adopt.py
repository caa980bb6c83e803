"""Take the ledger that is there for the one to send with, though it is an older copy, or another one.

Touches: the ledger, the mark beside it, the files beside the issues that say how many got them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.catalogue import SILENCE, Said, lines, phrase
from newsletter.errors import CannotWriteError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LedgerBehindError, LedgerLostError, LedgerMissingError, Purpose
from newsletter.ledger.states import UNFINISHED
from newsletter.settings.system_reason import system_reason
from newsletter.settings.workspace import Workspace

from .steps.issue_states import looked_up
from .steps.sent_file import Forgotten, all_forgotten, write_anew


@dataclass(frozen=True, slots=True)
class Adoption:
    """A ledger, and what speaks against sending with it."""

    why: Said | None
    """None where there is nothing to adopt."""
    at_stake: Sequence[tuple[str, int]]
    """Issues with how many in them may have the letter already, as far as this ledger knows them."""
    forgotten: Sequence[Forgotten]
    """Issues that went out to more than this ledger knows, by the files beside them."""

    def summary(self) -> Said:
        """Why it is not trusted, who would become in doubt, and what nobody can know."""
        unknown = lines(*self._unknown())
        if self.why is None:
            return lines(phrase("workflow.adopt.nothing_to_adopt"), unknown)
        named = (phrase("workflow.adopt.at_stake", slug=slug, count=count) for slug, count in self.at_stake)
        return lines(self.why, *named, unknown, phrase("workflow.adopt.cannot_be_known"))

    def _unknown(self) -> Iterator[Said]:
        for found in self.forgotten:
            yield found.said()
            yield phrase("workflow.adopt.stays_refused", file=found.file) if found.known is None else SILENCE


def prepare_adoption(workspace: Workspace) -> Adoption:
    """What adopting would mean; writes nothing.

    LedgerMissingError (78) where there never was a ledger, as far as anything shows.
    """
    with looked_up(workspace) as ledger:
        forgotten = tuple(all_forgotten(workspace, ledger))
        at_stake = _at_stake(ledger) if ledger else ()
    return Adoption(_why(workspace, forgotten), at_stake, forgotten)


def may_have_it(workspace: Workspace) -> Iterator[str]:
    """A line for each delivery that is not settled in this ledger: the issue, a tab, the address."""
    with looked_up(workspace) as ledger:
        for record in ledger.at_stake() if ledger else ():
            for delivery in ledger.deliveries(record.id, UNFINISHED) if ledger else ():
                yield f"{record.slug}\t{delivery.address}"


def adopt(workspace: Workspace) -> Said:
    """Do it; what to say about it. Made where it was lost: somebody says so."""
    with open_ledger(workspace, Purpose.ADOPTING) as ledger:
        slugs = [record.slug for record in ledger.at_stake()]
        doubted = ledger.adopt(ledger.now())
        try:
            write_anew(workspace, ledger)
        except OSError as error:
            told = phrase("workflow.file.cannot_be_written", path=str(workspace.issues), why=system_reason(error))
            raise CannotWriteError(told) from error
    resolve = (phrase("workflow.adopt.to_resolve", slug=slug) for slug in slugs)
    return lines(phrase("workflow.adopt.is_taken", count=doubted), *resolve)


def _why(workspace: Workspace, forgotten: Sequence[Forgotten]) -> Said | None:
    try:
        open_ledger(workspace, Purpose.DUE).close()
    except LedgerBehindError as error:
        return error.message
    except LedgerMissingError as error:
        if not (isinstance(error, LedgerLostError) or forgotten):
            raise
        return error.message
    return next((found.said() for found in forgotten if found.known is not None), None)


def _at_stake(ledger: Ledger) -> Sequence[tuple[str, int]]:
    counts = ((record.slug, ledger.counts(record.id)) for record in ledger.at_stake())
    return [(slug, sum(count[state] for state in UNFINISHED)) for slug, count in counts]
