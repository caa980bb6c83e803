"""The command as people and scripts run it: a process of its own, with nothing of the tester's settings."""

import atexit
import os
import subprocess
import sys
from datetime import datetime
from functools import cache
from pathlib import Path
from select import select

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
    return _completed(started(*words, cwd=cwd, **environ))


def newsletter_given(given: bytes, *words: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """The same with this, of a few kilobytes, on its standard input."""
    read, write = os.pipe()
    with os.fdopen(read, "rb"), os.fdopen(write, "wb") as pipe:
        pipe.write(given)
        pipe.close()
        return _completed(_Forked(list(words), cwd, environment(**environ), stdin=read))


def newsletter_with(environ: dict[str, str], *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The same in an environment with nothing else in it."""
    return _completed(_Forked(list(words), cwd, environ))


def _completed(started: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    with started as process:
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


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


def started(*words: str, cwd: Path, **environ: str) -> subprocess.Popen[str]:
    """Start a command and go on; both streams are pipes."""
    return _Forked(list(words), cwd, environment(**environ))


def started_with(files: int, *words: str, cwd: Path, **environ: str) -> subprocess.Popen[str]:
    """The same; it may have so many files open."""
    return _Forked(list(words), cwd, environment(**environ), files)


def started_at(terminal: int, *words: str, cwd: Path, **environ: str) -> subprocess.Popen[str]:
    """The same, in a session of its own whose three streams are this terminal."""
    return _Forked(list(words), cwd, environment(**environ), terminal=terminal)


def started_in(clock: datetime, *words: str, cwd: Path, **environ: str) -> subprocess.Popen[str]:
    """Start a command that lives at another time: at this moment it begins, and time goes on."""
    return _Forked(list(words), cwd, environment(**environ), clock=clock)


class _Forked(subprocess.Popen[str]):
    """A process that the fork server makes; all else is as `Popen` does it.

    These three methods are where CPython 3.11 to 3.14 make a process and wait for it. It is no child of this one, so
    that its end is told by a pipe.
    """

    def __init__(
        self,
        words: list[str],
        cwd: Path,
        environ: dict[str, str],
        files: int = 0,
        terminal: int | None = None,
        clock: datetime | None = None,
        stdin: int = subprocess.DEVNULL,
    ) -> None:
        session = terminal is not None
        self._request = {
            "words": words,
            "cwd": str(cwd),
            "environ": environ,
            "files": files,
            "session": session,
            "clock": clock and clock.isoformat(),
        }
        stdin, out = (stdin, subprocess.PIPE) if terminal is None else (terminal, terminal)
        super().__init__([*COMMAND, *words], stdin=stdin, stdout=out, stderr=out, encoding="utf-8")

    def _execute_child(self, _args: object, *given: object) -> None:
        pipes = [fd for fd in given[9:15] if isinstance(fd, int)]
        stdin, _, _, stdout, _, stderr = pipes
        self._told = os.fdopen(_server().ask(self._request, [stdin, stdout, stderr]), encoding="ascii")
        self.pid = int(self._told.readline())
        self._child_created = True
        self._close_pipe_fds(*pipes)  # type: ignore[attr-defined]  # the stubs leave it out

    def _try_wait(self, wait_flags: int) -> tuple[int, int]:
        if not select([self._told], [], [], 0 if wait_flags & os.WNOHANG else None)[0]:
            return 0, 0
        with self._told:
            return self.pid, int(self._told.readline())

    def _internal_poll(self, *_given: object, **_more: object) -> int | None:
        if self.returncode is None and (found := self._try_wait(os.WNOHANG))[0]:
            self._handle_exitstatus(found[1])  # type: ignore[attr-defined]  # the stubs leave it out
        return self.returncode


@cache
def _server() -> ForkServer:
    server = ForkServer()
    atexit.register(server.close)
    return server
