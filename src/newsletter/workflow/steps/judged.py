"""The audience as a plan takes it: judged once, by the survey, and kept until it is planned.

Touches: the subscriber file, the ledger for reading, a private file. Where the subscriber file or a sign-up was changed
since, all are judged again.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from newsletter.audience.judged_rows import JudgedRows
from newsletter.audience.subscriber import Subscriber
from newsletter.catalogue import phrase
from newsletter.edition.edition import Edition
from newsletter.errors import InputError, Problem
from newsletter.ledger.frozen import DATED, pack_values

from .people import MailingList


class RowKeeper:
    """Keeps each address once, with its variant and those of its values that this edition merges."""

    def __init__(self, people: MailingList, editions: Mapping[str, Edition], dated: datetime | None = None) -> None:
        """`people` are looked at now: whatever is read of them comes later.

        `dated`: the date of their messages, where it is not the letter's.
        """
        self.rows = JudgedRows()
        self._path = people.path
        self._file = people.file
        self._stamp = people.stamp()
        self._unfit: int | None = None
        self._last_line = 0
        self._dated = {DATED: dated.isoformat(timespec="seconds")} if dated else {}
        self._merged = {
            name: frozenset({"name", *(hole.key for hole in edition.holes)}) for name, edition in editions.items()
        }
        self._required = {name: edition.required_keys() for name, edition in editions.items()}

    def keep(self, row: Subscriber, variant: str, values: Mapping[str, str], suppressed: bool) -> bool:
        """False where the address came before."""
        fits = variant in self._required and self._required[variant] <= values.keys()
        if not fits:  # of any edition, to which nothing will come
            variant, values = next(iter(self._required), ""), {}
        merged = self._merged.get(variant, frozenset())
        kept = {key: value for key, value in values.items() if key in merged}
        merge = pack_values(kept | self._dated, row.email)
        # Sign-ups are counted on behind the file, so that lots are taken in the order of the plan.
        self._last_line = row.line or self._last_line + 1
        is_first = self.rows.add(row.key, row.email, variant, merge, self._last_line, barred=not fits)
        if is_first and not fits and not suppressed and self._unfit is None:  # who is never mailed need not be ready
            self._unfit = row.line
        return is_first

    def is_true_of(self, people: MailingList) -> bool:
        """Whether they are still who was read, and nobody has taken the rows yet."""
        return self.rows.is_open and self._path == people.path and self._stamp == people.stamp()

    def refuse_unfit(self) -> None:
        """InputError (65) where somebody is to be mailed of whom no message can be made."""
        if self._unfit is not None:
            what = phrase("workflow.send.row_has_changed" if self._unfit else "workflow.send.sign_up_has_changed")
            problem = Problem(what, self._file, self._unfit) if self._unfit else Problem(what)
            raise InputError(problems=[problem], hint=phrase("workflow.send.nothing_was_planned"))


def judge_again(
    people: MailingList,
    editions: Mapping[str, Edition],
    choose: Callable[[Subscriber], str],
    is_suppressed: Callable[[Subscriber], bool],
) -> RowKeeper:
    """Read them for a plan alone."""
    keeper = RowKeeper(people, editions)
    for row in people.everybody():
        keeper.keep(row, choose(row), row.values(), is_suppressed(row))
        keeper.refuse_unfit()
    return keeper
