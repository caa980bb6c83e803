"""A process that is stopped for longer than its lease lasts, and wakes up: what it held has gone on without it."""

import os
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.errors import RefusedError
from newsletter.ledger.states import State
from newsletter.smtp.failpoints import Failpoint
from tests.support.books import NOW
from tests.support.postgres import cluster

from .driver import CONNECTIONS
from .scene import READERS, Scene, scene

NONE = timedelta(seconds=-1)
"""The patience of a process that takes every other one's silence for too long."""


def sleep_through(play: Scene) -> None:
    """The first process is stopped in the middle, the second does its work, and then the first goes on."""
    sleeper = play.stop_at(Failpoint.BEFORE_COMMIT, 25)
    other = play.start(patience=NONE)
    other.join()
    assert other.exitcode == 0
    assert play.ledger.counts(play.dispatch)[State.IN_DOUBT]
    with pytest.raises(RefusedError, match="still lives"):
        play.ledger.resolve(play.dispatch, as_sent=False, now=NOW)
    assert sleeper.pid
    os.kill(sleeper.pid, signal.SIGCONT)
    sleeper.join()
    received = Counter(play.receiver.recipients())
    assert max(received.values()) == 1
    assert len(received) >= READERS - 2 * CONNECTIONS
    play.assert_account_is_right()


def test_who_wakes_up_late_sends_nothing_twice(tmp_path: Path) -> None:
    with scene(tmp_path) as play:
        sleep_through(play)


def test_on_postgresql_neither(tmp_path: Path) -> None:
    with cluster() as server, scene(tmp_path, server.schema()) as play:
        sleep_through(play)
