"""Migrations: what they make is what the code thinks the tables are, on an empty and on an existing ledger."""

import os
import socket
import sqlite3
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine.interfaces import ReflectedIndex

from newsletter.catalogue import phrase
from newsletter.errors import NewsletterError, RunAgainError, SettingsError
from newsletter.ledger.leases import Lease
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.migrate import _make, _upgrade
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.schema import HEAD, VERSION_TABLE, metadata
from newsletter.ledger.seen_state import from_list
from newsletter.ledger.states import Outcome, State
from newsletter.settings.workspace import Workspace
from newsletter.smtp.reply import Reply
from tests.support.books import ACCEPTED, LIST, NOW, planned, tally, workspace_at


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


def _assert_as_meant(connection: sa.Connection) -> None:
    """Alembic finds nothing to do, but for the foreign keys that are SQLite's alone."""
    options = {"version_table": VERSION_TABLE, "compare_type": True}
    found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    is_sqlite = connection.dialect.name == "sqlite"
    lacks = set() if is_sqlite else {("add_fk", f"fk_deliveries_{column}") for column, _ in _KEYS_OF_SQLITE}
    assert {(str(what), str(constraint.name)) for what, constraint in found} == lacks


def _drop_all(connection: sa.Connection) -> None:
    for table in reversed(metadata.sorted_tables):
        table.drop(connection)
    connection.exec_driver_sql(f"DROP TABLE {VERSION_TABLE}")


def test_a_new_ledger_is_made_as_all_migrations_together_make_it(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.PAGES) as book, book._database.write() as connection:
        made = _described(connection)
        _drop_all(connection)
        # By now this process has made one, and each later one is made by the same SQL.
        _make(connection, book._database)
        assert _described(connection) == made
        _drop_all(connection)
        _upgrade(connection, book._database)
        assert _described(connection) == made
        assert connection.exec_driver_sql("SELECT name FROM facts").all() == [("id",)]
        _assert_as_meant(connection)


