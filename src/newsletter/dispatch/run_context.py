"""What one run is made of, built in one place and handed to its parts as one value. Touches: the ledger, for its lease.

    claims ─▶ ClaimQueue, Letters ─▶ InFlight of a Connection (of a ConnectionPool) ─▶ GroupCommit ─▶ ledger
                               Answers ─▶ decide ─▶ Throttle, DomainLimits, CircuitBreaker ─▶ go on, slower, or Stop

Each part keeps its own state and is the only one to change it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from newsletter.ledger.budgets import Block
from newsletter.ledger.leases import Lease
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Claim
from newsletter.smtp.failpoints import OnFailpoint
from newsletter.smtp.pipelined import Pipelining

from .budget import Budget, block_size
from .circuit_breaker import CircuitBreaker
from .claim_queue import ClaimQueue
from .clock import Clock, Timer
from .connection_pool import ConnectionPool
from .domain_limits import DomainLimits
from .exchange import Exchange
from .group_commit import GroupCommit
from .learned_pace import LearnedPace
from .letters import Compose, Letters
from .policy import Policy
from .refusals import Refusals
from .retry import wait_after
from .run_report import Progress, RunCounts
from .share import Share
from .siblings import Siblings
from .throttle import Throttle


@dataclass(frozen=True, slots=True)
class RunContext:
    """One run of one dispatch in one process."""

    ledger: Ledger
    dispatch: int
    lease: Lease
    policy: Policy
    clock: Clock
    timer: Timer
    on_failpoint: OnFailpoint
    on_progress: Callable[[Progress], None]
    ending: asyncio.Event
    """No new message; what is in flight is finished."""
    throttle: Throttle
    budget: Budget
    limits: DomainLimits
    pace: LearnedPace
    breaker: CircuitBreaker
    refusals: Refusals
    pipelining: Pipelining
    pool: ConnectionPool
    commits: GroupCommit
    letters: Letters
    queue: ClaimQueue
    counts: RunCounts
    share: Share
    """This run's part of what may be done at once; none yet (membership.py)."""
    siblings: Siblings
    exchange: Exchange
    """With runs of other commands and machines."""

    @classmethod
    def of(
        cls,
        ledger: Ledger,
        dispatch: int,
        policy: Policy,
        compose: Compose,
        *,
        clock: Clock,
        timer: Timer,
        on_failpoint: OnFailpoint,
        on_progress: Callable[[Progress], None],
        siblings: Siblings,
    ) -> "RunContext":
        """Everything at its start; the lease is taken."""
        ending = asyncio.Event()
        share = Share(sharers=())
        throttle = Throttle(policy.connections, policy.rate, share)
        limits = DomainLimits(
            policy.per_domain,
            policy.connections,
            lambda number: wait_after(number, policy).total_seconds(),
            share,
            throttle,
        )
        refusals = Refusals(policy.connections)
        pool = ConnectionPool(throttle, ending)
        commits = GroupCommit(ledger, clock, on_failpoint, pool.size)
        letters = Letters(compose)

        # The last thing that can fail: nobody would give it back.
        lease = ledger.lease(clock())
        share.mine = lease.id
        commits.hold_to(lease)

        def claim(limit: int, without: tuple[str, ...]) -> list[Claim]:
            return ledger.claim(dispatch, lease, limit, clock(), retry_now=policy.retry_now, without=without)

        def take(count: int) -> Block:
            return ledger.take(policy.account, policy.windows, count, clock(), spare=policy.spare)

        size = block_size(min(window.most for window in policy.windows)) if policy.windows else 0
        return cls(
            ledger=ledger,
            dispatch=dispatch,
            lease=lease,
            policy=policy,
            clock=clock,
            timer=timer,
            on_failpoint=on_failpoint,
            on_progress=on_progress,
            ending=ending,
            throttle=throttle,
            budget=Budget(
                throttle, commits, timer, clock, ending, take, ledger.give_back, lambda: pool.is_crowded, size=size
            ),
            limits=limits,
            pace=LearnedPace(policy.relay, throttle, limits, refusals, honours_rests=not policy.retry_now),
            refusals=refusals,
            breaker=CircuitBreaker(policy.connections, policy.rules),
            pipelining=Pipelining(wanted=policy.pipelining),
            pool=pool,
            commits=commits,
            letters=letters,
            queue=ClaimQueue(claim, commits, limits, letters, timer, ending, pool=pool, first=policy.first),
            counts=RunCounts(),
            share=share,
            siblings=siblings,
            exchange=Exchange(ledger, commits, lease, siblings, limits, account=policy.shared_as, dispatch=dispatch),
        )
