"""`newsletter new`: an issue from the starter, or from what is there already. Touches: what the workflows touch."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.catalogue import phrase
from newsletter.errors import UsageError

from .session import Session


def new(
    context: typer.Context,
    slug: Annotated[
        str | None,
        typer.Argument(
            metavar="SLUG", help="Name of the issue: a-z, 0-9 and hyphens, as in 2026-12.", show_default=False
        ),
    ] = None,
    following: Annotated[
        bool, typer.Option("--next", help="The next date of [schedule] every that has no issue: its name and its date.")
    ] = False,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Begin with the words of a document: .docx, .html, .md, .txt.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Start an issue file that shows every kind of section. Never overwrites.

    With --from it begins with the words of a document: the first heading is the title, a story a heading. Pictures
    are put beside the issue, and what does not come along is told.
    """
    from newsletter.issue.scaffold import new_issue
    from newsletter.workflow.new_next import new_next

    session: Session = context.obj
    if (slug is None) is not following or (following and source is not None):
        raise UsageError(phrase("cli.write.next_or_slug"), hint=phrase("cli.write.how_to_name_it"))
    if slug is not None and source is not None:
        _new_from(session, slug, source)
        return
    path = new_next(session.workspace) if slug is None else new_issue(session.workspace, slug)
    session.tell(str(path))
    session.say(phrase("cli.write.issue_made", slug=path.stem))


def _new_from(session: Session, slug: str, source: str) -> None:
    from newsletter.workflow.new_from_file import new_from_file

    begun = new_from_file(session.workspace, slug, Path(source))
    session.tell(str(begun.path))
    for said in begun.told:
        session.say(said)
    session.say(phrase("cli.write.issue_to_go_through", slug=begun.path.stem))
