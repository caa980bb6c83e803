"""What the senders send to: Postfix's smtp-sink, our faster receiver, and a line with a delay. Touches: loopback."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from smtplib import SMTP
from socket import socket

from letter import SENDER

HERE = Path(__file__).resolve().parent
START_WITHIN = 20.0
"""Seconds that a receiver has to answer its first connection."""


def build_receiver(folder: Path) -> Path:
    """The receiver, compiled; needs a C compiler."""
    program = folder / "receiver"
    subprocess.run(["cc", "-O2", "-Wall", "-o", str(program), str(HERE / "receiver.c")], check=True)
    return program


@contextmanager
def fast_receiver(program: Path) -> Iterator[int]:
    """Yields its port."""
    with _running([str(program)]) as port:
        yield port


@contextmanager
def delay(to_port: int, one_way_ms: float) -> Iterator[int]:
    """Yields the port of the near end."""
    with _running([sys.executable, str(HERE / "delay.py"), str(to_port), str(one_way_ms)]) as port:
        yield port


@contextmanager
def smtp_sink() -> Iterator[int]:
    """Postfix's own sink, which offers what it does by default. Yields its port."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    command = ["smtp-sink", *user, f"127.0.0.1:{port}", "500"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _running(command: list[str]) -> Iterator[int]:
    """A program that prints its port first."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.communicate()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + START_WITHIN
    while True:
        try:
            with SMTP("127.0.0.1", port, timeout=START_WITHIN) as smtp:
                smtp.mail(SENDER)
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
