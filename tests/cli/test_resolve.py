"""`newsletter resolve` as a script and as a person meet it: asked about, all or nothing, taken back."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Call, Ended, make_workspace
from tests.support.doubts import SLUG, plan_with_doubts
from tests.support.terminal import at_terminal

FIRST, SECOND, LAST = "reader1@example.com", "reader2@example.com", "reader5@example.com"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One sent, two in doubt, three planned."""
    make_workspace(tmp_path / "here")
    plan_with_doubts(tmp_path / "here")
    return tmp_path / "here"


def states(call: Call, folder: Path) -> dict[str, int]:
    told = json.loads(call("status", SLUG, "--json", cwd=folder).out)
    return {state: count for state, count in told["states"].items() if count}


UNDECIDED = {"sent": 1, "in_doubt": 2, "planned": 3}


def test_without_a_terminal_it_wants_yes(call: Call, folder: Path) -> None:
    ended = call("resolve", SLUG, "--as-sent", cwd=folder)
    assert (ended.code, "--yes" in ended.err) == (64, True)
    assert states(call, folder) == UNDECIDED


def test_with_yes_all_are_decided_and_the_way_back_is_named(call: Call, folder: Path) -> None:
    ended = call("resolve", SLUG, "--resend", "--yes", cwd=folder)
    assert (ended.code, ended.out) == (0, "")
    assert f"newsletter resolve {SLUG} --undo" in ended.err
    assert states(call, folder) == {"sent": 1, "planned": 5}
    assert call("resolve", SLUG, "--undo", cwd=folder) == Ended(0, "", "2026-11: 2 deliveries in doubt again.\n")
    assert states(call, folder) == UNDECIDED


@pytest.mark.parametrize("written", [FIRST, "READER1@Example.COM", "  reader1@example.com "])
def test_an_address_may_be_written_in_any_way(call: Call, folder: Path, written: str) -> None:
    assert call("resolve", SLUG, written, "--as-sent", "--yes", cwd=folder).code == 0
    assert states(call, folder) == {"sent": 2, "in_doubt": 1, "planned": 3}


@pytest.mark.parametrize(
    ("strange", "why"),
    [
        (LAST, "is not in doubt: planned."),
        ("reader0@example.com", "is not in doubt: sent."),
        ("nobody@example.net", "is none of those 2026-11 was planned for."),
    ],
)
def test_one_that_is_not_in_doubt_and_nothing_is_changed(call: Call, folder: Path, strange: str, why: str) -> None:
    ended = call("resolve", SLUG, FIRST, strange, SECOND, "--resend", "--yes", cwd=folder)
    assert ended.code == 65
    assert f"{strange} {why}" in ended.err.splitlines()
    assert FIRST not in ended.err
    assert states(call, folder) == UNDECIDED


@pytest.mark.parametrize(
    "words", [("--as-sent", "--undo"), ("--resend", "--undo"), (FIRST, "--undo"), (), ("no address", "--as-sent")]
)
def test_words_that_make_no_sense(call: Call, folder: Path, words: tuple[str, ...]) -> None:
    assert call("resolve", SLUG, *words, cwd=folder).code == 64
    assert states(call, folder) == UNDECIDED


def test_once_sending_went_on_nothing_is_undone(call: Call, folder: Path) -> None:
    assert call("resolve", SLUG, FIRST, "--as-sent", "--yes", cwd=folder).code == 0
    assert call("cancel", SLUG, "--yes", cwd=folder).code == 0
    ended = call("resolve", SLUG, "--undo", cwd=folder)
    assert (ended.code, "cannot be undone" in ended.err) == (77, True)
    assert states(call, folder) == {"sent": 2, "in_doubt": 1, "cancelled": 3}


def test_nothing_to_undo_is_a_refusal(call: Call, folder: Path) -> None:
    assert call("resolve", SLUG, "--undo", cwd=folder).code == 77


@pytest.mark.parametrize(("answer", "code", "left"), [("y\n", 0, {"sent": 3, "planned": 3}), ("\n", 77, UNDECIDED)])
def test_a_person_sees_whom_it_is_about_and_is_asked(
    call: Call, folder: Path, answer: str, code: int, left: dict[str, int]
) -> None:
    with at_terminal("resolve", SLUG, "--as-sent", cwd=folder) as terminal:
        seen = terminal.read_until("?")
        terminal.type(answer)
        terminal.read_to_end()
        assert terminal.process.wait() == code
    assert "2 deliveries in doubt" in seen
    assert FIRST in seen
    assert SECOND in seen
    assert states(call, folder) == left
