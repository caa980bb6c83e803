"""A relay that misbehaves as told: at this stage, in this way, the so-and-so-manieth time.

Stages: banner, ehlo, starttls, auth, mail, rcpt, data, dot, nobody (a dot though no recipient was taken). Ways: any
reply, 421 and good-bye, hang up, reset, silence, garbage, bytes one by one, an answer before the end of data, two
answers for one. TLS by a throw-away authority.
"""

import asyncio
import socket
import ssl
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import trustme

from .smtp_receiver import OFFERS, serving

CLOSE = "<close>"
RESET = "<reset>"
HANG = "<hang>"
EARLY = "<early>"
"""Before a text: said in the middle of the body (stage dot)."""
SPLIT = "<split>"
"""Before a text, or before the usual one: its bytes arrive one by one."""
LEAVE = "<leave>"
"""Before a text: hang up after saying it."""

Faults = Mapping[str, Sequence[str]]
"""By stage, what to do each time it comes; nothing special when the list is used up. `""` is the usual reply."""

USUAL = {
    "banner": "220 script.example.com ESMTP",
    "starttls": "220 2.0.0 go on",
    "auth": "235 2.7.0 welcome",
    "mail": "250 2.1.0 ok",
    "rcpt": "250 2.1.5 ok",
    "data": "354 go on",
    "dot": "250 2.0.0 queued",
    "nobody": "554 5.5.1 no valid recipients",
    "rset": "250 2.0.0 ok",
    "quit": "221 2.0.0 bye",
}
_VERBS = {"EHLO": "ehlo", "STARTTLS": "starttls", "AUTH": "auth", "MAIL": "mail", "RCPT": "rcpt", "DATA": "data"}
_NEEDS = {"mail": "", "rcpt": "mail", "data": "rcpt"}
"""What has to be accepted before; a second MAIL without RSET is none (RFC 5321 4.1.4)."""


def _still_open(stage: str, before: str) -> str:
    """What is left of a transaction after this: a refused RCPT or DATA leaves it open, all else ends it."""
    return before if stage in ("rcpt", "data") and before == "mail" else ""


class _EndedError(Exception):
    """This connection is over."""


