"""What would go wrong, found before: the ledger and its server, clocks, permissions, git, what starts the letters.

Touches: the machine, the workspace and the ledger, for reading. A check that cannot be made is itself a line, and the
others go on. A ledger that does not answer once is asked no more, so that nobody waits for it again and again.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.errors import SettingsError
from newsletter.ledger.database_errors import UnreachableError
from newsletter.ledger.examined import ExaminedLedger
from newsletter.settings.workspace import Workspace

from .steps.doctor import git_checks, ledger_checks, permission_checks, server_checks
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
)
_LEDGER = "ledger"
_ALTOGETHER = 3 * ANSWERS_WITHIN
"""Seconds that a check may ask a server, which is two looks and a connection."""

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
        answers = True
        for check in _CHECKS:
            if isinstance(check, HealthCheck):
                found, _ = _made(check, of)
            elif not answers:
                found = failure_result(phrase("workflow.doctor.ledger_is_silent"))
            elif ledger is not None:
                found, answers = _asked(check, of, ledger)
            else:
                found = None if told.level is HealthLevel.OK else CheckResult(told.level, _NOT_OPEN)
            if found is not None:
                yield check.id, found


_NOT_OPEN = phrase("workflow.doctor.ledger_is_not_open")


def _made(check: HealthCheck, of: Installation) -> tuple[CheckResult | None, bool]:
    try:
        return check.look(of), True
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one check, the others are made
        return error_result(error), not isinstance(error, UnreachableError)


def _asked(check: LedgerCheck, of: Installation, ledger: ExaminedLedger) -> tuple[CheckResult | None, bool]:
    """What it found, and whether the ledger answered."""
    with ledger.within(_ALTOGETHER):
        return _made(HealthCheck(check.id, lambda here: check.look_at(here, ledger)), of)


def as_json(found: Sequence[NamedResult]) -> str:
    """One object; its only list is that of the checks."""
    return json.dumps({"checks": [result.to_json(name) for name, result in found]}, ensure_ascii=False, indent=2)


def refuse_failures(found: Sequence[NamedResult]) -> None:
    """NotInOrderError (78) where a check failed; a warning is only told."""
    failures = sum(result.level is HealthLevel.FAILURE for _, result in found)
    if failures:
        raise NotInOrderError(phrase("workflow.doctor.failures", count=failures))
