"""What would go wrong, found before: the ledger and its server, clocks, permissions, git, what starts the letters.

Touches: the machine, the workspace and the ledger, for reading. A check that cannot be made is itself a line, and the
others go on. A ledger that does not answer once is asked no more, so that nobody waits for it again and again.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.errors import SettingsError
from newsletter.ledger.database_errors import UnreachableError
from newsletter.settings.workspace import Workspace

from .steps.doctor import git_checks, ledger_checks, permission_checks, schedule_checks, server_checks
from .steps.doctor.health_check import (
    CheckResult,
    HealthCheck,
    HealthLevel,
    Installation,
    LedgerCheck,
    error_result,
    failure_result,
)
from .steps.doctor.ledger_checks import ANSWERS_WITHIN, opened

_CHECKS: Sequence[HealthCheck | LedgerCheck] = (
    *ledger_checks.CHECKS,
    *server_checks.CHECKS,
    *permission_checks.CHECKS,
    *git_checks.CHECKS,
    *schedule_checks.CHECKS,
)
_LEDGER = "ledger"
_ALTOGETHER = 3 * ANSWERS_WITHIN
"""Seconds that a check may ask a server, which is two looks and a connection."""
_NOT_OPEN = phrase("workflow.doctor.ledger_is_not_open")
_SILENT = failure_result(phrase("workflow.doctor.ledger_is_silent"))

NamedResult = tuple[str, CheckResult]
"""The id of a check, and what it found."""


class NotInOrderError(SettingsError):
    """A check of `doctor` failed: something is not set up as it has to be."""


def examine_installation(workspace: Workspace, environ: Mapping[str, str], folder: Path) -> Iterator[NamedResult]:
    """One line for each check that applies here, as it is made. `folder` is where paths of `environ` start."""
    ledger, told = opened(workspace)
    yield _LEDGER, told
    with ledger or nullcontext():
        of = Installation(workspace, environ, folder, ledger)
        # Where there is none yet, there is nothing to ask.
        unasked = None if told.level is HealthLevel.OK else CheckResult(told.level, _NOT_OPEN)
        for check in (one for one in _CHECKS if one.applies(of)):
            if isinstance(check, LedgerCheck) and of.ledger is None:
                found = unasked
            else:
                found, answers = _made(check, of)
                if not answers:
                    of, unasked = replace(of, ledger=None), _SILENT
            if found is not None:
                yield check.id, found


def _made(check: HealthCheck | LedgerCheck, of: Installation) -> tuple[CheckResult | None, bool]:
    """What it found, and whether the ledger answered."""
    try:
        with of.ledger.within(_ALTOGETHER) if of.ledger else nullcontext():
            return check.look(of), True
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one check, the others are made
        return error_result(error), not isinstance(error, UnreachableError)


def as_json(found: Sequence[NamedResult]) -> str:
    """One object; its only list is that of the checks."""
    return json.dumps({"checks": [result.to_json(name) for name, result in found]}, ensure_ascii=False, indent=2)


def refuse_failures(found: Sequence[NamedResult]) -> None:
    """NotInOrderError (78) where a check failed; a warning is only told."""
    failures = sum(result.level is HealthLevel.FAILURE for _, result in found)
    if failures:
        raise NotInOrderError(phrase("workflow.doctor.failures", count=failures))
