"""The command as people and scripts run it: a process of its own, with nothing of the tester's settings."""

import atexit
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from select import select
from signal import SIGKILL

from tests.support.fork_server import ForkServer

COMMAND = [sys.executable, "-m", "newsletter"]
PATIENCE = 240
"""Seconds; more is a hang."""
_BEFORE_THE_FIRST_LINE = ("PYTHON", "LC_", "LANG")
"""Settings of the interpreter, which it reads when it starts."""


def environment(**more: str) -> dict[str, str]:
    """This process's environment without any setting of a newsletter, in English, and with `more`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")}
    return {**clean, "TZ": "Asia/Seoul", "NEWSLETTER_LANG": "en", **more}


def newsletter(*words: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end, without a terminal: a process of its own, which had not to load everything first."""
    if any(name.startswith(_BEFORE_THE_FIRST_LINE) for name in environ):
        return loaded_anew(*words, cwd=cwd, **environ)
    with ExitStack() as open_files:
        nothing = open_files.enter_context(Path(os.devnull).open("rb"))
        out, err = (open_files.enter_context(tempfile.TemporaryFile()) for _ in range(2))
        streams = [nothing.fileno(), out.fileno(), err.fileno()]
        line = _server().ask(list(words), str(cwd), environment(**environ), streams)
        told = open_files.enter_context(os.fdopen(line, encoding="ascii"))
        pid = int(told.readline())
        if not select([told], [], [], PATIENCE)[0]:
            os.kill(pid, SIGKILL)
            raise subprocess.TimeoutExpired(words, PATIENCE)
        code = int(told.readline())
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess([*COMMAND, *words], code, _text(out.read()), _text(err.read()))


def loaded_anew(*words: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """The same by an interpreter of its own, as people start it."""
    return subprocess.run(
        [*COMMAND, *words],
        cwd=cwd,
        env=environment(**environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@cache
def _server() -> ForkServer:
    server = ForkServer()
    atexit.register(server.close)
    return server


def _text(data: bytes) -> str:
    return data.decode().replace("\r\n", "\n")


def started(*words: str, cwd: Path, **environ: str) -> subprocess.Popen[str]:
    """Start a command and go on; both streams are pipes."""
    return subprocess.Popen(
        [*COMMAND, *words],
        cwd=cwd,
        env=environment(**environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
