"""Postfix's smtp-sink as a second, independent receiver: it must be installed, or these tests fail."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsletter.ledger.book import Ledger
from tests.support.books import tally
from tests.support.smtp_receiver import OFFERS
from tests.support.smtp_runs import sending

pytestmark = pytest.mark.usefixtures("each_way")


@contextmanager
def smtp_sink(folder: Path, *options: str) -> Iterator[int]:
    program = shutil.which("smtp-sink", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/libexec/postfix")
    if program is None:
        pytest.fail("smtp-sink is not installed (Debian: apt install postfix)")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    folder.chmod(0o777)
    plain = [] if "PIPELINING" in OFFERS.now else ["-p"]
    command = [program, *user, *plain, *options, "-d", f"{folder}/%M.", f"127.0.0.1:{port}", "100"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            _wait_for(port, process)
            yield port
        finally:
            process.terminate()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"smtp-sink did not start: {process.stderr.read() if process.stderr else ''!r}")
            time.sleep(0.02)
        else:
            return


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


def test_what_postfix_refuses_hard_fails_and_pauses_when_it_is_many(ledger: Ledger, folder: Path) -> None:
    with smtp_sink(folder, "-f", "rcpt", "-B", "550 5.7.1 not from you") as port:
        job = sending(ledger, 60, port)
        report = job.run()
    assert report.stopped is not None
    assert report.stopped.exit_code == 77
    assert 21 <= tally(ledger, job.dispatch)["failed"] <= 23


def test_a_postfix_that_hangs_up_before_the_dot_leaves_nobody_in_doubt(ledger: Ledger, folder: Path) -> None:
    with smtp_sink(folder, "-Q", "data") as port:
        job = sending(ledger, 10, port)
        job.run()
    counts = tally(ledger, job.dispatch)
    assert counts.keys() <= {"deferred", "planned"}
