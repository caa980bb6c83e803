"""`newsletter preview`: the studio on a port of this machine, until Ctrl-C.

Touches: network, browser, the workspace.
"""

import os
from collections.abc import Callable

from newsletter.catalogue import Said, phrase
from newsletter.settings.workspace import Workspace
from newsletter.web.browser import find_browser
from newsletter.web.guard import new_token
from newsletter.web.server import listen, run_server

from .app import studio_app
from .workspace_letters import WorkspaceLetters

HOST = "127.0.0.1"


def run_preview(
    workspace: Workspace,
    issue: str | None,
    *,
    port: int,
    browser: bool,
    language: str | None,
    tell: Callable[[str], None],
    say: Callable[[Said], None],
) -> None:
    """Serve until SIGINT or SIGTERM. The first thing told, once the page answers, is its address, alone.

    The address has a start token in it; only who sees it here can open the page. Its pages are in `language`, or the
    newsletter's.

    Raises UsageError for an unknown issue and UnavailableError for a taken port, before anything is told.
    """
    letters = WorkspaceLetters(workspace, issue, os.environ, language)
    listener = listen(HOST, port)
    token = new_token()
    address = f"{listener.url}/{token}/"

    def ready() -> None:
        tell(address)
        say(phrase("web.studio.ready"))
        if browser and (open_page := find_browser()) is not None:
            open_page(address)

    run_server(studio_app(letters, workspace.root, token), listener, ready=ready)
