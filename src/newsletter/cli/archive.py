"""`newsletter archive …`: the issues that were sent, as a static site. Touches: what the workflow touches."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.catalogue import phrase
from newsletter.errors import InputError

from .options import YesOption
from .progress import progress
from .session import Session


def build(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the site; made if missing.")],
    base_url: Annotated[
        str,
        typer.Option(
            "--base-url", metavar="URL", help="Where it will be. Left out: archive_url of [links].", show_default=False
        ),
    ] = "",
    with_drafts: Annotated[
        bool, typer.Option("--with-drafts", help="A preview: every issue as its file is now, marked as a draft.")
    ] = False,
) -> int:
    """Build the static site of what was sent: an index, and a page for each issue in each of its languages.

    Only what changed is written. Exit code 65: the page of an issue could not be made; the others were.
    """
    from newsletter.workflow.archive import build_archive

    session: Session = context.obj
    with (
        progress(session, phrase("cli.progress.pages_made")) as making,
        progress(session, phrase("cli.progress.files_written")) as writing,
    ):
        built = build_archive(
            session.workspace, directory, base_url=base_url, drafts=with_drafts, making=making, writing=writing
        )
    for told in (*built.warnings, *built.problems):
        session.warn(told)
    session.tell(str(directory))
    written = built.written
    session.say(phrase("cli.archive.built", issues=built.issues, written=written.written, removed=written.removed))
    return InputError.exit_code if built.problems else 0


def import_(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of HTML (.html) or Markdown (.md) files.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be taken, and what not.")] = False,
    yes: YesOption = False,
) -> int:
    """Take older issues into the archive, as `issues/imported/`: cleaned, with their pictures, to be committed.

    A file says title and date in front matter, in its head or in its name. Exit code 65: some file could not be taken.
    """
    from newsletter.workflow.import_issues import import_issues, planned_import

    session: Session = context.obj
    with (
        progress(session, phrase("cli.progress.read")) as advance,
        planned_import(session.workspace, folder, advance) as plan,
    ):
        session.say(plan.summary())
        for problem in plan.problems:
            session.warn(problem)
        if plan.incoming and not dry_run:
            if not yes:
                session.ask(phrase("cli.archive.import_them", count=len(plan.incoming)))
            session.say(import_issues(plan))
    return InputError.exit_code if plan.problems else 0
