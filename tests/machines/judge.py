"""What became of the readers of many schedules, held against the relay's own log and the book. Touches: the ledger."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from newsletter.errors import CannotWriteError
from newsletter.ledger.schema import deliveries, leases
from newsletter.ledger.states import UNFINISHED, DispatchStatus, State
from tests.crash.account import Account
from tests.crash.scene import Scene

from .play import Run
from .schedule import Schedule
from .sender import CONNECTIONS

BOUND = 2 * CONNECTIONS
"""In doubt by one process that died: each connection has one in flight and one begun behind its dot."""
_ENDS_WELL = (0, 75)
"""Done, or nothing left but what others hold, or asked to stop."""
_ENDS_ILL = (-9, -15, 69, 73)
"""Killed, or told to drain before it was at work; or cut off, for longer than it may wait, from relay or database."""


@dataclass
class Verdict(Account):
    """Over all schedules of one path."""

    schedules: int = 0
    died: int = 0
    """Processes that were killed, or silent for longer than a lease."""

    @property
    def is_right(self) -> bool:
        return not (self.lost or self.doubled or self.pursued or self.broken) and self.most_by_one <= BOUND

    def judge(self, scene: Scene, plan: Schedule, runs: Sequence[Run], broken: Sequence[str] = ()) -> None:
        """Take in one that is over."""
        self.schedules += 1
        self.wheres.update(mishap.kind for mishap in plan.mishaps)
        before, lost, doubled, pursued = len(self.broken), self.lost, self.doubled, self.pursued
        self.close(scene)
        found = {"lost": self.lost - lost, "doubled": self.doubled - doubled, "left and mailed": self.pursued - pursued}
        self.broken += [f"{number} {what}" for what, number in found.items() if number]
        leased = _leased(scene)
        self.broken += [*broken, *ends(runs, {one.pid for one in leased if one.begun})]
        if scene.ledger.record(scene.dispatch).status is not DispatchStatus.RUNNING:
            self.broken.append("the dispatch does not run any more")
        if left := {state: n for state, n in scene.ledger.counts(scene.dispatch).items() if n and state in UNFINISHED}:
            self.broken.append(f"left behind: {left}")
        if len({(one.machine, one.host) for one in leased}) != len({one.host for one in leased}):
            self.broken.append("the machines are not told apart")
        self.died += sum(bool(run.befell) for run in runs)
        self._name_doubts(scene, {run.pid for run in runs if run.befell}, leased)
        self.broken[before:] = [f"seed {plan.seed}: {what}" for what in self.broken[before:]]

    def _name_doubts(self, scene: Scene, died: Collection[int], leased: Sequence[sa.Row[Any]]) -> None:
        """Each is that of a process that died, and of none there are more than it can have had in flight."""
        if sum(one.doubts for one in leased) != len(scene.in_state(State.IN_DOUBT)):
            self.broken.append("in doubt, and the ledger does not say through whom")
        for one in leased:
            self.most_by_one = max(self.most_by_one, one.doubts)
            if one.doubts and one.pid not in died:
                self.broken.append(f"{one.doubts} in doubt through process {one.pid}, which nothing befell")


def _leased(scene: Scene) -> Sequence[sa.Row[Any]]:
    """Who had a lease, and how many are in doubt through it."""
    doubts = sa.func.count(deliveries.c.id).label("doubts")
    is_its = (deliveries.c.lease_id == leases.c.id) & (deliveries.c.state == State.IN_DOUBT)
    its = sa.select(leases.c.pid, leases.c.machine, leases.c.host, leases.c.begun, doubts).outerjoin(deliveries, is_its)
    with scene.ledger._database.read() as book:
        return book.execute(its.group_by(leases.c.id)).all()


def ends(runs: Sequence[Run], at_work: Collection[int]) -> list[str]:
    """What is wrong with how processes ended. One that nothing befell ends well, unless it had not begun a message."""
    return [
        f"a process on m{run.machine + 1} ended with {run.code}; what befell it: {', '.join(run.befell) or 'nothing'}"
        for run in runs
        if run.code not in _ENDS_WELL
        and not (run.befell and run.code in _ENDS_ILL)
        and not (run.code == CannotWriteError.exit_code and run.pid not in at_work)
    ]


def table(verdicts: Sequence[Verdict]) -> str:
    """In Markdown."""
    head = (
        "| path | schedules | died | messages | received | lost | doubled | left | mailed all the same | in doubt "
        f"| most by one, of {BOUND} |"
    )
    lines = [head, "|---" * 11 + "|"]
    lines += [
        f"| {each.way} | {each.schedules} | {each.died} | {each.messages} | {each.received} | {each.lost} "
        f"| {each.doubled} | {each.left} | {each.pursued} | {each.doubted} | {each.most_by_one} |"
        for each in verdicts
    ]
    kinds: Counter[str] = sum((each.wheres for each in verdicts), Counter())
    words = ", ".join(f"{kind} {times}" for kind, times in sorted(kinds.items()))
    return "\n".join([*lines, "", f"Mishaps: {words}."])
