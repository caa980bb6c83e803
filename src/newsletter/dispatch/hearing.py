"""What another process of this run has met, taken as if it had been met here. Touches: what the run touches.

Nothing is written into the ledger for it: the delivery is the other's, and so is its outcome.
"""

import asyncio

from newsletter.errors import NewsletterError

from .adjust_pace import adjust_pace, widen
from .answers import Answers
from .coordinator import Coordinator
from .run_context import RunContext
from .siblings import Accepted, Ask, Halted, News, NotConnected, Refused, SessionLimit


async def hear_siblings(
    run: RunContext, coordinator: Coordinator, answers: Answers, stop: asyncio.Event, drop: asyncio.Event
) -> None:
    """For as long as the run lasts, in the order in which it came."""
    heard: asyncio.Queue[News | Ask] = asyncio.Queue()
    run.siblings.listen(heard.put_nowait)
    while True:
        message = await heard.get()
        try:
            await _take(message, run, coordinator, answers, stop, drop)
        except NewsletterError as error:
            await coordinator.failed(error)


async def _take(
    message: News | Ask,
    run: RunContext,
    coordinator: Coordinator,
    answers: Answers,
    stop: asyncio.Event,
    drop: asyncio.Event,
) -> None:
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
        case Ask(drop=dropped):
            (drop if dropped else stop).set()


def _accepted(run: RunContext, domains: dict[str, int]) -> None:
    messages = sum(domains.values())
    run.counts.any_accepted = True
    run.refusals.accepted += messages
    run.breaker.accepted_elsewhere(messages)
    for domain, count in domains.items():
        run.limits.accepted(domain, count)
    run.limits.let_go()
    run.throttle.faster(messages)
    widen(run)
