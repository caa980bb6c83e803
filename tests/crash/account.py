"""What became of the readers of many scenes, held against the receiver's own log. Touches: nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from newsletter.ledger.states import State

from .driver import CONNECTIONS
from .scene import READERS, Scene

BOUND = 2 * CONNECTIONS
"""In doubt by one kill: each connection has one in flight and one begun behind its dot."""


@dataclass
class Account:
    """What became of the readers of all scenes of one path and one database."""

    way: str
    book: str
    wheres: Counter[str] = field(default_factory=Counter)
    """Kills by where they came; a process that is stopped until its lease has run out is as good as killed."""
    messages: int = 0
    received: int = 0
    lost: int = 0
    """Neither received nor named as in doubt nor gone by themselves, or sent by the book and not received."""
    doubled: int = 0
    left: int = 0
    """Who left while nothing of theirs was begun."""
    pursued: int = 0
    """Those of them who got it all the same."""
    doubted: int = 0
    most_by_one: int = 0
    broken: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        return sum(self.wheres.values())

    @property
    def is_right(self) -> bool:
        return not (self.lost or self.doubled or self.pursued or self.broken) and self.most_by_one <= BOUND

    def close(self, play: Scene) -> None:
        """Take in a scene that is over."""
        received = Counter(play.receiver.recipients())
        sent, doubted, suppressed = map(play.in_state, (State.SENT, State.IN_DOUBT, State.SUPPRESSED))
        self.messages += READERS
        self.received += len(received)
        everybody = {row.address for row in play.ledger.deliveries(play.dispatch)}
        passed_over = suppressed & play.left
        self.lost += len((everybody - received.keys() - doubted - passed_over) | (sent - received.keys()))
        self.doubled += sum(times > 1 for times in received.values())
        self.left += len(play.gone)
        self.pursued += len(play.gone & received.keys())
        self.doubted += len(doubted)
        self.broken += [str(found.promise) for found in play.ledger.verify() if found.broken]
        if received.keys() - sent - doubted:
            self.broken.append("received, but neither sent nor in doubt by the book")
        if sum(play.ledger.counts(play.dispatch).values()) != READERS:
            self.broken.append("the counts do not add up")


def table(accounts: Sequence[Account]) -> str:
    """In Markdown."""
    head = (
        "| path | ledger | kills | messages | received | lost | doubled | left | mailed all the same | in doubt "
        f"| most by one kill, of {BOUND} |"
    )
    lines = [head, "|---|---|---|---|---|---|---|---|---|---|---|"]
    lines += [
        f"| {each.way} | {each.book} | {each.kills} | {each.messages} | {each.received} | {each.lost} | {each.doubled} "
        f"| {each.left} | {each.pursued} | {each.doubted} | {each.most_by_one} |"
        for each in accounts
    ]
    wheres: Counter[str] = sum((each.wheres for each in accounts), Counter())
    words = ", ".join(f"{where} {times}" for where, times in sorted(wheres.items()))
    return "\n".join([*lines, "", f"Kills by moment: {words}."])
