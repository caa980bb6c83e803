"""`newsletter worker` in folders without a file, as real processes; the receiver's own log is the judge."""

import json
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.support.books import begun_long_ago
from tests.support.cli import newsletter, started
from tests.support.mailroom import PATIENCE, Mailroom, mailroom
from tests.support.postgres import Cluster, cluster

SLUG = "2026-11"
PEOPLE = 150
CONNECTIONS = 3


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture
def slow_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailroom]:
    """Slow enough that a run is still at work when the test acts."""
    with mailroom(tmp_path_factory.mktemp("relay"), delay=0.01) as relay:
        yield relay


@dataclass
class Machines:
    """A workspace whose issue is planned and goes on with its second reader, and folders without a file beside it."""

    workspace: Path
    folders: Path
    room: Mailroom
    desk: dict[str, str]
    """What the workspace's commands are given."""
    environ: dict[str, str] = field(default_factory=dict)
    """What a worker is given."""

    def plan(self) -> None:
        rows = "".join(f"reader{number}@example.com,\n" for number in range(PEOPLE))
        (self.workspace / "subscribers.csv").write_text(f"email,name\n{rows}", encoding="utf-8")
        for words in (("send", SLUG, "--yes", "--first", "1"), ("resume", SLUG)):
            ended = newsletter(*words, cwd=self.workspace, **self.desk)
            assert ended.returncode == 0, ended.stderr
        secret = (self.workspace / ".newsletter" / "secret").read_text(encoding="ascii").strip()
        self.environ["NEWSLETTER_SECRET_KEY"] = secret

    def worker(self, name: str = "a", *words: str, **environ: str) -> "subprocess.Popen[str]":
        folder = self.folders / name
        folder.mkdir(exist_ok=True)
        return started("worker", *words, cwd=folder, **{**self.environ, **environ})

    def states(self) -> dict[str, int]:
        ended = newsletter("status", SLUG, "--json", cwd=self.workspace, **self.desk)
        counts: dict[str, int] = json.loads(ended.stdout)["states"]
        assert sum(counts.values()) == PEOPLE
        return {state: number for state, number in counts.items() if number}


@pytest.fixture
def machines(request: pytest.FixtureRequest, workspace: Path, tmp_path: Path, slow_room: Mailroom) -> Machines:
    """Of which the ledger alone is shared."""
    url = f"sqlite:///{workspace}/.newsletter/ledger.db"
    if getattr(request, "param", "sqlite") == "postgresql":
        server: Cluster = request.getfixturevalue("postgres")
        url = server.schema()
    ledger = {"NEWSLETTER_LEDGER__URL": url}
    desk = {
        **ledger,
        "NEWSLETTER_SMTP__URL": slow_room.url,
        "NEWSLETTER_SMTP__RATE": "",
        "NEWSLETTER_SMTP__CONNECTIONS": str(CONNECTIONS),
        "NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false",
    }
    found = Machines(workspace, tmp_path, slow_room, desk, ledger)
    found.plan()
    return found


def drained(worker: "subprocess.Popen[str]") -> str:
    """What it said until it ended by a signal, as asked."""
    worker.send_signal(signal.SIGTERM)
    _, told = worker.communicate(timeout=PATIENCE)
    assert worker.returncode == 0, told
    return told


@pytest.mark.parametrize("machines", ["sqlite", "postgresql"], indirect=True)
def test_a_worker_in_an_empty_folder_sends_and_drains(machines: Machines) -> None:
    with machines.worker() as worker:
        machines.room.wait_for(PEOPLE)
        drained(worker)
    assert machines.states() == {"sent": PEOPLE}
    assert sorted(machines.room.recipients()) == sorted(f"reader{number}@example.com" for number in range(PEOPLE))
    assert [one.name for one in (machines.folders / "a").iterdir()] == [".newsletter"]


@pytest.mark.parametrize("machines", ["postgresql"], indirect=True)
def test_two_share_and_one_that_is_killed_costs_no_more_than_a_killed_run(machines: Machines) -> None:
    with machines.worker() as doomed, machines.worker() as other:
        machines.room.wait_for(60)
        doomed.kill()
        doomed.wait(PATIENCE)
        machines.room.wait_for(PEOPLE - 2 * CONNECTIONS)
        shown = newsletter("workers", "--json", cwd=machines.workspace, **machines.desk)
        assert {other.pid, doomed.pid} == {one["pid"] for one in json.loads(shown.stdout)}
        drained(other)
    counts = machines.states()
    assert counts.get("in_doubt", 0) <= 2 * CONNECTIONS
    assert counts["sent"] + counts.get("in_doubt", 0) == PEOPLE
    received = machines.room.recipients()
    assert len(received) == len(set(received))


