"""Read what came back: from the sources that are named, or those of `[returns]`. Touches: the sources, the ledger.

Nobody who wants to leave is refused: the ledger is made where there is none, and returns of every newsletter that it
knows are understood.
"""

from collections.abc import Sequence

from newsletter.catalogue import phrase
from newsletter.errors import UsageError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.progress import Advance
from newsletter.returns.model import Return
from newsletter.returns.summary import ReturnsSummary
from newsletter.settings.workspace import Workspace

from .steps.read_returns import ReturnsReading
from .steps.return_sources import NamedSources, sources_of


def read_returns(workspace: Workspace, named: NamedSources, *, advance: Advance) -> ReturnsSummary:
    """What it came to.

    UsageError (64) where no source is named anywhere, InputError (65) for what is no Maildir or mbox, UnavailableError
    (69) where a server does not answer or refuses the login.
    """
    sources = sources_of(workspace, named)
    if not sources:
        raise UsageError(phrase("workflow.returns.no_source"), hint=phrase("workflow.returns.name_one"))
    with open_ledger(workspace, Purpose.PAGES) as ledger:
        reading = ReturnsReading(workspace, ledger, read_message)
        for source in sources:
            reading.read(source, advance)
        return reading.summary


def read_message(_octets: bytes) -> Sequence[Return]:
    """What one message says."""
    return ()
