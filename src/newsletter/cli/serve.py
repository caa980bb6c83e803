"""`newsletter serve`: the subscribers' pages. Touches: what the web app touches."""

from typing import Annotated

import typer

from .session import Session


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: a free one.")] = 8025,
) -> None:
    """Serve the subscribers' pages: one click to leave, and the archive.

    Answers /u/<token>, /archive/ (what was built in dir of [archive]) and /healthz. Put it behind a web server with
    TLS and name that in [links] pages_url.
    """
    from newsletter.archive.view_count import with_views
    from newsletter.web.page_templates import Publisher
    from newsletter.web.server import listen, public_limits, run_server
    from newsletter.web.subscribers.app import pages_app
    from newsletter.web.subscribers.archive import ArchiveSite
    from newsletter.web.subscribers.visits import PageVisits
    from newsletter.workflow.serve import leaving

    session: Session = context.obj
    settings = session.workspace.settings
    language = session.chosen_language or settings.newsletter.language
    listener = listen(host, port)
    with (
        leaving(session.workspace, session.warn) as public,
        PageVisits(public.save_views, public.today) as visits,
    ):
        if refused := public.why_not_sent():
            session.warn(refused)
        app = pages_app(
            public,
            publisher=Publisher.of(settings, language),
            archive=ArchiveSite(session.workspace.archive, visits, with_views),
        )
        run_server(app, listener, limits=public_limits(), ready=lambda: session.tell(listener.url))
