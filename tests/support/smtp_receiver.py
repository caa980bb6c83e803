"""A relay that takes everything and keeps a durable log of its own, to compare a ledger with.

One JSON line a message: `message_id`, `rcpt`, `sha256`, `at` (monotonic seconds); written and fsynced before the reply
to the final dot, as a relay does that takes responsibility. As a process of its own: `python -m
tests.support.smtp_receiver --port 0 --log F`; the first line on standard output is the port.
"""

import argparse
import asyncio
import contextlib
import hashlib
import json
import os
import ssl
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any


class Offers:
    """What a relay of the tests offers at EHLO; the tests of both ways to send turn pipelining on and off."""

    usual = ("SIZE 50000000", "8BITMIME", "ENHANCEDSTATUSCODES")

    def __init__(self) -> None:
        self.now: tuple[str, ...] = self.usual


OFFERS = Offers()

ENDED = (ConnectionError, asyncio.IncompleteReadError)


@dataclass
class Receiver:
    """What a relay is told and what it saw."""

    log: Path
    delay: float = 0.0
    """Seconds between the log and the reply to the dot."""
    replies: Mapping[str, str] = field(default_factory=dict)
    """Replies to RCPT by address, instead of 250; `*` for all others."""
    per_session: int = 0
    """Messages that are taken over one connection; 0: any number."""
    accepted: str = "250 2.0.0 kept"
    at_dot: Callable[[str], None] = lambda _recipient: None
    """Called when a message is complete, before it is kept."""
    offers: tuple[str, ...] = field(default_factory=lambda: OFFERS.now)
    port: int = 0
    connections: int = 0
    most_at_once: int = 0
    commands: list[str] = field(default_factory=list)
    _kept: threading.Condition = field(default_factory=threading.Condition)
    _count: int = 0

    def received(self) -> list[dict[str, Any]]:
        """The log, oldest first."""
        return received(self.log)

    def recipients(self) -> list[str]:
        return [line["rcpt"] for line in self.received()]

    def wait_for(self, messages: int) -> None:
        """Until that many have been kept; for a receiver in a thread."""
        with self._kept:
            self._kept.wait_for(lambda: self._count >= messages)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.most_at_once = max(self.most_at_once, self.connections)
        try:
            await self._session(reader, writer)
        finally:
            self.connections -= 1

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        recipient, refused, is_open, taken = "", True, False, 0
        writer.write(b"220 receiver.example.com ESMTP\r\n")
        while line := await reader.readline():
            command = line.decode("ascii").strip()
            self.commands.append(command)
            verb = command.upper()
            reply = "250 2.0.0 ok"
            if verb.startswith("EHLO"):
                reply = "\r\n".join(["250-receiver.example.com", *(f"250-{word}" for word in self.offers), "250 HELP"])
            elif verb.startswith("MAIL FROM:"):
                # As every relay says that is not of a test (RFC 5321 4.1.4): a refused one is to be taken back first.
                reply = "503 5.5.1 nested MAIL command" if is_open else reply
                is_open = True
            elif verb == "RSET":
                is_open = False
            elif verb.startswith("RCPT TO:"):
                recipient = command[len("RCPT TO:<") : command.index(">")]
                reply = self.replies.get(recipient, self.replies.get("*", reply))
                if self.per_session and taken >= self.per_session:
                    reply = "451 4.7.0 Mails per session limit exceeded"
                refused = not reply.startswith("2")
            elif verb == "DATA" and refused:
                reply = "503 5.5.1 no valid recipients"
            elif verb == "DATA":
                writer.write(b"354 go on\r\n")
                reply = await self._take(recipient, reader)
                refused, is_open, taken = True, False, taken + 1
            elif verb == "QUIT":
                writer.write(b"221 2.0.0 bye\r\n")
                return
            writer.write(reply.encode() + b"\r\n")
            await writer.drain()

    async def _take(self, recipient: str, reader: asyncio.StreamReader) -> str:
        lines = []
        while (line := await reader.readline()) != b".\r\n":
            if not line.endswith(b"\r\n"):
                raise ConnectionError("the sender hung up inside the message")
            lines.append(line.removeprefix(b"."))
        self.at_dot(recipient)
        self._keep(recipient, b"".join(lines))
        await asyncio.sleep(self.delay)
        return self.accepted

    def _keep(self, recipient: str, data: bytes) -> None:
        headers = BytesHeaderParser().parsebytes(data)
        entry = {
            "message_id": str(headers["Message-ID"]),
            "rcpt": recipient,
            "sha256": hashlib.sha256(data).hexdigest(),
            "at": time.monotonic(),
        }
        with self.log.open("ab") as file:
            file.write(json.dumps(entry).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with self._kept:
            self._count += 1
            self._kept.notify_all()


def received(log: Path) -> list[dict[str, Any]]:
    """What a receiver's log holds."""
    if not log.exists():
        return []
    return [json.loads(line) for line in log.read_text().splitlines()]


@contextmanager
def receiving(
    log: Path, *, delay: float = 0.0, replies: Mapping[str, str] | None = None, host: str = "127.0.0.1"
) -> Iterator[Receiver]:
    """A receiver in a thread of this process, on a port of its own."""
    receiver = Receiver(log, delay, replies or {})
    with serving(receiver.serve, host=host) as receiver.port:
        yield receiver


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextmanager
def serving(serve: Serve, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[int]:
    """Any stream handler, on loopback unless told, in a thread of its own; yields the port."""
    loop = asyncio.new_event_loop()
    writers: set[asyncio.StreamWriter] = set()

    handlers: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(*ENDED):
            await serve(reader, writer)
        writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """At once: a task that is cancelled before it begins would leave the connection open for ever."""
        writers.add(writer)
        handler = loop.create_task(handle(reader, writer))
        handlers.add(handler)
        handler.add_done_callback(handlers.discard)

    server = loop.run_until_complete(asyncio.start_server(accept, host, 0, ssl=tls))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_end(server, writers), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server, writers: set[asyncio.StreamWriter]) -> None:
    await stop_listening(server)
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for writer in writers:
        with contextlib.suppress(AttributeError):  # of CPython before 3.11.5, for TLS that is closed already
            writer.transport.abort()
    await rounds(3)  # in which a transport closes its socket


async def stop_listening(server: asyncio.Server) -> None:
    """Take nobody any more; who has just connected is known when this returns, so that it can be closed.

    They become known in the next rounds of the loop. Of a server that is closed before, CPython makes transports that
    nobody knows and nobody closes.
    """
    for listening in server.sockets:
        asyncio.get_running_loop().remove_reader(listening.fileno())
    await rounds(5)
    server.close()


async def rounds(count: int) -> None:
    """So many of the loop, for what it has still to do."""
    for _ in range(count):
        await asyncio.sleep(0)


async def main(receiver: Receiver, port: int) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(*ENDED):
            await receiver.serve(reader, writer)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", port)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--delay", type=float, default=0.0)
    given = parser.parse_args()
    try:
        asyncio.run(main(Receiver(given.log, given.delay), given.port))
    except KeyboardInterrupt:
        sys.exit(0)
