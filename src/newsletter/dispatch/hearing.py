"""What another process has met, taken as if it had been met here. Touches: what the run touches.

Nothing is written into the ledger for it: the delivery is the other's, and so is its outcome.
"""

import asyncio

from newsletter.errors import NewsletterError

from .adjust_pace import adjust_pace, widen
from .answers import Answers
from .coordinator import Coordinator
from .run_context import RunContext
from .siblings import Accepted, Ask, Elsewhere, Halted, News, NotConnected, Refused, SessionLimit
from .stop import StopKind


async def hear_siblings(
    run: RunContext, coordinator: Coordinator, answers: Answers, stop: asyncio.Event, drop: asyncio.Event
) -> None:
    """For as long as the run lasts, in the order in which it came."""
    run.siblings.listen()
    while True:
        message = await run.siblings.heard.get()
        try:
            if isinstance(message, Ask):
                (drop if message.drop else stop).set()
            elif isinstance(message, Elsewhere) and not message.of_same:
                await _take_of_another(message.news, run, coordinator)
            else:
                await _take(message.news if isinstance(message, Elsewhere) else message, run, coordinator, answers)
        except NewsletterError as error:
            await coordinator.failed(error)
        finally:
            run.siblings.heard.task_done()


async def _take(message: News, run: RunContext, coordinator: Coordinator, answers: Answers) -> None:
    match message:
        case Accepted(domains):
            _accepted(run, domains)
        case Refused(decision, is_open):
            trouble = adjust_pace(run, decision)
            braked = None if is_open else run.breaker.see(decision, ours=False)
            if (stopped := braked or trouble) is not None:
                await coordinator.halt(stopped, decision.reply_class)
        case NotConnected(reply):
            run.throttle.slower(run.timer.monotonic())
            if (trouble := run.breaker.trouble(reply)) is not None:
                await coordinator.halt(trouble)
        case SessionLimit(messages):
            run.refusals.session_limit = messages
        case Halted():
            await answers.halted_elsewhere(message)


async def _take_of_another(news: News, run: RunContext, coordinator: Coordinator) -> None:
    """It sends something else through the same relay: that says something of the relay, and nothing of this letter."""
    match news:
        case Accepted(domains):
            run.breaker.relay_is_well()
            _go_faster(run, domains)
        case Refused(decision):
            if (trouble := adjust_pace(run, decision)) is not None:
                await coordinator.halt(trouble, decision.reply_class)
        case NotConnected():
            run.throttle.slower(run.timer.monotonic())
        case SessionLimit(messages):
            run.refusals.session_limit = messages
        case Halted(stop) if stop.kind is StopKind.QUOTA:
            coordinator.halted_elsewhere(stop)


def _accepted(run: RunContext, domains: dict[str, int]) -> None:
    messages = sum(domains.values())
    run.counts.any_accepted = True
    run.refusals.accepted += messages
    run.breaker.accepted_elsewhere(messages)
    _go_faster(run, domains)


def _go_faster(run: RunContext, domains: dict[str, int]) -> None:
    for domain, count in domains.items():
        run.limits.accepted(domain, count)
    run.limits.let_go()
    run.throttle.faster(sum(domains.values()))
    widen(run)
