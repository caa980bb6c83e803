"""When many refusals say more about the relay or the sender than about the readers (DESIGN 4.6). Touches: nothing.

Two brakes. Refusals of one class for more than 20 % of the last 100 attempts stop the run. And bad addresses are
suppressed only within 2 % of the attempted, or 20 if that is more: beyond it the run stops and suppresses none.

"None" cannot be kept by suppressing as one goes, so bad addresses are withheld and let go in tranches: after each
1,000 attempts, and at the end of the run, if the brake has not been pulled by then. A relay that begins to refuse
everybody in the middle so harms nobody: its tranche is dropped. Who is refused is `failed` at once in either case, and
a process that is killed forgets only what it withheld: the next issue finds these addresses again. Full mailboxes wait
with them, and whether one was full for several issues the ledger knows.
"""

from collections import Counter, deque
from dataclasses import dataclass

from newsletter.ledger.states import Claim

from .decide import Decision
from .replies import ReplyClass
from .stop import Stop, StopKind

_WINDOW = 100
_MOST_REFUSALS = 20
"""More than these of the last 100 attempts, in one class: 20 %."""
_TRANCHE = 1000
_BAD_SHARE = 0.02
_BAD_AT_LEAST = 20


@dataclass(frozen=True, slots=True)
class Ready:
    """Whom the run may suppress now."""

    bad: tuple[Claim, ...] = ()
    full: tuple[Claim, ...] = ()
    """Given up because the mailbox is full; to be suppressed if it was for earlier issues, too."""


class CircuitBreaker:
    """Sees every decision of a run; says when to stop and which addresses may be suppressed."""

    def __init__(self) -> None:
        self.attempted = 0
        self.suppressed = 0
        self._recent: deque[ReplyClass | None] = deque()
        self._refused: Counter[ReplyClass] = Counter()
        self._bad = 0
        self._withheld: list[Claim] = []
        self._full: list[Claim] = []
        self._pulled = False

    def see(self, decision: Decision) -> Stop | None:
        """Count one decision; a Stop pulls the brake for the rest of the run."""
        if not decision.outcome.attempted:
            return None
        self.attempted += 1
        if decision.is_bad_address:
            self._bad += 1
            self._withheld.append(decision.outcome.claim)
        elif decision.is_full:
            self._full.append(decision.outcome.claim)
        self._remember(decision.reply_class if decision.refused else None)
        return self._judge(decision)

    def let_go(self, *, at_end: bool) -> Ready:
        """Those to suppress now."""
        if self._pulled or not (at_end or self.attempted // _TRANCHE > (self.attempted - 1) // _TRANCHE):
            return Ready()
        ready = Ready(tuple(self._withheld), tuple(self._full))
        self._withheld, self._full = [], []
        self.suppressed += len(ready.bad)
        return ready

    def _remember(self, refused: ReplyClass | None) -> None:
        self._recent.append(refused)
        if refused is not None:
            self._refused[refused] += 1
        if len(self._recent) > _WINDOW and (old := self._recent.popleft()) is not None:
            self._refused[old] -= 1

    def _judge(self, decision: Decision) -> Stop | None:
        if self._bad > max(_BAD_AT_LEAST, self.attempted * _BAD_SHARE):
            return self._pull(f"{self._bad} of {self.attempted} addresses were refused as bad")
        count = self._refused[decision.reply_class]
        if decision.refused and count > _MOST_REFUSALS:
            self._pulled, self._withheld, self._full = True, [], []
            said = decision.outcome.reply
            words = f", the last one with: {said.code} {said.enhanced} {said.text}" if said else ""
            label = decision.reply_class.value.replace("_", " ")
            return Stop(
                StopKind.REFUSALS,
                f"{count} of the last {len(self._recent)} attempts were refused in the same way ({label}){words}",
            )
        return None

    def _pull(self, what: str) -> Stop:
        self._pulled, self._withheld, self._full = True, [], []
        return Stop(
            StopKind.BAD_ADDRESSES, f"{what}: more likely the relay or the sender is wrong, so none was suppressed"
        )
