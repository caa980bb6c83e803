"""How far a long piece of work is: a bar on a terminal, plain lines otherwise, nothing under --quiet.

Touches: standard error. Plain lines come when a tenth more is done and at most one in QUIET_SECONDS, so that a log of a
million stays eleven lines and what takes a moment says nothing.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from newsletter.catalogue import Said, phrase
from newsletter.progress import Advance

from .session import Session

QUIET_SECONDS = 2.0
_LONG_FILE = 5_000
"""Lines; some half a second."""


@contextmanager
def reading(session: Session) -> Iterator[Advance]:
    """`progress` for the lines of a subscriber file; a short one is read before anybody could look."""
    with progress(session, phrase("cli.progress.read")) as advance:
        yield lambda done, total: advance(done, total) if total >= _LONG_FILE else None


@contextmanager
def progress(session: Session, what: Said) -> Iterator[Advance]:
    """Yield a function to be called with (done, total) as often as one likes."""
    if session.quiet:
        yield lambda _done, _total: None
    elif sys.stderr.isatty():
        yield from _bar(what.in_language(session.language))
    else:
        yield _lines(session, what)


def _bar(what: str) -> Iterator[Advance]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    # Data that goes on while the bar stands is written above it; into a file or a pipe it goes as it is.
    bar = Progress(*columns, console=Console(stderr=True), redirect_stdout=sys.stdout.isatty())
    task = bar.add_task(what, total=None)

    def advance(done: int, total: int) -> None:
        bar.start()  # only now: before the first step there is nothing to show; again it does nothing
        bar.update(task, completed=done, total=total)

    try:
        yield advance
    finally:
        bar.stop()


def _lines(session: Session, what: Said) -> Advance:
    told, said_at = 0, time.monotonic()

    def advance(done: int, total: int) -> None:
        nonlocal told, said_at
        tenth = done * 10 // total if total else 0
        now = time.monotonic()
        if tenth > told and (now - said_at >= QUIET_SECONDS or (told and done == total)):
            told, said_at = tenth, now
            session.warn(phrase("cli.progress.done_so_far", what=what, done=done, total=total))

    return advance
