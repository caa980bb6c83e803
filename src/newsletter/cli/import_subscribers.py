"""`newsletter subscribers import`: people from another system. Touches: what the workflow touches."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.catalogue import phrase

from .options import YesOption
from .progress import progress
from .session import Session

if TYPE_CHECKING:
    from newsletter.workflow.import_subscribers import PeopleImport


class From(StrEnum):
    """Whose export."""

    LISTMONK = "listmonk"
    MAILCHIMP = "mailchimp"
    STIBEE = "stibee"
    KEILA = "keila"
    BUTTONDOWN = "buttondown"
    GHOST = "ghost"
    CSV = "csv"
    NEWSLETTER = "newsletter"


class Everybody(StrEnum):
    """What all in a file are, and the name that the formats have for it."""

    UNCONFIRMED = "unconfirmed"
    UNSUBSCRIBED = "unsubscribed"
    COMPLAINED = "complained"
    BOUNCED = "bounced"
    BLOCKED = "blocked"


_STANDING = {Everybody.BOUNCED: "bad address", Everybody.BLOCKED: "manual"}


def import_people(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV that the other system exported; Mailchimp's zip.")],
    from_: Annotated[
        From | None,
        typer.Option("--from", help="Whose export it is. Left out: told by its columns.", show_default=False),
    ] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="THEIRS=OURS",
            help="What a column becomes: email, name, first_name, last_name, language, tags, status, consent_at,"
            " consent_source, joined_at, left_at, left_reason, attributes, - (left out), or a merge field's name."
            " Several times.",
        ),
    ] = None,
    status: Annotated[
        Everybody | None,
        typer.Option("--status", help="What everybody in the file is, where it does not say so.", show_default=False),
    ] = None,
    consent_source: Annotated[
        str,
        typer.Option(
            "--consent-source",
            metavar="TEXT",
            help="Where those said yes for whom no consent is on record; when they joined is taken for the day.",
        ),
    ] = "",
    suppress_gone: Annotated[
        bool,
        typer.Option("--suppress-gone", help="Suppress who was in the last import of the format and is not in this."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    yes: YesOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="One object: mapping and counts.")] = False,
) -> None:
    """Take people over from listmonk, Mailchimp, Stibee, Keila, Buttondown, Ghost or any CSV.

    Tells what each column becomes and what would change, asks, then writes. Who left there is suppressed here; who is
    suppressed here stays so; who has no consent on record is kept and not mailed. Nobody is mailed by it.
    """
    from newsletter.audience.exports.formats import StandingThere
    from newsletter.workflow.import_subscribers import import_subscribers, planned_people
    from newsletter.workflow.steps.exported_people import GivenExport

    session: Session = context.obj
    standing = StandingThere(_STANDING.get(status, status.value)) if status else None
    given = GivenExport(file, from_.value if from_ else "", tuple(map_ or ()), standing, consent_source)
    with (
        progress(session, phrase("cli.progress.read")) as reading,
        progress(session, phrase("cli.progress.compared")) as comparing,
        planned_people(session.workspace, given, reading, comparing) as plan,
    ):
        _tell(session, plan, aloud=not (yes or dry_run))
        if dry_run:
            if as_json:
                session.tell(_as_json({"dry_run": True, **plan.to_json()}))
            return
        if not yes:
            session.ask(phrase("cli.subscribers.take_over"))
        with progress(session, phrase("cli.progress.taken_over")) as writing:
            done = import_subscribers(plan, writing, suppress_gone=suppress_gone)
        if as_json:
            session.tell(_as_json({"dry_run": False, **done.to_json()}))
        session.say(done.summary())


def _tell(session: Session, plan: "PeopleImport", *, aloud: bool) -> None:
    """What decides, and the bad rows by line; `aloud` also under --quiet, for who is asked must know about what."""
    say = session.warn if aloud else session.say
    say(plan.summary())
    for problem in plan.read.problems:
        say(problem)
    if more := plan.read.bad - len(plan.read.problems):
        say(phrase("cli.subscribers.more_bad", count=more))


def _as_json(found: dict[str, object]) -> str:
    return json.dumps(found, ensure_ascii=False)
