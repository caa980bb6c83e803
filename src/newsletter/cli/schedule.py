"""`newsletter schedule …`: what starts the letters without a person. Touches: what the workflow touches."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.catalogue import Said, Verbatim, phrase
from newsletter.errors import UsageError

from .options import YesOption
from .session import Session

if TYPE_CHECKING:
    from newsletter.workflow.schedule import Overview
    from newsletter.workflow.steps.installed_job import Installed, Way

CronOption = Annotated[bool, typer.Option("--cron", help="In the crontab.")]
SystemdOption = Annotated[
    bool, typer.Option("--systemd", help="As a timer of systemd: of the machine for root, else of the user.")
]
UserOption = Annotated[
    str | None,
    typer.Option("--user", metavar="USER", help="Run as this user; only root may.", show_default=False),
]


def show(
    context: typer.Context,
    user: UserOption = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Line, places and dates as one JSON object, for scripts.")
    ] = False,
) -> None:
    """Print the crontab line that sends what is due; say where it is installed, and what is due in twelve months.

    The line alone is standard output: every ten minutes, with absolute paths and all that cron lacks.
    """
    from newsletter.workflow.schedule import overview

    session: Session = context.obj
    found = overview(session.workspace, user=user)
    if as_json:
        session.tell(json.dumps(_as_data(found), ensure_ascii=False, indent=2))
        return
    session.tell(found.line)
    for words in _told(session, found):
        session.say(words)


def install(
    context: typer.Context,
    cron: CronOption = False,
    systemd: SystemdOption = False,
    user: UserOption = None,
    yes: YesOption = False,
) -> None:
    """Let cron or systemd send what is due, every ten minutes: shows what changes, asks, and touches nothing else.

    Left out: cron where there is a crontab, else systemd. Again, it brings up to date what is there.
    """
    from newsletter.workflow.schedule import install as put

    session: Session = context.obj
    put(
        session.workspace,
        way=_way(cron=cron, systemd=systemd),
        user=user,
        agree=lambda change: _agree(session, change, phrase("cli.schedule.install"), yes=yes),
        say=session.say,
    )


def remove(
    context: typer.Context,
    cron: CronOption = False,
    systemd: SystemdOption = False,
    user: UserOption = None,
    yes: YesOption = False,
) -> None:
    """Take out what `install` has put there, and leave no trace. Without a place: wherever it stands."""
    from newsletter.workflow.schedule import remove as take_out

    session: Session = context.obj
    take_out(
        session.workspace,
        way=_way(cron=cron, systemd=systemd),
        user=user,
        agree=lambda change: _agree(session, change, phrase("cli.schedule.remove"), yes=yes),
        say=session.say,
    )


def _way(*, cron: bool, systemd: bool) -> "Way | None":
    from newsletter.workflow.steps.installed_job import Way

    if cron and systemd:
        raise UsageError(phrase("cli.send.not_together", options=("--cron", "--systemd")))
    return Way.CRON if cron else Way.SYSTEMD if systemd else None


def _agree(session: Session, change: Said, question: Said, *, yes: bool) -> None:
    if yes:
        session.say(change)
        return
    session.warn(change)
    session.ask(question)


def _told(session: Session, found: "Overview") -> list[Said]:
    from newsletter.report.states_and_times import local
    from newsletter.schedule.other_user import option

    zone = session.workspace.settings.newsletter.timezone
    said: list[Said] = []
    for one in found.installed:
        said += _of_place(one)
    if not found.installed:
        said.append(phrase("cli.schedule.is_nowhere", option=option(found.user)))
        if found.has_others:
            said.append(phrase("cli.schedule.of_another"))
    if found.ran_at is not None:
        said.append(phrase("cli.schedule.ran_at", at=local(found.ran_at, zone)))
    said += [phrase("cli.schedule.left_out", name=name) for name in found.job.left_out]
    if found.job.needs_password:
        said.append(phrase("cli.schedule.cron_needs_the_password"))
    if not found.has_ledger:
        said.append(phrase("workflow.schedule.needs_ledger"))
    said.append(phrase("cli.schedule.twelve_months" if found.rows else "cli.schedule.nothing_due"))
    said += [row.said(zone) for row in found.rows]
    return said


def _of_place(one: "Installed") -> list[Said]:
    from newsletter.schedule.other_user import option

    where = f"{one.way.value}, {one.user}" if one.user else one.way.value
    if one.current is None and not one.by_hand:
        return [phrase("cli.schedule.is_unknown", where=where, why=one.why or Verbatim(""))]
    said: list[Said] = []
    if one.current:
        said.append(phrase("cli.schedule.is_current", where=where))
    elif one.current is not None:
        said.append(phrase("cli.schedule.is_another", where=where, way=one.way.value, option=option(one.user)))
    said += [phrase("cli.schedule.is_by_hand", where=where, line=line) for line in one.by_hand]
    return [*said, one.why] if one.why else said


def _as_data(found: "Overview") -> dict[str, object]:
    return {
        "line": found.line,
        "installed": [
            {
                "way": one.way.value,
                "user": one.user,
                "current": one.current,
                "by_hand": one.by_hand,
                "starts": one.why is None,
            }
            for one in found.installed
        ],
        "ran_at": found.ran_at.isoformat(timespec="seconds") if found.ran_at else None,
        "dates": [
            {
                "at": row.at.isoformat(),
                "issue": row.slug,
                "state": row.standing.value if row.standing else "unwritten",
                "late": row.late.value if row.late else None,
                "approval": row.scheduled.as_json() if row.scheduled else None,
            }
            for row in found.rows
        ],
    }
