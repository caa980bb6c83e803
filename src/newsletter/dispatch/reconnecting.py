"""Ask the ledger again while its database is out of reach. Touches: the ledger, in the thread of whoever asks.

    out of reach ─▶ asked again, at least each second ─▶ answered: the run goes on
                           └─▶ the lease is nearly over, or somebody cannot wait: the error stands, and ends the run

Meanwhile no mark becomes durable, so no dot is written, and what the relay says is kept. Everything that is asked again
may have been done already, its answer lost with the link; so it must do no more when it is done twice:

- a turn is known by its number (ledger/outcomes.py);
- a claim hands out what its lease has and was not handed out;
- a heartbeat, the begin and the end of a run, a canary, a pause, a lesson write what they find written;
- what was thought again about a refusal is changed only where it still is as it was;
- a block of a window that is taken twice goes unused. Giving one back is done once at most (budget.py).

Limits: a full disk, a database that may not be written, a file that was taken away and a lease that has ended are not
waited for; nor is anything while the run holds no lease.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

from newsletter.ledger.database_errors import BusyError, UnreachableError
from newsletter.ledger.leases import Lease
from newsletter.ledger.ledger import Ledger

_FIRST, _LONGEST = 0.2, 1.0
"""Seconds between two tries; the wait doubles. A server that was restarted is found within the last of them."""

_Answer = TypeVar("_Answer")


class Reconnecting:
    """Of one run; one question at a time."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._lease: Lease | None = None
        self._cannot_wait = threading.Event()
        self._hung: UnreachableError | None = None
        self._is_away = False

    def hold_to(self, lease: Lease) -> None:
        """From now on what is asked is asked again until shortly before this lease is over."""
        self._lease = lease

    def answer(self, question: Callable[[], _Answer]) -> _Answer:
        """What the ledger answers. May take as long as the lease; raises what the ledger raises."""
        wait = _FIRST
        while True:
            try:
                answer = self._ask(question)
            except UnreachableError:
                if not self._may_wait():
                    raise
                self._is_away = True
            except BusyError:
                # The server may still be at a turn of before, whose link is gone.
                if not self._is_away or not self._may_wait():
                    raise
            else:
                self._is_away = False
                return answer
            self._cannot_wait.wait(wait)
            wait = min(2 * wait, _LONGEST)

    def hurry(self) -> None:
        """Somebody cannot wait until it comes back: everything is asked once more, and no further time."""
        self._cannot_wait.set()

    def leave(self, error: UnreachableError) -> None:
        """It does not answer and does not hang up, so we do; nothing is asked of it any more."""
        self._hung = error
        self.hurry()
        self._ledger.hang_up()

    def _ask(self, question: Callable[[], _Answer]) -> _Answer:
        if self._hung is not None:
            raise self._hung
        return question()

    def _may_wait(self) -> bool:
        return self._lease is not None and self._lease.seconds_left > 0 and not self._cannot_wait.is_set()
