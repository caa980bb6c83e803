"""Run one planned dispatch to its end: the frozen words, the relay, signals.

Touches: the ledger, the network, signal handlers. SIGTERM and Ctrl-C finish what is in flight and put the rest back; a
second one waits for nobody, and what is in flight is in doubt.
"""

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

from newsletter.catalogue import phrase
from newsletter.dispatch.answers import suppress_released
from newsletter.dispatch.event_loop import run_to_end
from newsletter.dispatch.policy import Policy
from newsletter.dispatch.processes import ProcessGroup
from newsletter.dispatch.reply_class import ReplyClass
from newsletter.dispatch.run import Progress, RunReport, run_deliveries
from newsletter.dispatch.run_report import joined
from newsletter.dispatch.signals import stopped_by_signals
from newsletter.dispatch.stop import StopKind
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import DispatchRecord, ReplyCount
from newsletter.ledger.states import HELD, UNFINISHED, Claim, DispatchStatus, State
from newsletter.message.message import Message
from newsletter.progress import Advance
from newsletter.report.ending import Ending
from newsletter.settings.workspace import Workspace

from .compose import FrozenComposer
from .example_sender import refuse_frozen_example
from .relay_settings import publish_relay_settings
from .sending_process import COMMAND, SendingJob


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

    `due`: it is cron that sends. A canary is one process's, whatever the settings say.
    """
    refuse_frozen_example(workspace, ledger.letterhead(record.id))
    frozen = FrozenComposer(workspace, ledger, record.id)
    policy = Policy.from_settings(workspace.settings, root=workspace.root, first=first, retry_now=retry_now, due=due)
    publish_relay_settings(workspace, ledger, first_only=due)
    before = ledger.counts(record.id)
    together = 1 if first is not None else workspace.settings.smtp.sharing_processes
    if together > 1:
        report = run_to_end(_run_in_processes(workspace, ledger, record, policy, advance, together))
    else:
        report = run_to_end(_run(ledger, record, frozen.compose, policy, advance))
    return ending_of(ledger, record, report, before, workspace.settings.newsletter.timezone)


def ending_of(ledger: Ledger, record: DispatchRecord, report: RunReport, before: dict[State, int], zone: str) -> Ending:
    """How a run ended, beside what the ledger says now; `before` are its counts when it began."""
    now = ledger.record(record.id)
    paused = now.reason or phrase("ledger.pause.by_hand") if now.status is DispatchStatus.PAUSED else None
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

    with stopped_by_signals(stop, drop):
        return await run_deliveries(ledger, record.id, compose, policy, progress=tell, stop=stop, drop=drop)


async def _run_in_processes(
    workspace: Workspace, ledger: Ledger, record: DispatchRecord, policy: Policy, advance: Advance, processes: int
) -> RunReport:
    counts = ledger.counts(record.id)
    total = sum(counts.values())
    done = total - sum(counts[state] for state in UNFINISHED)
    command = (sys.executable, *COMMAND)
    stop, drop = asyncio.Event(), asyncio.Event()
    job = SendingJob(workspace, record.id, policy)
    group = ProcessGroup(command, job, processes, lambda settled: advance(done + settled, total))
    with stopped_by_signals(stop, drop):
        reports = await group.run(stop, drop)
    suppressed = _suppress_withheld(ledger, record, reports, policy)
    left = ledger.counts(record.id)
    report = joined(
        reports,
        deferred_left=left[State.DEFERRED],
        held_by_others=sum(left[state] for state in HELD),
        next_due=ledger.next_due(record.id),
    )
    return replace(report, suppressed=report.suppressed + suppressed)


def _suppress_withheld(ledger: Ledger, record: DispatchRecord, reports: Sequence[RunReport], policy: Policy) -> int:
    """How many addresses were, now that nothing can trip the breaker any more."""
    tripped = {StopKind.REFUSALS, StopKind.BAD_ADDRESSES}
    if any(report.stopped is not None and report.stopped.kind in tripped for report in reports):
        return 0
    issues, now = policy.mailbox_full_issues, ledger.now()
    return sum(suppress_released(ledger, record.id, report.withheld, issues, now) for report in reports)
