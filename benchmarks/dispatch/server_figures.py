"""What a PostgreSQL has done so far, by its own counters and by the kernel's. Touches: the server, /proc."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from durable_server import DurableServer

_REPORTED = 1.5
"""Seconds in which a server writes down what its sessions did."""
_TICKS = os.sysconf("SC_CLK_TCK")
_WAL = "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"
_UPDATES = """SELECT coalesce(sum(n_tup_upd), 0), coalesce(sum(n_tup_hot_upd), 0) FROM pg_stat_user_tables
    WHERE relname = ANY (%s) AND schemaname = %s"""
_INDEXES = """SELECT coalesce(sum(pg_relation_size(indexrelid)), 0) FROM pg_stat_user_indexes
    WHERE relname = ANY (%s) AND schemaname = %s"""
_OF_A_RUN = ["deliveries", "lots", "leases"]


@dataclass(frozen=True)
class ServerFigures:
    """So far; the difference of two says what lies between them."""

    wal: int
    """Octets, images of whole pages included."""
    cpu: float
    """Seconds of all its processes."""
    updates: int
    """Of deliveries."""
    hot_updates: int
    """Those of them that touched no index."""
    indexes: int
    """Octets of the indexes of deliveries, lots and leases."""

    def __sub__(self, before: "ServerFigures") -> "ServerFigures":
        return self._with(before, -1)

    def __add__(self, other: "ServerFigures") -> "ServerFigures":
        return self._with(other, 1)

    def _with(self, other: "ServerFigures", sign: int) -> "ServerFigures":
        return ServerFigures(
            self.wal + sign * other.wal,
            self.cpu + sign * other.cpu,
            self.updates + sign * other.updates,
            self.hot_updates + sign * other.hot_updates,
            self.indexes + sign * other.indexes,
        )


def figures_of(server: DurableServer, schema: str) -> ServerFigures:
    """Sessions that are to be counted have ended: until then they keep their counts to themselves."""
    time.sleep(_REPORTED)
    with server.connect() as connection:
        (wal,) = connection.execute(_WAL).fetchone() or (0,)
        made, hot = connection.execute(_UPDATES, (["deliveries"], schema)).fetchone() or (0, 0)
        (indexes,) = connection.execute(_INDEXES, (_OF_A_RUN, schema)).fetchone() or (0,)
    return ServerFigures(_whole(wal), cpu_of(server), *map(_whole, (made, hot, indexes)))


def cpu_of(server: DurableServer) -> float:
    """Seconds of the server's first process, of those it has now, and of those that have ended."""
    first = server.pid
    children = Path(f"/proc/{first}/task/{first}/children").read_text("ascii").split()
    return _ticks(first, 4) + sum(_ticks(int(child), 2) for child in children)


def _ticks(process: int, fields: int) -> float:
    """The first so many of utime, stime, and both of children that were waited for (proc(5))."""
    try:
        after_name = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    except FileNotFoundError:  # ended since it was listed; its time is the first one's by the next look
        return 0.0
    return sum(map(int, after_name[11 : 11 + fields])) / _TICKS


def _whole(value: object) -> int:
    return int(str(value))
