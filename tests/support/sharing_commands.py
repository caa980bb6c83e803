"""Several commands that send one issue, each a process of its own, and how fast a relay saw their messages.

Touches: the test's own ledger, processes.
"""

import asyncio
import signal
import sys
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

import sqlalchemy as sa

from newsletter.dispatch.event_loop import run_to_end
from newsletter.dispatch.policy import Policy
from newsletter.dispatch.run import run_deliveries
from newsletter.dispatch.signals import stopped_by_signals
from newsletter.ledger import lock_file
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.schema import leases
from newsletter.ledger.states import PlannedDelivery

from .books import hash_of, workspace_at
from .senders import FORKS
from .smtp_runs import compose, policy

_FOR_EVER = 120.0
"""Seconds; what takes longer does not happen any more."""


def start_command(root: Path, url: str, dispatch: int, rules: Policy, machine: str = "") -> BaseProcess:
    """`machine` is a name for another one than this: `root` is a folder of its own then."""
    process = FORKS.Process(target=_send, args=(root, url, dispatch, rules, machine))
    process.start()
    return process


class Commands:
    """Some that send one dispatch on this machine."""

    def __init__(self, root: Path, url: str, dispatch: int, port: int, **changes: object) -> None:
        self._told = (root, url, dispatch)
        self._port = port
        self._changes = changes
        self._started: list[BaseProcess] = []

    def start(self, number: int, machine: str = "", **changes: object) -> None:
        """So many; with a name, on a machine of their own, for which the URL must have the whole path."""
        root, url, dispatch = self._told
        folder = root / machine
        folder.mkdir(exist_ok=True)
        rules = policy(self._port, **{**self._changes, **changes})
        self._started += [start_command(folder, url, dispatch, rules, machine) for _ in range(number)]

    def join(self, *codes: int) -> None:
        """All that were not killed end by themselves, with one of these codes, or with nothing to complain of."""
        for process in self._started:
            process.join()
        assert {process.exitcode for process in self._started} <= {*(codes or {0}), -signal.SIGKILL}

    def stop(self) -> None:
        """As SIGTERM does: what is on its way ends, what is held goes back."""
        for process in self._started:
            process.terminate()

    def wait_until(self, condition: Callable[[], bool]) -> None:
        until = time.monotonic() + _FOR_EVER
        while not condition():
            assert time.monotonic() < until
            assert any(process.is_alive() for process in self._started)
            time.sleep(0.05)

    def kill_one_that_sent(self, book: Ledger) -> None:
        pid = self.who_sent(book)[0]
        (process,) = (one for one in self._started if one.pid == pid)
        process.kill()
        process.join()

    def who_sent(self, book: Ledger) -> list[int]:
        """The numbers of those processes that have begun a message."""
        with book._database.read() as connection:
            query = sa.select(leases.c.pid).where(leases.c.begun > 0).order_by(leases.c.id)
            return [int(pid) for (pid,) in connection.execute(query)]


def _send(root: Path, url: str, dispatch: int, rules: Policy, machine: str) -> None:
    if machine:
        lock_file._BOOT_ID = root / "boot_id"
        lock_file._BOOT_ID.write_text(machine, encoding="ascii")

    async def run() -> int:
        stop, drop = asyncio.Event(), asyncio.Event()
        with stopped_by_signals(stop, drop):
            report = await run_deliveries(ledger, dispatch, compose, rules, stop=stop, drop=drop)
        return report.stopped.exit_code if report.stopped else 0

    with open_ledger(workspace_at(root, url), Purpose.SENDING) as ledger:
        code = run_to_end(run())
    sys.exit(code)


def readers_at(*domains: str, count: int) -> list[PlannedDelivery]:
    """So many, taking turns."""
    keys = [f"reader{number}@{domains[number % len(domains)]}" for number in range(count)]
    return [PlannedDelivery(key, key, hash_of(key), "ko", {"email": key}, line) for line, key in enumerate(keys, 2)]


def in_any(seconds: float, times: Sequence[float]) -> tuple[int, int]:
    """The fewest and the most messages in any stretch of so many seconds between the first and the last."""
    times = sorted(times)
    most = max((bisect_left(times, time + seconds) - place for place, time in enumerate(times)), default=0)
    ends = (time for time in times if time + seconds <= times[-1])
    fewest = min((bisect_left(times, time + seconds) - bisect_left(times, time) for time in ends), default=0)
    # The emptiest stretch begins right after a message.
    return max(0, fewest - 1), most


def times_of(log: Iterable[dict[str, object]], domain: str = "") -> list[float]:
    """When the receiver had them, in its own log."""
    return sorted(float(str(line["at"])) for line in log if str(line["rcpt"]).endswith(domain))
