"""Cron's days with a relay whose hour is used up, and with a receiver that does not know the sender."""

import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.books import begun_long_ago
from tests.support.cli import newsletter
from tests.support.limited_relay import Judge, Moment, limited

PEOPLE = 120
AN_HOUR = 50
USED_UP = "550 Domain news.example.org has exceeded the max emails per hour (50/50 (100%)) allowed. Message discarded."
UNKNOWN = "550 5.7.26 This mail has been blocked because the sender is unauthenticated."


def an_hour_passes(workspace: Path) -> None:
    """For the ledger: whatever waits, and whatever was told, is an hour older."""
    hour = 3_600_000_000
    with sqlite3.connect(workspace / ".newsletter/ledger.db") as book:
        book.execute("UPDATE deliveries SET due_at = due_at - ?, trying_since = trying_since - ?", (hour, hour))
        book.execute("UPDATE lots SET due_at = due_at - ?", (hour,))
        book.execute("UPDATE learned SET rests_until = rests_until - ?, at = at - ?", (hour, hour))
        book.execute("UPDATE said SET at = at - ?", (hour,))
    book.close()


def prepared(workspace: Path, *domains: str) -> None:
    """An issue that is due, for readers in these domains."""
    rows = "".join(f"reader{number}@{domain},\n" for number, domain in enumerate(domains))
    (workspace / "subscribers.csv").write_text(f"email,name\n{rows}", encoding="utf-8")
    issue = workspace / "issues" / "2026-11.yaml"
    due = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    text = issue.read_text(encoding="utf-8")
    kept = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("publish_at"))
    issue.write_text(f"publish_at: {due}\n{kept}", encoding="utf-8")
    begun_long_ago(workspace)


class Cron:
    """`newsletter --quiet send --due`, as the line of cron has it."""

    def __init__(self, workspace: Path, port: int) -> None:
        self._workspace = workspace
        self._settings = {
            "NEWSLETTER_SMTP__URL": f"smtp://127.0.0.1:{port}",
            "NEWSLETTER_SMTP__RATE": "",
            "NEWSLETTER_SMTP__CONNECTIONS": "2",
            "NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false",
        }

    def run(self, *more: str) -> tuple[int, str]:
        """Exit code, and what cron would mail."""
        ended = newsletter("--lang", "en", "--quiet", "send", "--due", *more, cwd=self._workspace, **self._settings)
        return ended.returncode, ended.stdout + ended.stderr


def test_a_used_up_hour_is_waited_for_and_everybody_gets_it_once(workspace: Path) -> None:
    prepared(workspace, *["example.com", "naver.com", "example.net"] * (PEOPLE // 3))
    hours = [1]

    def hourly(now: Moment) -> str:
        return USED_UP if now.stage == "dot" and now.total >= AN_HOUR * hours[0] else ""

    judge: Judge = hourly
    with limited(judge) as relay:
        cron = Cron(workspace, relay.port)
        code, mailed = cron.run()
        assert code == 75
        assert "the relay's limit is used up: 550 Domain news.example.org has exceeded" in mailed
        assert "The next may go at" in mailed
        assert 'set the limit in [smtp] rate (such as "500/h")' in mailed
        asked = relay.mails
        assert [cron.run() for _ in range(3)] == [(0, "")] * 3
        assert relay.mails == asked
        for _ in range(6):
            hours[0] += 1
            an_hour_passes(workspace)
            code, mailed = cron.run()
            assert mailed == ""
            if code == 0:
                break
    assert Counter(relay.accepted).most_common(1)[0][1] == 1
    assert len(relay.accepted) == PEOPLE
    assert hours[0] == 3


def test_a_domain_that_does_not_know_the_sender_waits_for_the_record_and_says_which(workspace: Path) -> None:
    prepared(workspace, *["company.example.net", "example.com"] * 20)
    knows = [False]

    def stranger(now: Moment) -> str:
        refuses = now.stage == "dot" and now.recipient.endswith("@company.example.net") and not knows[0]
        return UNKNOWN if refuses else ""

    with limited(stranger) as relay:
        cron = Cron(workspace, relay.port)
        code, mailed = cron.run()
        assert code == 75
        assert sorted(relay.accepted) == sorted(f"reader{number}@example.com" for number in range(1, 40, 2))
        assert "v=spf1 include:RELAY -all" in mailed
        assert "_dmarc.DOMAIN: v=DMARC1; p=none" in mailed
        told = newsletter("--lang", "ko", "status", "2026-11", cwd=workspace).stdout
        assert "보내는 도메인의 SPF도 DKIM도 맞지 않아" in told
        for _ in range(3):
            an_hour_passes(workspace)
            assert cron.run() == (0, "")
        an_hour_passes(workspace)
        knows[0] = True
        assert cron.run() == (0, "")
    assert len(relay.accepted) == 40
    assert Counter(relay.accepted).most_common(1)[0][1] == 1
