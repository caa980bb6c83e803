"""`newsletter one-click`: what a web server needs to take clicks by itself. Touches: what the workflow touches."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from newsletter.catalogue import phrase

from .session import Session


def one_click(
    context: typer.Context,
    server: Annotated[
        Literal["nginx", "apache", "php"], typer.Argument(metavar="SERVER", help="nginx, apache or php.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Write the pages, and the file for the server, into it.", show_default=False
        ),
    ] = None,
    folder: Annotated[
        str,
        typer.Option(
            "--folder",
            metavar="PATH",
            help="Where the pages will be on the server. Left out: DIR/pages.",
            show_default=False,
        ),
    ] = "",
    log: Annotated[
        str,
        typer.Option(
            "--log", metavar="PATH", help="The log that the server writes. Left out: a usual place.", show_default=False
        ),
    ] = "",
) -> None:
    """Print what makes a web server take one click by itself, without `newsletter serve`.

    A block for nginx or Apache, which need the pages of --out, or one PHP file that has them inside. The server answers
    and writes a log without addresses; `newsletter returns --access-log` and each send read it.
    """
    from newsletter.web.page_templates import Publisher
    from newsletter.web.subscribers.one_click import OneClickFiles
    from newsletter.workflow.steps.files import write_files

    session: Session = context.obj
    settings = session.workspace.settings
    publisher = Publisher.of(settings, settings.newsletter.language)
    pages = folder or (str(out.absolute() / "pages") if out else "/srv/one-click/pages")
    files = OneClickFiles(publisher, settings.links.pages_url, pages, log)
    name, text = files.settings_of(server)
    if not settings.links.pages_url:
        session.warn(phrase("cli.one_click.has_no_address"))
    if out is None:
        session.tell(text.removesuffix("\n"))
        return
    written = write_files(out, {name: text.encode()})
    if server != "php":
        written += write_files(out / "pages", files.pages())
    for path in written:
        session.tell(str(path))
    session.say(phrase("cli.one_click.written"))
