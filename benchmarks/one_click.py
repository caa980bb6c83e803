"""How many clicks `newsletter serve` takes a second, beside a bare route of Starlette. Touches: a folder, ports.

    python benchmarks/one_click.py [--rounds N] [--clicks N] [--connections N] [--json]

A click is the POST of RFC 8058, each with a token of its own, so that each is a new row; it is answered when its row is
durable. The bare route runs on the same server (uvicorn, h11, asyncio's loop) and answers every POST with as many
octets, reading and writing nothing. Both are processes of their own and asked by turns in the same rounds, over
connections that are kept and over one connection for each click; medians count. At the end the ledger holds a row for
every click. Exits 1 where fewer than 1,000 a second are taken over connections that are kept. Limits: whoever asks runs
on the same cores; Linux (/proc).
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.load import find_workspace
from newsletter.workflow.steps.keys import links_of

AIM = 1000.0
"""Clicks a second."""
_BODY = b"List-Unsubscribe=One-Click"
_SETTINGS = """
[newsletter]
name = "서울이슈큐레이터"
list_id = "issue-curator.news.example.org"
[sender]
address = "no-reply@news.example.org"
[institute]
name = "서울연구원"
"""
_BARE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
page = "x" * int(sys.argv[1])
async def click(request):
    await request.body()
    return HTMLResponse(page)
class Server(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets=sockets)
        print("http://127.0.0.1:%d" % self.servers[0].sockets[0].getsockname()[1], flush=True)
app = Starlette(routes=[Route("/u/{token}", click, methods=["POST"])])
Server(uvicorn.Config(app, port=0, http="h11", loop="asyncio", log_level="error", access_log=False)).run()
"""


class Asking(asyncio.Protocol):
    """One connection's worth of clicks, the next when the last is answered; `done` counts the answers of 200."""

    def __init__(self, requests: Iterator[bytes], *, kept: bool, ended: "asyncio.Future[int]") -> None:
        self._requests, self._kept, self._ended = requests, kept, ended
        self._got = b""
        self.done = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
        else:
            self._got = b""
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, end, body = self._got.partition(b"\r\n\r\n")
        if not end or len(body) < int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]):
            return
        self.done += head.startswith(b"HTTP/1.1 200 ")
        if self._kept:
            self._next()
        else:
            self._transport.close()

    def connection_lost(self, _error: Exception | None) -> None:
        self._ended.set_result(self.done)


async def ask(url: str, tokens: Sequence[str], connections: int, *, kept: bool) -> float:
    """Seconds until every token was answered with 200."""
    host, port = urlsplit(url).hostname or "", urlsplit(url).port or 0
    close = b"" if kept else b"Connection: close\r\n"
    requests = iter(
        [
            b"POST /u/%b HTTP/1.1\r\nHost: news.example.org\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            b"%bContent-Length: %d\r\n\r\n%b" % (token.encode(), close, len(_BODY), _BODY)
            for token in tokens
        ]
    )
    loop = asyncio.get_running_loop()

    async def work() -> int:
        done = 0
        while True:
            ended: asyncio.Future[int] = loop.create_future()
            await loop.create_connection(partial(Asking, requests, kept=kept, ended=ended), host, port)
            found = await ended
            done += found
            if not found or kept:
                return done

    started = time.perf_counter()
    answered = sum(await asyncio.gather(*(work() for _ in range(connections))))
    spent = time.perf_counter() - started
    if answered != len(tokens):
        raise SystemExit(f"{len(tokens) - answered} of {len(tokens)} clicks were not answered with 200")
    return spent


@contextmanager
def server(command: Sequence[str], cwd: Path) -> Iterator[tuple[str, int]]:
    """The address and the process id of a server, which says the first on its standard output."""
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.terminate()


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(rounds: int, clicks: int, connections: int) -> dict[str, dict[str, float]]:
    """By name of the side and of its connections: clicks a second, CPU seconds of the server for 1,000 of them."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "newsletter.toml").write_text(_SETTINGS, encoding="utf-8")
        workspace = find_workspace(root, explicit=root, environ={})
        links = links_of(workspace, create=True)
        ours = [sys.executable, "-m", "newsletter", "serve", "--port", "0"]
        bare = [sys.executable, "-c", _BARE, "6001"]
        rates: dict[str, list[float]] = {}
        cpu: dict[str, list[float]] = {}
        asked = 0
        with server(bare, root) as beside, server(ours, root) as pages:
            for turn in range(rounds):
                for kept in (True, False):
                    for side, (url, pid) in (("bare", beside), ("newsletter", pages)):
                        name = f"{side}, {'kept' if kept else 'one each'}"
                        first = turn * 10 * clicks + (clicks if kept else 0)
                        tokens = [links.token(f"reader{first + n}@example.com") for n in range(clicks)]
                        before = cpu_seconds(pid)
                        spent = asyncio.run(ask(url, tokens, connections, kept=kept))
                        rates.setdefault(name, []).append(clicks / spent)
                        cpu.setdefault(name, []).append((cpu_seconds(pid) - before) / clicks * 1000)
                        asked += clicks if side == "newsletter" else 0
        with open_ledger(workspace, Purpose.READ) as ledger:
            kept_rows = sum(1 for _ in ledger.suppressions(workspace.settings.newsletter.list_id))
        if kept_rows != asked:
            raise SystemExit(f"{asked} clicks were answered, and {kept_rows} are in the ledger")
    return {
        name: {"clicks_per_s": statistics.median(found), "cpu_s_per_1000": statistics.median(cpu[name])}
        for name, found in rates.items()
    }


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--clicks", type=int, default=3000)
    options.add_argument("--connections", type=int, default=64)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    found = measure(chosen.rounds, chosen.clicks, chosen.connections)
    if chosen.json:
        print(json.dumps(found, indent=2))
    else:
        for name, one in found.items():
            beside = one["clicks_per_s"] / found["bare," + name.partition(",")[2]]["clicks_per_s"]
            print(f"{name:22} {one['clicks_per_s']:7,.0f}/s  {beside:.2f}  {one['cpu_s_per_1000']:.2f} CPU s per 1,000")
    return 0 if found["newsletter, kept"]["clicks_per_s"] >= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
