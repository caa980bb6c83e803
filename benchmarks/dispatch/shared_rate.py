"""How well several workers keep one rate together, in any ten seconds, also when one of them is killed.

    python benchmarks/dispatch/shared_rate.py --workers 8 --rate 40 --seconds 90 --database postgresql --kill

Each worker is a process of its own, on a machine of its own as far as the ledger can tell (its boot id and its folder);
with `--one-machine` they are commands of one. The times are those of the receiver's own log. The most is of the whole
run, the fewest of the time from when all are there until 85 % of what goes to no limited domain is gone: after that
some workers have nothing left but what waits for the domain. Of the limited domain there is twice what may go.
Touches: a temporary folder, loopback, processes.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

from newsletter.dispatch.throttle import Limit
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from tests.support.books import planned, tally, workspace_at
from tests.support.postgres import cluster
from tests.support.sharing_commands import Commands, in_any, readers_at, times_of
from tests.support.smtp_receiver import Receiver, receiving

LIMITED = "limited.example.com"
WINDOW = 10.0
"""Seconds."""
SETTLES = 3.0
"""Seconds after the last is there."""
ENOUGH = 95.0
"""Per cent."""
TAIL = 0.85
"""Of the messages to no limited domain."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--rate", type=float, default=40.0)
    parser.add_argument("--domain-rate", type=float, default=10.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--one-machine", action="store_true")
    parser.add_argument("--kill", action="store_true", help="one of them")
    parser.add_argument("--kill-after", type=float, default=1 / 3, help="so much of all is sent: 0.8 for the tail")
    given = parser.parse_args()
    with TemporaryDirectory() as folder, url_of(given.database, Path(folder)) as url:
        run(given, Path(folder), url)


@contextmanager
def url_of(database: str, folder: Path) -> Iterator[str]:
    if database == "sqlite":
        yield f"sqlite:///{folder / '.newsletter' / 'ledger.db'}"
        return
    with cluster() as server:
        yield server.schema()


def run(given: argparse.Namespace, folder: Path, url: str) -> None:
    limited = round(2 * 20 * given.domain_rate / given.rate)
    domains = [LIMITED if number * limited % 20 < limited else "example.com" for number in range(20)]
    with open_ledger(workspace_at(folder, url), Purpose.SENDING) as book, receiving(folder / "received") as relay:
        dispatch = planned(book, readers_at(*domains, count=round(given.rate * given.seconds)), lot=20)
        limits = {LIMITED: Limit(rate=given.domain_rate)}
        commands = Commands(
            folder, url, dispatch, relay.port, connections=given.connections, rate=given.rate, per_domain=limits
        )
        for number in range(given.workers):
            commands.start(1, machine="" if given.one_machine else f"machine{number}")
        while len(book.workers(dispatch)) < given.workers:
            time.sleep(0.1)
        begun = time.monotonic() + SETTLES
        killed = kill_one(book, commands, relay, given) if given.kill else None
        commands.join()
        print(json.dumps({"states": tally(book, dispatch), "connections": relay.most_at_once, **vars(given)}))
        others = times_of(relay.received(), "@example.com")
        until = others[int(len(others) * TAIL)]
        for name, rate, domain in (("total", given.rate, ""), ("domain", given.domain_rate, LIMITED)):
            tell(name, rate, times_of(relay.received(), domain), begun, until, killed)


def kill_one(book: Ledger, commands: Commands, relay: Receiver, given: argparse.Namespace) -> float:
    relay.wait_for(round(given.rate * given.seconds * given.kill_after))
    commands.kill_one_that_sent(book)
    return time.monotonic()


def tell(name: str, rate: float, times: list[float], begun: float, until: float, killed: float | None) -> None:
    """The fewest and the most of ten seconds, in per cent; and how long after a death they were too few."""
    steady = [at for at in times if at <= until]
    before = [at for at in steady if begun <= at < (killed or steady[-1])]
    found: dict[str, object] = {
        "of": name,
        "set": rate,
        "most_%": percent(in_any(WINDOW, times)[1], rate),
        "fewest_%": percent(in_any(WINDOW, before)[0], rate),
    }
    if killed is not None:
        found["last_after_the_death_s"] = round(max(times) - killed, 1) if times else None
        after = [at for at in steady if killed <= at <= steady[-1] - WINDOW]
        low = [at for at in after if percent(count(steady, at), rate) < ENOUGH]
        found["below_95_%_after_the_death_for_seconds"] = round(low[-1] + WINDOW - killed, 1) if low else 0.0
    print(json.dumps(found))


def count(times: list[float], begins: float) -> int:
    return sum(begins <= at < begins + WINDOW for at in times)


def percent(number: int, rate: float) -> float:
    return round(100 * number / (rate * WINDOW), 1)


if __name__ == "__main__":
    main()
