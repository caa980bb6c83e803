"""The rows of the subscriber file as a plan takes them: judged once, by the survey, and kept until they are planned.

Touches: the subscriber file, a private file. Where the subscriber file was changed since, its rows are judged again.
"""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from newsletter.audience.judged_rows import JudgedRows
from newsletter.audience.subscriber import Subscriber
from newsletter.catalogue import phrase
from newsletter.edition.edition import Edition
from newsletter.errors import InputError, Problem
from newsletter.ledger.frozen import DATED, pack_values

from .audience import everybody


class RowKeeper:
    """Keeps each address once, with its variant and those of its values that this edition merges."""

    def __init__(self, path: Path, editions: Mapping[str, Edition], dated: datetime | None = None) -> None:
        """`path` is looked at now: whatever is read from it comes later.

        `dated`: the date of their messages, where it is not the letter's.
        """
        self.rows = JudgedRows()
        self._path = path
        self._stamp = stamp_of(path)
        self._unfit = 0
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
        is_first = self.rows.add(row.key, row.email, variant, merge, row.line, barred=not fits)
        if is_first and not fits and not suppressed:  # who is never mailed need not be ready for it
            self._unfit = self._unfit or row.line
        return is_first

    def is_true_of(self, path: Path) -> bool:
        """Whether the file is still what was read, and nobody has taken the rows yet."""
        return self.rows.is_open and self._path == path and self._stamp == stamp_of(path)

    def refuse_unfit(self) -> None:
        """InputError (65) where somebody is to be mailed of whom no message can be made."""
        if self._unfit:
            raise InputError(
                problems=[Problem(phrase("workflow.send.row_has_changed"), self._path.name, self._unfit)],
                hint=phrase("workflow.send.nothing_was_planned"),
            )


def judge_again(
    path: Path,
    editions: Mapping[str, Edition],
    choose: Callable[[Subscriber], str],
    is_suppressed: Callable[[Subscriber], bool],
) -> RowKeeper:
    """Read the file for a plan alone."""
    keeper = RowKeeper(path, editions)
    for row in everybody(path):
        keeper.keep(row, choose(row), row.values(), is_suppressed(row))
        keeper.refuse_unfit()
    return keeper


def stamp_of(path: Path) -> tuple[int, ...]:
    """What is another where a file was written to or replaced; nothing where it is gone."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def written_at(stamp: tuple[int, ...]) -> float:
    """When that file was last written to, in seconds since 1970; for ever in the future where it is gone."""
    return stamp[3] / 1e9 if stamp else math.inf
