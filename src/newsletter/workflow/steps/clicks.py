"""Know who left by a web server that takes clicks by itself, before anybody is mailed. Touches: as access_log.

Most workspaces have no such server: what reads its log is loaded only where one is set.
"""

from typing import TYPE_CHECKING

from newsletter.catalogue import lines, phrase
from newsletter.errors import RefusedError
from newsletter.ledger.ledger import Ledger
from newsletter.settings.workspace import Workspace

if TYPE_CHECKING:
    from newsletter.returns.access_log import LogRead


class ClicksUnknownError(RefusedError):
    """Who left cannot be known, so nobody is mailed."""


def read_clicks(workspace: Workspace, ledger: Ledger) -> "LogRead | None":
    """What is new in the log of `[returns] access_log`; None where none is set.

    ClicksUnknownError (77) where it cannot be read.
    """
    log = workspace.settings.returns.access_log
    if not log:
        return None
    from newsletter.returns.log_files import LogError

    from .access_log import read_access_log

    try:
        return read_access_log(workspace, ledger, workspace.root / log)
    except LogError as error:
        hint = lines(error.hint, phrase("workflow.access_log.or_without"))
        raise ClicksUnknownError(phrase("workflow.access_log.unknown", why=error.message), hint=hint) from error
