"""`newsletter doctor` as people and scripts meet it: its lines, its JSON, its exit code."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Call, make_workspace


@pytest.fixture
def small(tmp_path: Path, call: Call) -> Path:
    """With a ledger in which nothing stands."""
    root = make_workspace(tmp_path / "letters")
    assert call("ledger", "init", cwd=root).code == 0
    return root


def break_it(root: Path) -> None:
    with closing(sqlite3.connect(root / ".newsletter" / "ledger.db")) as file, file:
        file.execute("UPDATE ledger_version SET version_num = '9999'")


def test_without_a_failure_it_ends_with_0(call: Call, small: Path) -> None:
    ended = call("doctor", "--quiet", cwd=small)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("ok       ledger: The ledger at sqlite:///")


def test_a_failure_is_told_and_ends_with_78(call: Call, small: Path) -> None:
    break_it(small)
    ended = call("doctor", cwd=small)
    assert ended.code == 78
    assert "FAILURE  ledger: " in ended.out
    assert "FAILURE  ledger-newest: Not looked at" in ended.out
    assert "5 checks failed" in ended.err


def test_json_is_one_object_in_english_whatever_is_spoken(call: Call, small: Path) -> None:
    break_it(small)
    ended = call("doctor", "--json", cwd=small, NEWSLETTER_LANG="ko")
    assert ended.code == 78
    (checks,) = json.loads(ended.out).values()
    assert [set(one) for one in checks] == [{"id", "level", "found", "next_command"}] * len(checks)
    first = checks[0]
    assert (first["id"], first["level"], first["next_command"]) == ("ledger", "failure", None)
    assert "a newer version of newsletter" in first["found"]
    assert "문제가 5가지" in ended.err


def test_a_check_that_breaks_is_a_line_and_the_others_go_on(
    call: Call, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("newsletter.ledger.ledger.Ledger.require_newest", breaks)
    ended = call("doctor", cwd=small)
    assert ended.code == 78
    assert (
        "FAILURE  ledger-newest: This check ended in a fault of the program itself (ZeroDivisionError: by nothing)"
        in ended.out
    )
    assert "ok       list-id: " in ended.out
