"""Migrations: what they make is what the code thinks the tables are, on an empty and on an existing ledger."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine.interfaces import ReflectedIndex

from newsletter.catalogue import phrase
from newsletter.errors import SettingsError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.migrate import _upgrade
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.schema import HEAD, VERSION_TABLE, metadata
from newsletter.ledger.states import Outcome, State
from newsletter.settings.workspace import Workspace
from newsletter.smtp.reply import Reply
from tests.support.books import ACCEPTED, LIST, NOW, planned, tally


def test_the_newest_migration_is_the_one_the_code_expects() -> None:
    config = Config()
    config.set_main_option("script_location", "newsletter.ledger:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def _plain(index: ReflectedIndex) -> str:
    """As text, its condition included."""
    options = {key: str(value) for key, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


def _described(connection: sa.Connection) -> dict[str, object]:
    """All that the database knows of its tables, and what stands in them."""
    found: dict[str, object] = {}
    look = sa.inspect(connection)
    for name in sorted(look.get_table_names()):
        columns = {one["name"]: {**one, "type": str(one["type"])} for one in look.get_columns(name)}
        rows = connection.exec_driver_sql(f"SELECT * FROM {name}").all()
        found[name] = {
            "columns": columns,
            "primary key": look.get_pk_constraint(name),
            "foreign keys": sorted(look.get_foreign_keys(name), key=str),
            "unique": sorted(look.get_unique_constraints(name), key=str),
            "checks": sorted(str(one["sqltext"]) for one in look.get_check_constraints(name)),
            "indexes": sorted((one["name"], _plain(one)) for one in look.get_indexes(name)),
            # The book's name is another one each time.
            "rows": [row for row in rows if row[0] != "id"],
        }
    if connection.dialect.name == "sqlite":
        found["autoincrement"] = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%' ORDER BY name"
        ).all()
    else:
        found["storage"] = connection.exec_driver_sql(
            "SELECT relname, reloptions, obj_description(oid) FROM pg_class"
            " WHERE relnamespace = current_schema()::regnamespace ORDER BY relname"
        ).all()
    return found


def test_a_new_ledger_is_made_as_all_migrations_together_make_it(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.PAGES) as book, book._database.write() as connection:
        made = _described(connection)
        for table in reversed(metadata.sorted_tables):
            table.drop(connection)
        connection.exec_driver_sql(f"DROP TABLE {VERSION_TABLE}")
        _upgrade(connection, book._database)
        assert _described(connection) == made
        assert connection.exec_driver_sql("SELECT name FROM facts").all() == [("id",)]
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_an_existing_ledger_is_opened_as_it_is(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = planned(book, 3)
    with open_ledger(workspace, Purpose.SENDING) as book:
        assert tally(book, dispatch) == {"planned": 3}
        with book.lease(NOW) as lease:
            assert len(book.claim(dispatch, lease, 5, NOW)) == 3


def _taken_back_to_the_first(book: Ledger) -> None:
    """The tables as the first migration made them, with what stands in them."""
    with book._database.write() as connection:
        for table in ("budgets", "learned", "resolutions", "newsletters", "other_hashes"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql("DELETE FROM facts WHERE name = 'id'")
        connection.exec_driver_sql("ALTER TABLE leases DROP COLUMN begun")
        connection.exec_driver_sql("ALTER TABLE dispatches DROP COLUMN paused_by")
        for column in ("machine", "dispatch_id", "done_before"):
            connection.exec_driver_sql(f"ALTER TABLE leases DROP COLUMN {column}")
        connection.exec_driver_sql("ALTER TABLE deliveries DROP COLUMN reply_rule")
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '0001'")
    book.mark._path.unlink()  # it kept none


def test_a_ledger_of_the_first_version_is_taken_along_with_all_that_stands_in_it(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = planned(book, 3)
        with book.lease(NOW) as lease:
            claims = book.claim(dispatch, lease, 2, NOW)
            book.turn([], claims, NOW)
            refused = Outcome(claims[1], State.FAILED, Reply("rcpt", 550, "5.7.1", "no"), "policy", rule="policy")
            book.turn([Outcome(claims[0], State.SENT, ACCEPTED, "accepted"), refused], [], NOW)
        book.pause(dispatch, phrase("ledger.pause.by_hand"), NOW)
        book.suppress("another.example.org", key="kim@example.net", reason="manual", now=NOW)
        book.suppress("*", key="jane@example.org", reason="complained", now=NOW)
        _taken_back_to_the_first(book)
    with open_ledger(workspace, Purpose.READ) as book:
        assert tally(book, dispatch) == {"planned": 1, "sent": 1, "failed": 1}
        # Whom it planned for, or who left it, is a newsletter that the ledger knows.
        assert {one.list_id for one in book.newsletters()} == {LIST, "another.example.org"}
        # Which rule it was, nobody wrote down then; what was accepted needs none.
        kinds = [(kind.reply_class, kind.reply_rule, kind.count) for kind in book.replies(dispatch)]
        assert kinds == [("accepted", "accepted", 1), ("policy", "", 1)]
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        with book._database.read() as connection:
            assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        assert (book.record(dispatch).paused_at, book.record(dispatch).paused_by) == (NOW, None)
        book.resume(dispatch, NOW)
        with book.lease(NOW) as lease:
            book.turn([], book.claim(dispatch, lease, 5, NOW), NOW)
        assert book.resolve(dispatch, True, NOW) == book.undo_resolve(dispatch) == 1


def test_a_migration_that_fails_leaves_nothing_behind(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.PAGES) as book, book._database.write() as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name != "pictures":
                table.drop(connection)
        connection.exec_driver_sql(f"DROP TABLE {VERSION_TABLE}")
    with pytest.raises(Exception, match="pictures"):  # it is there already, half way through the making
        open_ledger(workspace, Purpose.SENDING)
    with pytest.raises(SettingsError):
        open_ledger(workspace, Purpose.READ)


def test_a_ledger_from_the_future_is_refused(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.PAGES) as book, book._database.write() as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(SettingsError, match="9999"):
        open_ledger(workspace, Purpose.READ)


def test_migrations_are_packaged_beside_the_code() -> None:
    import newsletter.ledger

    folder = Path(newsletter.ledger.__file__).parent / "migrations"
    assert (folder / "env.py").exists()
    assert len(list((folder / "versions").glob("0*.py"))) == int(HEAD)


def test_the_constraints_are_those_of_the_migrations(workspace: Workspace) -> None:
    """Alembic compares no CHECKs: the schema writes them from the enums, the migrations wrote them down."""
    with open_ledger(workspace, Purpose.PAGES) as book, book._database.read() as connection:
        for table in metadata.sorted_tables:
            made = {str(one["sqltext"]) for one in sa.inspect(connection).get_check_constraints(table.name)}
            meant = {str(one.sqltext) for one in table.constraints if isinstance(one, sa.CheckConstraint)}
            # PostgreSQL tells them in words of its own.
            assert made == meant if book._database.is_sqlite else len(made) == len(meant)
