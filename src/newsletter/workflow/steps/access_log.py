"""Read who left in the log of a web server that takes clicks by itself (`newsletter one-click`).

Touches: the log and what it was rotated into, the ledger, the secret. A line counts if its token is one of ours, under
whichever list_id the ledger knows; then it ends that subscription, unless the person subscribed anew since. Reading
again, also after a kill, changes nothing. Of visitors nothing is kept or shown.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from newsletter.audience.links import Links
from newsletter.ledger.ledger import Ledger
from newsletter.progress import Advance
from newsletter.returns.access_log import LogRead
from newsletter.returns.click_lines import Click, click_of
from newsletter.returns.log_files import BrokenLogError, FoundLog, OpenLog, log_files
from newsletter.settings.workspace import Workspace

from .keys import links_of

_AT_ONCE = 500
"""Clicks of one transaction: a database takes only so many values in a statement."""
_TELL_EVERY = 20_000
"""Lines."""
_ROUNDS = 5
"""A log may be rotated while it is read; then what is found under its names is looked through again."""


def read_access_log(
    workspace: Workspace, ledger: Ledger, log: Path, *, advance: Advance = lambda _done, _total: None
) -> LogRead:
    """What is new in it, and in what it was rotated into; with `*` it names several. LogError (65)."""
    reading = _Reading(workspace, ledger, LogRead(str(log)))
    for _ in range(_ROUNDS):
        files = log_files(log)
        reading.read(files, advance)
        if _names(files) == _names(log_files(log)):
            break
    return reading.found


class _Reading:
    """One reading of all files of a log."""

    def __init__(self, workspace: Workspace, ledger: Ledger, found: LogRead) -> None:
        self.found = found
        self._ledger = ledger
        self._list_id = workspace.settings.newsletter.list_id
        self._known = frozenset(one.list_id for one in ledger.newsletters())
        self._links: Links = links_of(workspace, create=True, also=self._known)
        self._inodes: dict[str, int] = {}
        """Of the logs that were read, by what they are known by."""
        self._clicks: dict[str, dict[bytes, datetime]] = defaultdict(dict)
        self._seen: set[tuple[str, datetime]] = set()

    def read(self, files: list[FoundLog], advance: Advance) -> None:
        total, done = sum(file.size for file in files), 0
        for file in files:
            try:
                with OpenLog(file) as log:
                    for place in self._read(file, log):
                        advance(done + min(place, file.size), total)
            except FileNotFoundError:  # rotated away: it is found under its new name
                continue
            except BrokenLogError:
                if str(file.path) not in self.found.broken:
                    self.found.broken += (str(file.path),)
            done += file.size

    def _read(self, file: FoundLog, log: OpenLog) -> Iterator[int]:
        """The places on the way."""
        digest = log.digest()
        if not digest:
            return
        before = self._ledger.log_place(digest)
        # Two files that begin alike, such as one and its copy: the second is read whole, which changes nothing twice.
        is_another = self._inodes.setdefault(digest, file.inode) != file.inode
        if log.is_read_until(before) and not is_another:
            return
        log.begin_at(0 if is_another else before)
        try:
            for number, line in enumerate(log.lines()):
                self.found.lines += 1
                self._take(click_of(line))
                if number % _TELL_EVERY == 0:
                    yield log.place
        finally:
            # A packed file that breaks off was read until there.
            self._write()
            if log.place > before:
                self._ledger.keep_log_place(digest, log.place, datetime.now(UTC))

    def _take(self, click: Click | None) -> None:
        if click is None or (click.token, click.at) in self._seen:
            return
        self._seen.add((click.token, click.at))
        token = self._links.read(click.token)
        if token is None:
            self.found.forged += 1
        elif token.proof:
            self.found.proofs += 1
        else:
            # Where the ledger was lost and knows no such newsletter any more, it is ours.
            newsletter = token.list_id if token.list_id in self._known else self._list_id
            theirs = self._clicks[newsletter]
            theirs[token.address_hash] = max(click.at, theirs.get(token.address_hash, click.at))
        if len(self._seen) >= _AT_ONCE:
            self._write()

    def _write(self) -> None:
        for newsletter, clicks in self._clicks.items():
            self.found.clicks += self._ledger.count_clicks(newsletter, clicks, datetime.now(UTC))
        self._clicks.clear()
        self._seen.clear()


def _names(files: list[FoundLog]) -> set[tuple[Path, int]]:
    return {(file.path, file.inode) for file in files}
