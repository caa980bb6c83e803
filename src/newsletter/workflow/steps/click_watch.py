"""Who leaves by a web server's log while an issue is sent: the log is read again every minute. Touches: as access_log.

A thread with a door of its own to the ledger; suppressions are read again before each claim, so what it finds counts
for whoever has not been claimed yet. Limits: a log that cannot be read any more ends no run that has begun, nor does
whatever else goes wrong with it; it is told, tried again a minute later, and the next run refuses.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from newsletter.catalogue import Said, phrase
from newsletter.errors import NewsletterError
from newsletter.ledger.records import Purpose
from newsletter.settings.system_reason import system_reason
from newsletter.settings.workspace import Workspace

from .clicks import read_clicks
from .newsletter import open_own_ledger

_EVERY = 60.0
"""Seconds."""


@contextmanager
def watching_clicks(workspace: Workspace, *, seconds: float = _EVERY) -> Iterator[list[Said]]:
    """While the block runs; its list holds warnings when the block has ended. Nothing where no log is set."""
    if not workspace.settings.returns.access_log:
        yield []
        return
    ended, warnings = threading.Event(), list[Said]()
    watch = threading.Thread(target=_watch, args=(workspace, ended, seconds, warnings), name="newsletter-clicks")
    watch.start()
    try:
        yield warnings
    finally:
        ended.set()
        watch.join()


def _watch(workspace: Workspace, ended: threading.Event, seconds: float, warnings: list[Said]) -> None:
    while not ended.wait(seconds):
        try:
            with open_own_ledger(workspace, Purpose.READ) as ledger:
                read_clicks(workspace, ledger)
        except Exception as error:  # noqa: BLE001 - else the thread would end, and nobody who leaves be known any more
            said = phrase("workflow.access_log.not_while_sending", why=_why(error))
            if said not in warnings:
                warnings.append(said)


def _why(error: Exception) -> Said:
    if isinstance(error, NewsletterError):
        return error.message
    if isinstance(error, OSError):
        return system_reason(error)
    return phrase("workflow.report.bug", kind=type(error).__name__, words=str(error))
