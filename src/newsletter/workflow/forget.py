"""Erase a person from everything but the keyed hash that keeps them from being mailed, and prove it.

Touches: the ledger and its file, the subscriber file; the workspace's other files for reading. A run that was ended in
the middle is finished by the same command: each step can be done again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newsletter.audience.address import spellings
from newsletter.audience.erase import erase_rows, lines_of
from newsletter.ledger.engines import database_url
from newsletter.ledger.forgetting import Hashes, whole_address
from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.ledger.records import Purpose
from newsletter.progress import Advance
from newsletter.report.forget_report import ForgetReport, Known
from newsletter.settings.workspace import Workspace

from .steps.audience import given_address
from .steps.files_holding import files_holding
from .steps.keys import links_of
from .steps.people_ledger import open_own_people_ledger


@dataclass(frozen=True, slots=True)
class Named:
    """Whom it is about."""

    address: str
    key: str

    @property
    def spellings(self) -> Collection[str]:
        return spellings(self.address, self.key)


def look_for(workspace: Workspace, given: str) -> Known:
    """What is known of an address in the ledger and in the subscriber file. UsageError (64) for what is no address."""
    person = Named(*given_address(given))
    with _opened(workspace) as ledger:
        rows = ledger.traces(person.key, _hashes(workspace, person.key))
    file = workspace.settings.audience.csv
    found = lines_of(workspace.csv, person.key, whole_address(person.spellings)) if workspace.csv.exists() else []
    return Known(person.address, rows, file, found)


def forget(workspace: Workspace, known: Known, *, keep_file: bool, advance: Advance) -> ForgetReport:
    """The ledger first, so that nobody is mailed meanwhile, then the subscriber file; then look whether it is so.

    RunAgainError (75) while a process sends to this address, RefusedError (77) while that is in doubt; then nothing is
    changed. CannotWriteError (73) where a file cannot be written.
    """
    person = Named(*given_address(known.address))
    hashes = _hashes(workspace, person.key)
    with _opened(workspace) as ledger:
        erased = ledger.forget(workspace.settings.newsletter.list_id, person.key, hashes, datetime.now(UTC))
        lines: Sequence[int] = []
        if not keep_file and workspace.csv.exists():
            lines = erase_rows(workspace.csv, person.key, whole_address(person.spellings))
        remains = ledger.clear_remains(person.spellings, erased)
        still_there = list(ledger.places_of(person.spellings))
        newsletters = [one.list_id for one in ledger.newsletters()]
    looked_at = [workspace.csv, *_ledger_files(workspace)]
    files = files_holding(workspace.root, person.spellings, without=looked_at, advance=advance)
    return ForgetReport(
        Known(known.address, erased or known.rows, known.file, known.lines),
        lines,
        newsletters,
        remains,
        still_there,
        [(one.path, one.times) for one in files],
        is_sqlite=remains.octets is not None,
    )


def _opened(workspace: Workspace) -> PeopleLedger:
    """A person may be forgotten before anything was ever sent: the hash has to be kept somewhere."""
    return open_own_people_ledger(workspace, Purpose.PAGES)


def _hashes(workspace: Workspace, key: str) -> Hashes:
    own = workspace.settings.newsletter.list_id

    def of(newsletter: str) -> Sequence[bytes]:
        links = links_of(workspace, create=True, list_id=newsletter)
        return links.all_hashes(key) if newsletter == own else (links.address_hash(key),)

    return of


def _ledger_files(workspace: Workspace) -> list[Path]:
    url = database_url(workspace.settings.ledger.url, workspace.root)
    if url.get_backend_name() != "sqlite" or not url.database:
        return []
    return [Path(url.database + end) for end in ("", "-wal", "-shm")]