def test_an_existing_ledger_is_opened_as_it_is(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = planned(book, 3)
    with open_ledger(workspace, Purpose.SENDING) as book:
        assert tally(book, dispatch) == {"planned": 3}
        with book.lease(NOW) as lease:
            assert len(book.claim(dispatch, lease, 5, NOW)) == 3


_LATER = (("leases", "terms"), ("leases", "ended_by"), ("leases", "rested"), ("leases", "turn"), ("leases", "gone"))
"""Columns that came after migration 0010."""
_LATER_TABLES = (
    *("publications", "page_views", "returns", "log_places", "notices", "welcomes", "leave_reasons", "sign_up_counts"),
    *("sign_ups", "subscriptions", "imports", "consent_texts", "relay_settings", "workers", "sharers", "sharing"),
    *("news", "schedule"),
)


_KEYS_OF_SQLITE = ("dispatch_id", "dispatches"), ("edition_id", "editions")
"""Columns of `deliveries`: until migration 0019 PostgreSQL had their foreign keys, too."""


def _without_later_columns(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        for column, parent in _KEYS_OF_SQLITE:
            add = f"ADD CONSTRAINT fk_deliveries_{column} FOREIGN KEY ({column}) REFERENCES {parent} (id)"
            connection.exec_driver_sql(f"ALTER TABLE deliveries {add}")
    connection.exec_driver_sql("DROP INDEX ix_other_hashes_address_hash")
    connection.exec_driver_sql("DROP INDEX ix_lots_free")
    for table, column in _LATER:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {column}")
    for table in _LATER_TABLES:
        connection.exec_driver_sql(f"DROP TABLE {table}")


def _without_lots(connection: sa.Connection) -> None:
    """As migration 0008 left it: each row says itself who has it."""
    _without_later_columns(connection)
    held = "SELECT lease_id FROM lots WHERE lots.id = deliveries.lot_id"
    connection.exec_driver_sql(
        f"UPDATE deliveries SET state = 'claimed', lease_id = ({held})"
        f" WHERE state IN ('planned', 'deferred') AND ({held}) IS NOT NULL"
    )
    for lease, marks in connection.exec_driver_sql("SELECT id, marks FROM leases").all():
        for number in from_list(marks):
            connection.exec_driver_sql(
                f"UPDATE deliveries SET state = 'in_flight' WHERE id = {number} AND lease_id = {lease}"
            )
    connection.exec_driver_sql("DROP INDEX ix_deliveries_lot")
    for table, column in (
        ("deliveries", "lot_id"),
        ("dispatches", "revision"),
        ("dispatches", "first_delivery"),
        ("dispatches", "variant_rule"),
    ):
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {column}")
    connection.exec_driver_sql("ALTER TABLE leases DROP COLUMN marks")
    connection.exec_driver_sql("DROP TABLE lots")
    connection.exec_driver_sql("CREATE INDEX ix_deliveries_state ON deliveries (dispatch_id, state, due_at, id)")
    connection.exec_driver_sql("CREATE INDEX ix_deliveries_held ON deliveries (lease_id) WHERE lease_id IS NOT NULL")
    connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '0008'")


def _as_the_second_left_it(connection: sa.Connection) -> None:
    _without_lots(connection)
    for table in ("budgets", "resolutions", "newsletters", "other_hashes"):
        connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql("DELETE FROM facts WHERE name = 'id'")
    connection.exec_driver_sql("ALTER TABLE learned DROP COLUMN session_limit")
    connection.exec_driver_sql("ALTER TABLE dispatches DROP COLUMN paused_by")
    for column in ("begun", "machine", "dispatch_id", "done_before"):
        connection.exec_driver_sql(f"ALTER TABLE leases DROP COLUMN {column}")
    connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '0002'")


def _taken_back_to_the_first(book: Ledger) -> None:
    """The tables as the first migration made them, with what stands in them."""
    with book._database.write() as connection:
        _as_the_second_left_it(connection)
        connection.exec_driver_sql("DROP TABLE learned")
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
        with book._database.read() as connection:
            _assert_as_meant(connection)
        assert (book.record(dispatch).paused_at, book.record(dispatch).paused_by) == (NOW, None)
        book.resume(dispatch, NOW)
        with book.lease(NOW) as lease:
            book.turn([], book.claim(dispatch, lease, 5, NOW), NOW)
        assert book.resolve(dispatch, True, NOW) == book.undo_resolve(dispatch) == 1


def _with_a_list_of_states(connection: sa.Connection) -> str:
    """As migration 0009 left it; the condition as it is now."""
    _without_later_columns(connection)
    text = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'deliveries'").scalar_one()
    start = text.index("CHECK (state = ") + len("CHECK (")
    after = text[start : text.index(")", start)]
    before = f"state IN {tuple(str(state) for state in State)}"
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    change = "UPDATE sqlite_master SET sql = ? WHERE name = 'deliveries'"
    connection.exec_driver_sql(change, (text.replace(after, before),))
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
    connection.exec_driver_sql("ALTER TABLE dispatches DROP COLUMN variant_rule")
    connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '0009'")
    return str(after)


@pytest.mark.parametrize("may", [True, False], ids=["changed", "forbidden"])
def test_a_ledger_with_a_list_of_states_goes_on_and_refuses_all_others(tmp_path: Path, *, may: bool) -> None:
    workspace = workspace_at(tmp_path)
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch = planned(book, 3)
        with book._database.write() as connection:
            after = _with_a_list_of_states(connection)
        assert "state IN (" in _checks_of_deliveries(book)

    altered = []

    def forbid(action: int, table: str | None, *_: object) -> int:
        """By hand; later migrations have it written by ALTER TABLE, which such a SQLite allows."""
        altered.extend([action] if action == sqlite3.SQLITE_ALTER_TABLE else [])
        by_hand = (action, table) == (sqlite3.SQLITE_UPDATE, "sqlite_master") and not altered
        return sqlite3.SQLITE_DENY if by_hand else sqlite3.SQLITE_OK

    def guard(connection: sqlite3.Connection, _record: object) -> None:
        if not may:
            connection.set_authorizer(forbid)

    sa.event.listen(sa.pool.Pool, "connect", guard)
    try:
        book = open_ledger(workspace, Purpose.SENDING)
    finally:
        sa.event.remove(sa.pool.Pool, "connect", guard)
    book._database.engine.dispose()
    with book:
        assert (after in _checks_of_deliveries(book)) is may
        with pytest.raises(NewsletterError, match="ck_deliveries_state"), book._database.write() as connection:
            connection.exec_driver_sql("UPDATE deliveries SET state = 'read'")
        with book._database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        with book.lease(NOW) as lease:
            claims = book.claim(dispatch, lease, 3, NOW)
            book.turn([], claims, NOW)
            book.turn([Outcome(claim, State.SENT, ACCEPTED) for claim in claims], [], NOW)
        assert tally(book, dispatch) == {"sent": 3}


def _checks_of_deliveries(book: Ledger) -> str:
    with book._database.read() as connection:
        return " ".join(str(one["sqltext"]) for one in sa.inspect(connection).get_check_constraints("deliveries"))


def _in_every_state(book: Ledger) -> tuple[int, Lease]:
    """A dispatch, and a lease that is still at work on it."""
    dispatch = planned(book, 26, lot=4)
    lease = book.lease(NOW)
    claims = book.claim(dispatch, lease, 14, NOW)
    book.suppress("*", key=claims[7].key, reason="manual", now=NOW)
    book.turn([], claims[:10], NOW)
    refused, grey = Reply("rcpt", 550, "", "no"), Reply("rcpt", 451, "4.7.1", "later")
    outcomes = [
        Outcome(claims[0], State.SENT, ACCEPTED, "accepted"),
        Outcome(claims[1], State.FAILED, refused, "policy", rule="policy"),
        Outcome(claims[2], State.EXPIRED, grey, "greylist"),
        Outcome(claims[3], State.IN_DOUBT),
        Outcome(claims[4], State.DEFERRED, grey, "greylist", due_at=NOW + timedelta(minutes=5)),
        Outcome(claims[5], State.DEFERRED, refused, "permanent", due_at=NOW + timedelta(minutes=5)),
        Outcome(claims[6], State.DEFERRED, grey, "greylist", due_at=NOW + timedelta(hours=5)),
    ]
    book.turn(outcomes, [], NOW)
    book.suppress("*", key="reader25@example.com", reason="manual", now=NOW)
    return dispatch, lease


@pytest.mark.parametrize(
    ("take_back", "machine"),
    [(_as_the_second_left_it, "a machine whose name it did not write down"), (_without_lots, socket.gethostname())],
    ids=["0002", "0008"],
)
def test_a_ledger_of_before_lots_is_taken_along_in_every_state(
    workspace: Workspace, take_back: Callable[[sa.Connection], None], machine: str
) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        dispatch, lease = _in_every_state(book)
        before = {row.key: (row.state, row.attempts, row.due_at) for row in book.deliveries(dispatch)}
        cancelled = planned(book, 3, slug="2021-08")
        book.cancel(cancelled, NOW)
        assert {state for state, *_ in before.values()} | {State.CANCELLED} == set(State)
        with book._database.write() as connection:
            take_back(connection)
        if take_back is _as_the_second_left_it:
            book.mark._path.unlink()  # it kept none
        book._database.engine.dispose()
        with pytest.raises(RunAgainError, match=f"process {os.getpid()} on {machine}") as caught:
            open_ledger(workspace, Purpose.SENDING)
        assert caught.value.exit_code == 75
        assert lease._lock._descriptor is not None
        os.close(lease._lock._descriptor)  # what the kernel does when a process dies
        lease._lock._descriptor = None
    with open_ledger(workspace, Purpose.SENDING) as book:
        assert {row.key: (row.state, row.attempts, row.due_at) for row in book.deliveries(dispatch)} == before
        counts = Counter(state.value for state, *_ in before.values())
        assert tally(book, dispatch) == counts
        assert tally(book, cancelled) == {"cancelled": 3}
        assert [str(found.promise) for found in book.verify() if found.broken] == []
        with book.lease(NOW) as mine:
            claims = book.claim(dispatch, mine, 99, NOW + timedelta(minutes=6))
            waiting = {key for key, (state, *_) in before.items() if state in (State.PLANNED, State.CLAIMED)}
            early = {key for key, (state, _, due) in before.items() if due == NOW + timedelta(minutes=5)}
            assert {claim.key for claim in claims} == (waiting | early) - {"reader25@example.com"}
            # First who was deferred, and last who was refused for good by what may be the relay's words.
            assert [claim.key in early for claim in (claims[0], claims[-1])] == [True, True]
            assert tally(book, dispatch)["in_doubt"] == counts["in_doubt"] + counts["in_flight"]
        assert [str(found.promise) for found in book.verify() if found.broken] == []


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
            checks = [one for one in table.constraints if isinstance(one, sa.CheckConstraint)]
            names = {connection.dialect.name, None}
            meant = {str(one.sqltext) for one in checks if (one._ddl_if.dialect if one._ddl_if else None) in names}
            # PostgreSQL tells them in words of its own.
            assert made == meant if book._database.is_sqlite else len(made) == len(meant)
