"""One run in several processes of this machine: started, told what the others met, replaced when they die.

Touches: processes that it starts, their pipes. Each child is an ordinary run with its own lease, and its own part of
what the relay takes (membership.py); this parent sends nothing, holds no lease and decides nothing. A child that is
killed costs what any killed run costs: its lease is taken back by the one that takes its place.
"""

import asyncio
import contextlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from newsletter.catalogue import phrase
from newsletter.errors import NewsletterError

from .run_report import RunReport
from .siblings import (
    LENGTH,
    Accepted,
    Ask,
    Done,
    Failed,
    Finished,
    Halted,
    NotConnected,
    Refused,
    SessionLimit,
    packed,
    unpacked_body,
)
from .stop import StopKind

_MOST_DEATHS = 5
"""Children that died, at most: after that it is no chance, and the next one would die, too."""


@dataclass(slots=True, eq=False)
class _Child:
    process: asyncio.subprocess.Process
    done: int = 0
    """Deliveries that it has settled."""
    finished: bool = False

    def tell(self, message: object) -> None:
        """Nothing where it has gone: whoever reads from it will notice."""
        if self.process.stdin is not None and not self.process.stdin.is_closing():
            self.process.stdin.write(packed(message))


class ProcessGroup:
    """The children of one run."""

    def __init__(self, command: Sequence[str], job: object, of: int, progress: Callable[[int], None]) -> None:
        """`command` starts a child that reads `job` first; `progress` hears how many deliveries all have settled."""
        self._command = command
        self._job = job
        self._id = uuid.uuid4().hex
        self._of = of
        self._progress = progress
        self._children: list[_Child] = []
        self._reading: set[asyncio.Task[None]] = set()
        self._reports: list[RunReport] = []
        self._done_by_ended = 0
        self._deaths = 0
        self._failure: NewsletterError | None = None
        self._ending = False

    async def run(self, stop: asyncio.Event, drop: asyncio.Event) -> list[RunReport]:
        """Until all have ended; raises what a child raised. `stop` and `drop` as in `run_deliveries`."""
        asking = asyncio.create_task(self._ask(stop, drop))
        try:
            for _ in range(self._of):
                await self._start()
            while self._reading:
                ended, _ = await asyncio.wait(self._reading, return_when=asyncio.FIRST_COMPLETED)
                self._reading -= ended
                for reading in ended:
                    reading.result()  # raises what went wrong in it
        finally:
            asking.cancel()
            # Where this run ends by an error: a child whose pipe is closed finishes what is in flight, and no more.
            for child in self._children:
                if child.process.stdin is not None:
                    child.process.stdin.close()
            await asyncio.gather(*(child.process.wait() for child in self._children))
        if self._failure is not None:
            raise self._failure
        return self._reports

    async def _start(self) -> None:
        pipe = asyncio.subprocess.PIPE
        # In a session of its own: Ctrl-C is for the parent, which tells; a child may still be loading its modules.
        process = await asyncio.create_subprocess_exec(*self._command, stdin=pipe, stdout=pipe, start_new_session=True)
        child = _Child(process)
        self._children.append(child)
        child.tell(self._job)
        child.tell(self._id)
        if self._ending:
            child.tell(Ask())
        self._reading.add(asyncio.create_task(self._read(child)))

    async def _read(self, child: _Child) -> None:
        """All that a child says, until it is gone."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while child.process.stdout is not None:
                (length,) = LENGTH.unpack(await child.process.stdout.readexactly(LENGTH.size))
                self._take(child, unpacked_body(await child.process.stdout.readexactly(length)))
        await child.process.wait()
        self._children.remove(child)
        self._done_by_ended += child.done
        if not child.finished and not self._ending:
            await self._replace(child)

    def _take(self, child: _Child, message: object) -> None:
        match message:
            case Done(count):
                child.done = count
                self._progress(self._done_by_ended + sum(one.done for one in self._children))
            case Finished(report):
                # One that lost its lease is as good as dead: what it held is another's.
                child.finished = report.stopped is None or report.stopped.kind is not StopKind.LEASE
                self._reports.append(report)
            case Failed(error):
                child.finished = True
                self._fail(error)
            case Accepted() | Refused() | NotConnected() | SessionLimit():
                self._tell_others(child, message)
            case Halted():
                self._ending = True
                self._tell_others(child, message)

    async def _replace(self, child: _Child) -> None:
        self._deaths += 1
        if self._deaths > _MOST_DEATHS:
            ended = str(child.process.returncode)
            told = phrase("dispatch.processes.die", count=self._deaths, ended=ended)
            self._fail(NewsletterError(told, hint=phrase("dispatch.processes.nothing_is_lost")))
        else:
            await self._start()

    async def _ask(self, stop: asyncio.Event, drop: asyncio.Event) -> None:
        await stop.wait()
        self._end(Ask())
        await drop.wait()
        self._end(Ask(drop=True))

    def _fail(self, error: NewsletterError) -> None:
        self._failure = self._failure or error
        self._end(Ask())

    def _end(self, ask: Ask) -> None:
        self._ending = True
        for child in self._children:
            child.tell(ask)

    def _tell_others(self, child: _Child, message: object) -> None:
        for other in self._children:
            if other is not child:
                other.tell(message)
