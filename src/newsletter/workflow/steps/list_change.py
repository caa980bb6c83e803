"""Whether an issue would go to far fewer, or far more, than the last one did: a file that lost its second half, a
list that was read in twice, a rule that suppressed everybody.

Touches: the ledger, reading. Compared are those who would be mailed: who left or was suppressed since is gone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.catalogue import Phrase, Said, phrase
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
        return ListChangedError(
            self.said(),
            hint=phrase("workflow.send.is_the_list_right", slug=self.slug),
            slug=self.slug,
            numbers={"audience": self.now, "last_audience": self.before},
            next_command=f"newsletter send {self.slug}",
        )


class ListChangedError(RefusedError):
    """Nobody is there to be asked whether the list is right; `next_command` asks."""

    def __init__(self, message: Said, *, hint: Said, slug: str, numbers: Mapping[str, int], next_command: str) -> None:
        super().__init__(message, hint=hint)
        self.slug = slug
        self.numbers = numbers
        self.next_command = next_command


def list_change(ledger: Ledger, newsletter: str, slug: str, to_mail: int) -> ListChange | None:
    """Of an issue that would go to so many; None where that is usual, or no issue went out before."""
    record = newest_sent(ledger, newsletter, apart_from=slug)
    if record is None:
        return None
    before = record.total - ledger.counts(record.id)[State.SUPPRESSED]
    return ListChange(slug, to_mail, record.slug, before) if is_much(to_mail, before) else None


def is_much(now: int, before: int) -> bool:
    """Whether a list does not change so much by itself."""
    by = abs(now - before)
    return by > PEOPLE and by * 100 > SHARE * before