def test_a_signal_finishes_what_is_in_flight_and_a_worker_shows_how_it_is(machines: Machines) -> None:
    with machines.worker("a", "--health", "0") as worker:
        assert worker.stdout is not None
        address = worker.stdout.readline().strip()
        machines.room.wait_for(30)
        (shown,) = json.loads(newsletter("workers", "--json", cwd=machines.workspace, **machines.desk).stdout)
        health, metrics = asked(f"{address}/healthz"), asked(f"{address}/metrics")
        told = drained(worker)
    assert (shown["pid"], shown["lives"], shown["troubles"]) == (worker.pid, True, [])
    assert json.loads(health)["status"] == "ok"
    assert [one["issue"] for one in json.loads(health)["doing"]] == [SLUG]
    assert "newsletter_worker_up 1\n" in metrics
    assert "Told to end" in told
    counts = machines.states()
    assert counts == {"sent": len(machines.room.mail), "planned": PEOPLE - len(machines.room.mail)}
    nobody = newsletter("workers", cwd=machines.workspace, **machines.desk)
    assert nobody.stdout == "No worker is at it. To start one: newsletter worker\n"


def asked(address: str) -> str:
    with urlopen(address, timeout=PATIENCE) as answer:
        text: str = answer.read().decode()
        return text


def test_without_the_ledger_s_secret_nothing_is_sent(machines: Machines) -> None:
    before = len(machines.room.mail)
    machines.environ.pop("NEWSLETTER_SECRET_KEY")
    wrong = {"NEWSLETTER_SECRET_KEY": "another-secret-than-that-of-the-links"}
    for environ, said in ({}, "NEWSLETTER_SECRET_KEY"), (wrong, "another one"):
        with machines.worker("a", **environ) as worker:
            _, told = worker.communicate(timeout=PATIENCE)
        assert worker.returncode == 78, told
        assert said in told
    assert len(machines.room.mail) == before


def test_settings_that_resume_publishes_are_used_by_a_worker_that_is_at_it(
    machines: Machines, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with mailroom(tmp_path_factory.mktemp("new")) as new, machines.worker() as worker:
        machines.room.wait_for(30)
        assert newsletter("pause", SLUG, cwd=machines.workspace, **machines.desk).returncode == 0
        elsewhere = {**machines.desk, "NEWSLETTER_SMTP__URL": new.url}
        assert newsletter("resume", SLUG, cwd=machines.workspace, **elsewhere).returncode == 0
        new.wait_for(1)
        former = len(machines.room.mail)
        new.wait_for(PEOPLE - former)
        drained(worker)
    assert machines.states() == {"sent": PEOPLE}
    assert len(machines.room.mail) == former


def test_where_there_is_no_ledger_a_worker_ends_and_says_why(tmp_path: Path) -> None:
    nowhere = newsletter("worker", cwd=tmp_path)
    assert (nowhere.returncode, "NEWSLETTER_LEDGER__URL" in nowhere.stderr) == (78, True)
    missing = newsletter("worker", cwd=tmp_path, NEWSLETTER_LEDGER__URL=f"sqlite:///{tmp_path}/ledger.db")
    assert (missing.returncode, "ledger.db" in missing.stderr) == (78, True)
    assert list(tmp_path.iterdir()) == []
    assert newsletter("worker", "--health", "here", cwd=tmp_path, NEWSLETTER_LEDGER__URL="x").returncode == 64


def test_a_server_that_does_not_answer_is_waited_for(tmp_path: Path) -> None:
    away = f"postgresql+psycopg://postgres@/postgres?host={tmp_path}"
    with started("worker", "--quiet", cwd=tmp_path, NEWSLETTER_LEDGER__URL=away) as worker:
        assert worker.stderr is not None
        assert "is tried again and again" in worker.stderr.readline()
        drained(worker)


def test_a_worker_in_the_workspace_plans_what_is_due_and_sends_it(workspace: Path, room: Mailroom) -> None:
    issue = workspace / "issues" / f"{SLUG}.yaml"
    due = f"publish_at: {(datetime.now(UTC) - timedelta(hours=1)).isoformat()}\n"
    issue.write_text(issue.read_text(encoding="utf-8") + due, encoding="utf-8")
    begun_long_ago(workspace)
    environ = {"NEWSLETTER_SMTP__URL": room.url, "NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false"}
    with started("worker", cwd=workspace, **environ) as worker:
        room.wait_for(3)
        drained(worker)
    assert len(room.mail) == 3
