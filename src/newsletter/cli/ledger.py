"""`newsletter ledger …` and `newsletter schedule …`. Touches: what the workflows touch."""

from typing import Annotated

import typer

from .app import ISSUE_HELP, command, ledger, schedule
from .session import Session


@command(ledger, "init")
def init(session: Session) -> None:
    """Make the ledger, so that 'send --due' may use it. Safe to repeat; takes an older one to today's form."""
    from newsletter.workflow.control import make_ledger

    session.say(make_ledger(session.workspace))


@command(ledger, "verify")
def verify(session: Session) -> None:
    """Hold the ledger against its promises. Ends with 70 where one is broken, and names what breaks it."""
    from newsletter.workflow.ledger import refuse_broken, verdict_words, verified

    broken = 0
    for found in verified(session.workspace):
        session.tell(verdict_words(found))
        broken += bool(found.broken)
    refuse_broken(broken)


@command(ledger, "export")
def export(
    session: Session,
    issue: Annotated[str | None, typer.Argument(metavar="ISSUE", help=f"{ISSUE_HELP} Left out: all of them.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Deliveries alone, as CSV.")] = False,
) -> None:
    """Write the book out for an audit: who got what, when, and the relay's words. JSON Lines; addresses in full."""
    from newsletter.workflow.ledger import exported

    for line in exported(session.workspace, issue, as_table=as_csv):
        session.tell(line)


@command(schedule, "show")
def show(session: Session) -> None:
    """Print the crontab line that sends what is due, every ten minutes, with absolute paths."""
    from newsletter.schedule.crontab import crontab_line

    session.tell(crontab_line(session.workspace))
    session.say("Add it with 'crontab -e'. Run 'newsletter ledger init' once before.")
