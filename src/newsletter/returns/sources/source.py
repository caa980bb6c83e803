"""What all places have in common where messages wait to be read. Touches: nothing.

Whoever reads hands the messages of a batch back with what becomes of each, once the ledger has it for good. Killed in
between, the same messages are read again: the ledger knows them by their fingerprints and counts them once.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

LARGEST_READ = 1 << 20
"""Octets that are read of a message: what a mail system says stands before the letter that it returns."""

READ_AT_ONCE = 100
"""Messages that one commit of the ledger takes, and that are moved together."""


class MessageFate(Enum):
    """What becomes of a message that was read."""

    PROCESSED = "processed"
    """It was understood."""
    UNPARSED = "unparsed"
    """A person may want to look at it."""
    STAYS = "stays"
    """For the next run."""


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """One message; `place` says where its source has it."""

    place: str
    octets: bytes
    """At most LARGEST_READ, as they lie there."""

    @property
    def fingerprint(self) -> str:
        """The same wherever it is read, and however lines end there."""
        return hashlib.sha256(self.octets.replace(b"\r\n", b"\n").rstrip(b"\n")).hexdigest()


Batch = Sequence[WaitingMessage]


class Source(AbstractContextManager["Source"], Protocol):
    """Messages that wait; opened and closed by `with`."""

    @property
    def name(self) -> str:
        """For people and JSON; no password is in it."""

    @property
    def is_busy(self) -> bool:
        """Another process reads it at this moment, and nobody else may."""

    def count(self) -> int:
        """So many wait, about: others deliver meanwhile."""

    def batches(self) -> Iterator[Batch]:
        """Each message once, READ_AT_ONCE or fewer at a time."""

    def put_away(self, fates: Sequence[tuple[WaitingMessage, MessageFate]]) -> None:
        """Move those of the last batch; one that is gone was moved by another process, which is good."""
