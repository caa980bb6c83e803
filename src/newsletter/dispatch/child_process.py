"""A child of a run of several processes: reads what it is to do, runs its part, tells how it ended.

Touches: standard input and output, which are the pipes to the parent (siblings.py); what a run touches.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO, Any

from newsletter.catalogue import phrase
from newsletter.errors import NewsletterError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import SETTLED

from .event_loop import run_to_end
from .letters import Compose
from .policy import Policy
from .run import Progress, run_deliveries
from .siblings import Done, Failed, Finished, LinkedSiblings, report_to, unpacked
from .signals import stopped_by_signals

_TELL_EVERY = 0.1
"""Seconds between two words about how far it is."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What a run needs, opened."""

    ledger: Ledger
    dispatch: int
    compose: Compose
    policy: Policy


def run_child(begin: Callable[[Any], AbstractContextManager[Sending]]) -> None:
    """Until the run ends. `begin` opens what the job names; an error of it, and of the run, is told to the parent."""
    # Whatever prints must not speak into the pipe.
    receive, tell = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    job: Any = unpacked(receive)
    command: str = unpacked(receive)
    try:
        with begin(job) as sending:
            run_to_end(_run(sending, receive, tell, command))
    except NewsletterError as error:
        report_to(tell, Failed(error))
    except Exception as error:  # noqa: BLE001 - a bug ends the whole run, and the parent is who tells it
        bug = phrase("dispatch.processes.bug", kind=type(error).__name__, words=str(error))
        report_to(tell, Failed(NewsletterError(bug, hint=phrase("dispatch.processes.nothing_is_lost"))))


async def _run(sending: Sending, receive: IO[bytes], tell: IO[bytes], command: str) -> None:
    siblings = LinkedSiblings(receive, tell, command)
    stop, drop = asyncio.Event(), asyncio.Event()
    now = asyncio.get_running_loop().time
    told_at = 0.0

    def progress(how_far: Progress) -> None:
        nonlocal told_at
        if now() - told_at >= _TELL_EVERY:
            told_at = now()
            siblings.report(Done(sum(how_far.outcomes.get(state, 0) for state in SETTLED)))

    with stopped_by_signals(stop, drop):
        report = await run_deliveries(
            sending.ledger,
            sending.dispatch,
            sending.compose,
            sending.policy,
            progress=progress,
            stop=stop,
            drop=drop,
            siblings=siblings,
        )
    siblings.close()
    siblings.report(Done(sum(report.outcomes.get(state, 0) for state in SETTLED)))
    siblings.report(Finished(report))
