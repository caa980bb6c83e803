"""Play one dispatch to its end, a letter at a time, on a clock that jumps. Touches: nothing.

The rules are those of a run and not a second writing of them: Throttle and DomainLimits say who may start when,
retry.py how long a deferred one waits, SlidingWindow is what the ledger counts. A run ends as a real one does, when
nothing is due or a window is used up for longer than a run waits, and cron begins the next one.

Limits: how often a relay throttles or breaks is in the pace that was measured; it is not played blow by blow. Nobody
pauses it, and nothing else sends as the same account.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from newsletter.dispatch.budget import WAITED_FOR
from newsletter.dispatch.policy import Policy
from newsletter.dispatch.reply_rule import domain_of
from newsletter.dispatch.retry import is_given_up, wait_after
from newsletter.dispatch.sliding_window import SlidingWindow
from newsletter.dispatch.throttle import Limit
from newsletter.ledger.budgets import Usage
from newsletter.ledger.states import Claim, Learned

from .audience import PlayedAudience
from .played_run import PlayedRun
from .relay import SimulatedRelay
from .timeline import Timeline
from .waiting_letters import WaitingLetters

CRON_EVERY = timedelta(minutes=10)
"""As the crontab line has it: at every tenth minute of the hour."""
_FARTHEST = timedelta(days=3650).total_seconds()


class Play:
    """Of one audience against one relay. Seconds count from `now`, the moment of `windows`."""

    def __init__(
        self,
        audience: PlayedAudience,
        policy: Policy,
        relay: SimulatedRelay,
        *,
        now: datetime,
        begins: datetime,
        windows: Sequence[Usage] = (),
        lessons: Sequence[Learned] = (),
    ) -> None:
        """`lessons` are what was learned of the relay and its domains today."""
        self._times = audience.each_stands_for
        self._policy = _for_fewer(policy, self._times)
        self._relay = relay
        self._now = now
        self._lessons = [(one, one.rests_until - begins if one.rests_until else None) for one in lessons]
        letters, waiting = audience.letters()
        self._book = WaitingLetters(letters, waiting, policy.per_domain)
        self._windows = [SlidingWindow(usage, now) for usage in windows]
        self._first = {number: waits.since for number, waits in waiting.items()}
        """When those who were deferred were tried first, in this play or before."""
        self._attempts = {number: waits.attempts for number, waits in waiting.items()}
        self._patience = dict.fromkeys(waiting, 0.0)
        self._met: dict[str, int] = {}
        """How many readers of each domain were tried."""
        self._timeline = Timeline(len(letters), self._times, (begins - now).total_seconds())

    def run(self) -> Timeline:
        """To the end, or for ten years."""
        start, timeline = self._timeline.begins, self._timeline
        while len(self._book) and start < _FARTHEST:
            run = PlayedRun(self._policy, self._relay.connect, self._book, self._windows, self, self._times)
            if not timeline.runs:
                run.recall(self._lessons, start)
            timeline.runs += 1
            ended = run.play(start)
            free_at = run.used_up.free_at - WAITED_FOR.total_seconds() if run.used_up else 0.0
            start = self._tick_after(max(self._book.next_due, ended, free_at, start + 1))
            if run.used_up:
                timeline.hold_up(str(run.used_up.window), self._book.untried, start)
        return timeline

    def _tick_after(self, moment: float) -> float:
        """Cron's next run, in seconds as all the others."""
        every, base = CRON_EVERY.total_seconds(), self._now.timestamp()
        return math.ceil((base + moment) / every) * every - base

    def takes(self, letter: Claim, start: float) -> float:
        """As PlayedRun asks."""
        number = letter.delivery
        if number not in self._patience:
            domain = domain_of(letter.key)
            place = self._met[domain] = self._met.get(domain, -1) + 1
            self._patience[number] = self._relay.patience(domain, place)
        elapsed = start - self._first.get(number, start)
        return self._relay.takes(self._book.domain(letter), accepted=elapsed >= self._patience[number])

    def settle(self, letter: Claim, now: float) -> bool:
        """As PlayedRun asks."""
        number, domain, timeline = letter.delivery, domain_of(letter.key), self._timeline
        if number not in self._first:
            self._first[number] = now
            timeline.try_first(self._book.domain(letter), now)
        elapsed, patience = now - self._first[number], self._patience[number]
        attempts = self._attempts[number] = self._attempts.get(number, 0) + 1
        if elapsed < patience and not is_given_up(timedelta(seconds=elapsed), attempts, self._policy):
            timeline.deferred[domain] += attempts == 1
            self._book.defer(letter, now + wait_after(attempts, self._policy).total_seconds())
            return False
        timeline.out.append(now)
        if attempts > 1:
            timeline.deferred_until[domain] = now
        return elapsed >= patience


def _for_fewer(policy: Policy, times: int) -> Policy:
    """The same pace where each letter is so many."""
    if times == 1:
        return policy
    domains = {
        name: Limit(limit.connections, limit.rate and limit.rate / times) for name, limit in policy.per_domain.items()
    }
    return replace(policy, rate=policy.rate and policy.rate / times, per_domain=domains)
