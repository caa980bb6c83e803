"""A plan, a receiver with its own log, and processes that die; and the account that must be right afterwards."""

import multiprocessing
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.synchronize import Event
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from newsletter.ledger import lease_watch
from newsletter.ledger.lease_watch import LEASE_LASTS
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import State
from newsletter.smtp.failpoints import Failpoint
from newsletter.workflow.steps.keys import links_of
from tests.support.backups import Backup, Way
from tests.support.books import LIST, planned, workspace_at
from tests.support.senders import FORKS
from tests.support.smtp_receiver import Receiver, receiving
from tests.support.smtp_runs import log_of

from .driver import CONNECTIONS, drive

READERS = 200
PATIENCE = 180.0
"""Seconds to wait for an event that must come; it only bounds a hang."""
SLOWLY, SLOWER = 0.1, 0.5
"""Seconds a message: while something happens beside the run, and while something is begun or copied."""


@dataclass
class Scene:
    """One dispatch to 200 readers, and how many of the processes that sent it were killed."""

    root: Path
    url: str
    ledger: Ledger
    dispatch: int
    receiver: Receiver
    kills: int = 0
    names: list[str] = field(default_factory=lambda: [LIST])
    """Of the newsletter, the newest last."""
    left: set[str] = field(default_factory=set)
    """Who has left since the plan."""
    gone: set[str] = field(default_factory=set)
    """Those of them of whom nothing had been begun by then."""

    def start(
        self,
        where: Failpoint | None = None,
        count: int = 0,
        first: int | None = None,
        patience: timedelta = LEASE_LASTS,
        asleep: Event | None = None,
        names: Sequence[str] = (),
        machine: str = "",
    ) -> "multiprocessing.process.BaseProcess":
        """`names` are those in its settings, all by default; `machine` is a name for another one than this."""
        root, url, boot_id = self._machine(machine) if machine else (self.root, self.url, None)
        told = (where, count, first, patience, asleep, tuple(names or self.names), boot_id)
        process = FORKS.Process(target=drive, args=(root, url, self.dispatch, self.receiver.port, *told))
        process.start()
        return process

    def _machine(self, name: str) -> tuple[Path, str, Path]:
        """Another machine on the same book: its boot id is its own, and so is its `.newsletter/` with the locks."""
        root = self.root / name
        root.mkdir(exist_ok=True)
        boot_id = root / "boot_id"
        boot_id.write_text(name, encoding="ascii")
        here = f"sqlite:///{self.root / urlsplit(self.url).path.removeprefix('/')}"
        return root, here if self.url.startswith("sqlite") else self.url, boot_id

    def kill_at(self, moment: Failpoint, count: int, first: int | None = None) -> None:
        """A run (with `first`, a canary) that dies at this moment, the count-th time it comes."""
        code = ended(self.start(moment, count, first))
        assert code == -signal.SIGKILL, f"it ended by itself, with {code}"
        self.kills += 1

    def kill_after(self, messages: int, later: float = 0.0) -> None:
        """A run that is killed when the receiver has that many, or so many seconds later, wherever it is then."""
        process = self.start()
        self.wait_for(messages, process)
        time.sleep(later)
        self.kill(process)

    def wait_for(self, messages: int, process: "multiprocessing.process.BaseProcess") -> None:
        """Until the receiver has that many. A process that ends by itself brings no more, and is told of by `kill`."""
        kept = self.receiver._kept
        with kept:
            while not kept.wait_for(lambda: self.receiver._count >= messages or not process.is_alive(), 1.0):
                pass

    def kill(self, process: "multiprocessing.process.BaseProcess") -> None:
        process.kill()
        code = ended(process)
        assert code == -signal.SIGKILL, f"it ended by itself, with {code}"
        self.kills += 1

    def stop_at(self, moment: Failpoint, count: int, machine: str = "") -> "multiprocessing.process.BaseProcess":
        """A run that stops there (SIGSTOP) until somebody continues it."""
        asleep = FORKS.Event()
        process = self.start(moment, count, asleep=asleep, machine=machine)
        assert asleep.wait(PATIENCE)
        self.kills += 1
        return process

    def kill_and_go_on_with_a_copy(self, before: int, after: int) -> int | None:
        """A run that is killed and started again with the ledger as it was some messages earlier; how that one ends.

        So many messages before the copy is made, and at least so many after it. The newest is put back in the end.
        """
        process = self.start()
        self.wait_for(before, process)
        with self.slowly(SLOWER):
            copy = Backup(self.url, self.root, "copy")
        so_far = len(self.receiver.recipients())
        self.wait_for(so_far + after, process)
        self.kill(process)
        self.ledger._database.engine.dispose()
        newest = Backup(self.url, self.root, "newest")
        copy.restore(Way.OVERWRITTEN)
        try:
            return ended(self.start())
        finally:
            newest.restore(Way.OVERWRITTEN)

    @contextmanager
    def slowly(self, seconds: float) -> Iterator[None]:
        """The receiver thinks so long about each message, so that nobody is done before all has happened."""
        usual, self.receiver.delay = self.receiver.delay, seconds
        try:
            yield
        finally:
            self.receiver.delay = usual

    def finish(self, code: int = 0) -> None:
        """A run that nobody disturbs."""
        assert ended(self.start()) == code

    def assert_account_is_right(self) -> None:
        """docs/design.md 4.5, promises 1 to 3, by the receiver's own log."""
        received = Counter(self.receiver.recipients())
        sent, doubted = self.in_state(State.SENT), self.in_state(State.IN_DOUBT)
        counts = self.ledger.counts(self.dispatch)
        assert [who for who, times in received.items() if times > 1] == []
        assert sent <= received.keys() <= sent | doubted
        assert len(sent | doubted) == READERS == sum(counts.values()) == counts[State.SENT] + counts[State.IN_DOUBT]
        assert len(doubted) <= self.kills * 2 * CONNECTIONS

    def in_state(self, state: State) -> set[str]:
        return {row.address for row in self.ledger.deliveries(self.dispatch, (state,))}


def ended(process: "multiprocessing.process.BaseProcess") -> int | None:
    """How it ended, as soon as it has."""
    process.join()
    code = process.exitcode
    process.close()
    return code


@contextmanager
def scene(root: Path, url: str = "sqlite:///.newsletter/ledger.db") -> Iterator[Scene]:
    """The receiver offers what `OFFERS` says, so that the senders work in one way or the other."""
    workspace = workspace_at(root, url)
    links_of(workspace, create=True)  # whoever sends has a secret before a ledger
    with (
        open_ledger(workspace, Purpose.SENDING) as ledger,
        receiving(log_of(root)) as receiver,
        pytest.MonkeyPatch.context() as patched,
    ):
        # A test writes silence into the book, and waits for nobody; so do the processes that it starts (driver.py).
        patched.setattr(lease_watch, "SEEN_FOR", timedelta())
        yield Scene(root, url, ledger, planned(ledger, READERS, lot=20), receiver)
