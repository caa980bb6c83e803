"""Runs of a dispatch against a relay on loopback: plans, messages, policies. Touches: the test's own ledger."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from newsletter.dispatch.clock import Timer
from newsletter.dispatch.policy import Policy
from newsletter.dispatch.run import Progress, RunReport, run_deliveries
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Claim
from newsletter.message.message import Envelope, Message
from newsletter.smtp.failpoints import Failpoint, OnFailpoint, no_failpoint
from newsletter.smtp.server import Security, SMTPServer

from .books import NOW, planned

BODY = "From: no-reply@news.example.org\r\nMessage-ID: {}\r\nSubject: test\r\n\r\n.dots\r\nand words\r\n"


def address(port: int, security: Security = Security.PLAINTEXT, host: str = "127.0.0.1") -> SMTPServer:
    return SMTPServer(host, port, security)


def message_to(recipient: str, data: bytes | None = None) -> Message:
    message_id = f"<{recipient.replace('@', '.')}@news.example.org>"
    envelope = Envelope("no-reply@news.example.org", recipient)
    return Message.of(envelope, message_id, BODY.format(message_id).encode() if data is None else data)


def compose(claim: Claim) -> Message:
    return message_to(claim.key)


def policy(port: int, **changes: object) -> Policy:
    """Two connections, no rate, first wait a minute."""
    return replace(Policy(address(port), connections=2, retry=timedelta(minutes=1)), **changes)  # type: ignore[arg-type]


class Hasty:
    """A timer whose waiting takes no time: what is asked for is noted, and the seconds go forward by it."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.waits: list[float] = []
        self.timer = Timer(lambda: self.seconds, self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)
        self.seconds += seconds


def at(moment: Failpoint, count: int, do: Callable[[], object]) -> OnFailpoint:
    """A callback that does something the count-th time this moment comes."""
    left = count

    def hear(now: Failpoint) -> None:
        nonlocal left
        left -= now is moment
        if left == 0:
            left = -1
            do()

    return hear


@dataclass
class Sending:
    """One run, with what a test may want to change about it."""

    ledger: Ledger
    dispatch: int
    policy: Policy
    now: datetime = NOW
    progress: Callable[[Progress], None] = lambda _progress: None
    on_failpoint: OnFailpoint = no_failpoint
    compose: Callable[[Claim], Message] = compose

    def run(self, stop: asyncio.Event | None = None, timer: Timer | None = None) -> RunReport:
        return asyncio.run(self.start(stop, timer))

    async def start(
        self, stop: asyncio.Event | None = None, timer: Timer | None = None, drop: asyncio.Event | None = None
    ) -> RunReport:
        return await run_deliveries(
            self.ledger,
            self.dispatch,
            self.compose,
            self.policy,
            clock=lambda: self.now,
            timer=timer or Hasty().timer,
            progress=self.progress,
            stop=stop,
            drop=drop,
            on_failpoint=self.on_failpoint,
        )


def sending(ledger: Ledger, readers: int, port: int, **changes: object) -> Sending:
    """A plan for so many readers, ready to be run."""
    return Sending(ledger, planned(ledger, readers), policy(port, **changes))


def log_of(folder: Path) -> Path:
    return folder / "received.jsonl"
