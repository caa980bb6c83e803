"""Whether an issue would go to far fewer, or far more, than the last one did: a file that lost its second half, a
list that was read in twice, a rule that suppressed everybody.

Touches: the ledger, reading. Compared are those who would be mailed: who left or was suppressed since is gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.catalogue import Phrase, phrase
from newsletter.errors import RefusedError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import State

from .dispatch import newest_sent

SHARE, PEOPLE = 20, 20
"""It is asked about where both are exceeded: per cent of the last audience, and people."""


@dataclass(frozen=True, slots=True)
class ListChange:
    """More than a list changes by itself from one issue to the next."""

    slug: str
    """The issue that would be sent."""
    now: int
    last_slug: str
    before: int

    def said(self) -> Phrase:
        """Both numbers."""
        code = "workflow.send.list_jumped" if self.now > self.before else "workflow.send.list_fell"
        percent = round(abs(self.now - self.before) * 100 / self.before)
        return phrase(
            code, slug=self.slug, now=f"{self.now:,}", last=self.last_slug, before=f"{self.before:,}", percent=percent
        )

    def refusal(self) -> "ListChangedError":
        return ListChangedError(self)


class ListChangedError(RefusedError):
    """Nobody is there to be asked whether the list is right."""

    def __init__(self, change: ListChange) -> None:
        super().__init__(change.said(), hint=phrase("workflow.send.is_the_list_right", slug=change.slug))
        self.slug = change.slug
        self.numbers: Mapping[str, int] = {"audience": change.now, "last_audience": change.before}


def list_change(ledger: Ledger, newsletter: str, slug: str, to_mail: int) -> ListChange | None:
    """Of an issue that would go to so many; None where that is usual, or no issue went out before."""
    record = newest_sent(ledger, newsletter, apart_from=slug)
    if record is None:
        return None
    before = record.total - ledger.counts(record.id)[State.SUPPRESSED]
    return ListChange(slug, to_mail, record.slug, before) if _is_much(to_mail, before) else None


def _is_much(now: int, before: int) -> bool:
    by = abs(now - before)
    return by > PEOPLE and by * 100 > SHARE * before
