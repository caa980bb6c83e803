"""Runs of several processes on a test's ledger: the child as a program, and the parent, here or as one.

`python -m tests.support.processes ROOT URL DISPATCH PORT OF` is a parent of its own, to be killed; alone, without
words, it is a child and is told what to do by its parent. Touches: the test's own ledger, processes.
"""

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.dispatch.child_process import Sending, run_child
from newsletter.dispatch.policy import Policy
from newsletter.dispatch.processes import ProcessGroup
from newsletter.dispatch.run import RunReport
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Claim
from newsletter.message.message import Message

from .books import workspace_at
from .smtp_runs import compose, policy

CHILD = (sys.executable, "-m", "tests.support.processes")


@dataclass(frozen=True)
class Job:
    """What a child of the tests is told."""

    root: Path
    url: str
    dispatch: int
    policy: Policy
    bug_for: str = ""
    """Whoever has this address makes `compose` fail."""


@contextmanager
def begin(job: Job) -> Iterator[Sending]:
    def composed(claim: Claim) -> Message:
        if claim.key == job.bug_for:
            raise ZeroDivisionError("made for a test")
        return compose(claim)

    with open_ledger(workspace_at(job.root, job.url), Purpose.SENDING) as ledger:
        yield Sending(ledger, job.dispatch, composed, job.policy)


class SharedRun:
    """A run of so many processes, whose parent is the test."""

    def __init__(self, root: Path, dispatch: int, port: int, of: int = 2, **changes: object) -> None:
        self.progress: list[int] = []
        self._of = of
        self.job = Job(root, "sqlite:///.newsletter/ledger.db", dispatch, policy(port, **{"connections": 4, **changes}))
        self.group = self._group(self.job)

    def _group(self, job: Job) -> ProcessGroup:
        return ProcessGroup(CHILD, job, self._of, self.progress.append)

    def fails_for(self, key: str) -> None:
        self.group = self._group(replace(self.job, bug_for=key))

    @property
    def pids(self) -> list[int]:
        """Of the children that are at work."""
        return [child.process.pid for child in self.group._children]

    def run(self, meanwhile: Callable[[], None] = lambda: None) -> list[RunReport]:
        """To its end; `meanwhile` runs in a thread of its own."""
        return asyncio.run(self._run(meanwhile))

    async def _run(self, meanwhile: Callable[[], None]) -> list[RunReport]:
        stop, drop = asyncio.Event(), asyncio.Event()
        _, reports = await asyncio.gather(asyncio.to_thread(meanwhile), self.group.run(stop, drop))
        return reports


def _parent(root: str, url: str, dispatch: str, port: str, of: str) -> None:
    job = Job(Path(root), url, int(dispatch), policy(int(port), connections=4))

    async def run() -> None:
        await ProcessGroup(CHILD, job, int(of), lambda _done: None).run(asyncio.Event(), asyncio.Event())

    asyncio.run(run())


if __name__ == "__main__":
    if sys.argv[1:]:
        _parent(*sys.argv[1:])
    else:
        run_child(begin)
