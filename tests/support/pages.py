"""`newsletter serve` as an operator runs it, clicks by raw sockets, and a proxy that lets everything through.

Touches: processes, ports, a folder.
"""

import asyncio
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from urllib.parse import urlsplit

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.keys import links_of
from tests.support.cli import started_with
from tests.support.smtp_receiver import rounds, stop_listening
from tests.support.web import answered, connected

TOML = """
[newsletter]
name = "서울이슈큐레이터"
list_id = "issue-curator.news.example.org"
[sender]
address = "no-reply@news.example.org"
[institute]
name = "서울연구원"
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request; an empty `raw` where nothing did."""

    raw: bytes

    @property
    def status(self) -> int:
        return int(self.raw[9:12]) if self.raw else 0

    @property
    def text(self) -> str:
        return self.raw.partition(b"\r\n\r\n")[2].decode()

    def header(self, name: str) -> str:
        lines = self.raw.partition(b"\r\n\r\n")[0].decode("latin-1").splitlines()[1:]
        return next((line.partition(":")[2].strip() for line in lines if line.lower().startswith(f"{name}:")), "")


def assert_kept_to_itself(answer: Answer) -> None:
    """The headers that every answer carries, whatever was asked."""
    assert answer.header("cache-control") in {"no-store", "no-cache"}
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("referrer-policy") == "no-referrer"
    assert "frame-ancestors 'none'" in answer.header("content-security-policy")
    assert "script-src" not in answer.header("content-security-policy")
    assert "unsafe" not in answer.header("content-security-policy")
    for name in ("set-cookie", "server", "access-control-allow-origin", "x-powered-by"):
        assert not answer.header(name), name


@dataclass
class Pages:
    """Pages that are being served."""

    workspace: Workspace
    process: "subprocess.Popen[str]"
    host: str
    port: int

    def token(self, name: str) -> str:
        return links_of(self.workspace, create=False).token(f"{name}@example.com")

    def request(self, method: str, name: str, rest: bytes = b"") -> bytes:
        """The octets of a request for the page of `name@example.com`; `rest` follows the line of the host."""
        return f"{method} /u/{self.token(name)} HTTP/1.1\r\nHost: news.example.org\r\n".encode() + (rest or b"\r\n")

    def ask(self, octets: bytes, *, port: int = 0, seconds: float = 60) -> Answer:
        """All that is answered to these octets, with nothing behind them; TimeoutError after so many silent seconds."""
        with connected(port or self.port, octets, host=self.host, seconds=seconds) as client:
            client.shutdown(socket.SHUT_WR)
            return Answer(answered(client))

    def left(self) -> set[str]:
        """Hashes, as hexadecimals, of who has left by the ledger."""
        with open_ledger(self.workspace, Purpose.READ) as ledger:
            found = ledger.suppressions(self.workspace.settings.newsletter.list_id)
            return {one.address_hash.hex() for one in found}

    def hash_of(self, name: str) -> str:
        return links_of(self.workspace, create=False).address_hash(f"{name}@example.com").hex()


@contextmanager
def served(root: Path, *, host: str = "127.0.0.1", files: int = 1024, **environ: str) -> Iterator[Pages]:
    """Serve a new workspace, with so many files that the process may have open."""
    (root / "newsletter.toml").write_text(TOML, encoding="utf-8")
    command = "serve", "--host", host, "--port", "0"
    process = started_with(files, *command, cwd=root, **{"NEWSLETTER_LANG": "ko", **environ})
    try:
        assert process.stdout
        url = urlsplit(process.stdout.readline().strip())
        yield Pages(find_workspace(root, explicit=root, environ={}), process, host, url.port or 0)
    finally:
        process.kill()
        process.communicate()


@contextmanager
def many_files() -> Iterator[None]:
    """As many open files as this process can have."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


class _Side(asyncio.Protocol):
    """One side of a connection through the proxy: what it gets, the other is given."""

    def __init__(self, other: asyncio.Transport | None = None) -> None:
        self.other = other

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        assert self.other
        self.other.write(data)

    def eof_received(self) -> bool:
        assert self.other
        if self.other.can_write_eof() and not self.other.is_closing():
            self.other.write_eof()
        return True

    def connection_lost(self, _error: Exception | None) -> None:
        if self.other:
            self.other.close()


class _Front(_Side):
    """The side of the client; what comes before the other is there waits for it."""

    def __init__(self, host: str, port: int, open_sides: "set[_Front]") -> None:
        super().__init__()
        self._behind = host, port
        self._open = open_sides
        self._early: list[bytes] = []
        self._early_end = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._open.add(self)
        self.connecting = asyncio.get_running_loop().create_task(self._connect())

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        self.other, _ = await loop.create_connection(lambda: _Side(self.transport), *self._behind)
        self.other.writelines(self._early)
        if self._early_end:
            self.eof_received()

    def data_received(self, data: bytes) -> None:
        if self.other:
            super().data_received(data)
        else:
            self._early.append(data)

    def eof_received(self) -> bool:
        self._early_end = True
        return super().eof_received() if self.other else True


@contextmanager
def proxied(host: str, port: int) -> Iterator[int]:
    """The port of a proxy on this machine that passes on every octet at once, half requests too."""
    ready: SimpleQueue[tuple[int, Callable[[], object]]] = SimpleQueue()

    async def run() -> None:
        loop, ended, sides = asyncio.get_running_loop(), asyncio.Event(), set[_Front]()
        server = await loop.create_server(lambda: _Front(host, port, sides), "127.0.0.1", 0, backlog=1024)
        ready.put((server.sockets[0].getsockname()[1], partial(loop.call_soon_threadsafe, ended.set)))
        await ended.wait()
        await stop_listening(server)
        connecting = [side.connecting for side in sides]
        for task in connecting:
            task.cancel()
        await asyncio.gather(*connecting, return_exceptions=True)
        for side in sides:
            side.transport.abort()
            if side.other:
                side.other.abort()
        await rounds(3)

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    own_port, end = ready.get(timeout=20)
    try:
        yield own_port
    finally:
        end()
        thread.join()


_HOLD = """
import sqlite3, sys
book = sqlite3.connect(sys.argv[1], isolation_level=None)
book.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(ledger: Path) -> Iterator[None]:
    """Another process has the ledger to itself."""
    command = [sys.executable, "-c", _HOLD, str(ledger)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        try:
            yield
        finally:
            process.communicate("")


def own_address() -> str:
    """An address of this machine that is not loopback; empty where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))  # nothing is sent
        except OSError:
            return ""
        address = str(asking.getsockname()[0])
    return "" if address.startswith("127.") else address
