"""Find a subscriber to look through the eyes of. Touches: the subscriber file and the ledger, reading.

What was found is kept until one of them changes. Limits: a search looks at the first MAX_SCANNED rows.
"""

from collections.abc import Iterator
from itertools import islice

from newsletter.audience.address import AddressError, parse_address
from newsletter.audience.subscriber import Subscriber
from newsletter.errors import InputError
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.people import people_at_hand

from .cache import Cache, list_files, stamp

MAX_READERS = 50
MAX_SCANNED = 100_000
"""Rows; some three seconds of reading."""
_KEPT = 64
"""Searches; one is at most MAX_READERS subscribers."""


class Readers:
    """The subscribers of one workspace; all methods may be called from several threads, and raise InputError."""

    def __init__(self) -> None:
        self._kept: Cache[str, tuple[Subscriber, ...]] = Cache(_KEPT)

    def chosen(self, workspace: Workspace, words: str | None) -> Subscriber | None:
        """An address, else the first whose name or address has these words in it; None for the defaults.

        None as words: the first of the file.
        """
        if words == "":
            return None
        found = self.matching(workspace, words or "")
        key = _key(words or "")
        return next((one for one in found if one.key == key), found[0] if found else None)

    def matching(self, workspace: Workspace, words: str) -> tuple[Subscriber, ...]:
        """The first MAX_READERS of those with these words, led by the one whose address it is."""
        files = list_files(workspace)
        if not any(path.is_file() for path in files):
            return ()
        wanted = words.strip().casefold()
        return self._kept.get(wanted, lambda: (stamp(files), tuple(_found(workspace, wanted))))


def _found(workspace: Workspace, wanted: str) -> Iterator[Subscriber]:
    key = _key(wanted)
    others: list[Subscriber] = []
    try:
        people = people_at_hand(workspace, or_example=True)
    except InputError:  # there is no list
        return
    for row in islice(people.rows(), MAX_SCANNED):
        if not isinstance(row, Subscriber):
            continue
        if row.key == key:
            yield row
            break
        if wanted in row.key or wanted in row.name.casefold():
            others.append(row)
            # Only an address may still come: it is one, and whoever has its words in theirs is not meant.
            if not key and len(others) == MAX_READERS:
                break
    yield from others[:MAX_READERS]


def _key(words: str) -> str:
    try:
        return parse_address(words)[1]
    except AddressError:
        return ""
