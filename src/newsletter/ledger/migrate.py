"""Bring a ledger to the newest migration, whoever else may be doing so. Touches: the ledger's database.

The whole migration is one transaction under a lock (BEGIN IMMEDIATE, or an advisory lock on PostgreSQL): of two
first-time processes without it, one died with "table already exists" in 14 of 15 rounds. A new ledger is made from
`schema` at once, without Alembic, which takes 0.1 s to load; a test holds that the migrations make the same.
"""

import uuid
from pathlib import Path

import sqlalchemy as sa

from newsletter.catalogue import phrase
from newsletter.errors import RunAgainError, SettingsError

from . import archive_tables, machine_tables, people_tables, return_tables  # noqa: F401 - these are made, too
from .database import Database
from .lease_watch import LEASE_LASTS
from .lock_file import Life, host, life
from .schema import HEAD, VERSION_TABLE, facts, leases, metadata

_LOTS = "0009"
"""Since this migration rows say less of who has them: an older process that goes on would send to everybody again."""
_UNNAMED = phrase("ledger.open.some_machine")


def current_revision(connection: sa.Connection) -> str | None:
    """The migration the ledger stands at; None where there is no ledger yet."""
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    version = sa.table(VERSION_TABLE, sa.column("version_num", sa.Text))
    return connection.execute(sa.select(version.c.version_num)).scalar()


def migrate(database: Database, folder: Path) -> None:
    """Make or update the tables; nothing to do in the usual case. SettingsError for a ledger from the future.

    `folder` has the lock files of this workspace. RunAgainError while a process works with the ledger as it was.
    """
    with database.read() as connection:
        if current_revision(connection) == HEAD:
            return
    with database.write() as connection:
        database.serialise(connection, "newsletter ledger migration")
        # Asked by SQLAlchemy, which so knows of the transaction: Alembic would else commit after each migration.
        if not sa.inspect(connection).has_table(VERSION_TABLE):
            _make(connection, database)
        elif (revision := current_revision(connection)) != HEAD:
            if revision is not None and revision < _LOTS:
                _refuse_living(connection, database, folder)
            _upgrade(connection, database)


def _make(connection: sa.Connection, database: Database) -> None:
    """All tables as the newest migration leaves them; an error where one of them is there already."""
    if not database.is_sqlite:
        for table in metadata.sorted_tables:
            table.dialect_kwargs.update(table.info)
            for index in table.indexes:
                index.dialect_kwargs.update(index.info)
    version = sa.Table(VERSION_TABLE, sa.MetaData(), sa.Column("version_num", sa.String(32), nullable=False))
    version.append_constraint(sa.PrimaryKeyConstraint(version.c.version_num, name=f"{VERSION_TABLE}_pkc"))
    metadata.create_all(connection, checkfirst=False)
    version.create(connection, checkfirst=False)
    connection.execute(version.insert().values(version_num=HEAD))
    connection.execute(facts.insert().values(name="id", value=uuid.uuid4().hex))


def _refuse_living(connection: sa.Connection, database: Database, folder: Path) -> None:
    """Of those that are gone, the next run takes back what they held, as ever."""
    known = {column["name"] for column in sa.inspect(connection).get_columns(leases.name)}
    machine = leases.c.machine if "machine" in known else sa.literal("").label("machine")
    columns = leases.c.pid, leases.c.host, leases.c.lock, leases.c.beat_at, machine
    clock = database.clock(connection)
    for row in connection.execute(sa.select(*columns).where(leases.c.ended_at.is_(None))).all():
        found = life(folder, row.lock) if row.host == host(folder) else Life.UNKNOWN
        if found is Life.HELD or (found is Life.UNKNOWN and clock - row.beat_at <= LEASE_LASTS):
            raise RunAgainError(
                phrase("ledger.open.at_work", where=database.where, pid=row.pid, machine=row.machine or _UNNAMED),
                hint=phrase("ledger.open.wait_for_it"),
            )


def _upgrade(connection: sa.Connection, database: Database) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "newsletter.ledger:migrations")
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise SettingsError(
            phrase("ledger.database.failed", where=database.where, words=str(error)),
            hint=phrase("ledger.open.written_by_newer"),
        ) from error
