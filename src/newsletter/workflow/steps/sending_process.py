"""A child of `send --processes`: one planned dispatch, opened anew in a process of its own.

Touches: what a dispatch touches. Started as `python -m newsletter.workflow.steps.sending_process` by run.py, never by a
person; what it is to do comes over its standard input.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from newsletter.dispatch.child_process import Sending, run_child
from newsletter.dispatch.policy import Policy
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace

from .compose import FrozenComposer
from .newsletter import open_own_ledger

COMMAND = ("-m", "newsletter.workflow.steps.sending_process")


@dataclass(frozen=True, slots=True)
class SendingJob:
    """One dispatch, with the settings as the command read them."""

    workspace: Workspace
    dispatch: int
    policy: Policy


@contextmanager
def opened_job(job: SendingJob) -> Iterator[Sending]:
    """Everything that a run needs, for as long as it lasts."""
    with open_own_ledger(job.workspace, Purpose.SENDING) as ledger:
        composer = FrozenComposer(job.workspace, ledger, job.dispatch)
        yield Sending(ledger, job.dispatch, composer.compose, job.policy)


if __name__ == "__main__":
    run_child(opened_job)
