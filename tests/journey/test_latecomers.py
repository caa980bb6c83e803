"""Latecomers as an operator sends to them: real processes, a relay, two at once, and one that is killed.

Touches: processes, a relay on this machine.
"""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import make_workspace
from tests.support.cli import newsletter, started
from tests.support.mailroom import Mailroom, mailroom
from tests.support.terminal import at_terminal

LATE = [f"late{number}@example.net" for number in range(60)]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Mailroom]:
    with mailroom(tmp_path, delay=0.02) as relay:
        yield relay


@pytest.fixture
def folder(tmp_path: Path, room: Mailroom) -> Path:
    """Two got the issue, and sixty joined since."""
    root = make_workspace(tmp_path / "here")
    settings = (root / "newsletter.toml").read_text(encoding="utf-8")
    (root / "newsletter.toml").write_text(settings.replace("smtp://127.0.0.1:1", room.url), encoding="utf-8")
    assert newsletter("send", "2026-11", "--yes", cwd=root).returncode == 0
    with (root / "subscribers.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{address},\n" for address in LATE)
    return root


def states(folder: Path) -> dict[str, int]:
    told = json.loads(newsletter("status", "2026-11", "--json", cwd=folder).stdout)
    assert sum(told["states"].values()) == told["total"]
    return {state: count for state, count in told["states"].items() if count}


def test_two_commands_at_once_send_each_of_them_one_letter(folder: Path, room: Mailroom) -> None:
    both = [started("send", "2026-11", "--latecomers", "--yes", cwd=folder) for _ in range(2)]
    ended = [process.communicate() for process in both]
    assert {process.returncode for process in both} <= {0, 75}, ended
    assert "60 in the subscriber file have not got 2026-11" in "".join(err for _, err in ended)
    assert sorted(recipient for recipient, _ in room.mail) == ["hong@example.com", "jane@example.org", *sorted(LATE)]
    assert states(folder) == {"sent": 62}
    assert newsletter("ledger", "verify", cwd=folder).returncode == 0
    again = newsletter("send", "2026-11", "--latecomers", "--yes", cwd=folder)
    assert (again.returncode, "Nobody to send it to joined since" in again.stderr) == (0, True)


def test_at_a_terminal_so_many_are_asked_about_and_then_the_sending(folder: Path, room: Mailroom) -> None:
    with at_terminal("send", "2026-11", "--latecomers", cwd=folder) as terminal:
        seen = terminal.read_until("Did so many join?")
        assert "60 latecomers of subscribers.csv" in seen
        assert "l***@example.net" in seen
        assert "late1@example.net" not in seen
        terminal.type("no\n")
        terminal.read_to_end()
        assert terminal.process.wait() == 77
    assert states(folder) == {"sent": 2}
    with at_terminal("send", "2026-11", "--latecomers", cwd=folder) as terminal:
        terminal.read_until("Did so many join?")
        terminal.type("yes\n")
        terminal.read_until("Send it")
        terminal.type("yes\n")
        terminal.read_to_end()
        assert terminal.process.wait() == 0
    assert len(room.mail) == 62


def test_two_runs_of_cron_at_once_send_each_of_them_one_letter(folder: Path, room: Mailroom) -> None:
    people = (folder / "subscribers.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "subscribers.csv").write_text("".join(people[:-45]), encoding="utf-8")
    both = [started("send", "--due", cwd=folder, NEWSLETTER_SCHEDULE__LATECOMERS="14d") for _ in range(2)]
    ended = [process.communicate() for process in both]
    assert {process.returncode for process in both} <= {0, 75}, ended
    last = newsletter("send", "--due", cwd=folder, NEWSLETTER_SCHEDULE__LATECOMERS="14d")
    assert (last.returncode, last.stderr) == (0, "")
    assert sorted(recipient for recipient, _ in room.mail)[2:] == sorted(LATE[:15])
    assert states(folder) == {"sent": 17}


def test_after_a_kill_the_same_command_goes_on_and_doubles_nobody(folder: Path, room: Mailroom) -> None:
    with started("send", "2026-11", "--latecomers", "--yes", cwd=folder) as process:
        room.wait_for(12)
        process.send_signal(signal.SIGKILL)
    again = newsletter("send", "2026-11", "--latecomers", "--yes", cwd=folder)
    assert again.returncode in {0, 75}
    who = newsletter("status", "2026-11", "--who", "in_doubt", cwd=folder).stdout
    got = [recipient for recipient, _ in room.mail]
    doubted = [address for address in LATE if address in who]
    assert len(got) == len(set(got)), "nobody twice"
    assert set(LATE) <= {*got, *doubted}, "nobody lost"
    assert len(doubted) <= 2 * 4
    assert states(folder) == {"sent": 62 - len(doubted), **({"in_doubt": len(doubted)} if doubted else {})}
    assert newsletter("ledger", "verify", cwd=folder).returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        "--latecomers",
        "2026-11 --latecomers --first 2",
        "2026-11 --latecomers --to hong@example.com",
        "2026-11 --latecomers --dry-run",
        "--latecomers --due",
        "2026-11 --since 2026-11-01",
        "2026-11 --latecomers --yes --since yesterday",
        "2026-11 --latecomers --although-like 2026-10",
        "2026-11 --latecomers",
    ],
)
def test_words_that_do_not_go_together_send_nothing(tmp_path: Path, words: str) -> None:
    folder = make_workspace(tmp_path / "here")
    ended = newsletter("send", *words.split(), cwd=folder)
    assert (ended.returncode, ended.stdout) == (64, "")
    assert not (folder / ".newsletter").exists()
