"""Real processes on one book: first-time ones at once, two that share the work, and one that is killed."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import pytest

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.staged_audience import ComingDeliveries
from newsletter.settings.rates import Window
from newsletter.settings.workspace import Workspace
from tests.support.books import LIST, NOW, edition, letterhead, planned, readers, tally

Process: TypeAlias = subprocess.Popen[str]
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def start(workspace: Workspace) -> Iterator[Callable[[str], Process]]:
    """Starts a worker on the test's ledger; what still runs at the end is killed."""
    started: list[Process] = []

    def worker(task: str) -> Process:
        command = [sys.executable, "-m", "tests.support.ledger_worker", str(workspace.root)]
        process = subprocess.Popen(
            [*command, workspace.settings.ledger.url, task], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield worker
    for process in started:
        with process:  # closes its output and waits
            process.kill()


def test_two_first_time_processes_on_a_fresh_ledger_are_both_fine(start: Callable[[str], Process]) -> None:
    processes = [start("open") for _ in range(2)]
    for process in processes:
        process.communicate()
    assert [process.returncode for process in processes] == [0, 0]


def test_two_processes_share_the_work_and_double_nobody(book: Ledger, start: Callable[[str], Process]) -> None:
    dispatch = planned(book, 400)
    processes = [start("drain") for _ in range(2)]
    keys = [key for process in processes for line in process.communicate()[0].splitlines() for key in json.loads(line)]
    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(keys) == sorted(row.key for row in readers(400))
    assert tally(book, dispatch) == {"sent": 400}


def test_processes_that_take_from_one_window_get_what_it_allows_together(
    book: Ledger, start: Callable[[str], Process]
) -> None:
    processes = [start("take") for _ in range(3)]
    shares = [sum(map(int, process.communicate()[0].split())) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sum(shares) == 100
    [usage] = book.usage("me", (Window(100, timedelta(hours=1)),), NOW)
    assert usage.used == 100


def test_of_latecomers_whose_planner_is_killed_nothing_is_seen(book: Ledger, start: Callable[[str], Process]) -> None:
    dispatch = planned(book, 2)
    killed = start("join")
    assert killed.stdout is not None
    assert json.loads(killed.stdout.readline()) == "staged"
    assert (book.record(dispatch).total, tally(book, dispatch)) == (2, {"planned": 2})
    assert not any(verdict.broken for verdict in book.verify())
    killed.kill()
    killed.wait()
    assert book.add_latecomers(dispatch, 1, ComingDeliveries(readers(4)), NOW) == 2
    with book._database.read() as connection:
        left = [
            connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in ("deliveries", "dispatches")
        ]
    assert left == [4, 1], "what it had staged is cleared away"
    assert tally(book, dispatch) == {"planned": 4}


def test_what_a_killed_process_held_is_taken_back_at_once(book: Ledger, start: Callable[[str], Process]) -> None:
    dispatch = planned(book, 3)
    killed = start("hold")
    assert killed.stdout is not None
    in_flight, claimed = json.loads(killed.stdout.readline())
    assert tally(book, dispatch) == {"planned": 1, "claimed": 1, "in_flight": 1}
    killed.kill()
    killed.wait()
    with book.lease(NOW) as lease:
        assert claimed in [claim.key for claim in book.claim(dispatch, lease, 5, NOW)]
        assert tally(book, dispatch) == {"claimed": 2, "in_doubt": 1}
    (doubtful,) = (record.key for record in book.deliveries(dispatch) if record.state == "in_doubt")
    assert doubtful == in_flight
    assert book.resolve(dispatch, False, NOW) == 1


def test_what_a_killed_planner_staged_is_cleared_away(workspace: Workspace, start: Callable[[str], Process]) -> None:
    killed = start("stage")
    assert killed.stdout is not None
    killed.stdout.readline()
    killed.kill()
    killed.wait()
    with open_ledger(workspace, Purpose.READ) as book:
        assert book.find(LIST, "2021-07") is None
        assert book.plan(letterhead(), {"ko": edition()}, readers(2), NOW).total == 2
        with book._database.read() as connection:
            rows = connection.exec_driver_sql("SELECT count(*) FROM deliveries").scalar()
            dispatches = connection.exec_driver_sql("SELECT count(*) FROM dispatches").scalar()
    assert (rows, dispatches) == (2, 1)
