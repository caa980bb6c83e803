"""What starts the letters without a person, and when it last did.

Touches: the crontab, systemd's units, cron's log, the issues and the ledger, for reading. A letter that is due, or will
be, goes out only where cron, systemd or a worker looks after it. Limits: of systemd's runs its journal knows, and of a
line that a person put into the crontab nobody; their last run is not looked for. Cron's own log is dated by this
machine's clock, whatever else is due by the ledger's.
"""

from datetime import UTC, datetime, timedelta

from newsletter.catalogue import SILENCE, lines, phrase
from newsletter.report.states_and_times import local
from newsletter.schedule.other_user import option
from newsletter.workflow.steps.agenda import AgendaRow, agenda_of
from newsletter.workflow.steps.installed_job import Installed, Way, has_others, installed, own_job, ran_at

from .health_check import CheckResult, HealthCheck, Installation, ok_result, warning_result

_LATE = timedelta(hours=1)
"""Six runs of cron, which has one each ten minutes; as long as the alert in docs/operations.md waits."""
_SHOW = "newsletter schedule show"


def _starts(of: Installation) -> CheckResult:
    found = list(installed(of.workspace, own_job(of.workspace), None))
    if working := [one for one in found if one.why is None and (one.current or one.by_hand)]:
        ways = tuple(dict.fromkeys(one.way.value for one in working))
        return ok_result(phrase("workflow.doctor.is_installed", ways=ways))
    if workers := sum(one.lives for one in of.ledger.all_workers()) if of.ledger else 0:
        return ok_result(phrase("workflow.doctor.workers_look", count=workers))
    if found:
        return _not_in_order(found[0])
    if row := next((row for row in _agenda(of) if row.goes_by_itself), None):
        told = phrase("workflow.doctor.nobody_sends", slug=row.slug, at=_when(of, row))
        others = phrase("workflow.doctor.of_another_user") if has_others(None) else SILENCE
        return warning_result(lines(told, others), "newsletter schedule install")
    return ok_result(phrase("workflow.doctor.nothing_to_send"))


def _not_in_order(one: Installed) -> CheckResult:
    """It is there and does not start, is not as it would be installed now, or nobody may look."""
    if one.why is not None:
        return warning_result(phrase("workflow.doctor.does_not_start", way=one.way.value, why=one.why), _SHOW)
    command = f"newsletter schedule install --{one.way.value}{option(one.user)}"
    return warning_result(phrase("workflow.doctor.is_installed_otherwise", way=one.way.value), command)


def _ran(of: Installation) -> CheckResult | None:
    """Of cron's own block alone, which has its log."""
    job = own_job(of.workspace)
    found = installed(of.workspace, job, None)
    if not any(one.way is Way.CRON and one.current is not None for one in found):
        return None
    last = ran_at(job)
    known = phrase("workflow.doctor.never_ran")
    if last is not None:
        known = phrase("workflow.doctor.ran_at", at=local(last, of.workspace.settings.newsletter.timezone))
    now = _now(of)
    due = next((row for row in _agenda(of) if row.goes_by_itself and row.at <= now), None)
    if datetime.now(UTC) - last <= _LATE if last else due is None:
        return ok_result(known)
    waits = phrase("workflow.doctor.is_due", slug=due.slug, at=_when(of, due)) if due else SILENCE
    return warning_result(lines(known, phrase("workflow.doctor.should_run"), waits), _SHOW)


def _agenda(of: Installation) -> list[AgendaRow]:
    return agenda_of(of.workspace, of.ledger, _now(of))


def _now(of: Installation) -> datetime:
    """By the clock that decides what is due."""
    return of.ledger.now() if of.ledger else datetime.now(UTC)


def _when(of: Installation, row: AgendaRow) -> str:
    return local(row.at, of.workspace.settings.newsletter.timezone)


CHECKS = (
    HealthCheck("schedule", _starts, of_workspace=True),
    HealthCheck("schedule-run", _ran, of_workspace=True),
)
