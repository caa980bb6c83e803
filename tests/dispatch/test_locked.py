"""A ledger that another program holds locked: a run waits for a while, and then ends without a further dot."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsletter.dispatch.stop import StopKind
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import State
from newsletter.smtp.failpoints import Failpoint
from tests.support.books import tally, workspace_at
from tests.support.smtp_receiver import receiving
from tests.support.smtp_runs import Sending, log_of, sending

READERS = 40


@contextmanager
def another_program(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of somebody else's to the same file."""
    connection = sqlite3.connect(tmp_path / ".newsletter" / "ledger.db", isolation_level=None, check_same_thread=False)
    try:
        yield connection
    finally:
        connection.close()


def locking_at(job: Sending, other: sqlite3.Connection, count: int) -> threading.Event:
    """The other program takes the lock at the run's count-th dot, and keeps it; the event says so."""
    left, locked = count, threading.Event()

    def hear(moment: Failpoint) -> None:
        nonlocal left
        left -= moment is Failpoint.AFTER_DOT
        if left == 0:
            left = -1
            other.execute("BEGIN IMMEDIATE")
            locked.set()

    job.on_failpoint = hear
    return locked


def test_a_run_waits_for_another_writer_and_goes_on(ledger: Ledger, tmp_path: Path) -> None:
    async def go(job: Sending, other: sqlite3.Connection, locked: threading.Event) -> None:
        running = asyncio.create_task(job.start())
        await asyncio.to_thread(locked.wait)
        asyncio.get_running_loop().call_later(0.3, other.execute, "COMMIT")
        assert (await running).stopped is None

    with receiving(log_of(tmp_path)) as relay, another_program(tmp_path) as other:
        job = sending(ledger, READERS, relay.port)
        asyncio.run(go(job, other, locking_at(job, other, 5)))
        assert len(relay.recipients()) == READERS
    assert tally(ledger, job.dispatch) == {"sent": READERS}


def test_a_lock_that_is_never_let_go_ends_the_run_and_loses_nobody(tmp_path: Path) -> None:
    with open_ledger(workspace_at(tmp_path), Purpose.SENDING, patience=0) as impatient:
        _a_lock_that_is_never_let_go(impatient, tmp_path)


def _a_lock_that_is_never_let_go(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay, another_program(tmp_path) as other:
        job = sending(ledger, READERS, relay.port)
        locking_at(job, other, 8)
        report = job.run()
        assert report.stopped is not None
        assert (report.stopped.kind, report.stopped.exit_code) == (StopKind.LEDGER, 73)
        before = len(relay.recipients())
        assert before < READERS
        other.execute("ROLLBACK")
        job.on_failpoint = lambda _moment: None
        assert job.run().stopped is None
        received = relay.recipients()
    assert len(received) == len(set(received))
    counts = tally(ledger, job.dispatch)
    sent = {row.key for row in ledger.deliveries(job.dispatch, (State.SENT,))}
    doubted = {row.key for row in ledger.deliveries(job.dispatch, (State.IN_DOUBT,))}
    assert sent <= set(received) <= sent | doubted
    assert counts.get("sent", 0) + counts.get("in_doubt", 0) == READERS
    assert len(doubted) <= 2 * job.policy.connections
