"""The ledger: does it open, is it the newest, is it whole, has its disk room.

Touches: the ledger and its disk, for reading.
"""

import shutil
from pathlib import Path

from newsletter.catalogue import SILENCE, lines, phrase
from newsletter.errors import NewsletterError
from newsletter.ledger.examined import ExaminedLedger, OlderLedgerError, open_to_examine
from newsletter.ledger.records import LedgerBehindError, LedgerLostError, LedgerMissingError
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.newsletter import require_known

from .health_check import (
    CheckResult,
    Installation,
    LedgerCheck,
    error_result,
    failure_result,
    ok_result,
    warning_result,
)

ANSWERS_WITHIN = 5
"""Seconds that each question of the database may take before it counts as one that does not answer: `doctor` is asked
by a person who waits."""
_LOOK = 10.0
"""Seconds for a look at the whole of SQLite's file; the rest of the command takes less than one."""
_ROOM = 1_000_000_000
"""Bytes that are left at least. Where a disk is full, nothing is sent (73)."""
_TIMES = 2
"""The ledger's size, so often: the next plan and its log are written beside what is there, `subscribers forget` writes
the file anew, and a back-up is often put on the same disk."""
_VERIFY = "newsletter ledger verify"


def opened(workspace: Workspace) -> tuple[ExaminedLedger | None, CheckResult]:
    """The ledger where it opens, and what there is to say of that; closed by the caller."""
    try:
        ledger = open_to_examine(workspace, patience=ANSWERS_WITHIN)
    except LedgerLostError as error:
        return None, error_result(error)
    except LedgerMissingError as error:
        told = lines(error.message, phrase("workflow.doctor.ledger_is_made"))
        return None, ok_result(told, "newsletter ledger init")
    except OlderLedgerError as error:
        return None, warning_result(error.message, _VERIFY)
    except NewsletterError as error:
        return None, error_result(error)
    return ledger, ok_result(phrase("workflow.doctor.ledger_opens", where=ledger.where))


def _newest(_: Installation, ledger: ExaminedLedger) -> CheckResult:
    try:
        ledger.require_newest()
    except LedgerBehindError as error:
        return error_result(error)  # no command: the newest is looked for first, before one is adopted
    return ok_result(phrase("workflow.doctor.ledger_is_newest"))


def _known(of: Installation, ledger: ExaminedLedger) -> CheckResult:
    require_known(of.workspace, ledger)
    return ok_result(phrase("workflow.doctor.list_id_is_known", list_id=of.workspace.settings.newsletter.list_id))


def _whole(_: Installation, ledger: ExaminedLedger) -> CheckResult:
    look = ledger.quick_look(_LOOK)
    if look.broken:
        keep = phrase("workflow.ledger.keep_copy")
        return failure_result(lines(phrase("workflow.doctor.ledger_is_broken"), *look.broken, keep), _VERIFY)
    part = SILENCE if look.is_whole else phrase("workflow.doctor.only_a_part", seconds=f"{_LOOK:g}")
    return ok_result(lines(phrase("workflow.doctor.nothing_broken"), part))


def _room(_: Installation, ledger: ExaminedLedger) -> CheckResult:
    """Of a server nobody can tell from here."""
    file = ledger.file
    size = sum(path.stat().st_size for path in (file, _beside(file, "-wal")) if path.exists())
    free, needed = shutil.disk_usage(file.parent).free, max(_ROOM, _TIMES * size)
    values = {"folder": str(file.parent), "free": _megabytes(free), "size": _megabytes(size)}
    if free >= needed:
        return ok_result(phrase("workflow.doctor.disk_has_room", **values))
    return warning_result(phrase("workflow.doctor.disk_is_short", needed=_megabytes(needed), **values))


def _beside(file: Path, suffix: str) -> Path:
    return file.with_name(file.name + suffix)


def _megabytes(octets: int) -> str:
    return f"{max(1, octets // 1_000_000):,} MB"


CHECKS = (
    LedgerCheck("ledger-newest", _newest),
    LedgerCheck("list-id", _known, of_workspace=True),
    LedgerCheck("ledger-integrity", _whole),
    LedgerCheck("disk-space", _room, on_server=False),
)
