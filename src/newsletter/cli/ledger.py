"""`newsletter ledger …` and `rename-list`: the book itself. Touches: what the workflows touch."""

from typing import Annotated

import typer

from newsletter.catalogue import phrase

from .options import ISSUE_HELP, YesOption
from .session import Session


def init_ledger(
    context: typer.Context,
    newsletter: Annotated[
        str | None,
        typer.Option("--newsletter", metavar="ID", help="A list_id: a newsletter beside those the ledger knows."),
    ] = None,
) -> None:
    """Make the ledger, so that 'send --due' may use it. Safe to repeat; takes an older one to today's form."""
    from newsletter.workflow.ledger import make_ledger

    session: Session = context.obj
    session.say(make_ledger(session.workspace, newsletter))


def rename_list(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="The list_id that the ledger knows.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The list_id it gets.")],
    yes: YesOption = False,
) -> None:
    """Give a newsletter another list_id: its issues and who has left go along, and links in old letters go on working.

    Says what to write into newsletter.toml. Refused while a process is sending, and where an issue stands under both.
    """
    from newsletter.workflow.rename_list import prepare_rename, rename

    session: Session = context.obj
    wanted = prepare_rename(session.workspace, old, new)
    if not yes:
        session.need_terminal()
    session.say(wanted.summary())
    if not yes:
        session.ask(phrase("cli.ledger.rename_it"))
    session.say(rename(session.workspace, wanted))


def verify(context: typer.Context) -> None:
    """Hold the ledger against its promises. Ends with 70 where one is broken, and names what breaks it."""
    from newsletter.workflow.ledger import refuse_broken, standby_warning, verdict_words, verified

    session: Session = context.obj
    broken = 0
    for found in verified(session.workspace):
        session.tell(verdict_words(found).in_language(session.language))
        broken += bool(found.broken)
    if warning := standby_warning(session.workspace):
        session.warn(warning)
    refuse_broken(broken)


def adopt(context: typer.Context, yes: YesOption = False) -> None:
    """Take the ledger that is there for the one to send with, where it is an older copy, another one, or a new one.

    'send' refuses such a ledger (77), or a missing one (78).

    Lists everybody who may have a letter already, asks, and puts them in doubt; 'resolve' decides.
    """
    from newsletter.workflow.adopt import adopt as do_adopt
    from newsletter.workflow.adopt import may_have_it, prepare_adoption

    session: Session = context.obj
    adoption = prepare_adoption(session.workspace)
    if adoption.why is None:
        session.say(adoption.summary())
        return
    for line in may_have_it(session.workspace):
        session.tell(line)
    session.warn(adoption.summary())
    if not yes:
        session.ask(phrase("cli.ledger.adopt_it"))
    session.warn(do_adopt(session.workspace))


def new_secret(context: typer.Context, yes: YesOption = False) -> None:
    """Go on where the signing secret is lost for good: who left stays so, as far as it can be known; asks first.

    Takes the secret that is there now, or makes one. Put a copy back instead where there is any.
    """
    from newsletter.workflow.new_secret import prepare_new_secret, take_new_secret

    session: Session = context.obj
    wanted = prepare_new_secret(session.workspace)
    if wanted is None:
        session.say(phrase("workflow.secret.is_the_same"))
        return
    if not yes:
        session.need_terminal()
    session.warn(wanted.summary())
    if not yes:
        session.ask(phrase("cli.ledger.take_secret"))
    session.say(take_new_secret(session.workspace))


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
