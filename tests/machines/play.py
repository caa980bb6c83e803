"""One dispatch on several machines while a schedule befalls them. Touches: processes, namespaces, the database server.

As where a supervisor looks after it, a machine's process is started again when it has ended with an error, unless the
machine is gone for good. Who has ended well is not.
"""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event

from newsletter.ledger.states import State
from tests.crash.mishaps import leave
from tests.crash.scene import Scene, ended
from tests.support.postgres import Cluster
from tests.support.senders import FORKS

from .network import HERE, Machine
from .schedule import Kind, Mishap, Schedule
from .sender import Order, send

_AGAIN = 0.3
"""Seconds until a supervisor starts a process again."""
_LOOK = 0.05
_LONG = 0.5
"""Leases: a process is silent for less than this and a heartbeat, and nobody may miss it."""
_BEGINS = 2.0
"""Seconds."""
_HEARD = (signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM)
"""By the process itself, once it can."""
PATIENCE = 40
"""Leases in which everything must be over; it only bounds a hang."""


@dataclass
class Run:
    """One process on one machine, and what befell it."""

    machine: int
    process: BaseProcess
    pid: int
    begun: Event
    """It is on its machine, and can be told something."""
    befell: list[str] = field(default_factory=list)
    """What excuses that it ended with an error, or that something of it is in doubt."""
    code: int | None = None


