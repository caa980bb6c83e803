"""Send what waits in the ledger, for ever, with none of the workspace's files: on as many machines as wanted.

Touches: the ledger, the network, `.newsletter/` of the folder for lock files. A workspace's folder does as well as an
empty one: what is sent with stands in the ledger either way.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime

from newsletter import __version__
from newsletter.catalogue import Said
from newsletter.dispatch.clock import REAL_TIME
from newsletter.dispatch.event_loop import run_to_end
from newsletter.dispatch.signals import stopped_by_signals
from newsletter.errors import CannotWriteError
from newsletter.ledger.worker_ledger import WorkerLedger
from newsletter.settings.workspace import Workspace

from .steps.newsletter import given_list_id
from .steps.plan_each_minute import plan_each_minute
from .steps.worker_loop import WorkerLoop
from .steps.worker_place import is_server, open_for_work, require_secret
from .steps.worker_state import WorkerStatus
from .steps.worker_words import WorkerWords

_OPEN_AGAIN = 2.0
"""Seconds until a server that does not answer is tried again."""


def worker_status() -> WorkerStatus:
    """Of this process, which begins to work now."""
    return WorkerStatus(__version__, datetime.now(UTC))


def work(
    place: Workspace,
    status: WorkerStatus,
    *,
    say: Callable[[Said], None],
    warn: Callable[[Said], None],
    environ: Mapping[str, str],
    only: Collection[str] = (),
    due: Sequence[str] = (),
) -> int:
    """Until a signal asks it to end: 0, or 75 where a second one did not wait for what was in flight.

    `only`: the list_ids that are served; none: all. `due`: the command that plans and publishes what is due, where
    there is a workspace; it is run each minute. SettingsError (78) where there is no ledger, or the secret is not
    the one of its links; LedgerBehindError (77) for an older copy. A server that does not answer is waited for.
    """
    wanted = frozenset(map(given_list_id, only))
    return run_to_end(_work(place, WorkerWords(status, say, warn), environ, wanted, due))


async def _work(
    place: Workspace, words: WorkerWords, environ: Mapping[str, str], only: frozenset[str], due: Sequence[str]
) -> int:
    stop, drop = asyncio.Event(), asyncio.Event()
    with stopped_by_signals(stop, drop):  # from the first moment to the last: a signal in between would be lost
        ledger = await _opened(place, words, stop)
        if ledger is None:
            return 0
        with ledger:
            require_secret(place, ledger)
            words.begins(ledger.where)
            planning = [asyncio.create_task(plan_each_minute(due, stop))] if due else []
            try:
                return await WorkerLoop(place, ledger, words, environ, only, stop, drop).work()
            finally:
                stop.set()
                await asyncio.gather(*planning)


async def _opened(place: Workspace, words: WorkerWords, stop: asyncio.Event) -> WorkerLedger | None:
    """None where somebody asked it to end before a server answered."""
    while not stop.is_set():
        words.status.turned_at = time.monotonic()
        try:
            ledger = await asyncio.to_thread(open_for_work, place)
        except CannotWriteError as error:
            if not is_server(place):
                raise
            words.ledger_is_gone(error)
            await REAL_TIME.wait_unless(stop, _OPEN_AGAIN)
        else:
            words.ledger_answers()
            return ledger
    return None
