"""The command at a terminal of its own (a pty): what is typed, what is seen. Touches: processes; not on Windows."""

import contextlib
import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .cli import started_at


class Terminal:
    """One call that runs; all three streams are the terminal."""

    def __init__(self, process: subprocess.Popen[str], master: int) -> None:
        self.process = process
        self._master = master
        self.seen = ""

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def read_until(self, words: str) -> str:
        """All that was seen until these words came, or the end."""
        while words not in self.seen and self._read():
            pass
        return self.seen

    def read_to_end(self) -> str:
        while self._read():
            pass
        return self.seen

    def _read(self) -> bool:
        try:
            data = os.read(self._master, 65536)
        except OSError:  # EIO: the other side is gone
            return False
        self.seen += data.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(data)


@contextlib.contextmanager
def at_terminal(*words: str, cwd: Path, **environ: str) -> Iterator[Terminal]:
    """Run one command at a terminal; it is ended with the block."""
    master, slave = pty.openpty()
    process = started_at(slave, *words, cwd=cwd, **{"TERM": "xterm", "COLUMNS": "120", "LINES": "40", **environ})
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        process.kill()
        process.wait()
        os.close(master)
