"""A process that sends on one of the machines, with that machine's wrong clock. Touches: namespaces, ledger, network.

Its clock is set meanwhile by SIGUSR1 (ten minutes on) and SIGUSR2 (ten minutes back): only the wall's, as where a
person or a time server sets it.
"""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path

import time_machine

from newsletter.dispatch import claim_queue, reconnecting, run
from newsletter.dispatch.event_loop import run_to_end
from newsletter.dispatch.run import run_deliveries
from newsletter.errors import NewsletterError, RunAgainError
from newsletter.ledger import brief_locks, engines, lease_watch, leases
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from tests.support.books import LIST, workspace_at
from tests.support.smtp_runs import address, compose, policy

from .network import HERE, enter

CONNECTIONS = 8
"""Of all machines together: their relay is one."""
JUMP = timedelta(minutes=10)
_CLAIMED = 2
"""Deliveries for each connection at once: few, so that none of the machines has them all and all are at work."""


@dataclass(frozen=True)
class Order:
    """What a sender is told."""

    machine: int
    root: Path
    url: str
    dispatch: int
    port: int
    wrong_by: timedelta
    """How far its machine's clock is ahead."""
    lasts: timedelta
    """A lease."""


def shorten_leases(lasts: timedelta) -> None:
    """All that goes by their length, in proportion: nobody has to wait for a minute."""
    by = lasts / lease_watch.LEASE_LASTS
    lease_watch.HEARTBEAT_EVERY *= by
    lease_watch._LOOK_EVERY *= by
    vars(run)["HEARTBEAT_EVERY"] = lease_watch.HEARTBEAT_EVERY  # its own name for it
    run._LOOK_AGAIN *= by
    run._AT_LEAST *= by
    reconnecting._FIRST, reconnecting._LONGEST = reconnecting._FIRST * by, reconnecting._LONGEST * by
    leases._LEASE_SECONDS = lasts.total_seconds()
    leases.LEFT_AT_THE_END *= by
    brief_locks.IDLE_SECONDS = max(1, round(brief_locks.IDLE_SECONDS * by))
    # TCP knows whole seconds, and libpq none below two.
    engines._FOR_A_CONNECTION = max(2, round(engines._FOR_A_CONNECTION * by))
    engines._LINK.update({name: max(1, round(value * by)) for name, value in engines._LINK.items()})


def send(order: Order, begun: Event) -> None:
    """Ends the process: with 0, or as what stopped it says."""
    travel = time_machine.travel(datetime.now(UTC) + order.wrong_by)
    clock = travel.start()
    signal.signal(signal.SIGUSR1, lambda *_: clock.shift(JUMP))
    signal.signal(signal.SIGUSR2, lambda *_: clock.shift(-JUMP))
    enter(order.machine)
    os.chdir(order.root)
    shorten_leases(order.lasts)
    vars(claim_queue)["FOR_EACH_CONNECTION"] = _CLAIMED
    begun.set()
    try:
        sys.exit(_send(order))
    except NewsletterError as error:
        sys.stderr.write(f"{os.uname().nodename}: {error}\n")
        sys.exit(error.exit_code)


def _send(order: Order) -> int:
    patience = max(2, round(30 * (order.lasts / timedelta(seconds=60))))
    workspace = workspace_at(order.root, order.url)
    with open_ledger(workspace, Purpose.SENDING, lease_lasts=order.lasts, patience=patience) as ledger:
        ledger.require_newsletter(LIST)
        rules = policy(order.port, server=address(order.port, host=HERE), connections=CONNECTIONS)

        async def until_told() -> int:
            stop = asyncio.Event()
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
            report = await run_deliveries(ledger, order.dispatch, compose, rules, stop=stop)
            if report.stopped and report.stopped.exit_code != RunAgainError.exit_code:
                sys.stderr.write(f"{os.uname().nodename}: {report.stopped.reason}\n")
            return report.stopped.exit_code if report.stopped else 0

        return run_to_end(until_told())
