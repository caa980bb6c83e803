"""`newsletter ledger …` and `newsletter schedule …`. Touches: what the workflows touch."""

from .app import command, ledger, schedule
from .session import Session


@command(ledger, "init")
def init(session: Session) -> None:
    """Make the ledger, so that 'send --due' may use it. Safe to repeat; takes an older one to today's form."""
    from newsletter.workflow.control import make_ledger

    session.say(make_ledger(session.workspace))


@command(schedule, "show")
def show(session: Session) -> None:
    """Print the crontab line that sends what is due, every ten minutes, with absolute paths."""
    from newsletter.schedule.crontab import crontab_line

    session.tell(crontab_line(session.workspace))
    session.say("Add it with 'crontab -e'. Run 'newsletter ledger init' once before.")
