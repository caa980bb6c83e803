"""`newsletter template …`, `newsletter theme …`: the look of the letter. Touches: what the workflows touch."""

from pathlib import Path
from typing import Annotated

import typer

from newsletter.catalogue import phrase

from .options import NewestArgument
from .session import Session


def copy_template(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as footer, or _footer.html.j2.")],
    web: Annotated[
        bool, typer.Option("--web", help="One of the archive's pages, such as story, into templates/web/.")
    ] = False,
) -> None:
    """Copy a template of the letter into the workspace, to change it there. Never overwrites."""
    from newsletter.workflow.copy_template import copy_template as copied

    session: Session = context.obj
    path = copied(session.workspace, name, web=web)
    session.tell(str(path))
    session.say(phrase("cli.look.page_copied") if web else phrase("cli.look.template_copied"))


def theme_gallery(
    context: typer.Context,
    issue: NewestArgument = None,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The page; an older one is replaced.")] = Path(
        "theme-gallery.html"
    ),
) -> None:
    """Write one page that shows a letter in every preset of the theme, light and dark.

    The page holds its pictures and needs no network. Outside of a workspace it shows the bundled example.
    """
    from newsletter.web.gallery.page import gallery_page
    from newsletter.workflow.steps.source_workspace import source_workspace
    from newsletter.workflow.theme_gallery import theme_gallery as looks_of
    from newsletter.workflow.theme_gallery import write_gallery

    session: Session = context.obj
    workspace = source_workspace(Path.cwd(), session.workspace_option)
    language = session.chosen_language or workspace.settings.newsletter.language
    page = gallery_page(looks_of(workspace, issue), language)
    session.tell(str(write_gallery(out, page)))
    session.say(phrase("cli.look.gallery_written"))
