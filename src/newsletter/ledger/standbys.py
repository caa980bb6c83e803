"""Which standbys follow the database server, and which of them a commit waits for. Touches: the database, reading.

A standby that takes over knows what it has received. Only of one that commits wait for (synchronous_standby_names) is
that all of it.

Limits: a user who may not read the server's statistics (pg_read_all_stats) sees how many follow and no more.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from .database import Database

_WAITED_FOR = frozenset({"sync", "quorum", "potential"})
"""The last stands in for one of the first kind as soon as that is gone."""


@dataclass(frozen=True, slots=True)
class Standby:
    """One that follows; both are empty where this user may not know."""

    name: str
    sync_state: str
    """As pg_stat_replication has it: `async`, `potential`, `sync` or `quorum`."""


@dataclass(frozen=True, slots=True)
class Standbys:
    """Those that follow just now, and what synchronous_standby_names says."""

    named: str
    following: tuple[Standby, ...]
    user: str
    """Who asked."""

    @property
    def is_hidden(self) -> bool:
        """Whether it cannot be known for which of them a commit waits."""
        return bool(self.named) and any(not one.sync_state for one in self.following)

    @property
    def unwaited(self) -> tuple[Standby, ...]:
        """Those for which no commit waits: one that took over might not have the last of them."""
        if not self.named:
            return self.following
        return tuple(one for one in self.following if one.sync_state and one.sync_state not in _WAITED_FOR)

    @property
    def stops_commits(self) -> bool:
        """Whether commits wait for standbys of which none follows, so that nothing can be written."""
        return bool(self.named) and not self.is_hidden and self.unwaited == self.following


def standbys(database: Database) -> Standbys:
    """None follow SQLite."""
    if database.is_sqlite:
        return Standbys("", (), "")
    named, user = sa.func.current_setting("synchronous_standby_names"), sa.func.current_user()
    columns = (sa.column(name, sa.Text) for name in ("application_name", "sync_state", "state"))
    of = sa.table("pg_stat_replication", *columns)
    is_backup = sa.func.coalesce(of.c.state, "") == "backup"  # pg_basebackup, which takes over nothing
    with database.read() as connection:
        setting, asking = connection.execute(sa.select(named, user)).one()
        rows = connection.execute(sa.select(of).where(~is_backup).order_by(of.c.application_name)).all()
    return Standbys(setting, tuple(Standby(row.application_name or "", row.sync_state or "") for row in rows), asking)
