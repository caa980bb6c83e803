"""A process that sends what is planned, and kills itself where it is told to.

It ends with 0, with what the run's stop says, or as an older ledger or a former list_id is refused; told a moment,
SIGKILL ends it there, the so-and-so-manieth time.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from newsletter.dispatch.event_loop import run_to_end
from newsletter.dispatch.run import run_deliveries
from newsletter.errors import RefusedError
from newsletter.ledger import lease_watch, lock_file
from newsletter.ledger.lease_watch import LEASE_LASTS
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.smtp.failpoints import Failpoint, OnFailpoint, no_failpoint
from tests.support.books import LIST, workspace_at
from tests.support.smtp_runs import compose, policy

CONNECTIONS = 4


def killer(
    where: Failpoint, count: int, asleep: "Event | None" = None, writing: "threading.Lock | None" = None
) -> OnFailpoint:
    """A callback that ends this process as nothing else would: no handler, no `finally`, no flush.

    With `asleep` it is only stopped there, until somebody continues it; the event is set just before. Never while it is
    `writing`: what it has locked in the book would stay locked for everybody.
    """
    left, writing = count, writing or threading.Lock()

    def tell(moment: Failpoint) -> None:
        nonlocal left
        left -= moment is where
        if left == 0 and asleep:
            left = -1
            with writing:
                asleep.set()
                # To this very thread: sent to the process, another may take it while this one goes on into the book.
                signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)
        elif left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return tell


def hold_while_writing(ledger: Ledger, writing: threading.Lock) -> None:
    """Each turn and each claim holds the lock, in whichever thread it is, and a turn that is begun until its commit."""

    def under(write: Callable[..., object]) -> Callable[..., object]:
        def held(*args: object, **named: object) -> object:
            with writing:
                return write(*args, **named)

        return held

    begin = ledger.begin_turn

    def begin_held(*turn: Any) -> Callable[[], frozenset[int]] | None:  # noqa: ANN401 - whatever a turn is
        if not writing.acquire(blocking=False):
            return None
        if (commit := begin(*turn)) is None:
            writing.release()
            return None

        def commit_held() -> frozenset[int]:
            try:
                return commit()
            finally:
                writing.release()

        return commit_held

    held_ones = {"turn": under(ledger.turn), "claim": under(ledger.claim), "begin_turn": begin_held}
    for name, held in held_ones.items():
        setattr(ledger, name, held)


def drive(
    root: Path,
    url: str,
    dispatch: int,
    port: int,
    where: Failpoint | None,
    count: int,
    first: int | None = None,
    patience: timedelta = LEASE_LASTS,
    asleep: "Event | None" = None,
    names: Sequence[str] = (LIST,),
    boot_id: Path | None = None,
) -> None:
    """Ends the process, in one way or the other. `patience` is how long another process may be silent.

    `names` are the newsletter's in the settings, the newest last. `boot_id` holds another machine's.
    """
    writing = threading.Lock()
    on_failpoint = killer(where, count, asleep, writing) if where else no_failpoint
    lease_watch.SEEN_FOR = timedelta()  # a test writes silence into the book, and waits for nobody
    if boot_id:
        lock_file._BOOT_ID = boot_id
    try:
        with open_ledger(workspace_at(root, url), Purpose.SENDING, lease_lasts=patience) as ledger:
            ledger.require_newsletter(names[-1], names[:-1])
            if asleep:
                hold_while_writing(ledger, writing)
            plan = policy(port, connections=CONNECTIONS, first=first)
            report = run_to_end(run_deliveries(ledger, dispatch, compose, plan, on_failpoint=on_failpoint))
    except RefusedError as error:
        sys.exit(error.exit_code)
    sys.exit(report.stopped.exit_code if report.stopped else 0)


if __name__ == "__main__":
    _root, _url, _dispatch, _port = sys.argv[1:]
    drive(Path(_root), _url, int(_dispatch), int(_port), None, 0)
