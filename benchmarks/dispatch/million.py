"""A million subscribers from CSV to `sent`: how long, how much memory, and whether the end is as fast as the beginning.

    python benchmarks/dispatch/million.py [--readers 1000000] [--connections 50] [--postgresql]

Prints the seconds of the plan, memory (resident, MB) after 50,000 messages and at the end, messages a second in the
first and the last tenth, and the ledger's octets for a delivery beyond its address and merge values. The receiver is
the fast one of speed.py; the letter is short, since what is measured is the account of a million and not the copying of
60 GB. With `--postgresql` the ledger is on a server of its own, durable as one in use.
Needs a C compiler, and PostgreSQL's programs. Touches: loopback, a folder beside this file that is removed again (some
300 MB for a million), and on PostgreSQL one under the temporary folder (some 2 GB for a million, mostly its log).
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

from durable_server import durable_server
from letter import SLUG, SQLITE, made
from lines import HERE, build_receiver, fast_receiver

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import State
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.plan import plan_dispatch
from newsletter.workflow.steps.prepare import prepare
from newsletter.workflow.steps.run import run_dispatch

_STATM = Path("/proc/self/statm")
SETTLED_IN = 50_000
"""Messages after which memory may grow no more."""


class Watch:
    """Notes the time of each tenth, and the memory on the way."""

    def __init__(self, total: int) -> None:
        self.tenths: list[float] = [time.perf_counter()]
        self.settled_mb = 0.0
        self._total = total

    def __call__(self, settled: int, _total: int) -> None:
        if settled >= len(self.tenths) * self._total / 10:
            self.tenths.append(time.perf_counter())
        if not self.settled_mb and settled >= min(SETTLED_IN, self._total // 2):
            self.settled_mb = resident_mb()

    def rate(self, tenth: int) -> float:
        """Messages a second in a tenth, counted from 0."""
        return self._total / 10 / (self.tenths[tenth + 1] - self.tenths[tenth])


def resident_mb() -> float:
    return int(_STATM.read_text("ascii").split()[1]) * resource.getpagesize() / 1e6


def measured(workspace: Workspace, readers: int, octets: Callable[[], int]) -> dict[str, float]:
    """Plan and send; the workspace's relay takes everything. `octets` are those of the ledger."""
    began = time.perf_counter()
    fresh = prepare(workspace, SLUG)
    prepared = time.perf_counter()
    with open_ledger(workspace, Purpose.SENDING) as ledger:
        record = plan_dispatch(workspace, ledger, fresh)
        planned = time.perf_counter()
        watch = Watch(readers)
        cpu = time.process_time()
        run_dispatch(workspace, ledger, record, advance=watch)
        cpu = time.process_time() - cpu
        sent = ledger.counts(record.id)[State.SENT]
    assert sent == readers, f"{sent} of {readers} were sent"
    return {
        "prepare_s": prepared - began,
        "plan_s": planned - prepared,
        "send_s": watch.tenths[-1] - watch.tenths[0],
        "cpu_s_per_1000": cpu / readers * 1000,
        "first_tenth_per_s": watch.rate(0),
        "last_tenth_per_s": watch.rate(9),
        "last_to_first": watch.rate(9) / watch.rate(0),
        "settled_mb": watch.settled_mb,
        "end_mb": resident_mb(),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
        "octets_per_delivery": (octets() - _of_readers(workspace)) / readers,
    }


def _of_readers(workspace: Workspace) -> int:
    """Octets of the addresses and merge values themselves, as the file has them."""
    return workspace.csv.stat().st_size


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=1_000_000)
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--postgresql", action="store_true", help="the ledger's database, instead of SQLite")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with TemporaryDirectory(dir=HERE, prefix=".million-") as name, ExitStack() as until_then:
        folder = Path(name)
        port = until_then.enter_context(fast_receiver(build_receiver(folder)))
        server = until_then.enter_context(durable_server()) if given.postgresql else None
        url = server.url("book") if server else SQLITE
        workspace = made(folder / "workspace", given.readers, port, given.connections, stories=1, ledger=url)
        file = workspace.state / "ledger.db"
        found = measured(workspace, given.readers, server.octets if server else lambda: file.stat().st_size)
    if given.json:
        print(json.dumps(found, indent=2))
    else:
        for what, value in found.items():
            print(f"{what:22}{value:12.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
