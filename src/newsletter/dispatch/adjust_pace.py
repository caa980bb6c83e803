"""How fast a run goes on after an answer, its own or another process's. Touches: what the run is made of.

The relay's own words narrow the window of all connections; a receiver's words, passed on by the relay, narrow that of
its domain, or let it rest.
"""

from newsletter.ledger.states import State

from .decide import Decision
from .run_context import RunContext
from .stop import Stop


def adjust_pace(run: RunContext, decision: Decision) -> Stop | None:
    """How fast to go on, by this answer; a Stop where the relay has been in trouble for too long."""
    outcome = decision.outcome
    if outcome.reply is not None and decision.holds_domain:
        run.breaker.relay_is_well()
        seconds = decision.rest.total_seconds()
        held = run.limits.hold(outcome.claim, outcome.reply, run.timer.monotonic(), seconds)
        run.queue.put_back(held)
        return None
    if outcome.reply is not None and decision.slow_down and decision.receivers:
        # The relay itself is well: it has passed on a receiver's words.
        run.breaker.relay_is_well()
        run.queue.put_back(run.limits.slower(outcome.claim, outcome.reply, run.timer.monotonic()))
        return None
    if not decision.lost:
        run.limits.well(outcome.claim, accepted=outcome.state is State.SENT)
    if outcome.reply is None or not (decision.lost or decision.slow_down):
        run.breaker.relay_is_well()
        if outcome.state is State.SENT:
            go_faster(run)
        return None
    if outcome.state is not State.PLANNED or decision.slow_down:
        # Else an idle connection was closed, which relays may do: no reason to go slower.
        run.throttle.slower(run.timer.monotonic())
    return run.breaker.trouble(outcome.reply)


def go_faster(run: RunContext) -> None:
    """A message was accepted."""
    run.throttle.faster()
    run.limits.let_go()
    widen(run)


def widen(run: RunContext) -> None:
    """Open what the throttle allows, where there is anything to do."""
    if not run.queue.dry and run.budget.used_up is None:
        run.pool.widen()
