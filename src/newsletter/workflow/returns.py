"""Read what came back: from the sources that are named, or those of `[returns]`. Touches: the sources, the ledger.

Nobody who wants to leave is refused: the ledger is made where there is none, and returns of every newsletter that it
knows are understood.
"""

from typing import BinaryIO

from newsletter.catalogue import phrase
from newsletter.errors import NewsletterError, RunAgainError, UsageError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.progress import Advance
from newsletter.returns.summary import ReturnsSummary
from newsletter.settings.workspace import Workspace

from .steps.access_log import read_access_log
from .steps.own_maildir import keep_message, own_maildir, take_back
from .steps.read_returns import ReturnsReading
from .steps.return_sources import NamedSources, access_log_of, sources_of


def read_returns(workspace: Workspace, named: NamedSources, *, advance: Advance) -> ReturnsSummary:
    """What it came to.

    UsageError (64) where no source is named anywhere, InputError (65) for what is no Maildir, mbox or log,
    UnavailableError (69) where a server does not answer or refuses the login; of several sources the others are read
    first.
    """
    sources, log = sources_of(workspace, named), access_log_of(workspace, named)
    if not sources and log is None:
        raise UsageError(phrase("workflow.returns.no_source"), hint=phrase("workflow.returns.name_one"))
    with open_ledger(workspace, Purpose.PAGES) as ledger:
        reading = ReturnsReading(workspace, ledger)
        reading.read_all(sources, advance)
        if log is not None:
            try:
                reading.summary.logs.append(read_access_log(workspace, ledger, log, advance=advance))
            except NewsletterError as error:
                reading.summary.failures.append(error)
        return reading.summary


def read_one_return(workspace: Workspace, stream: BinaryIO) -> ReturnsSummary:
    """One message that a mail system hands over. RunAgainError (75) where it has to do so again, and nothing else.

    What waits for another hour stays with us; the next reading of `[returns]` goes on with it.
    """
    place = ""
    try:
        place = keep_message(workspace, stream)
        with open_ledger(workspace, Purpose.PAGES) as ledger:
            reading = ReturnsReading(workspace, ledger)
            if place:
                reading.read(own_maildir(workspace, only=place), lambda _done, _total: None)
            return reading.summary
    except NewsletterError as error:
        if place:
            take_back(workspace, place)
        raise RunAgainError(error.message, hint=error.hint) from error
