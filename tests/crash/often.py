"""Kill senders again and again, wherever they are, and hold the books against the receiver's own log.

Now and then the ledger is put back as it was some messages before the kill: that copy must be refused.

`scripts/kill_often` runs it; it prints how far it is, then an account, and ends with 1 if a single one is wrong.
Touches: processes, a PostgreSQL of its own, a temporary folder.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from newsletter.errors import RefusedError
from newsletter.ledger.states import State
from newsletter.smtp.failpoints import Failpoint
from tests.support.postgres import cluster
from tests.support.smtp_receiver import OFFERS

from .driver import CONNECTIONS
from .scene import READERS, Scene, scene

BOUND = 2 * CONNECTIONS
"""In doubt by one kill: each connection has one in flight and one begun behind its dot."""
WAYS = {"plain": OFFERS.usual, "pipelined": (*OFFERS.usual, "PIPELINING")}
BOOKS = ("SQLite", "PostgreSQL")
_EACH_SCENE = 12
_RESTORED_EACH = 6
"""One of so many kills."""
_APART = 24
"""Messages between two kills, at most."""
_LATE = 0.02
"""Seconds after a message has been kept within which the kill comes."""
_ENOUGH = 60
"""Readers who still have to be waiting for it to be sure that a moment comes; with two at work twice as many."""


@dataclass
class Account:
    """What became of the readers of all scenes of one path and one database."""

    way: str
    book: str
    wheres: Counter[str] = field(default_factory=Counter)
    """Kills by where they came."""
    messages: int = 0
    received: int = 0
    lost: int = 0
    """Neither received nor named as in doubt, or sent by the book and not received."""
    doubled: int = 0
    doubted: int = 0
    most_by_one: int = 0
    broken: list[str] = field(default_factory=list)

    @property
    def kills(self) -> int:
        return sum(self.wheres.values())

    @property
    def is_right(self) -> bool:
        return not (self.lost or self.doubled or self.broken) and self.most_by_one <= BOUND

    def close(self, play: Scene) -> None:
        """Take in a scene that is over."""
        received = Counter(play.receiver.recipients())
        sent, doubted = play.in_state(State.SENT), play.in_state(State.IN_DOUBT)
        self.messages += READERS
        self.received += len(received)
        everybody = {row.address for row in play.ledger.deliveries(play.dispatch)}
        self.lost += len((everybody - received.keys() - doubted) | (sent - received.keys()))
        self.doubled += sum(times > 1 for times in received.values())
        self.doubted += len(doubted)
        self.broken += [str(found.promise) for found in play.ledger.verify() if found.broken]
        if received.keys() - sent - doubted:
            self.broken.append("received, but neither sent nor in doubt by the book")
        if sum(play.ledger.counts(play.dispatch).values()) != READERS:
            self.broken.append("the counts do not add up")


class Round:
    """One scene, killed so many times and then finished."""

    def __init__(self, play: Scene, account: Account, lots: random.Random, moments: Iterator[Failpoint]) -> None:
        self._play = play
        self._account = account
        self._lots = lots
        self._moments = moments

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
        """Named moments in turn, between them any moment, and now and then two processes at once."""
        if number % 2:
            self._at(next(self._moments))
        elif number % _RESTORED_EACH == 2:
            self._with_a_copy()
        elif number % 8 or self._left() < 2 * _ENOUGH:
            self._anywhere()
        else:
            self._both()

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
    kills: int, seed: int, *, books: Sequence[str] = BOOKS, say: Callable[[str], None] = lambda _line: None
) -> list[Account]:
    """So many kills, spread evenly over both paths and the databases."""
    accounts = [Account(way, book) for book in books for way in WAYS]
    usual, number, moments = OFFERS.now, 0, cycle(Failpoint)
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
                    Round(play, account, lots, moments).go(min(_EACH_SCENE, share))
            finally:
                OFFERS.now = usual
            total = sum(each.kills for each in accounts)
            verdict = "right" if account.is_right else f"WRONG: {account}"
            say(f"{total:4} of {kills} kills; {account.way}, {account.book}: the account is {verdict}")
    return accounts


def table(accounts: Sequence[Account]) -> str:
    """In Markdown."""
    lines = [
        f"| path | ledger | kills | messages | received | lost | doubled | in doubt | most by one kill, of {BOUND} |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {each.way} | {each.book} | {each.kills} | {each.messages} | {each.received} | {each.lost} | {each.doubled} "
        f"| {each.doubted} | {each.most_by_one} |"
        for each in accounts
    ]
    wheres: Counter[str] = sum((each.wheres for each in accounts), Counter())
    words = ", ".join(f"{where} {times}" for where, times in sorted(wheres.items()))
    return "\n".join([*lines, "", f"Kills by moment: {words}."])


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Kill senders at named and at any moments; compare with the receiver.")
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)

    def say(line: str) -> None:
        sys.stderr.write(f"{line}\n")

    accounts = kill_often(given.kills, given.seed, say=say)
    sys.stdout.write(f"{table(accounts)}\n")
    return 0 if all(account.is_right for account in accounts) else 1


if __name__ == "__main__":
    sys.exit(main())
