"""One run of a play: its connections, from the first message until nothing is due. Touches: nothing."""

import heapq
from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from newsletter.dispatch.budget import WAITED_FOR
from newsletter.dispatch.claim_queue import FOR_EACH_CONNECTION
from newsletter.dispatch.domain_limits import DomainLimits
from newsletter.dispatch.policy import Policy
from newsletter.dispatch.sliding_window import SlidingWindow
from newsletter.dispatch.throttle import Throttle
from newsletter.ledger.states import Claim, Learned

from .waiting_letters import WaitingLetters


class CarriedLetters(Protocol):
    """What a run asks about the letters it carries."""

    def takes(self, letter: Claim, start: float) -> float:
        """Seconds until it is answered, where it is begun then."""

    def settle(self, letter: Claim, now: float) -> bool:
        """It was answered then; False: it is deferred."""


class PlayedRun:
    """Seconds as everywhere in the play."""

    def __init__(
        self,
        policy: Policy,
        connect: float,
        book: WaitingLetters,
        windows: Sequence[SlidingWindow],
        letters: CarriedLetters,
        each_stands_for: int,
    ) -> None:
        self._connect = connect
        self._book = book
        self._windows = windows
        self._carried = letters
        self._times = each_stands_for
        self._throttle = Throttle(policy.connections, policy.rate)
        self._limits = DomainLimits(policy.per_domain, policy.connections, lambda _number: 0.0)
        self._at_once = policy.connections * FOR_EACH_CONNECTION
        self._answers: list[tuple[float, int, Claim]] = []
        """When what is in flight will be answered."""
        self.used_up: SlidingWindow | None = None
        """A window that is used up for longer than a run waits."""

    def recall(self, lessons: Sequence[tuple[Learned, timedelta | None]], now: float) -> None:
        """Begin with what was learned today, and for how long each rests."""
        for lesson, rests in lessons:
            if lesson.domain:
                until = now + rests.total_seconds() if rests else now
                self._limits.recall(lesson.domain, lesson.window, lesson.in_a_row, until)
            else:
                self._throttle.recall(lesson.window)

    def play(self, now: float) -> float:
        """Until nothing is due, or a window is used up; when that is."""
        now += self._connect
        while True:
            self._start_some(now)
            if not self._answers and (self.used_up or not len(self._limits)):
                break
            now = (
                self._answered()
                if self._answers and self._answers[0][0] <= self._may_start(now)
                else self._may_start(now)
            )
        self._book.put_back(self._limits.release())
        return now

    def _start_some(self, now: float) -> None:
        """As many as may start now."""
        while self.used_up is None and len(self._answers) < self._throttle.open_connections:
            letter = self._next(now)
            if letter is None:
                return
            start = self._admit(now)
            if start is None:
                self._limits.give_back(letter)
                return
            takes = self._carried.takes(letter, start) * self._times
            heapq.heappush(self._answers, (start + takes, letter.delivery, letter))

    def _next(self, now: float) -> Claim | None:
        letter = self._limits.next(now)
        while letter is None and (claimed := self._book.claim(self._at_once, self._limits.closed(now), now)):
            self._book.put_back(self._limits.put(claimed, now))
            letter = self._limits.next(now)
        return letter

    def _may_start(self, now: float) -> float:
        """When one who waits for their domain may start, where a connection is free for them."""
        wait = self._limits.wait(now) if len(self._answers) < self._throttle.open_connections else None
        return float("inf") if wait is None or self.used_up else now + max(wait, 1e-6)

    def _answered(self) -> float:
        """Whoever is answered next, and when."""
        now, _, letter = heapq.heappop(self._answers)
        self._limits.end(letter)
        if self._carried.settle(letter, now):
            self._limits.well(letter, accepted=True)
            self._throttle.faster()
        return now

    def _admit(self, now: float) -> float | None:
        """When the next message may start, by the rate and the windows; None where one of these is used up."""
        start = now + self._throttle.reserve(now)
        free_at = max((window.free_at for window in self._windows if window.free(start) < 1), default=start)
        if free_at - start > WAITED_FOR.total_seconds():
            self.used_up = max(self._windows, key=lambda window: window.free_at)
            return None
        start = max(start, free_at)
        for window in self._windows:
            window.free(start)
            window.take(self._times, start)
        return start
