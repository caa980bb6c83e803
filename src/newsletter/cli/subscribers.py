"""`newsletter subscribers …`: who gets the newsletter, and who never again. Touches: what the workflow touches."""

from typing import Annotated

import typer

from .app import command, subscribers
from .session import Session

Address = Annotated[str, typer.Argument(metavar="ADDR", help="An e-mail address.")]


@command(subscribers, "list")
def list_(
    session: Session,
    suppressed: Annotated[bool, typer.Option("--suppressed", help="Only those who are never mailed.")] = False,
) -> None:
    """List the subscriber file: line, address, name, and why somebody is not mailed. Tab-separated."""
    from newsletter.workflow.subscribers import listed

    for row in listed(session.workspace, only_suppressed=suppressed):
        session.tell("\t".join(row))


@command(subscribers, "suppress")
def suppress(
    session: Session,
    address: Address,
    reason: Annotated[str, typer.Option("--reason", help="Kept beside the address.")] = "manual",
) -> None:
    """Never mail an address again, whatever the subscriber file says."""
    from newsletter.workflow.subscribers import suppress as do_suppress

    session.say(do_suppress(session.workspace, address, reason))


@command(subscribers, "unsuppress")
def unsuppress(session: Session, address: Address) -> None:
    """Take a suppression back: mail the address again."""
    from newsletter.workflow.subscribers import unsuppress as do_unsuppress

    session.say(do_unsuppress(session.workspace, address))
