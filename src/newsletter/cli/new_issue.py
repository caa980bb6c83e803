"""`newsletter new`: an issue from the starter, or from what is there already. Touches: what the workflows touch."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.catalogue import phrase
from newsletter.errors import UsageError

from .session import Session

if TYPE_CHECKING:
    from newsletter.workflow.steps.begun import BegunIssue


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
            metavar="FILE|ISSUE",
            help="Begin with the words of a document (.docx, .html, .md, .txt), or as an earlier issue was.",
            show_default=False,
        ),
    ] = None,
    feed: Annotated[
        str | None,
        typer.Option(
            "--from-feed",
            metavar="URL|FILE",
            help="Begin with the newest entries of a feed (RSS, Atom, JSON) as short notes.",
            show_default=False,
        ),
    ] = None,
    newest: Annotated[int, typer.Option("--newest", min=1, max=100, help="With --from-feed: how many at most.")] = 10,
    inside: Annotated[
        bool, typer.Option("--inside", help="With --from-feed: it may lead to an address of your own network.")
    ] = False,
    with_texts: Annotated[
        bool, typer.Option("--with-texts", help="With --from ISSUE: all its words too, to be written over.")
    ] = False,
) -> None:
    """Start an issue file that shows every kind of section. Never overwrites.

    With --from FILE it begins with the words of a document: the first heading is the title, a story a heading. Pictures
    are put beside the issue, and what does not come along is told.

    With --from ISSUE it has the sections of that issue in their order, and what repeats: headings, words on buttons,
    the closing. What is new each time stands empty, so that `newsletter check` asks for it. The number counts up.

    With --from-feed its newest entries since the last issue are a section of short notes. Only here is anything
    fetched: that feed, over https, at most 5 MB.
    """
    from newsletter.issue.scaffold import new_issue
    from newsletter.workflow.new_from_file import is_document
    from newsletter.workflow.new_next import new_next, next_date

    session: Session = context.obj
    if (slug is None) is not following:
        raise UsageError(phrase("cli.write.next_or_slug"), hint=phrase("cli.write.how_to_name_it"))
    if source is not None and feed is not None:
        raise UsageError(phrase("cli.write.one_beginning"))
    if feed is not None:
        _new_from_feed(session, slug or next_date(session.workspace).slug, feed, newest, inside=inside)
        return
    if with_texts and (source is None or is_document(source)):
        raise UsageError(phrase("cli.write.texts_of_an_issue"))
    if source is not None:
        _new_from(session, slug or next_date(session.workspace).slug, source, with_texts=with_texts)
        return
    path = new_next(session.workspace) if slug is None else new_issue(session.workspace, slug)
    session.tell(str(path))
    session.say(phrase("cli.write.issue_made", slug=path.stem))


def _new_from(session: Session, slug: str, source: str, *, with_texts: bool) -> None:
    from newsletter.workflow.new_from_file import is_document, new_from_file
    from newsletter.workflow.new_from_issue import new_from_issue

    if is_document(source):
        begun = new_from_file(session.workspace, slug, Path(source))
    else:
        begun = new_from_issue(session.workspace, slug, source, with_texts=with_texts)
    _tell(session, begun)


def _new_from_feed(session: Session, slug: str, feed: str, newest: int, *, inside: bool) -> None:
    from newsletter.probes.addresses import Allowed, is_public
    from newsletter.workflow.new_from_feed import new_from_feed

    allowed: Allowed = (lambda _address: True) if inside else is_public
    _tell(session, new_from_feed(session.workspace, slug, feed, newest=newest, allowed=allowed))


def _tell(session: Session, begun: "BegunIssue") -> None:
    session.tell(str(begun.path))
    for said in begun.told:
        session.say(said)
    session.say(phrase("cli.write.issue_to_go_through", slug=begun.path.stem))
