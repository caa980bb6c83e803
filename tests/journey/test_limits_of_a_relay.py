"""A day with a relay whose limits come in words that nobody foresaw: everybody gets the letter, once."""

import json
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from tests.support.cli import newsletter
from tests.support.limited_relay import Judge, Moment, limited

PEOPLE = 400
EVERYBODY = sorted(f"reader{number}@example.com" for number in range(PEOPLE))
SESSION = "451 Mails per session limit exceeded"
WORDS = (
    "550 this account has had its share",
    "554 5.7.1 no more from you now",
    "452 4.3.1 come back when we have room",
)


def an_hour_passes(workspace: Path) -> None:
    """For the ledger: whatever waits has waited an hour longer."""
    hour = 3_600_000_000
    with sqlite3.connect(workspace / ".newsletter/ledger.db") as book:
        book.execute("UPDATE deliveries SET due_at = due_at - ?, trying_since = trying_since - ?", (hour, hour))
        book.execute("UPDATE lots SET due_at = due_at - ?", (hour,))
        book.execute("UPDATE learned SET rests_until = rests_until - ?, at = at - ?", (hour, hour))
    book.close()


class Day:
    """A relay that ends sessions after ten, greylists every twentieth reader, and takes so many an hour."""

    def __init__(self, an_hour: int, words: str) -> None:
        self.an_hour, self.words = an_hour, words
        self.hour = 1
        self.judge: Judge = self._judge

    def _judge(self, now: Moment) -> str:
        if now.stage != "rcpt":
            return ""
        if now.total >= self.an_hour * self.hour:
            return self.words
        if now.session >= 10:
            return SESSION
        number = int(now.recipient.removeprefix("reader").partition("@")[0])
        return "451 4.7.1 Greylisted" if number % 20 == 0 and self.hour == 1 else ""


@pytest.mark.parametrize("words", WORDS)
def test_four_hundred_readers_end_with_four_hundred_sent(workspace: Path, words: str) -> None:
    rows = "".join(f"reader{number}@example.com,\n" for number in range(PEOPLE))
    (workspace / "subscribers.csv").write_text(f"email,name\n{rows}", encoding="utf-8")
    day = Day(150, words)
    codes = []
    with limited(day.judge) as relay:
        settings = {
            "NEWSLETTER_SMTP__URL": f"smtp://127.0.0.1:{relay.port}",
            "NEWSLETTER_SMTP__RATE": "",
            "NEWSLETTER_SMTP__CONNECTIONS": "2",
            "NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false",
        }
        for _hour in range(8):
            ended = newsletter("send", "2026-11", "--yes", cwd=workspace, **settings)
            codes.append(ended.returncode)
            told = newsletter("status", "2026-11", "--json", cwd=workspace)
            states = json.loads(told.stdout)["states"]
            assert states["failed"] == states["expired"] == states["in_doubt"] == 0, ended.stderr
            if day.hour == 1:
                assert "takes 10 messages over one connection" in ended.stderr + ended.stdout
                assert words in ended.stderr
            if states["sent"] == PEOPLE:
                break
            day.hour += 1
            an_hour_passes(workspace)
    assert states["sent"] == PEOPLE, (codes, states)
    assert codes[-1] == 0
    assert day.hour <= 4
    assert sorted(relay.accepted) == EVERYBODY
    assert max(Counter(relay.accepted).values()) == 1
