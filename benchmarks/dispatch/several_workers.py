"""Several workers at one dispatch: how much faster two and four are than one, and when a pause stops the last of many.

    python benchmarks/dispatch/several_workers.py [--one-way 10] [--connections 4] [--messages 1500] [--pause 20]

Each worker is a process of its own, on a machine of its own as far as the ledger can tell, and the ledger is on
PostgreSQL. The relay is the fast receiver of speed.py, `--one-way` milliseconds away in each direction. The speed is
that of the ledger's outcomes, from when all are at work until a tenth of the messages is left. The numbers of workers
take turns, in `--rounds`. For the pause so many workers send without that distance, and the last dot is that of a
receiver with a log of its own.
Needs a C compiler and PostgreSQL's programs. Touches: a temporary folder, loopback, processes.
Limits: receiver, line and database run on the same cores as the workers.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

from lines import build_receiver, delay, fast_receiver

from newsletter.catalogue import Verbatim
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import State
from tests.support.books import planned, tally, workspace_at
from tests.support.postgres import Cluster, cluster
from tests.support.sharing_commands import Commands, times_of
from tests.support.smtp_receiver import OFFERS, receiving

_WORKERS = (1, 2, 4)
_AIM = {2: 1.8, 4: 3.2}
"""Times one worker."""
_PAUSED_AFTER = 2_000
"""Messages, when all are at it."""
_OF_THE_PAUSED = 20_000


def speed(server: Cluster, receiver: Path, workers: int, given: argparse.Namespace) -> float:
    """Messages a second."""
    messages: int = given.messages * workers
    with TemporaryDirectory() as name, fast_receiver(receiver) as relay, delay(relay, given.one_way) as port:
        folder, url = Path(name), server.schema()
        with open_ledger(workspace_at(folder, url), Purpose.SENDING) as book:
            dispatch = planned(book, messages, lot=20)
            commands = Commands(folder, url, dispatch, port, connections=given.connections * workers)
            for number in range(workers):
                commands.start(1, machine=f"machine{number}")
            while len(book.workers(dispatch)) < workers:
                time.sleep(0.05)
            begun = time.time() + given.settles
            commands.join()
            assert tally(book, dispatch) == {"sent": messages}
            times = sorted(row.changed_at.timestamp() for row in book.deliveries(dispatch))
    times = [at for at in times if at >= begun]
    assert len(times) > messages / 2, "most were sent before all were at work: more --messages"
    last = len(times) - messages // 10
    return last / (times[last] - times[0])


def pause(server: Cluster, workers: int) -> tuple[float, float, int]:
    """Seconds of the pause's commit, from there to the last dot, and how many were sent."""
    with TemporaryDirectory() as name, receiving(Path(name) / "received") as relay:
        folder, url = Path(name), server.schema()
        with open_ledger(workspace_at(folder, url), Purpose.SENDING) as book:
            dispatch = planned(book, _OF_THE_PAUSED, lot=20)
            commands = Commands(folder, url, dispatch, relay.port, connections=2 * workers)
            for number in range(workers):
                commands.start(1, machine=f"machine{number}")
            while len(book.workers(dispatch)) < workers:
                time.sleep(0.05)
            relay.wait_for(len(relay.received()) + _PAUSED_AFTER)
            called = time.monotonic()
            assert book.pause(dispatch, Verbatim("a look at it"), book.now())
            committed = time.monotonic()
            commands.join(0, 77)
            sent = book.counts(dispatch)[State.SENT]
        times = times_of(relay.received())
    assert _PAUSED_AFTER <= sent == len(times) < _OF_THE_PAUSED
    return committed - called, max(0.0, times[-1] - committed), sent


def tell_speeds(server: Cluster, receiver: Path, given: argparse.Namespace) -> bool:
    """Whether each aim is met by the median of the rounds."""
    found: dict[int, list[float]] = {workers: [] for workers in _WORKERS}
    for _ in range(given.rounds):
        for workers, speeds in found.items():
            speeds.append(speed(server, receiver, workers, given))
    one, met = median(found[1]), True
    for workers, speeds in found.items():
        times = median(speeds) / one
        met &= times >= _AIM.get(workers, 0)
        print(f"{workers} workers: {median(speeds):8.1f} messages/s, {times:.2f} times one   ({rounded(speeds)})")
    return met


def rounded(speeds: Sequence[float]) -> str:
    return ", ".join(f"{one:.0f}" for one in speeds)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--one-way", type=float, default=10.0, metavar="MS")
    parser.add_argument("--connections", type=int, default=4, help="of each worker")
    parser.add_argument("--messages", type=int, default=1_500, help="for each worker")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--settles", type=float, default=1.0, help="seconds after the last worker is there")
    parser.add_argument("--pause", type=int, default=20, metavar="WORKERS", help="0: none")
    given = parser.parse_args()
    OFFERS.now = (*OFFERS.usual, "PIPELINING")
    with cluster() as server, TemporaryDirectory() as folder:
        met = tell_speeds(server, build_receiver(Path(folder)), given) if given.rounds else True
        if given.pause:
            commit, last, sent = pause(server, given.pause)
            what = f"pause beside {given.pause} workers, {sent} sent"
            print(f"{what}: commit in {commit:.2f} s, last dot {last:.2f} s later")
            met &= last <= 1
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
