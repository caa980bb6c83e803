"""The command line as a script sees it: a real process, its exit code, its two streams."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import newsletter, started


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    made = newsletter("init", ".", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    return tmp_path


@pytest.mark.parametrize("words", [(), ("archive",), ("schedule",)])
def test_a_name_alone_shows_what_can_follow(workspace: Path, words: tuple[str, ...]) -> None:
    ended = newsletter(*words, cwd=workspace)
    assert (ended.returncode, ended.stdout) == (64, "")
    assert ended.stderr == newsletter(*words, "--help", cwd=workspace).stdout


@pytest.mark.parametrize(
    "words",
    [
        ("bogus",),
        ("send", "--bogus"),
        ("send",),
        ("send", "--due", "2026-12"),
        ("send", "2026-12", "--due"),
        ("send", "2026-12", "--to", "a@example.com", "--dry-run"),
        ("send", "2026-12", "--first", "0"),
        ("send", "2026-12", "--out", "x"),
        ("send", "2026-12", "--processes", "5"),
        ("send", "2026-12", "--processes", "2", "--dry-run"),
        ("resolve", "2026-12"),
        ("resolve", "2026-12", "--as-sent", "--resend"),
        ("send", "no-such-issue", "--yes"),
        ("render", "no-such-issue", "--out", "x"),
        ("status", "no-such-issue"),
        ("pause", "no-such-issue"),
        ("new", "Not A Slug"),
        ("subscribers", "suppress", "no address"),
        (),
    ],
)
def test_words_that_make_no_sense_end_with_64(workspace: Path, words: tuple[str, ...]) -> None:
    ended = newsletter(*words, cwd=workspace)
    assert ended.returncode == 64, ended
    assert "Traceback" not in ended.stderr


def test_outside_a_workspace_the_settings_are_missing(tmp_path: Path) -> None:
    ended = newsletter("status", cwd=tmp_path)
    assert ended.returncode == 78
    assert "newsletter init" in ended.stderr


def test_a_workspace_is_named_by_an_option_anywhere_or_by_the_environment(workspace: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    ways = [
        newsletter("--workspace", str(workspace), "status", "--json", cwd=Path("/")),
        newsletter("status", "--json", "--workspace", str(workspace), cwd=Path("/")),
        newsletter("status", "--json", cwd=Path("/"), NEWSLETTER_WORKSPACE=str(workspace)),
        newsletter("status", "--json", cwd=elsewhere),
    ]
    assert [way.returncode for way in ways] == [0, 0, 0, 0], ways
    assert len({way.stdout for way in ways}) == 1


def test_an_unknown_setting_in_the_environment_is_an_error(workspace: Path) -> None:
    ended = newsletter("status", cwd=workspace, NEWSLETTER_SMTP__RATES="1/s")
    assert ended.returncode == 78
    assert "NEWSLETTER_SMTP__RATE" in ended.stderr


def test_without_a_terminal_a_question_is_a_usage_error(workspace: Path) -> None:
    ended = newsletter("approve", _newest(workspace), cwd=workspace)
    assert ended.returncode == 64
    assert "--yes" in ended.stderr


@pytest.mark.parametrize("words", [("send",), ("approve",), ("cancel",), ("revise",), ("ledger", "export")])
def test_an_issue_that_is_not_there_is_the_fault_and_not_the_terminal(workspace: Path, words: tuple[str, ...]) -> None:
    assert newsletter("ledger", "init", cwd=workspace).returncode == 0
    ended = newsletter(*words, "nope", cwd=workspace)
    assert (ended.returncode, ended.stderr.partition(" in ")[0]) == (64, "there is no issue `nope`")


def test_resolve_says_what_each_of_its_options_does(workspace: Path) -> None:
    ended = newsletter("resolve", "2026-12", cwd=workspace)
    assert "--as-sent counts them as sent" in ended.stderr
    assert "--resend sends to them again" in ended.stderr


def test_where_nothing_can_be_written_another_folder_is_proposed(workspace: Path) -> None:
    for words in (("init", "/proc/nowhere"), ("schema", "--out", "/proc/nowhere/a.json")):
        ended = newsletter(*words, cwd=workspace)
        assert (ended.returncode, ended.stderr.splitlines()[-1]) == (73, "Choose a folder that you may write to.")


def _newest(workspace: Path) -> str:
    return max(path.stem for path in (workspace / "issues").glob("*.yaml"))


@pytest.mark.parametrize("word", ["--version", "--help", "-h"])
def test_help_and_version_are_data_and_end_well(tmp_path: Path, word: str) -> None:
    ended = newsletter(word, cwd=tmp_path)
    assert ended.returncode == 0
    assert "newsletter" in ended.stdout
    assert not ended.stderr


def test_a_closed_pipe_is_no_error_message(workspace: Path) -> None:
    ended = subprocess.run(
        f"'{sys.executable}' -m newsletter --help | true",
        shell=True,
        cwd=workspace,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not ended.stderr


def test_a_terminal_that_cannot_show_korean_is_no_bug(workspace: Path) -> None:
    (workspace / "subscribers.csv").write_text("email,name\nhong@example.com,홍길동\n", encoding="utf-8")
    listed = newsletter("subscribers", "list", cwd=workspace, PYTHONIOENCODING="ascii")
    assert listed.returncode == 0, listed.stderr
    assert "\\ud64d" in listed.stdout


def test_a_reader_that_goes_away_is_no_error(workspace: Path) -> None:
    rows = "".join(f"reader{number}@example.com\n" for number in range(20_000))
    (workspace / "subscribers.csv").write_text(f"email\n{rows}", encoding="utf-8")
    with started("subscribers", "list", cwd=workspace) as listing:
        assert listing.stdout is not None
        assert listing.stderr is not None
        listing.stdout.readline()
        listing.stdout.close()
        assert listing.stderr.read() == ""
        assert listing.wait(60) == 141
