"""What `doctor` says of a real PostgreSQL: which server it is, who follows it, its clock; and of one that is away."""

import json
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine

from newsletter.ledger.examined import open_to_examine
from newsletter.ledger.fail_over import PLACE
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.schema import facts
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps.doctor import ledger_checks
from tests.doctor.conftest import Examine
from tests.support.books import planned, workspace_at
from tests.support.cli import newsletter
from tests.support.postgres import Cluster, cluster

OF_A_SERVER = {"database-server", "database-standby", "clock"}


@pytest.fixture
def workspace(tmp_path: Path, server: Cluster) -> Workspace:
    return begun(tmp_path, server)


def begun(folder: Path, server: Cluster, user: str = "postgres") -> Workspace:
    """With a ledger of the server in which nothing stands, looked at as `user`."""
    url = server.schema()
    open_ledger(workspace_at(folder, url), Purpose.SENDING).close()
    return workspace_at(folder, url.replace("//postgres:", f"//{user}:"))


@pytest.fixture
def nobody(server: Cluster) -> Iterator[str]:
    """A user of the database who is no superuser and sees what everybody may see."""
    server.execute("CREATE ROLE nobody LOGIN")
    server.execute("GRANT pg_read_all_data TO nobody")
    yield "nobody"
    server.execute("DROP ROLE nobody")


def was_elsewhere(workspace: Workspace, before: str = "server 1, timeline 00000001") -> None:
    with open_ledger(workspace, Purpose.READ) as book, book._database.write() as connection:
        connection.execute(sa.update(facts).where(facts.c.name == PLACE).values(value=before))


def test_a_server_in_order_is_told(examine: Examine, workspace: Workspace) -> None:
    found = examine(workspace)
    assert {name: found[name].level for name in OF_A_SERVER} == dict.fromkeys(OF_A_SERVER, "ok")
    assert "back-ups" in str(found["database-standby"].found)


def test_of_sqlite_no_server_is_told(examine: Examine, tmp_path: Path) -> None:
    open_ledger(workspace_at(tmp_path), Purpose.SENDING).close()
    assert not OF_A_SERVER & examine(workspace_at(tmp_path)).keys()


def test_another_server_is_a_failure_where_something_waits_to_be_sent(examine: Examine, workspace: Workspace) -> None:
    was_elsewhere(workspace)
    found = examine(workspace)["database-server"]
    assert found.level == "warning"
    with open_ledger(workspace, Purpose.READ) as book:
        planned(book)
    found = examine(workspace)["database-server"]
    assert (found.level, found.next_command) == ("failure", "newsletter status 2021-07")
    assert "newsletter resume 2021-07" in str(found.found)
    assert "server 1, timeline 00000001" in str(found.found)


@pytest.mark.parametrize(
    ("wrong", "level"),
    [(timedelta(seconds=30), "warning"), (timedelta(minutes=-2), "warning"), (timedelta(minutes=10), "failure")],
)
def test_a_machine_whose_clock_is_wrong_is_told(
    examine: Examine, workspace: Workspace, wrong: timedelta, level: str
) -> None:
    with time_machine.travel(datetime.now(UTC) + wrong, tick=True):
        found = examine(workspace)["clock"]
    assert (found.level, found.next_command) == (level, "sudo timedatectl set-ntp true")
    assert ("ahead of" in str(found.found)) is (wrong > timedelta())


def test_who_may_not_ask_which_server_it_is_gets_the_statement_that_lets_them(
    examine: Examine, tmp_path: Path, server: Cluster, nobody: str
) -> None:
    workspace = begun(tmp_path, server, nobody)
    assert examine(workspace)["database-server"].level == "ok"
    server.execute("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM public")
    try:
        found = examine(workspace)["database-server"]
    finally:
        server.execute("GRANT EXECUTE ON FUNCTION pg_control_system() TO public")
    assert found.level == "warning"
    assert found.next_command == 'psql -c "GRANT EXECUTE ON FUNCTION pg_control_system() TO nobody"'


