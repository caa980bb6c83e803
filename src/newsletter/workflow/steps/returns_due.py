"""Read what came back before anything is sent, under `send --due`. Touches: the sources of `[returns]`, the ledger.

Whoever is gone gets nothing more. A mailbox that cannot be read keeps no letter from going out: it is told as soon as
it is news, and daily while it lasts.
"""

from newsletter.catalogue import Said
from newsletter.errors import NewsletterError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import reason_said
from newsletter.report.announcement import Announcement, Occasion
from newsletter.returns.summary import ReturnsSummary

from .cron_run import CronRun
from .read_returns import ReturnsReading
from .return_sources import NamedSources, sources_of

_COMMAND = "newsletter returns"


def read_returns_first(cron: CronRun, ledger: Ledger) -> list[int]:
    """The exit codes of what could not be read."""
    try:
        summary = _read(cron, ledger)
    except NewsletterError as error:
        summary = ReturnsSummary(failures=[error])
    if any(source.messages for source in summary.sources):
        cron.say(summary.said(reason_said))
    if held_back := summary.held_back():
        _tell(cron, "returns are held back", held_back)
    for failure in summary.failures:
        _tell(cron, f"returns {type(failure).__name__}", failure, failure.exit_code)
    return [failure.exit_code for failure in summary.failures]


def _read(cron: CronRun, ledger: Ledger) -> ReturnsSummary:
    sources = sources_of(cron.workspace, NamedSources())
    reading = ReturnsReading(cron.workspace, ledger)
    reading.read_all(sources, lambda _done, _total: None)
    return reading.summary


def _tell(cron: CronRun, trouble: str, words: Said, exit_code: int = 0) -> None:
    cron.tell(trouble, Announcement(Occasion.ERROR, words, None, exit_code, next_command=_COMMAND))
