"""The judge sees what is wrong: who was lost, who is in doubt through nobody, whose process ended as it must not."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
import sqlalchemy as sa

from newsletter.ledger.schema import leases
from newsletter.smtp.failpoints import Failpoint
from tests.crash.scene import Scene, scene

from .judge import BOUND, Verdict, ends, table
from .play import Run
from .schedule import schedule


def a_run(pid: int, code: int, *befell: str) -> Run:
    """One that is over."""
    return Run(0, None, pid, None, list(befell), code)  # type: ignore[arg-type]


def first_sender(play: Scene) -> int:
    """Its process."""
    sent = sa.select(leases.c.pid).where(leases.c.begun > 0).order_by(leases.c.id)
    with play.ledger._database.read() as book:
        return cast(int, book.execute(sent).scalar())


def test_in_doubt_may_be_only_what_a_process_that_died_had(tmp_path: Path) -> None:
    blamed, named = Verdict("plain", "SQLite"), Verdict("plain", "SQLite")
    with scene(tmp_path) as play:
        play.kill_at(Failpoint.AFTER_DOT, 30)
        play.finish()
        pid = first_sender(play)
        blamed.judge(play, schedule(1), [])
        named.judge(play, schedule(1), [a_run(pid, -9, "kill")])
    assert named.is_right
    assert (named.died, named.schedules) == (1, 1)
    assert 1 <= named.most_by_one <= BOUND
    assert not blamed.is_right
    assert blamed.broken == [f"seed 1: {named.doubted} in doubt through process {pid}, which nothing befell"]


def test_who_was_not_sent_to_is_left_behind(tmp_path: Path) -> None:
    verdict = Verdict("plain", "SQLite")
    with scene(tmp_path) as play:
        verdict.judge(play, schedule(1), [], ["not over after 40 leases"])
    assert verdict.lost
    assert verdict.broken[:2] == ["seed 1: 200 lost", "seed 1: not over after 40 leases"]
    assert verdict.broken[2].startswith("seed 1: left behind: ")


def test_more_in_doubt_than_the_bound_is_wrong_and_the_table_shows_it() -> None:
    verdict = Verdict("plain", "PostgreSQL", most_by_one=BOUND)
    assert verdict.is_right
    worse = replace(verdict, most_by_one=BOUND + 1)
    assert not worse.is_right
    assert table([worse]).splitlines()[2].endswith(f"| {BOUND + 1} |")


@pytest.mark.parametrize(
    ("code", "befell", "at_work", "is_right"),
    [
        (0, (), True, True),
        (75, (), True, True),
        (73, (), True, False),
        (73, (), False, True),
        (73, ("long cut",), True, True),
        (69, (), True, False),
        (70, ("kill",), True, False),
        (-9, ("kill",), True, True),
        (-9, (), True, False),
    ],
)
def test_how_a_process_may_end(code: int, befell: tuple[str, ...], at_work: bool, is_right: bool) -> None:
    wrong = ends([a_run(5, code, *befell)], {5} if at_work else set())
    assert (wrong == []) is is_right
