"""The retry schedule: how long a delivery waits for its next try, and when there is none (docs/design.md 4.6).

Touches: nothing.
"""

from datetime import datetime, timedelta

from newsletter.ledger.states import Claim, Outcome, State
from newsletter.smtp.reply import Reply

from .policy import Policy

_FEWEST_TRIES = 5


def wait_after(attempts: int, policy: Policy) -> timedelta:
    """How long to wait after the attempt with this number, counted from 1: the first wait doubled each time.

    Without jitter: those that become due at the same moment are spread by the rate and the limits of their domains.
    """
    most = max(policy.retry, policy.retry_most)
    # 2**30 first waits of a second are 34 years: past that the doubling itself would overflow a timedelta.
    return min(policy.retry * (1 << min(attempts - 1, 30)), most)


def is_given_up(trying: timedelta, attempts: int, policy: Policy) -> bool:
    """Whether there is no further try, so long after the first one.

    Where hours and days have limits it was perhaps these that let the time pass, so there are some tries at least.
    """
    return trying >= policy.give_up_after and attempts >= (_FEWEST_TRIES if policy.windows else 1)


def try_later(claim: Claim, reply: Reply, reply_class: str, now: datetime, policy: Policy) -> Outcome:
    """Deferred, or expired after `give_up_after` of trying; the ledger moves the first attempt past every pause."""
    if is_given_up(now - (claim.first_attempt_at or now), claim.attempts + 1, policy):
        return Outcome(claim, State.EXPIRED, reply, reply_class)
    return Outcome(claim, State.DEFERRED, reply, reply_class, due_at=now + wait_after(claim.attempts + 1, policy))


def put_back(claim: Claim, reply: Reply | None = None, reply_class: str = "") -> Outcome:
    """Nothing became of this claim: it waits for nothing, and it costs the reader no attempt."""
    return Outcome(claim, State.PLANNED, reply, reply_class, attempted=False)


def wait_untried(claim: Claim, reply: Reply, reply_class: str, until: datetime) -> Outcome:
    """Deferred, at no attempt's cost: what was said is not about the reader, who so never expires by it."""
    return Outcome(claim, State.DEFERRED, reply, reply_class, attempted=False, due_at=until)
