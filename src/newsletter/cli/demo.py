"""`newsletter demo`: set the table, walk the way, open the page.

Touches: terminal, browser, what the workflow touches.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from newsletter.catalogue import Said, phrase
from newsletter.ledger.states import NEVER_REACHED, State
from newsletter.web.browser import find_browser
from newsletter.web.demo.app import Person, inbox_app
from newsletter.web.page_templates import Publisher
from newsletter.web.server import Listener, listen, run_server
from newsletter.web.subscribers.app import pages_app
from newsletter.workflow.demo import Demo, DemoSubscriber, demo_subscribers, run_demo
from newsletter.workflow.serve import leaving
from newsletter.workflow.steps.source_workspace import source_workspace

from .progress import progress
from .session import Session

PersonState = Literal["waiting", "delivered", "failed", "unsubscribed"]


def walk_through(session: Session, *, browser: bool) -> None:
    """Send the newest issue on loopback, then show the inbox; without a terminal or a browser just say what arrived."""
    source = source_workspace(Path.cwd(), session.workspace_option)
    folder = Path(tempfile.mkdtemp(prefix="newsletter-demo-"))
    session.tell(str(folder))
    listener = listen("127.0.0.1", 0)
    try:
        with progress(session, phrase("cli.progress.sent")) as advance:
            done = run_demo(source, folder, pages_url=listener.url, advance=advance)
        session.say(_summary(done))
        if browser and sys.stdout.isatty() and (open_page := find_browser()) is not None:
            _show(session, done, listener, open_page)
    finally:
        listener.socket.close()


def _show(session: Session, done: Demo, listener: Listener, open_page: Callable[[str], None]) -> None:
    settings = done.workspace.settings
    language = session.chosen_language or settings.newsletter.language
    publisher = Publisher.of(settings, language)
    with leaving(done.workspace) as public, demo_subscribers(done) as now:
        pages = pages_app(public, publisher=publisher)
        app = inbox_app(done.inbox, pages=pages, publisher=publisher, people=lambda: _people(now()))

        def ready() -> None:
            session.tell(listener.url)
            session.say(phrase("cli.demo.inbox_is_open"))
            open_page(listener.url)

        run_server(app, listener, ready=ready)


def _summary(done: Demo) -> Said:
    counts = done.ending.counts
    return phrase(
        "cli.demo.summary",
        file=done.letter.file,
        sent=counts[State.SENT],
        total=sum(counts.values()),
        arrived=sum(1 for _ in done.inbox.glob("*.eml")),
        inbox=str(done.inbox),
    )


def _people(now: Sequence[DemoSubscriber]) -> list[Person]:
    return [Person(one.address, one.name, _state(one)) for one in now]


def _state(one: DemoSubscriber) -> PersonState:
    if one.left:
        return "unsubscribed"
    if one.state is State.SENT:
        return "delivered"
    return "failed" if one.state in NEVER_REACHED else "waiting"
