"""`newsletter subscribers …`: who gets the newsletter, and who never again. Touches: what the workflow touches."""

from typing import Annotated

import typer

from newsletter.catalogue import lines, phrase

from .options import YesOption
from .progress import reading
from .session import Session

Address = Annotated[str, typer.Argument(metavar="ADDR", help="An e-mail address.")]


def list_(
    context: typer.Context,
    suppressed: Annotated[bool, typer.Option("--suppressed", help="Only those who are never mailed.")] = False,
) -> None:
    """List the subscriber file: line, address, name, and why somebody is not mailed. Tab-separated."""
    from newsletter.workflow.subscribers import subscriber_rows

    session: Session = context.obj
    for row in subscriber_rows(session.workspace, only_suppressed=suppressed):
        session.tell("\t".join(row.cells(session.language)))


def show_address(
    context: typer.Context,
    address: Address,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Say all that is known of an address: its line in the list, suppressions, and what each issue did to it."""
    from newsletter.workflow.show_subscriber import show_subscriber, unknown_address

    session: Session = context.obj
    with reading(session) as advance:
        report = show_subscriber(session.workspace, address, advance=advance)
    if as_json:
        session.tell(report.to_json())
    if report.is_unknown:
        raise unknown_address(session.workspace, report)
    if not as_json:
        session.tell(report.to_text(session.language))


def suppress(
    context: typer.Context,
    address: Address,
    reason: Annotated[str, typer.Option("--reason", help="Kept beside the address.")] = "manual",
    yes: YesOption = False,
) -> None:
    """Never mail an address again, whatever the subscriber file says.

    Told where the address is not in the file, with those near it; on a terminal asked about.
    """
    from newsletter.workflow.steps.neighbours import not_in_the_list
    from newsletter.workflow.subscribers import suppress as do_suppress

    session: Session = context.obj
    with reading(session) as advance:
        told = not_in_the_list(session.workspace, address, advance)
    if told and session.has_terminal and not yes:
        session.ask(lines(told, phrase("cli.subscribers.suppress_it")))
    elif told:
        session.say(told)
    session.say(do_suppress(session.workspace, address, reason))


def unsuppress(context: typer.Context, address: Address) -> None:
    """Take a suppression back: mail the address again."""
    from newsletter.workflow.subscribers import unsuppress as do_unsuppress

    session: Session = context.obj
    session.say(do_unsuppress(session.workspace, address))
