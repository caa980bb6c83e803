"""The other processes of a run: what one hears of the relay, all of them know. Touches: a pipe to the parent process.

    child ──Accepted, Refused, NotConnected, SessionLimit, Halted──▶ parent ──the same──▶ each other child
    child ──Done, Finished, Failed──▶ parent          parent ──Ask──▶ child

The parent decides nothing: it passes on. So the breaker, the 2 % of bad addresses, the pace of the relay and of each
domain count over all, each process by its own copy, some milliseconds late. Who may be claimed, and what was promised,
is the ledger's alone: a word that is lost here loses no letter and doubles none.

Limits: a parent that is gone is an end of file, known at once and outside of the loop: no further dot is written.
"""

import asyncio
import pickle
import struct
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any

from newsletter.errors import NewsletterError
from newsletter.ledger.states import Claim
from newsletter.smtp.reply import Reply

from .decide import Decision
from .reply_class import ReplyClass
from .reply_rule import domain_of
from .run_report import RunReport
from .stop import Stop

_LATE = 0.05
"""Seconds for which accepted messages are gathered before the others hear of them."""

LENGTH = struct.Struct("!I")
"""Octets of what follows. Both ends are this program, started by itself: pickle is safe between them."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """So many messages were accepted, by domain."""

    domains: Counter[str]


@dataclass(frozen=True, slots=True)
class Refused:
    """Anything but an accepted message."""

    decision: Decision
    is_open: bool
    """Nobody knows yet whether it is about the domain or the relay: the breaker does not count it."""


@dataclass(frozen=True, slots=True)
class NotConnected:
    """No connection could be made."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class SessionLimit:
    """The relay takes so many messages over one connection."""

    messages: int


@dataclass(frozen=True, slots=True)
class Halted:
    """A process ends its run, and so must the others."""

    stop: Stop
    reply_class: ReplyClass | None = None
    """Of the refusal that tripped the breaker."""


@dataclass(frozen=True, slots=True)
class Done:
    """So many deliveries need no further try, by this process."""

    count: int


@dataclass(frozen=True, slots=True)
class Finished:
    """How the run of a process ended."""

    report: RunReport


@dataclass(frozen=True, slots=True)
class Failed:
    """The run of a process ended by an error."""

    error: NewsletterError


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody asked to stop; with `drop`, for the second time."""

    drop: bool = False


News = Accepted | Refused | NotConnected | SessionLimit | Halted
"""What is passed on to every other process."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Told by a run of another command or machine, which sends as the same account."""

    news: News
    of_same: bool
    """It sends the same dispatch."""


Heard = News | Elsewhere | Ask
"""Whatever may come from outside of this process."""


class Outbox:
    """What is to be told to other commands and machines, gathered until it goes into the ledger."""

    def __init__(self) -> None:
        self.is_open = False
        """There is somebody to hear it."""
        self._accepted: Counter[str] = Counter()
        self._news: list[News] = []

    def accepted(self, claim: Claim) -> None:
        if self.is_open:
            self._accepted[domain_of(claim.key)] += 1

    def tell(self, news: News) -> None:
        if self.is_open:
            self._gather()
            self._news.append(news)

    def take(self) -> list[News]:
        """All of it, in the order in which it happened."""
        self._gather()
        taken, self._news = self._news, []
        return taken

    def _gather(self) -> None:
        if self._accepted:
            self._news.append(Accepted(self._accepted))
            self._accepted = Counter()


def packed(message: object) -> bytes:
    """As it stands in a pipe."""
    data = pickle.dumps(message)
    return LENGTH.pack(len(data)) + data


def unpacked(pipe: IO[bytes]) -> Any:  # noqa: ANN401 - whatever was packed
    """The next message; EOFError where the other end is gone."""
    return unpacked_body(_exactly(pipe, *LENGTH.unpack(_exactly(pipe, LENGTH.size))))


def unpacked_body(data: bytes) -> Any:  # noqa: ANN401 - whatever was packed
    """A message without its length."""
    return pickle.loads(data)  # noqa: S301 - from our own process


def report_to(pipe: IO[bytes], message: object) -> None:
    """Nobody is there to hear it where the other end is gone."""
    with suppress(BrokenPipeError):
        pipe.write(packed(message))
        pipe.flush()


def _exactly(pipe: IO[bytes], octets: int) -> bytes:
    data = pipe.read(octets)
    if len(data) < octets:
        raise EOFError
    return data


class Siblings:
    """Of a process that sends alone: nobody to tell anything, and nobody to hear."""

    alone = True
    orphaned = False
    """The parent is gone: this process may write no further dot."""
    command = ""
    """The one whose processes these are."""

    def __init__(self) -> None:
        self.outbox = Outbox()
        """For runs of other commands and machines."""
        self.heard: asyncio.Queue[Heard] = asyncio.Queue()
        """What comes from outside of this process, and was not taken yet."""

    def accepted(self, claim: Claim) -> None:
        """A message was accepted."""
        self.outbox.accepted(claim)

    def tell(self, news: News) -> None:
        """Everything else that the others have to know."""
        self.outbox.tell(news)

    def listen(self) -> None:
        """Fill `heard` with each thing that comes, and with an Ask when the parent is gone."""

    def close(self) -> None:
        """Tell what has been gathered."""


class LinkedSiblings(Siblings):
    """Over the pipes to the parent."""

    alone = False

    def __init__(self, receive: IO[bytes], send: IO[bytes], command: str) -> None:
        super().__init__()
        self.command = command
        self._receive = receive
        self._send = send
        self._gathered: Counter[str] = Counter()
        self._loop = asyncio.get_running_loop()

    def accepted(self, claim: Claim) -> None:
        super().accepted(claim)
        if not self._gathered:
            self._loop.call_later(_LATE, self.close)
        self._gathered[domain_of(claim.key)] += 1

    def tell(self, news: News) -> None:
        super().tell(news)
        self.close()
        self.report(news)

    def report(self, message: object) -> None:
        """To the parent alone."""
        report_to(self._send, message)

    def listen(self) -> None:
        threading.Thread(target=self._read, daemon=True, name="parent").start()

    def close(self) -> None:
        gathered, self._gathered = self._gathered, Counter()
        if gathered:
            self.report(Accepted(gathered))

    def _read(self) -> None:
        with suppress(RuntimeError):  # the loop has ended, and so has the run
            while True:
                try:
                    message = unpacked(self._receive)
                except EOFError:
                    self.orphaned = True
                    message = Ask()
                self._loop.call_soon_threadsafe(self.heard.put_nowait, message)
                if self.orphaned:
                    return
