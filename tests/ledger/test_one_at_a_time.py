"""One process at a time: by a session's lock on PostgreSQL, by a file's lock beside SQLite; gone with its holder."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.lock_file import alone_for_now
from newsletter.ledger.one_at_a_time import one_at_a_time
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import PlannedElsewhereError, Purpose
from newsletter.settings.workspace import Workspace
from tests.support.books import LIST, workspace_at


def test_only_one_is_alone_for_a_name(book: Ledger, workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as other:
        mine, theirs = book._database, other._database
        with one_at_a_time(mine, "plan a") as first, one_at_a_time(theirs, "plan a") as second:
            assert (first, second) == (True, False)
            with one_at_a_time(theirs, "plan b") as another:
                assert another
        with one_at_a_time(theirs, "plan a") as later:
            assert later
        assert not list(workspace.state.glob("*.alone"))


def test_what_goes_wrong_inside_is_raised_and_lets_go(book: Ledger) -> None:
    def go_wrong() -> None:
        with one_at_a_time(book._database, "plan a"):
            raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        go_wrong()
    with one_at_a_time(book._database, "plan a") as is_alone:
        assert is_alone


def test_two_do_not_plan_the_same_issue_at_once(book: Ledger, workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as other:

        def plan_as_well() -> None:
            with other.planning(LIST, "2021-07"):
                pass

        with book.planning(LIST, "2021-07"):
            with pytest.raises(PlannedElsewhereError, match="2021-07 is being planned") as refused:
                plan_as_well()
            with other.planning(LIST, "2021-08"):
                pass
        assert refused.value.exit_code == 75
        plan_as_well()


def test_a_file_that_is_removed_each_time_keeps_apart_all_the_same(tmp_path: Path) -> None:
    inside = threading.Lock()

    def take_turns(_number: int) -> int:
        was_alone = 0
        for _ in range(1000):
            with alone_for_now(tmp_path / "a.alone") as is_alone:
                if is_alone:
                    assert inside.acquire(blocking=False), "two at once"
                    (tmp_path / "work").write_bytes(b"some")  # others have their turn meanwhile
                    inside.release()
                    was_alone += 1
        return was_alone

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(take_turns, range(4))) > 0


def test_two_folders_with_one_file_of_sqlite_are_kept_apart(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    with (
        open_ledger(workspace_at(tmp_path / "one", url), Purpose.SENDING) as one,
        open_ledger(workspace_at(tmp_path / "other", url), Purpose.READ) as other,
        one.alone_on_all_machines("due") as first,
        other.alone_on_all_machines("due") as second,
    ):
        assert (first, second) == (True, False)
