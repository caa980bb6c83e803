"""Whether git keeps what must not leave the machine: people, secrets, the ledger. Touches: the program `git`."""

import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from newsletter.catalogue import lines, phrase
from newsletter.check.audience import Keeping
from newsletter.probes.git import keeping_of, tracked_below

from .health_check import CheckResult, HealthCheck, Installation, failure_result, ok_result, warning_result
from .private_files import private_files

_STATE = ".newsletter/"
_SPECIAL = re.compile(r"[\\*?\[ ]")
"""What means something else in a pattern of gitignore(5)."""


def _kept(of: Installation) -> CheckResult:
    root, state, known = of.workspace.root, of.workspace.state, private_files(of)
    keeping = {path: keeping_of(path) for path in (*known.secrets, *known.people)}
    tracked = [path for path, kept in keeping.items() if kept is Keeping.TRACKED]
    tracked += [path for path in tracked_below(state) if path not in tracked]
    written = [path for path in known.settings if keeping_of(path) is Keeping.TRACKED]
    if tracked or written:
        told = [phrase("workflow.doctor.git_tracks", files=_named(root, tracked))] if tracked else []
        told += [phrase("workflow.doctor.git_tracks_password", file=path.name) for path in written]
        return failure_result(lines(*told), " && ".join(_untrack(root, tracked)))
    if lying := [path for path, kept in keeping.items() if kept is Keeping.OPEN]:
        return warning_result(phrase("workflow.doctor.git_would_track", files=_named(root, lying)), _ignore(of, lying))
    return ok_result(phrase("workflow.doctor.git_keeps_nothing"))


def _untrack(root: Path, tracked: Iterable[Path]) -> Iterator[str]:
    """For each folder whose repository may be another one."""
    inside = [path for path in tracked if path.is_relative_to(root)]
    for folder, paths in ((root, inside), *((path.parent, [path]) for path in tracked if path not in inside)):
        if paths:
            names = (shlex.quote(path.relative_to(folder).as_posix()) for path in paths)
            yield " ".join(["git", "-C", shlex.quote(str(folder)), "rm", "--cached", "--quiet", "--", *names])


def _ignore(of: Installation, lying: Iterable[Path]) -> str:
    """Of what lies outside of the workspace its own folder has to be told."""
    root, state = of.workspace.root, of.workspace.state
    inside = [path for path in lying if path.is_relative_to(root)]
    names = dict.fromkeys(_STATE if one.is_relative_to(state) else one.relative_to(root).as_posix() for one in inside)
    if not names:
        return ""
    patterns = " ".join(shlex.quote("/" + _SPECIAL.sub(r"\\\g<0>", name)) for name in names)
    return f"printf '%s\\n' {patterns} >> {shlex.quote(str(root / '.gitignore'))}"


def _named(root: Path, paths: Iterable[Path]) -> tuple[str, ...]:
    return tuple(path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path) for path in paths)


CHECKS = (HealthCheck("git", _kept),)
