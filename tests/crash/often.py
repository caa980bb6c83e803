"""Kill senders again and again, wherever they are, and hold the books against the receiver's own log.

Now and then the ledger is put back as it was some messages before the kill: that copy must be refused. Now and then the
list_id changes and some leave by old links, or another machine sends along.

`scripts/kill_often` runs it; it prints how far it is, then an account, and ends with 1 if a single one is wrong.
Touches: processes, a PostgreSQL of its own, a temporary folder.
"""

import argparse
import random
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from newsletter.errors import RefusedError
from newsletter.ledger.states import State
from newsletter.smtp.failpoints import Failpoint
from tests.support.postgres import cluster
from tests.support.smtp_receiver import OFFERS

from .account import BOUND, Account, table
from .mishaps import ANOTHER_LIST_ID, SEVERAL_PROCESSES, TWO_MACHINES, Mishap
from .scene import Scene, scene

WAYS = {"plain": OFFERS.usual, "pipelined": (*OFFERS.usual, "PIPELINING")}
BOOKS = ("SQLite", "PostgreSQL")
_EACH_SCENE = 12
_APART = 24
"""Messages between two kills, at most."""
_LATE = 0.02
"""Seconds after a message has been kept within which the kill comes."""
_KINDS = ("machines", "list_id", "copy", "both", "anywhere", "anywhere")
_ENOUGH = 60
"""Readers who still have to be waiting for it to be sure that a moment comes."""
_MORE = {"list_id": 80, "machines": 120, "both": 120, "processes": 120}
"""The same, for what takes longer or has two at work."""


class Turns:
    """Whose turn it is next, over all scenes: so that few kills have a bit of everything."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self.moments: Iterator[Failpoint] = cycle(Failpoint)
        self.machines: Iterator[Mishap] = cycle(TWO_MACHINES)
        self.kinds = {(way, book): deque(kinds) for way in WAYS for book in BOOKS}


class Round:
    """One scene, killed so many times and then finished."""

    def __init__(self, play: Scene, account: Account, lots: random.Random, turns: "Turns") -> None:
        self._play = play
        self._account = account
        self._lots = lots
        self._turns = turns

    def go(self, kills: int) -> None:
        wanted = self._account.kills + kills
        while self._account.kills < wanted and self._left() >= _ENOUGH:
            before, so_far = self._open_questions(), self._account.kills
            self._one_more(so_far)
            more = self._open_questions() - before
            each = -(-more // (self._account.kills - so_far))
            self._account.most_by_one = max(self._account.most_by_one, each)
        self._play.finish()
        self._account.close(self._play)

    def _one_more(self, number: int) -> None:
        """Named moments in turn, and between them what else befalls a dispatch, in turn as far as readers are left."""
        if number % 2:
            self._at(next(self._turns.moments))
            return
        kinds = self._turns.kinds[self._account.way, self._account.book]
        kind = next(each for each in kinds if self._left() >= _MORE.get(each, _ENOUGH))
        kinds.remove(kind)
        kinds.append(kind)
        if kind == "machines":
            next(self._turns.machines)(self._play, self._account, self._lots)
        elif kind == "list_id":
            ANOTHER_LIST_ID(self._play, self._account, self._lots)
        elif kind == "processes":
            SEVERAL_PROCESSES(self._play, self._account, self._lots)
        else:
            {"copy": self._with_a_copy, "both": self._both, "anywhere": self._anywhere}[kind]()

    def _at(self, moment: Failpoint) -> None:
        # One commit serves several messages.
        most = _APART // (2 if moment is Failpoint.BEFORE_COMMIT else 1)
        self._play.kill_at(moment, self._lots.randint(1, most))
        self._account.wheres[moment.value] += 1

    def _anywhere(self) -> None:
        self._play.kill_after(*self._any_moment())
        self._account.wheres["anywhere"] += 1

    def _both(self) -> None:
        other = self._play.start()
        self._play.kill_after(*self._any_moment())
        self._play.kill(other)
        self._account.wheres["two at once"] += 2

    def _with_a_copy(self) -> None:
        so_far = len(self._play.receiver.recipients())
        # What is in flight when the copy is made is in doubt in it; one more than that must have been begun since.
        code = self._play.kill_and_go_on_with_a_copy(
            so_far + self._lots.randint(1, _APART // 2), BOUND + self._lots.randint(1, _APART // 2)
        )
        self._account.wheres["and put back"] += 1
        if code != RefusedError.exit_code:
            self._account.broken.append(f"a copy of the ledger was sent with: it ended with {code}")

    def _any_moment(self) -> tuple[int, float]:
        so_far = len(self._play.receiver.recipients())
        return so_far + self._lots.randint(0, _APART), self._lots.uniform(0, _LATE)

    def _left(self) -> int:
        counts = self._play.ledger.counts(self._play.dispatch)
        return counts[State.PLANNED] + counts[State.CLAIMED]

    def _open_questions(self) -> int:
        """In doubt, or marked by somebody who is dead and so in doubt as soon as it is found."""
        counts = self._play.ledger.counts(self._play.dispatch)
        return counts[State.IN_DOUBT] + counts[State.IN_FLIGHT]


@contextmanager
def _schemas(books: Sequence[str]) -> Iterator[Callable[[], str]]:
    """Where the next scene's PostgreSQL is; none is started where none is wanted."""
    if "PostgreSQL" in books:
        with cluster() as running:
            yield running.schema
    else:
        yield str


def kill_often(
    kills: int,
    seed: int,
    *,
    books: Sequence[str] = BOOKS,
    processes: bool = False,
    say: Callable[[str], None] = lambda _line: None,
) -> list[Account]:
    """So many kills, spread evenly over both paths and the databases; with `processes`, of runs of two as well."""
    accounts = [Account(way, book) for book in books for way in WAYS]
    usual, number, turns = OFFERS.now, 0, Turns(("processes", *_KINDS) if processes else _KINDS)
    with _schemas(books) as schema:
        while sum(account.kills for account in accounts) < kills:
            account = min(accounts, key=lambda one: one.kills)
            number += 1
            OFFERS.now = WAYS[account.way]
            url = schema() if account.book == "PostgreSQL" else "sqlite:///.newsletter/ledger.db"
            try:
                with tempfile.TemporaryDirectory() as folder, scene(Path(folder), url) as play:
                    share = max(1, -(-kills // len(accounts)) - account.kills)
                    lots = random.Random(seed * 10_000 + number)
                    Round(play, account, lots, turns).go(min(_EACH_SCENE, share))
            finally:
                OFFERS.now = usual
            total = sum(each.kills for each in accounts)
            verdict = "right" if account.is_right else f"WRONG: {account}"
            say(f"{total:4} of {kills} kills; {account.way}, {account.book}: the account is {verdict}")
    return accounts


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Kill senders at named and at any moments; compare with the receiver.")
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", action="store_true", help="Also kill some of several that share one run.")
    given = parser.parse_args(arguments)

    def say(line: str) -> None:
        sys.stderr.write(f"{line}\n")

    accounts = kill_often(given.kills, given.seed, processes=given.processes, say=say)
    sys.stdout.write(f"{table(accounts)}\n")
    return 0 if all(account.is_right for account in accounts) else 1


if __name__ == "__main__":
    sys.exit(main())
