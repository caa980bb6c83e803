"""`newsletter subscribers suppress` knows the list: who is not in it is told, and asked about on a terminal."""

from pathlib import Path

import pytest

from tests.cli.conftest import Call, make_workspace
from tests.support.terminal import at_terminal

TYPO = "hnog@example.com"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "here")


def suppressed(call: Call, folder: Path) -> str:
    return call("subscribers", "list", "--suppressed", cwd=folder).out


def test_who_is_in_the_list_is_suppressed_by_the_newsletters_name(call: Call, folder: Path) -> None:
    ended = call("subscribers", "suppress", "HONG@example.com", cwd=folder)
    assert (ended.code, ended.err) == (0, "HONG@example.com gets no more of The Letter (manual).\n")


def test_who_is_not_is_told_with_the_near_ones_and_a_script_goes_on(call: Call, folder: Path) -> None:
    ended = call("subscribers", "suppress", TYPO, cwd=folder)
    assert ended.code == 0
    assert ended.err.splitlines() == [
        f"{TYPO} is not in subscribers.csv.",
        "Near it: hong@example.com (line 2).",
        f"{TYPO} gets no more of The Letter (manual).",
    ]
    assert TYPO in suppressed(call, folder)


def test_where_there_are_sign_ups_and_no_file_none_is_named(call: Call, folder: Path) -> None:
    (folder / "subscribers.csv").unlink()
    call("subscribers", "add", "signed@example.com", "--consent-source", "desk", cwd=folder)
    told = call("subscribers", "suppress", TYPO, cwd=folder).err.splitlines()
    assert told[0] == f"{TYPO} has not signed up, and there is no subscriber file."
    checked = call("subscribers", "check", cwd=folder)
    assert checked.err.splitlines()[-1] == "No subscriber file; 1 sign-up, 0 more without consent, 0 doubtful"


def test_a_near_one_who_signed_up_is_named_behind_those_of_the_file(call: Call, folder: Path) -> None:
    call("subscribers", "add", "hongg@example.com", "--consent-source", "desk", cwd=folder)
    told = call("subscribers", "suppress", "hong1@example.com", cwd=folder).err.splitlines()
    assert told[:2] == [
        "hong1@example.com is not in subscribers.csv.",
        "Near it: hong@example.com (line 2), hongg@example.com (signed up).",
    ]
    (folder / "subscribers.csv").unlink()
    asked = call("subscribers", "show", "hong2@example.com", "--lang", "ko", cwd=folder)
    assert (asked.code, "비슷한 주소: hongg@example.com(구독 신청)" in asked.err) == (65, True)


def test_it_is_said_in_korean_too(call: Call, folder: Path) -> None:
    ended = call("subscribers", "suppress", TYPO, "--lang", "ko", cwd=folder)
    assert "비슷한 주소: hong@example.com(2번째 줄)" in ended.err


def test_quiet_says_nothing(call: Call, folder: Path) -> None:
    assert call("subscribers", "suppress", TYPO, "--quiet", cwd=folder).err == ""


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 77), ("", 77)])
def test_on_a_terminal_it_is_asked_about(call: Call, folder: Path, answer: str, code: int) -> None:
    with at_terminal("subscribers", "suppress", TYPO, cwd=folder) as terminal:
        seen = terminal.read_until("[y/N]")
        terminal.type(f"{answer}\n")
        terminal.read_to_end()
        assert terminal.process.wait() == code
    assert "Near it: hong@example.com (line 2).\nSuppress it all the same?" in seen
    assert (TYPO in suppressed(call, folder)) == (code == 0)


@pytest.mark.parametrize(("words", "address"), [(("--yes",), TYPO), ((), "jane@example.org")])
def test_nothing_is_asked_with_yes_or_of_who_is_there(folder: Path, words: tuple[str, ...], address: str) -> None:
    with at_terminal("subscribers", "suppress", address, *words, cwd=folder) as terminal:
        assert "[y/N]" not in terminal.read_to_end()
        assert terminal.process.wait() == 0


@pytest.mark.parametrize("list_", [None, "", "이름\n홍길동\n"])
def test_where_no_list_can_be_read_it_is_suppressed_all_the_same(call: Call, folder: Path, list_: str | None) -> None:
    (folder / "subscribers.csv").unlink()
    if list_ is not None:
        (folder / "subscribers.csv").write_text(list_, encoding="utf-8")
    ended = call("subscribers", "suppress", TYPO, cwd=folder)
    assert (ended.code, ended.err) == (0, f"{TYPO} gets no more of The Letter (manual).\n")
