"""Run one planned dispatch to its end: the frozen words, the relay, signals, and word to the operator afterwards.

Touches: the ledger, the network, signal handlers. SIGTERM and Ctrl-C finish what is in flight and put the rest back; a
second one waits for nobody, and what is in flight is in doubt.
"""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from newsletter.catalogue import phrase
from newsletter.dispatch.event_loop import run_to_end
from newsletter.dispatch.policy import Policy
from newsletter.dispatch.run import Progress, RunReport, run_deliveries
from newsletter.dispatch.send_one import deliver
from newsletter.errors import NewsletterError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord
from newsletter.ledger.states import Claim, DispatchStatus
from newsletter.message.message import Message
from newsletter.progress import Advance
from newsletter.report.ending import Ending
from newsletter.report.notice import notice
from newsletter.settings.workspace import Workspace
from newsletter.smtp.server import SMTPServer

from .compose import FrozenComposer


def run_dispatch(
    workspace: Workspace,
    ledger: Ledger,
    record: DispatchRecord,
    *,
    advance: Advance,
    first: int | None = None,
    retry_now: bool = False,
) -> Ending:
    """Send what is due of one dispatch. With `first`, a canary of so many messages: the ledger pauses after it."""
    frozen = FrozenComposer(workspace, ledger, record.id)
    policy = Policy.from_settings(workspace.settings, root=workspace.root, first=first, retry_now=retry_now)
    before = ledger.counts(record.id)
    report = run_to_end(_run(ledger, record, frozen.compose, policy, advance))
    now = ledger.record(record.id)
    paused = now.reason or phrase("ledger.pause.by_hand") if now.status is DispatchStatus.PAUSED else None
    zone = workspace.settings.newsletter.timezone
    ending = Ending(record.slug, zone, report, ledger.counts(record.id), before, paused=paused)
    return _notify_operator(workspace, ending)


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


def _notify_operator(workspace: Workspace, ending: Ending) -> Ending:
    """Send the notice to everyone in `[operator] notify`, if there was anything to tell.

    One that cannot be delivered never changes how the run ended: it becomes a warning beside it.
    """
    if not ending.worth_telling:
        return ending
    warnings = list(ending.warnings)
    for address in workspace.settings.operator.notify:
        message = notice(workspace.settings, address, ending, datetime.now(UTC))
        try:
            asyncio.run(deliver(message, SMTPServer.from_settings(workspace.settings, workspace.root)))
        except NewsletterError as error:
            warnings.append(phrase("workflow.send.operator_not_told", error=error))
    return replace(ending, warnings=tuple(warnings))
