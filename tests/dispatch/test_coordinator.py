"""Why a run is over, where more than one thing could be said."""

import asyncio

import pytest

from newsletter.catalogue import Verbatim
from newsletter.dispatch.clock import REAL_TIME
from newsletter.dispatch.coordinator import Coordinator
from newsletter.dispatch.run_context import RunContext
from newsletter.dispatch.siblings import Siblings
from newsletter.dispatch.stop import StopKind
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.records import LeaseLostError
from newsletter.smtp.failpoints import no_failpoint
from tests.support.books import NOW, planned
from tests.support.smtp_runs import compose, policy


@pytest.mark.parametrize(("is_paused", "kind"), [(True, StopKind.PAUSED), (False, StopKind.LEASE)])
def test_that_it_is_paused_tells_more_than_that_the_lease_was_taken(
    ledger: Ledger, is_paused: bool, kind: StopKind
) -> None:
    """As after a fail-over, which does both."""

    async def go() -> Coordinator:
        run = RunContext.of(
            ledger,
            planned(ledger, 1),
            policy(1),
            compose,
            clock=lambda: NOW,
            timer=REAL_TIME,
            on_failpoint=no_failpoint,
            on_progress=lambda _: None,
            siblings=Siblings(),
        )
        if is_paused:
            ledger.pause(run.dispatch, Verbatim("another server"), NOW)
        coordinator = Coordinator(run)
        await coordinator.failed(LeaseLostError(Verbatim("taken")))
        run.lease.close(NOW)
        await run.commits.close()
        return coordinator

    stopped = asyncio.run(go()).stopped
    assert stopped is not None
    assert stopped.kind is kind
    assert ("another server" in str(stopped.reason)) is is_paused
