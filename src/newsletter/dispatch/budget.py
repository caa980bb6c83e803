"""When the next message may start: evenly spaced, and within the windows of hours and days. Touches: the ledger.

The windows are counted in the ledger (ledger/budgets.py). A run takes a block ahead, since a transaction for each
message costs too much, and gives back what it did not use. A window that is used up is waited for where that is short;
else the run ends, and a later one goes on.
"""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from newsletter.ledger.budgets import Block

from .clock import Clock, Timer
from .group_commit import GroupCommit
from .throttle import Throttle

WAITED_FOR = timedelta(seconds=60)
"""For what is free again within this a run waits."""

_BLOCKS = 50
"""In the smallest window, so that who is killed loses 2 % of it at most."""
_LARGEST = 100
"""Messages in a block: at 1,000 a second that is ten transactions a second."""

_AT_ONCE = 1e-6
"""Seconds that are not waited for."""

TakeSome = Callable[[int], Block]
"""Takes at most so many messages of every window; in the ledger's thread."""
GiveBack = Callable[[Block, int], None]
"""So many of a block did not go; in the ledger's thread."""


def block_size(smallest: int) -> int:
    """How many messages are taken together, by what the smallest window allows."""
    return min(max(1, smallest // _BLOCKS), _LARGEST)


_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Deadline:
    """By both clocks: the one stands still while the machine sleeps, the other may be set."""

    monotonic: float = math.inf
    wall: datetime = _NEVER


class Budget:
    """What this run may start, and when."""

    def __init__(
        self,
        throttle: Throttle,
        commits: GroupCommit,
        timer: Timer,
        clock: Clock,
        ending: asyncio.Event,
        take: TakeSome,
        give_back: GiveBack,
        is_crowded: Callable[[], bool],
        *,
        size: int,
    ) -> None:
        """`size` is how many are taken together; 0: there are no windows, and the throttle alone decides.

        `is_crowded` tells that one of those who wait here is to leave.
        """
        self._throttle = throttle
        self._commits = commits
        self._timer = timer
        self._clock = clock
        self._ending = ending
        self._take = take
        self._give_back = give_back
        self._is_crowded = is_crowded
        self._size = size
        self._woken = asyncio.Event()
        self._turn = asyncio.Lock()
        self._block: Block | None = None
        self._left = 0
        self._until = Deadline()
        """What is left of the block by then goes back."""
        self._waits = 0
        """How often a window was waited for."""
        self.rested = timedelta()
        """How long altogether."""
        self.used_up: Block | None = None
        """An empty one, where a window is used up for longer than a run waits."""

    @property
    def is_free(self) -> bool:
        """A message that starts now may."""
        return self._throttle.is_free(self._timer.monotonic()) and self._has_left

    def start(self) -> None:
        """One starts, at once."""
        self._throttle.reserve(self._timer.monotonic())
        self._left -= 1

    def free_at(self, now: datetime) -> datetime | None:
        """When the next may start, where a window is `used_up`."""
        return now + self.used_up.wait if self.used_up is not None else None

    def is_over(self, deadline: Deadline) -> bool:
        return self._timer.monotonic() >= deadline.monotonic or self._clock() >= deadline.wall

    async def admit(self) -> Deadline | None:
        """Wait until one may start, and count it: until when it has to.

        None where the run ends, a window is `used_up`, or there are too many. Raises what the ledger raises.
        """
        async with self._turn:
            while await self._started():
                waits = self._waits
                if not await self.fill():
                    break
                if waits == self._waits:
                    self._left -= 1
                    return self._until
                # That start has passed meanwhile, and so have those of the others.
        return None

    def wake(self) -> None:
        """There may be too many now."""
        self._woken.set()

    async def _started(self) -> bool:
        """The next start has come; False where the run ends, or there are too many."""
        start = (now := self._timer.monotonic()) + self._throttle.reserve(now)
        while not (self._ending.is_set() or self._is_crowded()):
            if (wait := start - self._timer.monotonic()) < _AT_ONCE:
                return True
            self._woken.clear()
            await self._timer.wait_for_any(self._ending, self._woken, seconds=wait)
        return False

    async def fill(self) -> bool:
        """Have some left; False where the run ends, or a window is `used_up`."""
        while not self._has_left:
            monotonic, wall = self._timer.monotonic(), self._clock()
            unused, self._left = self._left, 0
            block = await self._commits.ask(partial(self._exchange, unused))
            if block.count:
                self._block, self._left = block, block.count
                self._until = Deadline(monotonic + block.lasts.total_seconds(), wall + block.lasts)
            elif block.wait > WAITED_FOR:
                self.used_up = block
                return False
            else:
                self._waits += 1
                ending = await self._timer.wait_unless(self._ending, block.wait.total_seconds())
                self.rested += timedelta(seconds=self._timer.monotonic() - monotonic)
                if ending:
                    return False
        return not self._ending.is_set()

    async def close(self) -> None:
        """Give back what is left."""
        unused, self._left = self._left, 0
        if self._block is not None and unused > 0:
            await self._commits.ask(partial(self._return, unused))

    @property
    def _has_left(self) -> bool:
        return not self._size or (self._left > 0 and not self.is_over(self._until))

    def _exchange(self, unused: int) -> Block:
        """A new block for what is left of the old one, which has got too old."""
        self._return(unused)
        return self._take(self._size)

    def _return(self, unused: int) -> None:
        """Once, even where no answer comes: given back twice it would be sent twice."""
        block, self._block = self._block, None
        if block is not None and unused > 0:
            self._give_back(block, unused)
