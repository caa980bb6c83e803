"""Commands that open a page: preview, demo, serve. Touches: what the workflows and the web apps touch."""

from typing import Annotated

import typer

from .app import NewestArgument, app, command
from .session import Session

_WRITE = "Write and look"
_SERVE = "Serve and schedule"
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]


@command(app, "preview", panel=_WRITE)
def preview(
    session: Session,
    issue: NewestArgument = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: a free one.", show_default=True)] = 0,
    no_browser: NoBrowser = False,
) -> None:
    """Show the letter in the browser, live.

    It reloads when a file is saved. Its address is the first line on standard output.
    """
    from newsletter.web.studio.serve import run_preview

    language = session.workspace.settings.newsletter.language
    run_preview(
        session.workspace,
        issue,
        port=port,
        browser=not no_browser,
        tell=session.tell,
        say=lambda said: session.say(said.in_language(language)),
    )


@command(app, "demo", panel=_WRITE)
def demo(session: Session, no_browser: NoBrowser = False) -> None:
    """Walk the whole way on this machine: a letter to the example subscribers, their inbox, and one click to leave."""
    from .demo import demo as run_demo

    run_demo(session, browser=not no_browser)


@command(app, "serve", panel=_SERVE)
def serve(
    session: Session,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: a free one.")] = 8025,
) -> None:
    """Serve the subscribers' pages: one click to leave.

    Answers /u/<token> and /healthz. Put it behind a web server with TLS and name that in [links] pages_url.
    """
    from newsletter.web.page_templates import Publisher
    from newsletter.web.server import listen, run_server
    from newsletter.web.subscribers.app import pages_app
    from newsletter.workflow.serve import leaving

    settings = session.workspace.settings
    listener = listen(host, port)
    with leaving(session.workspace) as public:
        app = pages_app(
            read_token=public.read_token,
            is_suppressed=public.is_suppressed,
            suppress=public.suppress,
            publisher=Publisher(settings.newsletter.name, settings.institute.name, settings.newsletter.language),
        )
        run_server(app, listener, ready=lambda: session.tell(listener.url))
