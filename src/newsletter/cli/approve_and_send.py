"""`newsletter approve` and `send`: the reviewer's yes, and the operator's. Touches: what the workflows touch."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.catalogue import phrase
from newsletter.errors import UsageError

from .latecomers import send_to_latecomers
from .options import IssueArgument, YesOption
from .progress import progress, reading
from .rehearse import AtOption, ByOption, JSONOption, RehearsalOptions, RehearseOption
from .rehearse import rehearse as rehearse_sending
from .send_due import read_settings, send_what_is_due
from .session import Session
from .ways_of_sending import one_way_of_sending, refuse_idle, refuse_together
from .welcome import send_the_welcome

if TYPE_CHECKING:
    from newsletter.edition.likeness import Likeness
    from newsletter.settings.workspace import Workspace
    from newsletter.workflow.steps.prepare import Fresh

AlthoughLikeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--although-like",
        metavar="SLUG",
        help="It is another letter than that issue, although it says nearly the same. May be given again.",
        show_default=False,
    ),
]


def approve(
    context: typer.Context,
    issue: IssueArgument,
    yes: YesOption = False,
    although_like: AlthoughLikeOption = None,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who says yes. Left out: the user of git.")] = "",
) -> None:
    """Say yes to an issue: its editions are kept as files, and those files are what is sent, byte for byte."""
    from newsletter.issue.find import find_issue
    from newsletter.workflow.approve import keep, propose
    from newsletter.workflow.steps.desk import at_desk

    session: Session = context.obj
    find_issue(session.workspace, issue)
    if not yes:
        session.need_terminal()
    with reading(session) as advance:
        proposal = propose(session.workspace, issue, advance)
    # Who has said yes before has read it.
    session.say(proposal.summary(whole=not yes))
    agreed = _slugs(although_like)
    if not yes:
        for one in proposal.unanswered(agreed):
            _ask_whether_another(session, one)
            agreed.append(one.slug)
        session.ask(phrase("cli.send.approve_it"))
    with at_desk(session.workspace) as desk:
        session.tell(str(keep(session.workspace, proposal, by=by, although_like=agreed, now=desk.now())))
        if (trouble := desk.publish(proposal.letter)) is not None:
            session.warn(trouble)
    session.say(proposal.next_step(session.workspace.settings))


def send(
    context: typer.Context,
    issue: Annotated[
        str | None, typer.Argument(metavar="ISSUE", help="Slug or path. Left out only with --due.", show_default=False)
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="Send what is due and approved; for cron. Never asks.")] = False,
    leave_to_workers: Annotated[
        bool,
        typer.Option("--leave-to-workers", help="With --due: plan, publish and tell; 'newsletter worker' sends."),
    ] = False,
    yes: YesOption = False,
    although_like: AlthoughLikeOption = None,
    first: Annotated[
        int | None, typer.Option("--first", metavar="N", min=1, help="A canary: N messages, then pause.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="ADDR", help="A proof to one address; changes nothing.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Merge all, write the first 20 as .eml; no network, no ledger.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where --dry-run writes.")] = None,
    latecomers: Annotated[
        bool, typer.Option("--latecomers", help="To those who joined after the plan: the same edition.")
    ] = False,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="With --latecomers: only who consented that day or later."),
    ] = None,
    retry_now: Annotated[bool, typer.Option("--retry-now", help="Do not wait for the time of deferred ones.")] = False,
    processes: Annotated[
        str | None,
        typer.Option(
            "--processes",
            metavar="N",
            help="So many processes share it, or `auto`: one for each core. Instead of [smtp] processes.",
            show_default=False,
        ),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(
            "--log", metavar="FILE", help="With --due: keep there all that is said, with the time.", show_default=False
        ),
    ] = None,
    metrics: Annotated[
        Path | None,
        typer.Option(
            "--metrics",
            metavar="FILE",
            help="Write for Prometheus how it went. Or [operator] metrics.",
            show_default=False,
        ),
    ] = None,
    rehearse: RehearseOption = False,
    at: AtOption = None,
    by: ByOption = None,
    as_json: JSONOption = False,
) -> int:
    """Send an issue to its audience: shows the plan, asks, and continues where an earlier run stopped."""
    session: Session = context.obj
    agreed = _slugs(although_like)
    questions = RehearsalOptions(at, by, as_json)
    one_way_of_sending(due=due, first=first, to=to, dry_run=dry_run, rehearse=rehearse, latecomers=latecomers)
    refuse_idle(
        due=due,
        leave_to_workers=leave_to_workers,
        log=log,
        out=out,
        dry_run=dry_run,
        since=since,
        latecomers=latecomers,
    )
    questions.refuse_idle(rehearse=rehearse)
    session.keep_log(log)
    is_trial = dry_run or rehearse or to is not None
    trials = "--to, --dry-run, --rehearse"
    refuse_together(
        "--although-like", f"--due, {trials}, --latecomers", both=bool(agreed) and (due or latecomers or is_trial)
    )
    refuse_together("--metrics", trials, both=metrics is not None and is_trial)
    refuse_together("--processes", trials, both=processes is not None and is_trial)
    refuse_together("--rehearse", "--yes, --retry-now", both=rehearse and (yes or retry_now))
    if due:
        read_settings(session, metrics)
    if processes is not None:
        session.workspace = _with_processes(session.workspace, processes)
    if due:
        if issue is not None:
            raise UsageError(phrase("cli.send.due_or_one"), hint=phrase("cli.send.to_send_one", issue=issue))
        return send_what_is_due(session, retry_now=retry_now, leaves_sending=leave_to_workers, metrics=metrics)
    if issue is None:
        raise UsageError(phrase("cli.send.which_issue"), hint=phrase("cli.send.one_or_due"))
    if is_trial:
        _try_out(session, issue, to, out, questions if rehearse else None)
        return 0
    if _is_welcome(session, issue, and_more=latecomers or first is not None):
        send_it = partial(send_the_welcome, session, yes=yes, retry_now=retry_now)
    elif latecomers:
        send_it = partial(send_to_latecomers, session, issue, since, yes=yes, retry_now=retry_now)
    elif agreed and session.workspace.settings.schedule.require_approval:
        to_approve = phrase("cli.send.to_approve_although_like", issue=issue, slugs=" --although-like ".join(agreed))
        raise UsageError(phrase("cli.send.approval_says_so"), hint=to_approve)
    else:
        send_it = partial(_send_for_real, session, issue, yes=yes, first=first, retry_now=retry_now, agreed=agreed)

    from newsletter.workflow.steps.after_run import BY_HAND, watched

    return watched(send_it, session.workspace, command=BY_HAND, metrics=metrics, warn=session.warn)


def _is_welcome(session: Session, issue: str, *, and_more: bool) -> bool:
    """Whether it is the letter for who confirms; UsageError (64) with options that are none of it, or no such file."""
    from newsletter.issue.find import WELCOME, find_issue

    is_welcome = WELCOME in issue and find_issue(session.workspace, issue).stem == WELCOME
    if is_welcome and and_more:
        raise UsageError(phrase("workflow.welcome.goes_to_who_confirms"))
    return is_welcome


def _with_processes(workspace: "Workspace", given: str) -> "Workspace":
    """The same with another number of them; UsageError (64) for what is none, or more than there are connections."""
    from newsletter.settings.explain import WrongValueError
    from newsletter.settings.processes import process_count

    smtp = workspace.settings.smtp
    try:
        count = process_count(given)
    except WrongValueError as error:
        raise UsageError(phrase("cli.send.wrong_processes", reason=error.said)) from error
    if isinstance(count, int) and count > smtp.connections:
        told = phrase("settings.value.fewer_connections", processes=count, connections=smtp.connections)
        raise UsageError(phrase("cli.send.wrong_processes", reason=told))
    changed = smtp.model_copy(update={"processes": count})
    return replace(workspace, settings=workspace.settings.model_copy(update={"smtp": changed}))


def _slugs(given: list[str] | None) -> list[str]:
    from newsletter.issue.find import SLUG

    for word in given or ():
        if not SLUG.fullmatch(word):
            raise UsageError(phrase("issue.scaffold.is_no_slug", slug=f"`{word}`"))
    return list(given or ())


def _ask_whether_another(session: Session, one: "Likeness") -> None:
    session.ask(phrase("cli.send.is_it_another_letter", slug=one.slug, share=one.percent))


def _try_out(
    session: Session, issue: str, to: str | None, out: Path | None, questions: RehearsalOptions | None
) -> None:
    """A proof, a rehearsal or a dry run: nobody of the audience gets anything."""
    if questions is not None:
        rehearse_sending(session, issue, questions)
    elif to is not None:
        from newsletter.workflow.send_proof import send_proof

        session.say(send_proof(session.workspace, issue, to))
    else:
        _merge_all(session, issue, out)


def _merge_all(session: Session, issue: str, out: Path | None) -> None:
    from newsletter.workflow.dry_run import dry_run

    with reading(session) as advance:
        result = dry_run(session.workspace, issue, out, advance)
    for path in result.files:
        session.tell(str(path))
    session.say(result.summary())


def _ask_about(session: Session, prepared: "Fresh", *, yes: bool) -> None:
    """What is strange about an issue: a likeness must be told with its option, the rest `--yes` answers, aloud."""
    if yes:
        prepared.refuse_likeness()
    for one in prepared.alike:
        _ask_whether_another(session, one)
    if (change := prepared.list_change) is None:
        return
    if yes:
        session.warn(change.said())
    else:
        session.ask(phrase("cli.send.is_list_right", change=change.said()))


def _send_for_real(
    session: Session, issue: str, *, yes: bool, first: int | None, retry_now: bool, agreed: list[str]
) -> int:
    from newsletter.issue.find import find_issue
    from newsletter.workflow.send import find_started, finish_archive
    from newsletter.workflow.send import send as do_send
    from newsletter.workflow.steps.prepare import Fresh, prepare

    started = find_started(session.workspace, issue)
    if started is not None and started.nothing_to_do:
        told = session.warn if started.exit_code else session.say
        told(started.summary(session.workspace.settings))
        for warning in finish_archive(session.workspace, session.say):
            session.warn(warning)
        return started.exit_code
    if started is None:
        find_issue(session.workspace, issue)
    if not yes:
        session.need_terminal()
    with reading(session) as advance:
        prepared = started or prepare(session.workspace, issue, advance, agreed)
    session.say(prepared.summary(session.workspace.settings))
    if first is not None:
        session.say(phrase("cli.send.canary", first=first))
    if isinstance(prepared, Fresh):
        _ask_about(session, prepared, yes=yes)
        prepared = prepared.as_another_letter()
    if not yes:
        archive, address = session.workspace.settings.archive, session.workspace.settings.links.archive_url
        if address and not archive.publish and isinstance(prepared, Fresh):
            session.say(phrase("cli.send.publish_by_hand", folder=archive.dir, address=address))
        session.ask(phrase("cli.send.send_it"))
    with progress(session, phrase("cli.progress.sent")) as advance:
        report = do_send(
            session.workspace, prepared, advance=advance, say=session.say, first=first, retry_now=retry_now
        )
    (session.warn if report.waits_for_a_person else session.say)(report.summary())
    for warning in report.warnings:
        session.warn(warning)
    return report.exit_code()
