"""Files that others may read: secrets, and those with people in them. Touches: the file system, looking only."""

import shlex
from collections.abc import Iterable
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.probes.permissions import readers_of

from .health_check import CheckResult, HealthCheck, Installation, failure_result, ok_result, warning_result
from .private_files import private_files

_NO_FILE = phrase("workflow.doctor.no_such_file")


def _secrets(of: Installation) -> CheckResult:
    known = private_files(of)
    found = {path: readers for path in (*known.secrets, *known.settings) if (readers := readers_of(path))}
    everybody = [path for path, readers in found.items() if readers.everybody]
    # Of a file of root's that is how a service is given a secret.
    group = [path for path, readers in found.items() if readers.group and not readers.is_of_root]
    both = list(dict.fromkeys((*everybody, *group)))
    if everybody:
        return failure_result(phrase("workflow.doctor.secrets_are_open", files=_named(everybody)), _chmod("600", both))
    if group:
        return warning_result(phrase("workflow.doctor.secrets_of_group", files=_named(group)), _chmod("600", group))
    kept = phrase("workflow.doctor.secrets_are_kept", count=len(found)) if found else _NO_FILE
    return ok_result(kept)


def _people(of: Installation) -> CheckResult:
    found = {path: readers for path in private_files(of).people if (readers := readers_of(path))}
    if everybody := [path for path, readers in found.items() if readers.everybody]:
        return warning_result(
            phrase("workflow.doctor.people_are_open", files=_named(everybody)), _chmod("o-rwx", everybody)
        )
    kept = phrase("workflow.doctor.people_are_kept", count=len(found)) if found else _NO_FILE
    return ok_result(kept)


def _named(paths: Iterable[Path]) -> tuple[str, ...]:
    return tuple(map(str, paths))


def _chmod(mode: str, paths: Iterable[Path]) -> str:
    return " ".join(["chmod", mode, *(shlex.quote(str(path)) for path in paths)])


CHECKS = (HealthCheck("secret-files", _secrets), HealthCheck("people-files", _people))
