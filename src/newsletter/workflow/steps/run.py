"""Run one planned dispatch to its end: the frozen words, the relay, signals.

Touches: the ledger, the network, signal handlers. SIGTERM and Ctrl-C finish what is in flight and put the rest back; a
second one waits for nobody, and what is in flight is in doubt.
"""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from newsletter.catalogue import phrase
from newsletter.dispatch.event_loop import run_to_end
from newsletter.dispatch.policy import Policy
from newsletter.dispatch.reply_class import ReplyClass
from newsletter.dispatch.run import Progress, RunReport, run_deliveries
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord, ReplyCount
from newsletter.ledger.states import Claim, DispatchStatus, State
from newsletter.message.message import Message
from newsletter.progress import Advance
from newsletter.report.ending import Ending
from newsletter.settings.workspace import Workspace

from .compose import FrozenComposer
from .example_sender import refuse_frozen_example


def run_dispatch(
    workspace: Workspace,
    ledger: Ledger,
    record: DispatchRecord,
    *,
    advance: Advance,
    first: int | None = None,
    retry_now: bool = False,
    due: bool = False,
) -> Ending:
    """Send what is due of one dispatch. With `first`, a canary of so many messages: the ledger pauses after it.

    `due`: it is cron that sends.
    """
    refuse_frozen_example(workspace, ledger.letterhead(record.id))
    frozen = FrozenComposer(workspace, ledger, record.id)
    policy = Policy.from_settings(workspace.settings, root=workspace.root, first=first, retry_now=retry_now, due=due)
    before = ledger.counts(record.id)
    report = run_to_end(_run(ledger, record, frozen.compose, policy, advance))
    now = ledger.record(record.id)
    paused = now.reason or phrase("ledger.pause.by_hand") if now.status is DispatchStatus.PAUSED else None
    zone = workspace.settings.newsletter.timezone
    counts = ledger.counts(record.id)
    unauthenticated = held_back(ledger, record.id, ReplyClass.UNAUTHENTICATED) if counts[State.DEFERRED] else ()
    return Ending(record.slug, zone, report, counts, before, paused=paused, unauthenticated=unauthenticated)


def held_back(ledger: Ledger, dispatch: int, *classes: ReplyClass) -> tuple[ReplyCount, ...]:
    """What was said to those who wait at no cost of theirs, by rule."""
    return tuple(one for one in ledger.replies(dispatch) if one.reply_class in classes)


async def _run(
    ledger: Ledger, record: DispatchRecord, compose: Callable[[Claim], Message], policy: Policy, advance: Advance
) -> RunReport:
    stop, drop = asyncio.Event(), asyncio.Event()

    def tell(progress: Progress) -> None:
        advance(progress.settled, progress.total)

    with _stopped_by_signals(stop, drop):
        return await run_deliveries(
            ledger, record.id, compose, policy, clock=lambda: datetime.now(UTC), progress=tell, stop=stop, drop=drop
        )


@contextlib.contextmanager
def _stopped_by_signals(stop: asyncio.Event, drop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()

    def obey() -> None:
        (drop if stop.is_set() else stop).set()

    handled = []
    for number in (signal.SIGINT, signal.SIGTERM):
        # Not the main thread (tests, a web server), or Windows: there Ctrl-C raises KeyboardInterrupt as usual.
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, obey)
            handled.append(number)
    try:
        yield
    finally:
        for number in handled:
            loop.remove_signal_handler(number)
