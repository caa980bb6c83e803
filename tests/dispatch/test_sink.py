"""Postfix's smtp-sink as a second, independent receiver: it must be installed, or these tests fail."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.ledger.ledger import Ledger
from tests.support.books import tally
from tests.support.smtp_runs import sending
from tests.support.smtp_sink import smtp_sink

pytestmark = pytest.mark.usefixtures("each_way")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where smtp-sink, as another user, can write: pytest keeps its own folders closed to others."""
    with tempfile.TemporaryDirectory() as path:
        yield Path(path)


def test_postfix_takes_every_message_whole(ledger: Ledger, folder: Path) -> None:
    with smtp_sink(folder) as port:
        job = sending(ledger, 100, port, connections=10)
        report = job.run()
    assert report.stopped is None
    assert tally(ledger, job.dispatch) == {"sent": 100}
    kept = [path.read_bytes() for path in folder.iterdir()]
    assert len(kept) == 100
    assert all(b"\n.dots\nand words" in message.replace(b"\r\n", b"\n") for message in kept)


def test_what_postfix_refuses_softly_is_deferred(ledger: Ledger, folder: Path) -> None:
    with smtp_sink(folder, "-r", "rcpt") as port:
        job = sending(ledger, 10, port)
        job.run()
    assert tally(ledger, job.dispatch) == {"deferred": 10}


def test_what_postfix_refuses_hard_waits_and_pauses_when_it_is_many(ledger: Ledger, folder: Path) -> None:
    with smtp_sink(folder, "-f", "rcpt", "-B", "550 5.7.1 not from you") as port:
        job = sending(ledger, 60, port)
        report = job.run()
    assert report.stopped is not None
    assert report.stopped.exit_code == 77
    assert 21 <= tally(ledger, job.dispatch)["deferred"] <= 23


def test_a_postfix_that_hangs_up_before_the_dot_leaves_nobody_in_doubt(ledger: Ledger, folder: Path) -> None:
    with smtp_sink(folder, "-Q", "data") as port:
        job = sending(ledger, 10, port)
        job.run()
    counts = tally(ledger, job.dispatch)
    assert counts.keys() <= {"deferred", "planned"}
