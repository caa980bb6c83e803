"""Processes of the command that need not load it: each is forked from one that has, and is a process all the same.

Loading takes longer than most commands do, and a journey runs thirty of them. A call has a pid, streams, a folder, an
environment, locks and an end of its own, and nothing of an earlier call is in it. Limits: what a process decides before
its first line (the encoding of its streams) is decided here; whoever tests that starts one that loads
everything. A process may live at another time: `clock` is when it begins, and time goes on from there. Touches:
processes. The server ends with the test process that began it.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import chdir, redirect_stderr, redirect_stdout, suppress
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import time_machine

LARGEST = 200_000
"""Octets of a request: words, folder and environment as JSON."""
_STREAMS = 3


class ForkServer:
    """The test process's end."""

    def __init__(self) -> None:
        self._line, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LARGEST)
        with there:
            # -P: this folder has modules whose names others might look for.
            command = [sys.executable, "-P", __file__, str(there.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[there.fileno()], stdin=subprocess.DEVNULL)

    def ask(self, request: dict[str, object], streams: list[int]) -> int:
        """Have a command run; the end of a pipe that tells its pid, and later how it ended, each with a line."""
        told, tells = os.pipe()
        try:
            socket.send_fds(self._line, [json.dumps(request).encode()], [*streams, tells])
        finally:
            os.close(tells)
        return told

    def close(self) -> None:
        self._line.close()
        self._process.wait()


def serve(line: socket.socket) -> None:
    """Fork for each request (words, cwd, environ, files, session, clock), with its streams and a pipe for its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the test run's; this one ends when that has
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the waiters
    _load()
    gc.freeze()
    while True:
        request, fds, _, _ = socket.recv_fds(line, LARGEST, _STREAMS + 1)
        if not request:
            return
        if os.fork() == 0:
            line.close()
            _wait_for(json.loads(request), fds)
        for fd in fds:
            os.close(fd)


def _load() -> None:
    import newsletter

    for module in pkgutil.walk_packages(newsletter.__path__, "newsletter."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    importlib.import_module("sqlalchemy.dialects.sqlite")

    from newsletter.settings.bundled import bundled
    from newsletter.settings.load import FILE, find_workspace
    from newsletter.workflow.steps.letter import open_letter, render_all

    # One letter loads what is imported where it is needed, and has the templates compiled.
    workspace = find_workspace(bundled(FILE).parent, explicit=None, environ={})
    render_all(open_letter(workspace, None), workspace)
    _run_some()


def _run_some() -> None:
    """Run what is run most, a letter with its report above all: what that compiles or reads, no other has to."""
    from newsletter.__main__ import exit_code_of

    # Behind everything else: only `tests` is to be found there.
    sys.path.append(str(Path(__file__).parents[2]))
    from tests.support.compiled import share_what_is_compiled
    from tests.support.filled_in import fill_in
    from tests.support.mailroom import mailroom

    share_what_is_compiled()
    before = dict(os.environ)
    with (
        tempfile.TemporaryDirectory() as folder,
        chdir(folder),
        Path("said").open("w", encoding="utf-8") as said,
        redirect_stdout(said),
        redirect_stderr(said),
        mailroom(Path(folder)) as room,
    ):
        os.environ |= {"NEWSLETTER_SMTP__URL": room.url, "NEWSLETTER_OPERATOR__NOTIFY": '["operator@example.org"]'}
        exit_code_of(["init", "."])
        fill_in(Path(folder), "2026-11")
        Path("subscribers.csv").write_text("email\nreader@example.com\n", encoding="utf-8")
        sending = ["approve", "2026-11", "--yes", "--by", "Jane Doe"], ["send", "2026-11", "--yes"], ["send", "--due"]
        looking = ["status", "--json"], ["report", "--json"], ["schedule", "show"]
        for words in (*sending, *looking):
            exit_code_of(words)
        assert room.recipients() == ["reader@example.com", "operator@example.org"], Path("said").read_text("utf-8")
    os.environ.clear()
    os.environ.update(before)


def _wait_for(request: dict[str, object], fds: list[int]) -> NoReturn:
    """Fork once more, since who waits must outlive what it waits for; tell its pid, and then how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    *streams, told = fds
    if (pid := os.fork()) == 0:
        os.close(told)
        _run(request, streams)
    os.write(told, f"{pid}\n".encode())
    for fd in streams:
        os.close(fd)
    _, status = os.waitpid(pid, 0)
    os.write(told, f"{status}\n".encode())
    os._exit(0)


def _run(request: dict[str, object], streams: list[int]) -> NoReturn:
    from newsletter.__main__ import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    if request["session"]:
        os.setsid()
    _take(streams)
    words, cwd, environ, files, clock = (request[name] for name in ("words", "cwd", "environ", "files", "clock"))
    assert isinstance(words, list)
    assert isinstance(environ, dict)
    assert isinstance(files, int)
    if files:
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(files, most), most))
    os.environ.clear()
    os.environ.update(environ)
    time.tzset()
    os.chdir(str(cwd))
    if clock:
        time_machine.travel(datetime.fromisoformat(str(clock))).start()
    sys.argv = ["newsletter", *words]
    code = os.EX_SOFTWARE
    try:
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    # As the interpreter ends, but for the thousand modules that it would take apart one by one.
    threading._shutdown()  # type: ignore[attr-defined]  # the stubs leave it out
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


def _take(streams: list[int]) -> None:
    """As an interpreter begins: what is opened for a file would look for its end in a pipe."""
    for number, fd in enumerate(streams):
        os.dup2(fd, number)
        os.close(fd)
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        former = getattr(sys, name)
        lines = 1 if name == "stderr" or os.isatty(number) else -1
        mode = "w" if number else "r"
        opened = os.fdopen(
            number, mode, lines, former.encoding, former.errors, newline=None if mode == "r" else "\n", closefd=False
        )
        setattr(sys, name, opened)
        setattr(sys, f"__{name}__", opened)


if __name__ == "__main__":
    with suppress(ConnectionError), socket.socket(fileno=int(sys.argv[1])) as its_line:
        serve(its_line)
