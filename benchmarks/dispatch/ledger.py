"""What the ledger alone costs a message: claims, and turns with outcomes and the next intents. Touches: the database.

    python benchmarks/dispatch/ledger.py [--postgresql URL] [--readers 40000] [--turn 20] [--claim 400] [--rounds 3]

A run without a relay: an audience is planned, claimed in portions and brought to `sent`, each turn with the outcomes of
the messages that the one before it began. Printed are the median microseconds of this process's CPU for a message, in
claims and in turns, messages a second, and octets of the ledger for a delivery; on PostgreSQL also the octets of WAL
for a delivery and the share of its updates that touched no index (HOT). URL is as `ledger.url` has it, of a database
that holds nothing else just now: its counters are of the whole server. SQLite is measured in a folder beside this file.
Limits: the CPU of PostgreSQL's server is not counted.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[2]))

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Claim, State
from tests.support.books import NOW, edition, letterhead, reader, sent, workspace_at

_HERE = Path(__file__).parent
_REPORTED = 1.5
"""Seconds in which a server writes down what its sessions did."""
_WAL = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"
_UPDATES = (
    "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'deliveries' AND schemaname = :schema"
)


class Server:
    """A PostgreSQL, in which each round has a schema of its own."""

    def __init__(self, url: str, schema: str) -> None:
        name, joint = url.replace("postgresql://", "postgresql+psycopg://"), "&" if "?" in url else "?"
        self.url = f"{name}{joint}options=-csearch_path%3D{schema}"
        self._engine = sa.create_engine(name, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self._schema = schema
        with self._engine.connect() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")

    def counters(self) -> tuple[int, int, int]:
        """Octets of WAL, updates of deliveries, and those of them that were HOT, so far."""
        time.sleep(_REPORTED)
        with self._engine.connect() as connection:
            made, hot = connection.execute(sa.text(_UPDATES), {"schema": self._schema}).one()
            return int(connection.execute(sa.text(_WAL)).scalar_one()), made, hot


def measured(book: Ledger, readers: int, turn: int, claim: int, server: Server | None) -> dict[str, float]:
    """One run of an audience; the first portions of everything are part of it, as they are of a run."""
    dispatch = book.plan(letterhead(), {"ko": edition()}, map(reader, range(readers)), NOW).dispatch
    before = server.counters() if server else (0, 0, 0)
    began, cpu, claiming = time.perf_counter(), time.process_time(), 0.0
    with book.lease(NOW) as lease:
        begun: list[Claim] = []
        while True:
            at = time.process_time()
            claims = book.claim(dispatch, lease, claim, NOW)
            claiming += time.process_time() - at
            for these in _portions(claims, turn):
                assert not book.turn([sent(one) for one in begun], these, NOW)
                begun = these
            if not claims:
                break
        book.turn([sent(one) for one in begun], [], NOW)
        cpu, seconds = time.process_time() - cpu, time.perf_counter() - began
    assert book.counts(dispatch)[State.SENT] == readers
    found = {
        "claims_us": claiming / readers * 1e6,
        "turns_us": (cpu - claiming) / readers * 1e6,
        "per_s": readers / seconds,
    }
    if server:
        book.close()  # a session hands in its counts when it ends
        wal, made, hot = (after - first for after, first in zip(server.counters(), before, strict=True))
        found |= {"wal_octets": wal / readers, "updates": made / readers, "hot_percent": 100 * hot / max(made, 1)}
    return found


def _portions(claims: list[Claim], size: int) -> Iterator[list[Claim]]:
    for start in range(0, len(claims), size):
        yield claims[start : start + size]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", metavar="URL", help="measure there, too")
    parser.add_argument("--readers", type=int, default=40_000)
    parser.add_argument("--turn", type=int, default=20, help="messages a commit")
    parser.add_argument("--claim", type=int, default=400, help="deliveries a claim")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = {"sqlite": _median(None, given)}
    if given.postgresql:
        found["postgresql"] = _median(given.postgresql, given)
    if given.json:
        print(json.dumps(found, indent=2))
    else:
        for database, values in found.items():
            print(database, *(f"{name} {value:.1f}" for name, value in values.items()))
    return 0


def _median(url: str | None, given: argparse.Namespace) -> dict[str, float]:
    rounds = [_round(Server(url, f"bench{number}") if url else None, given) for number in range(given.rounds)]
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}


def _round(server: Server | None, given: argparse.Namespace) -> dict[str, float]:
    with TemporaryDirectory(dir=_HERE, prefix=".ledger-") as name:
        place = workspace_at(Path(name), server.url) if server else workspace_at(Path(name))
        with open_ledger(place, Purpose.SENDING) as book:
            found = measured(book, given.readers, given.turn, given.claim, server)
        file = Path(name) / ".newsletter" / "ledger.db"
        return found if server else {**found, "octets": file.stat().st_size / given.readers}


if __name__ == "__main__":
    sys.exit(main())
