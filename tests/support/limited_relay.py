"""A relay that refuses by what it has taken: so many a session, so many in all, certain readers, or by turns.

`judge` is asked at MAIL, RCPT and the end of data, and gives the reply that refuses; empty: the usual one; at
MAIL and RCPT also CLOSE, to hang up.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from .smtp_receiver import OFFERS, serving
from .smtp_script import CLOSE

_STAGES = {"MAIL": "mail", "RCPT": "rcpt"}


@dataclass(frozen=True)
class Moment:
    """What the relay knows when it is to answer."""

    stage: str
    """mail, rcpt or dot."""
    recipient: str
    """Empty at mail."""
    session: int
    """Messages it has taken over this connection."""
    total: int
    """Over all connections."""
    asked: int
    """How often this reader was named before, at rcpt and dot."""


Judge = Callable[[Moment], str]


@dataclass
class LimitedRelay:
    """What it took, and how it was asked."""

    judge: Judge
    delay: Callable[[str], float] = lambda _recipient: 0.0
    """Seconds before the reply to the end of data."""
    port: int = 0
    accepted: list[str] = field(default_factory=list)
    sessions: int = 0
    mails: int = 0
    named: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sessions += 1
        taken, recipient, begun = 0, "", False
        writer.write(b"220 limited.example.com ESMTP\r\n")
        while line := await reader.readline():
            command = line.decode("ascii").strip()
            verb = command[:4].upper()
            reply = "221 2.0.0 bye" if verb == "QUIT" else "250 2.0.0 ok"
            if verb == "EHLO":
                reply = "\r\n".join(["250-limited.example.com", *(f"250-{word}" for word in OFFERS.now), "250 HELP"])
            elif verb in _STAGES:
                if verb == "MAIL":
                    self.mails += 1
                    recipient, begun = "", True
                else:
                    recipient = command[len("RCPT TO:<") : command.index(">")]
                    self.named[recipient] += 1
                if (refusal := self._judged(_STAGES[verb], recipient, taken)) == CLOSE:
                    return
                begun = begun and not refusal
                reply = refusal or reply
            elif verb == "DATA" and not (begun and recipient):
                reply = "503 5.5.1 no valid recipients"
            elif verb == "DATA":
                writer.write(b"354 go on\r\n")
                await _message(reader)
                await asyncio.sleep(self.delay(recipient))
                refusal = self._judged("dot", recipient, taken)
                if not refusal:
                    taken += 1
                    self.accepted.append(recipient)
                reply, begun, recipient = refusal or reply, False, ""
            writer.write(reply.encode() + b"\r\n")
            await writer.drain()
            if reply[:3] in ("221", "421"):
                return

    def _judged(self, stage: str, recipient: str, session: int) -> str:
        with self._lock:
            asked = max(0, self.named[recipient] - 1)
            return self.judge(Moment(stage, recipient, session, len(self.accepted), asked))


async def _message(reader: asyncio.StreamReader) -> None:
    while await reader.readline() not in (b".\r\n", b""):
        pass


@contextmanager
def limited(judge: Judge, delay: Callable[[str], float] = lambda _recipient: 0.0) -> Iterator[LimitedRelay]:
    relay = LimitedRelay(judge, delay)
    with serving(relay.serve) as relay.port:
        yield relay


def a_session(most: int, stage: str, reply: str) -> Judge:
    """So many a session."""
    return lambda now: reply if now.stage == stage and now.session >= most else ""


def in_all(most: int, stage: str, reply: str) -> Judge:
    """So many and no more."""
    return lambda now: reply if now.stage == stage and now.total >= most else ""
