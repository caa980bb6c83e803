"""`newsletter subscribers export`: everybody as CSV, for us or for another system. Touches: what the workflow does."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from newsletter.catalogue import phrase

from .options import YesOption
from .progress import progress
from .session import Session


class To(StrEnum):
    """Who is to read it."""

    NEWSLETTER = "newsletter"
    LISTMONK = "listmonk"
    MAILCHIMP = "mailchimp"
    STIBEE = "stibee"
    KEILA = "keila"
    BUTTONDOWN = "buttondown"
    GHOST = "ghost"


def export_people(
    context: typer.Context,
    as_: Annotated[To, typer.Option("--as", help="Whose import shall read it.")] = To.NEWSLETTER,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="For this user only. Left out: standard output.", show_default=False
        ),
    ] = None,
    left: Annotated[
        bool, typer.Option("--left", help="Only who must not be mailed any more, for an import of such.")
    ] = False,
    excel: Annotated[
        bool, typer.Option("--excel", help="With a byte order mark, without which Excel reads Korean wrongly.")
    ] = False,
    yes: YesOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="One object with the counts; needs --out.")] = False,
) -> None:
    """Write everybody out: the subscriber file, sign-ups, and who must not be mailed, why and since when.

    As `newsletter` it is whole, safe in a spreadsheet, and `subscribers import` reads it back. For another system it
    has only whom that one may mail, and who left where it has a column for that.
    """
    from newsletter.errors import UsageError
    from newsletter.workflow.export_subscribers import refuse_place, subscriber_export
    from newsletter.workflow.steps.private_file import write_private

    session: Session = context.obj
    if as_json and out is None:
        raise UsageError(phrase("cli.subscribers.json_needs_out"))
    if out is not None:
        refuse_place(out, yes=yes)
    with (
        progress(session, phrase("cli.progress.written")) as advance,
        subscriber_export(session.workspace, as_.value, left=left, marked=excel) as export,
    ):
        if out is None:
            for chunk in export.chunks(advance):
                session.tell(chunk.removesuffix("\n"))
        elif in_git := write_private(out, export.chunks(advance)):
            session.warn(in_git)
        for note in export.notes():
            session.warn(note)
        if out is not None:
            session.say(phrase("cli.subscribers.exported", count=export.written, path=str(out)))
        if as_json:
            session.tell(json.dumps(export.to_json(out), ensure_ascii=False))
