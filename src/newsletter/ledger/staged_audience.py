"""Everybody an issue goes to, a batch at a time, as it is staged. Touches: the private file of the judged rows."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from newsletter.audience.judged_rows import JudgedRows

from .database import Database
from .frozen import pack_values
from .leases import Lease
from .lots import lot_size_at
from .states import PlannedDelivery

OtherHashes = Sequence[tuple[str, Sequence[bytes]]]
"""By key: all hashes of whoever has more than one."""


@dataclass(frozen=True)
class Target:
    """The staging dispatch into which an audience is copied, and under which lease."""

    database: Database
    lease: Lease
    dispatch: int
    newsletter: str
    now: datetime
    letters: tuple[int, int]
    """The dispatch whose editions they get, and which revision of them."""


class Audience:
    """Everybody an issue goes to, and how the links know them.

    `hashes_of` gives of a key today's hash, then those of the newsletter's former names, where it was `renamed`. Its
    lots are for a `rate`, in messages a second; None: as fast as can be.
    """

    def __init__(
        self,
        rows: JudgedRows,
        hashes_of: Callable[[str], Sequence[bytes]],
        *,
        renamed: bool,
        rate: float | None = None,
    ) -> None:
        self.rows = rows
        self.lot_size = lot_size_at(rate, rows.count)
        self._hashes_of = hashes_of
        self._renamed = renamed
        rows.seal(lambda key: hashes_of(key)[0])

    def further(self, after: int, size: int) -> tuple[int, OtherHashes]:
        """Make about `size` rows behind number `after` ready: the number of the last one, and hashes of other names."""
        last = min(after + size, self.rows.count)
        self.rows.sign(after, last)
        keys = [row[1] for row in self.rows.rows(after, last)] if self._renamed else []
        return last, [(key, self._hashes_of(key)) for key in keys]


class ComingDeliveries(Audience):
    """An audience that is read while it is staged, a batch at a time."""

    def __init__(self, coming: Iterable[PlannedDelivery]) -> None:
        super().__init__(JudgedRows(), lambda _key: (b"",), renamed=False)
        self._coming = iter(coming)

    def further(self, after: int, size: int) -> tuple[int, OtherHashes]:
        others: list[tuple[str, Sequence[bytes]]] = []
        while self.rows.count == after and (batch := list(islice(self._coming, size))):
            for row in batch:
                merge = pack_values(row.values, row.address)
                is_first = self.rows.add(
                    row.key, row.address, row.variant, merge, row.line, address_hash=row.address_hash
                )
                if is_first and row.former_hashes:
                    others.append((row.key, (row.address_hash, *row.former_hashes)))
        return self.rows.count, others


def require_all(copied: int, wanted: int) -> None:
    """RuntimeError where not every row of a batch was staged: one has an edition that the issue has not."""
    if copied != wanted:
        raise RuntimeError(f"{wanted} rows were to be staged and {copied} were")
