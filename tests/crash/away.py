"""How long a run takes to go on after its database server was away, and what becomes of its readers. Run as

    python -m tests.crash.away [SECONDS]

Touches: a PostgreSQL of its own, processes, a receiver with its own log. A table in Markdown on standard output.
"""

import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from newsletter.ledger.states import State
from tests.support.postgres import Cluster, cluster
from tests.support.smtp_receiver import OFFERS

from .scene import ended, scene

PROCESSES = 2


@contextmanager
def stopped(server: Cluster, how: signal.Signals) -> Iterator[None]:
    server.stop(how)
    yield
    server.start()


def away(server: Cluster, how: str) -> AbstractContextManager[None]:
    if how == "stands still":
        return server.standing_still()
    return stopped(server, signal.SIGINT if how == "is shut down" else signal.SIGQUIT)


def measured(how: str, seconds: float) -> str:
    """One row."""
    with cluster() as server, tempfile.TemporaryDirectory() as root, scene(Path(root), server.schema()) as play:
        play.receiver.delay = 0.2
        processes = [play.start() for _ in range(PROCESSES)]
        play.wait_for(60, processes[0])
        with away(server, how):
            time.sleep(seconds)
            began = time.monotonic()
        before = len(play.receiver.recipients())
        play.wait_for(before + 1, processes[0])
        again = time.monotonic() - began
        codes = ", ".join(str(ended(process)) for process in processes)
        received, sent = play.receiver.recipients(), play.in_state(State.SENT)
        lost, doubled = len(sent - set(received)), len(received) - len(set(received))
        doubted = len(play.in_state(State.IN_DOUBT))
        return f"| {how} | {again:.1f} s | {codes} | {len(sent)} | {lost} | {doubled} | {doubted} |"


def main(seconds: float) -> None:
    OFFERS.now = (*OFFERS.usual, "PIPELINING")
    head = f"| for {seconds:.0f} s the server | sending again after | exit codes | sent | lost | doubled | in doubt |"
    sys.stdout.write(f"{head}\n|---|---|---|---|---|---|---|\n")
    for how in ("is shut down", "has crashed", "stands still"):
        sys.stdout.write(f"{measured(how, seconds)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else 20.0)
