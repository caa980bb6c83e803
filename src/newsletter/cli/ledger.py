"""`newsletter ledger …`: the book itself. Touches: what the workflows touch."""

from typing import Annotated

import typer

from .options import ISSUE_HELP
from .session import Session


def init_ledger(context: typer.Context) -> None:
    """Make the ledger, so that 'send --due' may use it. Safe to repeat; takes an older one to today's form."""
    from newsletter.workflow.ledger import make_ledger

    session: Session = context.obj
    session.say(make_ledger(session.workspace))


def verify(context: typer.Context) -> None:
    """Hold the ledger against its promises. Ends with 70 where one is broken, and names what breaks it."""
    from newsletter.workflow.ledger import refuse_broken, verdict_words, verified

    session: Session = context.obj
    broken = 0
    for found in verified(session.workspace):
        session.tell(verdict_words(found).in_language(session.language))
        broken += bool(found.broken)
    refuse_broken(broken)


def export(
    context: typer.Context,
    issue: Annotated[str | None, typer.Argument(metavar="ISSUE", help=f"{ISSUE_HELP} Left out: all of them.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Deliveries alone, as CSV.")] = False,
) -> None:
    """Write the book out for an audit: who got what, when, and the relay's words. JSON Lines; addresses in full."""
    from newsletter.workflow.ledger import exported

    session: Session = context.obj
    for line in exported(session.workspace, issue, as_table=as_csv):
        session.tell(line)
