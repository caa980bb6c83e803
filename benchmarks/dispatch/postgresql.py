"""What a dispatch costs a PostgreSQL, ledger alone: plan, claims and turns, a resting domain, a pause. No SMTP.

    python benchmarks/dispatch/postgresql.py [--readers 300000] [--as-of 10000000] [--turn 10] [--processes 2]

A server of its own, durable as one in use (fsync, synchronous_commit), is filled by the planning path with rows as
they are after judging; their addresses come in no order, and 30 % of them are of one domain. Then so many processes
bring everybody to `sent`, in claims of 200 and turns of `--turn`; first while the one domain rests, then that domain.
At the end 20 processes send another issue, which is paused meanwhile. With `--as-of` there are as many lots, and
as large, as if so many deliveries had been planned, three of ten resting and the others sent: a claim passes them.

Prints each figure beside its aim, and ends with 1 where one is missed. Needs PostgreSQL's programs.
Touches: a folder under the temporary one (some 700 octets a reader, and as much again for its log), processes.
Limits: WAL holds an image of each page that is changed first after a checkpoint; there is one before the run, and then
one in five minutes or for each GB, so a slow run has more of them.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

from durable_server import DurableServer, durable_server
from judged_audience import RESTING, WatchedAudience, judged_rows
from ledger_workers import Load, Workers
from server_figures import ServerFigures, cpu_of, figures_of

from newsletter.catalogue import Verbatim
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.lots import AT_LEAST, LOT_SIZE
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import State
from tests.support.books import NOW, edition, letterhead, lots_of, planned, workspace_at

_PAUSED_AFTER = 5_000
"""Messages, when all are at it."""
_AT_THE_PAUSE = 20
_OF_THE_PAUSED = 40_000


@dataclass(frozen=True)
class Figure:
    """One that was found, and the most or the least it should be."""

    found: float
    most: float | None = None
    least: float | None = None

    @property
    def is_missed(self) -> bool:
        return (self.most is not None and self.found > self.most) or (
            self.least is not None and self.found < self.least
        )

    def __str__(self) -> str:
        aim = "" if self.most is None else f"at most {self.most:g}"
        aim = aim if self.least is None else f"at least {self.least:g}"
        return f"{self.found:12,.3f}   {aim}{'   MISSED' if self.is_missed else ''}"


def told(figures: dict[str, Figure]) -> dict[str, Figure]:
    """The same, printed."""
    for what, one in figures.items():
        print(f"{what:45}{one}", flush=True)
    return figures


@dataclass(frozen=True)
class Sending:
    """What some processes did until there was nothing to claim."""

    seconds: float
    server: ServerFigures
    claims: list[float]
    """Seconds of each."""
    cpu: float
    """Seconds of all of them together."""
    sent: int

    def __add__(self, then: "Sending") -> "Sending":
        return Sending(
            self.seconds + then.seconds,
            self.server + then.server,
            self.claims + then.claims,
            self.cpu + then.cpu,
            self.sent + then.sent,
        )


class Bench:
    """One ledger on a server of its own."""

    def __init__(self, server: DurableServer, folder: Path) -> None:
        self.server = server
        self._schema = "book"
        self.url = server.url(self._schema)
        self._place = workspace_at(folder, self.url)

    def opened(self) -> Ledger:
        return open_ledger(self._place, Purpose.SENDING)

    def plan(self, readers: int, lot: int) -> tuple[int, dict[str, Figure]]:
        """The dispatch, of lots with at least so many; seconds from judged rows to a plan that all see, and memory."""
        audience = WatchedAudience(judged_rows(readers))
        server, client, began = cpu_of(self.server), time.process_time(), time.perf_counter()
        with self.opened() as book, lots_of(lot):
            dispatch = book.plan(letterhead(), {"ko": edition()}, audience, NOW).dispatch
        seconds, client = time.perf_counter() - began, time.process_time() - client
        audience.rows.close()
        tenths = [after - before for before, after in zip(audience.at, audience.at[1:], strict=False)]
        return dispatch, {
            "plan: minutes of 10 million at this pace": Figure(seconds / readers * 1e7 / 60, most=5),
            "plan: seconds": Figure(seconds),
            "plan: last tenth, times the first": Figure(tenths[-1] / tenths[0]),
            "plan: server's CPU s per 1,000": Figure((cpu_of(self.server) - server) / readers * 1000),
            "plan: planner's CPU s per 1,000": Figure(client / readers * 1000),
            "plan: MB after a tenth": Figure(audience.resident_mb[0]),
            "plan: MB at the end, times that": Figure(audience.resident_mb[-1] / audience.resident_mb[0], most=1.1),
        }

    def run(self, dispatch: int, readers: int, turn: int, processes: int, as_of: int) -> dict[str, Figure]:
        """Everybody, the resting domain last."""
        self.server.execute("CHECKPOINT")
        with self._lots_as_of(dispatch, max(as_of - readers, 0) // LOT_SIZE):
            while_resting = self._send(Load(self.url, dispatch, turn, (RESTING,)), processes)
        whole = while_resting + self._send(Load(self.url, dispatch, turn), processes)
        with self.opened() as book:
            assert book.counts(dispatch)[State.SENT] == whole.sent == readers
        server, claims = whole.server, while_resting.claims
        return {
            "run: deliveries a second": Figure(readers / whole.seconds),
            "run: octets of WAL a delivery": Figure(server.wal / readers, most=700),
            "run: % of updates that are HOT": Figure(100 * server.hot_updates / server.updates, least=90),
            "run: server's CPU s per 1,000": Figure(server.cpu / readers * 1000, most=0.12),
            "run: clients' CPU s per 1,000": Figure(whole.cpu / readers * 1000),
            "run: growth of indexes, %": Figure(100 * server.indexes / (self._indexes() - server.indexes), most=20),
            "claim of 200 beside a resting domain, ms": Figure(median(claims) * 1000, most=50),
            "99 of 100 take less than, ms": Figure(quantiles(claims, n=100)[-1] * 1000),
            "the slowest, ms": Figure(max(claims) * 1000),
        }

    @contextmanager
    def _lots_as_of(self, dispatch: int, number: int) -> Iterator[None]:
        """As if so many lots more had been planned, three of ten of them of the resting domain and the others sent."""
        resting = number * 3 // 10
        add = f"""INSERT INTO {self._schema}.lots
            (dispatch_id, domain, first_line, behind, filled_at, waiting, sent)
            SELECT %s, %s, 1, false, 0, %s, %s FROM generate_series(1, %s)"""
        with self.server.connect() as connection:
            connection.execute(add, (dispatch, RESTING, LOT_SIZE, 0, resting))
            connection.execute(add, (dispatch, "", 0, LOT_SIZE, number - resting))
        yield
        self.server.execute(f"DELETE FROM {self._schema}.lots WHERE filled_at = 0")

    def _send(self, load: Load, processes: int) -> Sending:
        before, began = figures_of(self.server, self._schema), time.perf_counter()
        done = Workers(load, processes).ended()
        seconds = time.perf_counter() - began
        made = figures_of(self.server, self._schema) - before
        claims = [one for each in done for one in each.claims]
        return Sending(seconds, made, claims, sum(each.cpu for each in done), sum(each.sent for each in done))

    def _indexes(self) -> int:
        return figures_of(self.server, self._schema).indexes

    def pause(self, turn: int) -> dict[str, Figure]:
        """Another issue, to which many processes are sending when it is paused."""
        with self.opened() as book:
            dispatch = planned(book, _OF_THE_PAUSED, slug="2021-08", lot=AT_LEAST)
        workers = Workers(Load(self.url, dispatch, turn), _AT_THE_PAUSE)
        with self.opened() as book:
            while book.counts(dispatch)[State.SENT] < _PAUSED_AFTER:
                time.sleep(0.05)
            called = time.monotonic()
            assert book.pause(dispatch, Verbatim("a look at it"), book.now())
            committed = time.monotonic()
            done = workers.ended()
            assert 0 < book.counts(dispatch)[State.SENT] == sum(each.sent for each in done) < _OF_THE_PAUSED
        last = max(each.begun_last for each in done)
        return {
            f"pause beside {_AT_THE_PAUSE} processes: its commit, s": Figure(committed - called),
            "pause: last dot after its commit, s": Figure(max(0.0, last - committed), most=1),
        }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--readers", type=int, default=300_000)
    parser.add_argument("--as-of", type=int, default=0, metavar="READERS", help="as many lots as these would have")
    parser.add_argument("--turn", type=int, default=10, help="messages a commit")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--settings", default="", help="further ones of the server, each as -c NAME=VALUE")
    given = parser.parse_args()
    found = told({"load of the machine before": Figure(os.getloadavg()[0])})
    with TemporaryDirectory() as name, durable_server(given.settings) as server:
        bench = Bench(server, Path(name))
        bench.opened().close()  # its tables are there
        dispatch, planned_in = bench.plan(given.readers, LOT_SIZE if given.as_of else AT_LEAST)
        found |= told(planned_in)
        found |= told(bench.run(dispatch, given.readers, given.turn, given.processes, given.as_of))
        found |= told(bench.pause(given.turn))
        told({"load of the machine after": Figure(os.getloadavg()[0])})
    return 1 if any(one.is_missed for one in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
