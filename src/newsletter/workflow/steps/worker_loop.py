"""The loop of a worker: look what waits, run it, tell how it is, until somebody asks it to end.

Touches: the ledger, the network, signal handlers. Each dispatch is a run of its own with a lease of its own, so this
decides nothing about deliveries: it may be killed at any moment, as any run may. A ledger that does not answer is
waited for.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from newsletter.dispatch.clock import REAL_TIME
from newsletter.dispatch.run import run_deliveries
from newsletter.dispatch.try_again import wait_to_try_again
from newsletter.errors import NewsletterError, RunAgainError, SettingsError
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.worker_ledger import WorkerLedger
from newsletter.ledger.workers import WORKER_BEAT
from newsletter.settings.secret import SecretMissingError
from newsletter.settings.workspace import Workspace

from .keys import SecretLostError
from .ready_to_send import PageMissingError, ready_to_send
from .run import ending_of
from .worker_place import require_secret
from .worker_words import WorkerWords

_LOOK_EVERY = 2.0
"""Seconds between two looks for what waits."""
_MOST_AT_ONCE = 8
"""Dispatches: each has connections of its own to the relay, and a thread at the ledger."""
_AFTER_TROUBLE = 30.0
"""Seconds until what is wrong on this machine is tried again: the password may have been put there meanwhile."""


@dataclass(slots=True, eq=False)
class _Run:
    """Of one dispatch."""

    record: DispatchRecord
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    settings_at: datetime | None = None


@dataclass(slots=True)
class _Rest:
    """A dispatch that is left alone."""

    newsletter: str
    until: float
    """Monotonic seconds."""
    in_vain: int
    """Runs in a row that got nowhere."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """One look into the ledger."""

    waiting: list[DispatchRecord]
    settings: Mapping[str, datetime]
    """Since when the relay settings of each newsletter are what they are."""


class WorkerLoop:
    """One worker."""

    def __init__(
        self,
        place: Workspace,
        ledger: WorkerLedger,
        words: WorkerWords,
        environ: Mapping[str, str],
        only: frozenset[str],
        stop: asyncio.Event,
        drop: asyncio.Event,
    ) -> None:
        """`only`: the newsletters that it serves; none: all of the ledger. `stop`: begin nothing more; `drop`: wait for
        nobody."""
        self._place = place
        self._ledger = ledger
        self._words = words
        self._status = words.status
        self._environ = environ
        self._only = only
        self._runs: dict[int, _Run] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._rests: dict[int, _Rest] = {}
        self._settings: Mapping[str, datetime] = {}
        self._stop = stop
        self._drop = drop
        self._fatal: NewsletterError | None = None
        self._number: int | None = None
        self._told_at = 0.0

    async def work(self) -> int:
        """Until it is asked to end; the exit code, 75 where nobody wanted to wait for what was in flight.

        SettingsError (78) where the secret is not the ledger's, or not any more.
        """
        try:
            while not self._stop.is_set():
                await self._turn()
                await REAL_TIME.wait_unless(self._stop, _LOOK_EVERY)
        finally:
            await self._drain()
        if self._fatal is not None:
            raise self._fatal
        return RunAgainError.exit_code if self._drop.is_set() else 0

    async def _turn(self) -> None:
        self._status.turned_at = time.monotonic()
        try:
            seen = await asyncio.to_thread(self._look)
        except SettingsError as error:
            self._end_for(error)
        except NewsletterError as error:
            self._words.ledger_is_gone(error)
        else:
            self._words.ledger_answers()
            self._take_settings(seen.settings)
            self._words.only_about([*seen.waiting, *(run.record for run in self._runs.values())])
            for record in seen.waiting:
                self._begin(record)

    def _look(self) -> _Seen:
        """In a thread; NewsletterError where the ledger does not answer."""
        now = self._ledger.now()
        self._ledger.take_back(now)
        if self._number is None:
            require_secret(self._place, self._ledger)
            self._number = self._ledger.worker_begins(self._status.version)
        if time.monotonic() - self._told_at >= WORKER_BEAT.total_seconds():
            require_secret(self._place, self._ledger)
            self._ledger.worker_tells(self._number, self._status.doing(), self._status.troubles)
            self._told_at = time.monotonic()
        waiting = self._ledger.waiting_dispatches(now)
        served = [one for one in waiting if not self._only or one.newsletter in self._only]
        return _Seen(served, self._ledger.relay_settings_at())

    def _take_settings(self, settings: Mapping[str, datetime]) -> None:
        """What was published anew is used from now on: a run that began with other settings ends, and begins again."""
        changed = {name for name, at in settings.items() if self._settings.get(name) != at}
        self._settings = settings
        self._rests = {number: rest for number, rest in self._rests.items() if rest.newsletter not in changed}
        for run in self._runs.values():
            at = settings.get(run.record.newsletter)
            if run.settings_at is not None and at != run.settings_at and not run.stop.is_set():
                self._words.settings_changed(run.record.newsletter)
                run.stop.set()

    def _begin(self, record: DispatchRecord) -> None:
        rest = self._rests.get(record.id)
        may = rest is None or rest.until <= time.monotonic()
        if may and record.id not in self._runs and len(self._runs) < _MOST_AT_ONCE and not self._stop.is_set():
            self._runs[record.id] = run = _Run(record)
            task = asyncio.create_task(self._send(record, run))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _send(self, record: DispatchRecord, run: _Run) -> None:
        """One run; whatever goes wrong in it is told, and stays with it."""
        before = self._rests.get(record.id)
        in_vain = before.in_vain if before else 0
        wait: float | None = _AFTER_TROUBLE
        try:
            wait = await self._run(record, run, in_vain)
        except (SecretLostError, SecretMissingError) as error:
            self._end_for(error)
        except PageMissingError as error:
            wait = _LOOK_EVERY
            self._words.cannot_send(record, error)
        except NewsletterError as error:
            self._words.cannot_send(record, error)
        except Exception as error:  # noqa: BLE001 - whatever is wrong about one issue, the others are sent
            self._words.has_a_bug(record, error)
        finally:
            del self._runs[record.id]
            if wait is None:
                self._rests.pop(record.id, None)
            else:
                self._rests[record.id] = _Rest(record.newsletter, time.monotonic() + wait, in_vain + 1)

    async def _run(self, record: DispatchRecord, run: _Run, in_vain: int) -> float | None:
        """Seconds to leave it alone; None where it got on."""
        ready = await asyncio.to_thread(ready_to_send, self._place, self._ledger, record, self._environ)
        run.settings_at = ready.settings_at
        counts = await asyncio.to_thread(self._ledger.counts, record.id)
        if self._stop.is_set():
            return None
        with self._status.doing_this(record):
            report = await run_deliveries(
                self._ledger,
                record.id,
                ready.compose,
                ready.policy,
                progress=partial(self._status.progress, record.id),
                stop=run.stop,
                drop=self._drop,
            )
        now = await asyncio.to_thread(self._ledger.now)
        wait = wait_to_try_again(report, now, in_vain).total_seconds()
        tell = partial(ending_of, self._ledger, record, report, counts, ready.zone)
        self._words.has_ended(record, await asyncio.to_thread(tell))
        return wait or None

    def _end_for(self, error: NewsletterError) -> None:
        """Nothing can be sent from here."""
        self._fatal = self._fatal or error
        self._stop.set()

    async def _drain(self) -> None:
        """Also where a bug ends the loop: what is in flight is finished, and the rest put back."""
        self._stop.set()
        self._words.drains(len(self._runs))
        for run in self._runs.values():
            run.stop.set()
        await asyncio.gather(*self._tasks)
        if self._number is not None:
            try:
                await asyncio.to_thread(self._ledger.worker_ends, self._number)
            except NewsletterError as error:  # it ends all the same, and is shown as silent
                self._words.ledger_is_gone(error)