def test_a_standby_that_nobody_waits_for_is_a_warning_with_the_setting(
    examine: Examine, tmp_path: Path, server: Cluster, nobody: str
) -> None:
    workspace, of_nobody = begun(tmp_path, server), begun(tmp_path / "other", server, nobody)

    def told(who: Workspace = workspace) -> tuple[str, str]:
        found = examine(who)["database-standby"]
        return found.level, found.next_command

    try:
        with server.standby() as standby:
            wait = 'psql -c "ALTER SYSTEM SET synchronous_standby_names = \'ANY 1 ({})\'" -c "SELECT pg_reload_conf()"'
            assert told() == ("warning", wait.format("walreceiver"))
            assert told(of_nobody) == told()
            server.follow()
            assert told() == ("ok", "")
            assert told(of_nobody) == ("warning", 'psql -c "GRANT pg_read_all_stats TO nobody"')
            there = begun_there(workspace, standby)
            assert examine(there)["database-server"].level == "failure"
            assert "has not taken over" in str(examine(there)["database-server"].found)
        assert told()[0] == "failure"
        assert "nothing is sent" in str(examine(workspace)["database-standby"].found)
    finally:
        server.execute("ALTER SYSTEM RESET synchronous_standby_names")
        server.execute("SELECT pg_reload_conf()")


def begun_there(workspace: Workspace, standby: Cluster) -> Workspace:
    """The same ledger as a standby has it."""
    before, _, options = workspace.settings.ledger.url.partition("host=")
    return workspace_at(workspace.root, f"{before}host={standby.sockets}&{options.partition('&')[2]}")


@pytest.mark.parametrize("how", ["away", "silent"])
def test_a_server_that_does_not_answer_is_a_line_and_the_others_are_made(
    examine: Examine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(ledger_checks, "ANSWERS_WITHIN", 1)
    with cluster() as own:
        workspace = begun(tmp_path, own)
        if how == "away":
            own.stop(signal.SIGINT)
            found = examine(workspace)
        else:
            with own.standing_still():
                found = examine(workspace)
    assert found["ledger"].level == "failure"
    assert {found[name].level for name in OF_A_SERVER} == {"failure"}
    assert "does not open" in str(found["clock"].found)


def test_a_server_that_falls_silent_in_the_middle_is_asked_no_more(
    examine: Examine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_checks, "ANSWERS_WITHIN", 1)
    monkeypatch.setattr("newsletter.workflow.doctor._ALTOGETHER", 1)
    with cluster() as own:
        workspace = begun(tmp_path, own)
        standing = own.standing_still()

        def opened_and_then_silent(*given: object, **more: object) -> object:
            ledger = open_to_examine(*given, **more)  # type: ignore[arg-type]
            standing.__enter__()
            return ledger

        monkeypatch.setattr(ledger_checks, "open_to_examine", opened_and_then_silent)
        try:
            found = examine(workspace)
        finally:
            standing.__exit__(None, None, None)
    assert found["ledger"].level == "ok"
    assert found["ledger-newest"].level == "failure"
    assert "does not answer any more" in str(found["clock"].found)


def test_a_workers_machine_needs_no_workspace(tmp_path: Path, server: Cluster) -> None:
    url = begun(tmp_path / "elsewhere", server).settings.ledger.url
    folder = tmp_path / "worker"
    folder.mkdir()
    secret = folder / "ledger-url"
    secret.write_text(url, encoding="utf-8")
    secret.chmod(0o600)
    ended = newsletter("doctor", "--json", cwd=folder, NEWSLETTER_LEDGER__URL_FILE=str(secret))
    assert ended.returncode == 0, ended.stdout
    levels = {one["id"]: one["level"] for one in json.loads(ended.stdout)["checks"]}
    assert levels.keys() >= {"ledger", "secret-files", *OF_A_SERVER}
    assert not {"list-id", "schedule", "schedule-run"} & levels.keys()
    assert newsletter("doctor", cwd=folder).returncode == 78, "neither a workspace nor a ledger"