@dataclass
class Script:
    """What the server will do, and what it saw."""

    faults: dict[str, list[str]]
    always: Mapping[str, str]
    offers: tuple[str, ...]
    tls: ssl.SSLContext | None
    port: int = 0
    lenient: bool = False
    """Takes commands in any order: DATA gets its 354 without a recipient, too, as RFC 2920 3.1 allows."""
    commands: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    """Complete ones: the dot has come."""
    recipients: list[str] = field(default_factory=list)
    """Whom each of them was for."""
    accepted: list[str] = field(default_factory=list)
    """Whose it said 2xx to."""
    dotted: threading.Event = field(default_factory=threading.Event)
    greeted: int = 0
    sender: "WarpedLoop | None" = None
    """The loop of who sends, where silence is to take no time, and a reset must not overtake what was said before."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.greeted += 1
        with suppress(_EndedError, ssl.SSLError):
            await self._session(reader, writer)

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._answer("banner", writer)
        before = recipient = ""
        while line := await reader.readline():
            command = line.decode("ascii", "replace").strip()
            self.commands.append(command)
            stage = _VERBS.get(command.partition(" ")[0].upper(), command.lower())
            if _NEEDS.get(stage, before) != before and not self.lenient:
                await self._say("503 5.5.1 bad sequence of commands", writer)
                continue
            accepted = await self._answer(stage, writer)
            if stage == "rcpt":
                recipient = command[len("RCPT TO:<") : command.find(">")]
            if stage == "starttls" and accepted and self.tls:
                await writer.start_tls(self.tls)
            elif stage == "data" and accepted:
                body = await self._body(reader, writer)
                if before == "rcpt":
                    self.bodies.append(body)
                    self.recipients.append(recipient)
                    self.dotted.set()
                    if self._next("dot").removeprefix(LEAVE).removeprefix(SPLIT)[:1] in ("", "2"):
                        self.accepted.append(recipient)
                    await self._answer("dot", writer)
                else:
                    await self._answer("nobody", writer)
            before = stage if accepted and stage in ("mail", "rcpt") else _still_open(stage, before)

    async def _body(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        early = self._told("dot") if self._next("dot").startswith(EARLY) else ""
        lines = []
        while (line := await reader.readline()) != b".\r\n":
            if not line:
                raise _EndedError
            lines.append(line)
            if early:
                await self._say(early.removeprefix(EARLY), writer)
                early = ""
        return b"".join(lines)

    def _next(self, stage: str) -> str:
        waiting = self.faults.get(stage)
        return waiting[0] if waiting else self.always.get(stage, "")

    def _told(self, stage: str) -> str:
        waiting = self.faults.get(stage)
        return waiting.pop(0) if waiting else self.always.get(stage, "")

    async def _answer(self, stage: str, writer: asyncio.StreamWriter) -> bool:
        told = self._told(stage)
        usual = self._hello() if stage == "ehlo" else USUAL.get(stage, "250 2.0.0 ok")
        await self._say(SPLIT + usual if told == SPLIT else told or usual, writer)
        if stage == "quit":
            raise _EndedError
        return not told or told.removeprefix(SPLIT)[:1] in "23"

    def _hello(self) -> str:
        lines = ["script.example.com", *self.offers]
        return "\r\n".join(f"250{' ' if line is lines[-1] else '-'}{line}" for line in lines)

    async def _say(self, told: str, writer: asyncio.StreamWriter) -> None:
        if told == HANG:
            await self._hang()
        if told == CLOSE:
            raise _EndedError
        if told == RESET:
            if self.sender is not None:
                await asyncio.wrap_future(self.sender.has_read())
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            raise _EndedError
        text = told.removeprefix(LEAVE).removeprefix(SPLIT).encode() + b"\r\n"
        if told.startswith(SPLIT):
            for n in range(len(text) - 1):
                writer.write(text[n : n + 1])
                await asyncio.sleep(0.001)
            text = text[-1:]
        writer.write(text)
        await writer.drain()
        if told.startswith(LEAVE):
            raise _EndedError

    async def _hang(self) -> None:
        """For ever; each little while another hour of the sender's, since it may begin to wait only now."""
        sender, connections = self.sender, self.greeted
        while True:
            if sender is not None and self.greeted == connections:  # else it has left and waits elsewhere
                sender.skip(3600)
            await asyncio.sleep(0.02)


class WarpedLoop(asyncio.SelectorEventLoop):
    """A loop whose clock another thread may put forward, so that no timeout takes as long as it says."""

    _skipped = 0.0

    def time(self) -> float:
        return super().time() + self._skipped

    def skip(self, seconds: float) -> None:
        def put_forward() -> None:
            self._skipped += seconds

        with suppress(RuntimeError):  # it is closed: nobody waits any more
            self.call_soon_threadsafe(put_forward)

    def has_read(self) -> "Future[None]":
        """Done when it has read all that had come by now: what is there is read in the round after the call."""
        done: Future[None] = Future()
        done.set_running_or_notify_cancel()  # so that nobody cancels it before its result
        try:
            self.call_soon_threadsafe(lambda: self.call_soon(done.set_result, None))
        except RuntimeError:
            done.set_result(None)
        return done


@contextmanager
def scripted(
    faults: Faults | None = None,
    always: Mapping[str, str] | None = None,
    *,
    offers: tuple[str, ...] | None = None,
    lenient: bool = False,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[Script]:
    """`always` happens whenever `faults` has nothing left for a stage; `offers` are those of smtp_receiver else."""
    more = ("STARTTLS",) if starttls else ()
    waiting = {stage: list(told) for stage, told in (faults or {}).items()}
    script = Script(waiting, always or {}, (OFFERS.now if offers is None else offers) + more, starttls, lenient=lenient)
    with serving(script.serve, tls) as script.port:
        yield script


@dataclass(frozen=True)
class Authority:
    """A throw-away certificate authority, its certificate in a file."""

    ca_file: Path
    _ca: trustme.CA

    def server(self, *names: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._ca.issue_cert(*names).configure_cert(context)
        return context

    def write_server(self, path: Path, *names: str) -> None:
        """Key and certificates of a server in one file."""
        self._ca.issue_cert(*names).private_key_and_cert_chain_pem.write_to_path(str(path))


def authority(folder: Path) -> Authority:
    ca = trustme.CA()
    path = folder / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    return Authority(path, ca)
