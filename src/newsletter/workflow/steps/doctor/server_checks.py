"""A PostgreSQL server: is it the one that is known, do commits wait for its standby, is its clock this machine's.

Touches: the server, for reading. None of it applies to SQLite, where one machine has the book and its clock.
"""

import re
from collections.abc import Iterable
from datetime import timedelta

from newsletter.catalogue import SILENCE, lines, phrase
from newsletter.ledger.examined import ExaminedLedger

from .health_check import CheckResult, Installation, LedgerCheck, failure_result, ok_result, warning_result

_NOTICED = timedelta(seconds=2)
"""A machine that keeps its time by the network is wrong by milliseconds; so much is no accident of one question."""
_TOO_FAR = timedelta(minutes=5)
"""What is due goes by the server. The Date of a letter, who said yes or no when, and whether a certificate is valid go
by the machine: minutes make a click come before the sign-up it belongs to."""
_SET_CLOCK = "sudo timedatectl set-ntp true"
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
"""A name that PostgreSQL takes without quotes."""


def _same_server(_: Installation, ledger: ExaminedLedger) -> CheckResult:
    here, before = ledger.place(), ledger.former_place()
    if not here:
        allow = f"GRANT EXECUTE ON FUNCTION pg_control_system() TO {_quoted(ledger.standbys().user)}"
        return warning_result(phrase("workflow.doctor.server_is_hidden"), _in_psql(allow))
    if ledger.is_on_standby():
        return failure_result(phrase("workflow.doctor.server_is_standby", place=here))
    if before in ("", here):
        return ok_result(phrase("workflow.doctor.server_is_known", place=here))
    moved = phrase("workflow.doctor.server_is_another", before=before, place=here)
    if not (waiting := ledger.at_stake()):
        return warning_result(lines(moved, phrase("workflow.doctor.nothing_waits")))
    slug = waiting[0].slug
    look = phrase("workflow.doctor.look_and_resume", slug=slug)
    return failure_result(lines(moved, look), f"newsletter status {slug}")


def _standby(_: Installation, ledger: ExaminedLedger) -> CheckResult:
    found = ledger.standbys()
    if found.stops_commits:
        return failure_result(phrase("workflow.doctor.commits_wait_for_nobody", named=found.named))
    if found.is_hidden:
        allow = f"GRANT pg_read_all_stats TO {_quoted(found.user)}"
        hidden = phrase("workflow.doctor.standbys_are_hidden", count=len(found.following))
        return warning_result(hidden, _in_psql(allow))
    if found.unwaited:
        wait = f"ALTER SYSTEM SET synchronous_standby_names = '{_any_of(one.name for one in found.following)}'"
        names = tuple(one.name for one in found.unwaited if one.name)
        who = phrase("workflow.doctor.unwaited", names=names) if names else SILENCE
        told = lines(phrase("workflow.ledger.standby_may_lack_commits"), who)
        return warning_result(told, _in_psql(wait, "SELECT pg_reload_conf()"))
    if not found.following:
        return ok_result(phrase("workflow.doctor.no_standby"))
    return ok_result(phrase("workflow.doctor.commits_wait", count=len(found.following), named=found.named))


def _clock(_: Installation, ledger: ExaminedLedger) -> CheckResult:
    ahead, doubt = ledger.is_ahead_of_machine()
    wrong = max(abs(ahead) - doubt, timedelta())
    seconds = f"{abs(ahead).total_seconds():.1f}"
    if wrong <= _NOTICED:
        return ok_result(phrase("workflow.doctor.clocks_agree", seconds=seconds))
    # Who is right is not known: two clocks differ.
    code = "workflow.doctor.machine_is_slow" if ahead > timedelta() else "workflow.doctor.machine_is_fast"
    told = phrase(code, seconds=seconds)
    return failure_result(told, _SET_CLOCK) if wrong > _TOO_FAR else warning_result(told, _SET_CLOCK)


def _any_of(names: Iterable[str]) -> str:
    """As the documents have it; a standby may have no name, and the star stands for all."""
    return f"ANY 1 ({', '.join(map(_quoted, dict.fromkeys(filter(None, names)))) or '*'})"


def _quoted(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"'


def _in_psql(*statements: str) -> str:
    """To be pasted by somebody who may do it: `psql` goes where its own variables say."""
    words = (statement.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$") for statement in statements)
    return " ".join(["psql", *(f'-c "{word}"' for word in words)])


CHECKS = (
    LedgerCheck("database-server", _same_server, on_server=True),
    LedgerCheck("database-standby", _standby, on_server=True),
    LedgerCheck("clock", _clock, on_server=True),
)
