"""Postfix's smtp-sink on a port of its own; it offers pipelining if `OFFERS` does. Touches: a process, a folder."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .smtp_receiver import OFFERS


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