class Play:
    """A schedule on its machines."""

    def __init__(
        self, scene: Scene, server: Cluster, machines: list[Machine], plan: Schedule, lasts: timedelta
    ) -> None:
        self._scene = scene
        self._server = server
        self._machines = machines
        self._plan = plan
        self._lasts = lasts
        self._url = scene.url.replace(str(server.sockets), HERE)
        self._lots = random.Random(plan.seed)
        self._clocks = list(plan.clocks)
        self._gone: set[int] = set()
        self._later: list[tuple[float, Callable[[], None]]] = []
        self.runs: list[Run] = []
        self.broken: list[str] = []
        self.told: list[str] = []
        """What happened when, and how many messages the relay had by then."""
        self._began = time.monotonic()

    def _tell(self, what: str) -> None:
        count = self._scene.receiver._count
        self.told.append(f"{time.monotonic() - self._began:6.2f} s {count:4} messages: {what}")

    def go(self) -> None:
        """From the first message until nobody is at it any more."""
        for machine in range(len(self._machines)):
            self._start(machine)
        for mishap in self._plan.mishaps:
            self._wait_for(mishap.after)
            self._befall(mishap)
        over = self._until(lambda: not self._later and not self._living(), PATIENCE)
        if not over:
            self.broken.append(f"not over after {PATIENCE} leases")
        for run in self._living():
            run.process.kill()
            ended(run.process)

    def _wait_for(self, messages: int) -> None:
        """Or until nothing has moved for a lease: those who are left may wait for the silence of another."""
        wanted = self._scene.receiver._count + messages
        self._until(lambda: self._scene.receiver._count >= wanted, 1.0)

    def _until(self, is_so: Callable[[], bool], leases: float) -> bool:
        """Wait for it, for so many leases at most, and do meanwhile what is due."""
        deadline = time.monotonic() + leases * self._lasts.total_seconds()
        while not is_so():
            now = time.monotonic()
            if now > deadline:
                return False
            due = [one for one in self._later if one[0] <= now]
            for one in due:
                self._later.remove(one)
                one[1]()
            self._look_after()
            kept = self._scene.receiver._kept
            with kept:
                kept.wait(_LOOK)
        return True

    def _in(self, seconds: float, do: Callable[[], None]) -> None:
        self._later.append((time.monotonic() + seconds, do))

    def _look_after(self) -> None:
        """What a supervisor does."""
        for run in self._living():
            if not run.process.is_alive():
                run.code = ended(run.process)
                self._tell(f"process {run.pid} on m{run.machine + 1} ended with {run.code}")
                if run.code != 0 and run.machine not in self._gone:
                    self._in(_AGAIN, partial(self._start, run.machine))

    def _start(self, machine: int) -> None:
        where, scene = self._machines[machine], self._scene
        wrong_by = timedelta(minutes=self._clocks[machine])
        order = Order(where.number, where.root, self._url, scene.dispatch, scene.receiver.port, wrong_by, self._lasts)
        begun = FORKS.Event()
        process = FORKS.Process(target=send, args=(order, begun))
        process.start()
        self._tell(f"process {process.pid} on m{machine + 1} begins")
        self.runs.append(Run(machine, process, process.pid or 0, begun))

    def _living(self) -> list[Run]:
        return [run for run in self.runs if run.code is None]

    def _befall(self, mishap: Mishap) -> None:
        machine, theirs = self._whose(mishap)
        self._tell(f"{mishap} (m{machine + 1})")
        match mishap.kind:
            case Kind.KILL | Kind.DRAIN:
                self._end(mishap, machine, theirs)
            case Kind.STOP:
                self._stop(mishap, theirs)
            case Kind.CUT:
                self._cut(mishap, machine, theirs)
            case Kind.CLOCK:
                self._clocks[machine] += mishap.minutes
                for run in theirs:
                    self._signal(run, signal.SIGUSR1 if mishap.minutes > 0 else signal.SIGUSR2)
            case Kind.RESTART:
                self._restart(mishap)
            case Kind.LEAVE:
                if self._scene.in_state(State.PLANNED):
                    leave(self._scene, self._lots)

    def _whose(self, mishap: Mishap) -> tuple[int, list[Run]]:
        """The machine, and its processes."""
        at_work = sorted({run.machine for run in self._living()}) or [0]
        machine = at_work[mishap.machine % len(at_work)]
        return machine, [run for run in self._living() if run.machine == machine]

    def _end(self, mishap: Mishap, machine: int, theirs: list[Run]) -> None:
        if not mishap.returns and len(self._gone) < len(self._machines) - 1:
            self._gone.add(machine)
        for run in theirs:
            run.befell.append(mishap.kind)
            self._signal(run, signal.SIGKILL if mishap.kind is Kind.KILL else signal.SIGTERM)

    def _stop(self, mishap: Mishap, theirs: list[Run]) -> None:
        for run in theirs:
            self._signal(run, signal.SIGSTOP)
            self._in(self._seconds(mishap), partial(self._wake, run, time.monotonic()))

    def _wake(self, run: Run, since: float) -> None:
        self._note("long stop", since, [run])
        self._signal(run, signal.SIGCONT)

    def _cut(self, mishap: Mishap, number: int, theirs: list[Run]) -> None:
        machine = self._machines[number]
        machine.cut()
        self._in(self._seconds(mishap), partial(self._mend, machine, time.monotonic(), theirs))

    def _mend(self, machine: Machine, since: float, theirs: list[Run]) -> None:
        self._tell(f"{machine.name} is linked again")
        self._note("long cut", since, theirs)
        machine.mend()

    def _restart(self, mishap: Mishap) -> None:
        since, living = time.monotonic(), self._living()
        self._server.stop(signal.SIGINT if mishap.fast else signal.SIGQUIT)
        self._until(lambda: False, mishap.seconds / self._lasts.total_seconds())
        self._server.start()
        self._note("long restart", since, living)
        self._tell("the server is there again")

    def _note(self, what: str, since: float, theirs: list[Run]) -> None:
        """It has lasted since then; how long it was meant to last does not tell where the machine is busy."""
        if time.monotonic() - since > _LONG * self._lasts.total_seconds():
            for run in theirs:
                run.befell.append(what)

    def _seconds(self, mishap: Mishap) -> float:
        return mishap.leases * self._lasts.total_seconds()

    def _signal(self, run: Run, number: signal.Signals) -> None:
        """Unless it has ended by itself: then its number may be another's."""
        if number in _HEARD and not run.begun.wait(_BEGINS):
            return  # one that is stopped, perhaps, and would not hear it
        if run.code is None and run.process.is_alive():
            self._tell(f"{number.name} to process {run.pid}")
            os.kill(run.pid, number)
