"""`newsletter template …`: the look of the letter. Touches: what the workflows touch."""

from typing import Annotated

import typer

from newsletter.catalogue import phrase

from .session import Session


def copy_template(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as footer, or _footer.html.j2.")],
) -> None:
    """Copy a template into the workspace, to change it there. Never overwrites."""
    from newsletter.workflow.copy_template import copy_template as copied

    session: Session = context.obj
    path = copied(session.workspace, name)
    session.tell(str(path))
    session.say(phrase("cli.look.template_copied"))
