"""Processes that bring deliveries to `sent` without a relay, as fast as the ledger lets them. Touches: its database."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from newsletter.ledger.leases import Lease
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Claim
from tests.support.books import sent, workspace_at

CLAIM = 200
"""Deliveries."""


@dataclass(frozen=True)
class Load:
    """What each process does."""

    url: str
    dispatch: int
    turn: int
    without: Collection[str] = ()


@dataclass
class Done:
    """What one process did. Seconds; moments are of the clock that all processes share."""

    claims: list[float]
    cpu: float
    begun_last: float
    """When a turn last let a dot be written."""
    sent: int


class Workers:
    """Processes that are at it, until there is nothing to claim."""

    def __init__(self, load: Load, processes: int) -> None:
        fork = get_context("fork")  # nothing is opened yet, and it costs no imports
        self._pool = fork.Pool(processes)
        self._all = self._pool.map_async(_work, [load] * processes, chunksize=1)

    def ended(self) -> list[Done]:
        found = self._all.get()
        self._pool.close()
        self._pool.join()
        return found


def _work(load: Load) -> Done:
    with TemporaryDirectory() as name, open_ledger(workspace_at(Path(name), load.url), Purpose.SENDING) as book:
        done = Done([], 0.0, 0.0, 0)
        cpu = time.process_time()
        with book.lease(book.now()) as lease:
            begun: list[Claim] = []
            while claims := _claim(book, lease, load, done):
                for start in range(0, len(claims), load.turn):
                    these = claims[start : start + load.turn]
                    lost = book.turn([sent(one) for one in begun], these, book.now())
                    done.sent += len(begun)
                    begun = [one for one in these if one.delivery not in lost]
                    if begun:
                        done.begun_last = time.monotonic()
            book.turn([sent(one) for one in begun], [], book.now())
            done.sent += len(begun)
        done.cpu = time.process_time() - cpu
        return done


def _claim(book: Ledger, lease: Lease, load: Load, done: Done) -> list[Claim]:
    began = time.perf_counter()
    claims = book.claim(load.dispatch, lease, CLAIM, book.now(), without=load.without)
    done.claims.append(time.perf_counter() - began)
    return claims
