"""`newsletter serve`: the subscribers' pages. Touches: what the web app touches."""

from typing import TYPE_CHECKING, Annotated

import typer

from .session import Session

if TYPE_CHECKING:
    from newsletter.web.subscribers.archive import ArchiveSite
    from newsletter.web.subscribers.sign_up_calls import SignUpSite
    from newsletter.workflow.sign_up import SigningUp


def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0: a free one.")] = 8025,
) -> None:
    """Serve the subscribers' pages: sign up and confirm, one click to leave, and the archive.

    Answers /u/<token>, /subscribe and /confirm/<token> (see [subscribe]), /archive/ (what was built in dir of
    [archive]) and /healthz. Put it behind a web server with TLS and name that in [links] pages_url.
    """
    from newsletter.archive.view_count import with_views
    from newsletter.catalogue import LANGUAGES
    from newsletter.settings.values import is_loopback
    from newsletter.web.page_templates import Publisher
    from newsletter.web.server import listen, public_limits, run_server
    from newsletter.web.subscribers.app import pages_app
    from newsletter.web.subscribers.archive import ArchiveSite
    from newsletter.web.subscribers.preferences import Offered
    from newsletter.web.subscribers.visits import PageVisits
    from newsletter.workflow.serve import leaving
    from newsletter.workflow.sign_up import signing_up

    session: Session = context.obj
    settings = session.workspace.settings
    language = session.chosen_language or settings.newsletter.language
    listener = listen(host, port)
    with (
        leaving(session.workspace, session.warn) as public,
        PageVisits(public.save_views, public.today) as visits,
        signing_up(
            session.workspace, public.ledger, listener.url if is_loopback(host) else "", session.warn
        ) as sign_up,
    ):
        archive = ArchiveSite(session.workspace.archive, visits, with_views)
        if refused := public.why_not_sent():
            session.warn(refused)
        app = pages_app(
            public,
            publisher=Publisher.of(settings, language),
            offered=Offered(settings.subscribe.languages or LANGUAGES, settings.subscribe.tags),
            archive=archive,
            sign_up=None if sign_up is None else _site(sign_up, session, archive),
        )
        run_server(app, listener, limits=public_limits(), ready=lambda: session.tell(listener.url))


def _site(sign_up: "SigningUp", session: Session, archive: "ArchiveSite") -> "SignUpSite":
    from newsletter.web.subscribers.sign_up_calls import SignUpSite

    settings = session.workspace.settings
    return SignUpSite(
        offer=sign_up.offer,
        stamps=sign_up.tokens,
        ask=sign_up.ask,
        links=sign_up,
        address=sign_up.address,
        origins=settings.subscribe.origins,
        proxies=settings.subscribe.proxies,
        archive=lambda: settings.links.archive_url or ("../archive/" if archive.is_built else ""),
    )
