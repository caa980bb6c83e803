"""`newsletter preview`: the studio on a port of this machine, until Ctrl-C.

Touches: network, browser, the workspace.
"""

import os
from collections.abc import Callable

from newsletter.settings.workspace import Workspace

from .browser import find_browser
from .letter_view import WorkspaceLetters
from .server import listen, serve
from .studio import studio_app

HOST = "127.0.0.1"


def run_preview(
    workspace: Workspace,
    issue: str | None,
    *,
    port: int,
    browser: bool,
    tell: Callable[[str], None],
    say: Callable[[str], None],
) -> None:
    """Serve until SIGINT or SIGTERM. The first thing told, once the page answers, is its address, alone.

    Raises UsageError for an unknown issue and UnavailableError for a taken port, before anything is told.
    """
    letters = WorkspaceLetters(workspace, issue, os.environ)
    listener = listen(HOST, port)

    def ready() -> None:
        tell(f"{listener.url}/")
        say("The preview is live: save a file and it reloads. Ctrl-C ends it.")
        if browser and (open_page := find_browser()) is not None:
            open_page(listener.url)

    serve(studio_app(letters, workspace.root), listener, ready=ready)
