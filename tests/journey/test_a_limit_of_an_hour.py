"""400 readers, 100 an hour: the real command as cron runs it, a relay that counts MAIL commands, played hours."""

import json
import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.load import find_workspace
from tests.support.books import begun_long_ago, let_pass
from tests.support.cli import newsletter, started
from tests.support.mailroom import PATIENCE, Mailroom

PEOPLE, AN_HOUR = 400, 100
HOUR = timedelta(hours=1)


class Day:
    """A workspace whose issue is due, and the hours of its sending: what the relay was given, and when."""

    def __init__(self, root: Path, room: Mailroom) -> None:
        self.root, self.room = root, room
        self.environ = {
            "NEWSLETTER_SMTP__URL": room.url,
            "NEWSLETTER_SMTP__RATE": f'["200/s", "{AN_HOUR}/h"]',
            "NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false",
        }
        self.played = timedelta()
        self.given: list[tuple[timedelta, int]] = []
        """MAIL commands, by the played time."""
        rows = "".join(f"reader{number}@example.com,\n" for number in range(PEOPLE))
        (root / "subscribers.csv").write_text(f"email,name\n{rows}", encoding="utf-8")
        issue = root / "issues" / "2026-11.yaml"
        due = f"publish_at: {(datetime.now(UTC) - HOUR).isoformat()}\n"
        issue.write_text(issue.read_text(encoding="utf-8") + due, encoding="utf-8")
        begun_long_ago(root)

    def mails(self) -> int:
        return sum(command.upper().startswith("MAIL FROM") for command in self.room.commands)

    def note(self) -> None:
        self.given.append((self.played, self.mails() - sum(count for _, count in self.given)))

    def cron(self) -> tuple[int, str]:
        ended = newsletter("--quiet", "send", "--due", cwd=self.root, **self.environ)
        self.note()
        return ended.returncode, ended.stdout + ended.stderr

    def let_pass(self, length: timedelta) -> None:
        workspace = find_workspace(self.root, explicit=None, environ=self.environ)
        with open_ledger(workspace, Purpose.READ) as book:
            let_pass(book, length)
        self.played += length

    def states(self) -> dict[str, int]:
        told = newsletter("status", "2026-11", "--json", cwd=self.root, **self.environ).stdout
        states: dict[str, int] = json.loads(told)["states"]
        return {state: count for state, count in states.items() if count}

    def most_in_an_hour(self) -> int:
        return max(sum(count for when, count in self.given if start <= when < start + HOUR) for start, _ in self.given)


@pytest.fixture
def day(workspace: Path, room: Mailroom) -> Day:
    return Day(workspace, room)


def test_four_hours_of_cron_send_everybody_and_never_more_than_the_limit(day: Day) -> None:
    assert day.cron()[0] == 75
    told = [day.given[0][1]]
    said = []
    for minutes in (20, 41) * 3:
        day.let_pass(timedelta(minutes=minutes))
        code, words = day.cron()
        assert code in (0, 75)
        said.append(words)
        told.append(day.given[-1][1])
    assert day.states() == {"sent": PEOPLE}
    assert set(Counter(day.room.recipients()).values()) == {1}
    assert len(set(day.room.recipients())) == PEOPLE == day.mails()
    assert day.most_in_an_hour() == AN_HOUR
    assert [count for count in told if count] == [AN_HOUR] * 4
    # The first run told it; a quiet cron hears no more of it.
    assert said == [""] * len(said)


def test_kills_and_two_at_once_send_everybody_and_never_more_than_the_limit(day: Day) -> None:
    day.room.delay = 0.01
    with started("send", "2026-11", "--yes", cwd=day.root, **day.environ) as run:
        day.room.wait_for(30)
        run.kill()
    day.note()
    with (
        started("send", "2026-11", "--yes", cwd=day.root, **day.environ) as one,
        started("send", "--due", cwd=day.root, **day.environ) as other,
    ):
        codes = one.wait(PATIENCE), other.wait(PATIENCE)
    day.note()
    assert codes[0] == 75
    # A block of two of each process that was killed may be lost, and no more.
    assert AN_HOUR - 2 <= day.mails() <= AN_HOUR
    for _ in range(5):
        day.let_pass(HOUR + timedelta(minutes=1))
        assert day.cron()[0] in (0, 75)
    states = day.states()
    assert states.pop("in_doubt", 0) <= 8
    assert set(states) == {"sent"}
    assert max(Counter(day.room.recipients()).values()) == 1
    assert day.most_in_an_hour() <= AN_HOUR


def test_a_person_is_told_when_it_goes_on(day: Day) -> None:
    ended = newsletter("send", "2026-11", "--yes", cwd=day.root, **day.environ)
    assert ended.returncode == 75
    assert "this run may send 100; cron's next runs send the rest" in ended.stderr
    assert "the limit of 100/h is used up" in ended.stderr
    told = newsletter("status", "2026-11", cwd=day.root, **day.environ).stdout
    assert "100 of 400 done (25%), expected end" in told
    assert "the next may go at" in told
    proof = newsletter("send", "2026-11", "--to", "you@example.org", cwd=day.root, **day.environ)
    assert proof.returncode == 75
    assert "Again from" in proof.stderr
    with sqlite3.connect(day.root / ".newsletter" / "ledger.db") as book:
        assert book.execute("SELECT sum(used), count(*) <= 240 FROM budgets").fetchall() == [(100, 1)]


def test_a_list_of_rates_that_is_wrong_is_told_with_its_line(workspace: Path) -> None:
    toml = workspace / "newsletter.toml"
    text = toml.read_text(encoding="utf-8").replace("[smtp]\n", '[smtp]\nrate = ["20/s", "0/h"]\n', 1)
    toml.write_text(text, encoding="utf-8")
    ended = newsletter("check", cwd=workspace)
    assert ended.returncode == 78
    assert f"newsletter.toml:{text[: text.index('rate = [')].count(chr(10)) + 1}:1: smtp.rate" in ended.stderr
    assert 'rate = ["20/s", "0/h"]' in ended.stderr
