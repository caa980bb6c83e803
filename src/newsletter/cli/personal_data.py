"""What a person may ask of their data, and what the law has people told. Touches: what the workflow touches."""

from typing import Annotated

import typer

from newsletter.catalogue import phrase

from .options import YesOption
from .progress import progress
from .session import Session
from .subscribers import Address


def forget(
    context: typer.Context,
    address: Address,
    keep_file: Annotated[bool, typer.Option("--keep-file", help="Leave the subscriber file as it is.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="What was done and found, as JSON.")] = False,
    yes: YesOption = False,
) -> None:
    """Erase a person: from the ledger, its file and log, and the subscriber file; a keyed hash keeps them unmailed.

    Shows what is known and asks. Then says what was erased, and which other files of the workspace hold the address.
    """
    from newsletter.workflow.forget import forget as do_forget
    from newsletter.workflow.forget import look_for

    session: Session = context.obj
    known = look_for(session.workspace, address)
    if not yes:
        session.ask(known.question())
    with progress(session, phrase("cli.personal_data.looking")) as advance:
        report = do_forget(session.workspace, known, keep_file=keep_file, advance=advance)
    session.tell(report.to_json() if as_json else report.to_text(session.language))
