"""A year in which everything goes wrong once, and twelve letters, each of them once; cron does it, on a clock of ours.

Judged by what the relay received, by what was told, and by the ledger at the end.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.load import find_workspace
from tests.journey.full_disk import tick_on_a_full_disk
from tests.journey.year import DAY, HOUR, SEOUL, TEN_MINUTES, WEEK, YEAR, Year, due_of, slug_of
from tests.support.mailroom import Mailroom

READERS = [f"reader{number}@example.com" for number in range(40)]
CONNECTIONS = 3
SETTINGS = """
[schedule]
every = "last day 09:00"
latecomers = "14d"
[editor]
notify = ["editor@example.org"]
[operator]
notify = ["operator@example.org"]
"""


def quietly(year: Year, due: datetime) -> None:
    """Nothing happens but the letter."""
    for when in year.ticks(due - TEN_MINUTES, due + 3 * TEN_MINUTES):
        assert year.tick(when).code == 0
    assert year.silent_since(due - DAY)


def killed(year: Year, due: datetime) -> None:
    """The process is killed in the middle of the run; the next tick goes on."""
    before = len(year.room.mail)
    with year.begin(due, "--quiet", "send", "--due") as process:
        year.room.wait_for(before + len(READERS) // 3)
        process.kill()
    for when in year.ticks(due + TEN_MINUTES, due + HOUR):
        year.tick(when)
    doubted = year.states(due + HOUR, due.month).get("in_doubt", 0)
    assert doubted <= 2 * CONNECTIONS
    if doubted:
        assert any("in doubt" in told.words for told in year.told_since(due))
    decide(year, due)


def decide(year: Year, due: datetime) -> None:
    """The operator has read the relay's log, and whoever was in doubt has the letter or wants no second one."""
    if year.states(due + HOUR, due.month).get("in_doubt", 0):
        year.run(due + HOUR, "resolve", slug_of(due.month), "--as-sent", "--yes")


def relay_down(year: Year, due: datetime) -> None:
    """For six hours nobody answers; it is told once, and the letter goes out when the relay is back."""
    year.relay_is_down = True
    for when in year.ticks(due, due + 6 * HOUR, HOUR):
        assert year.tick(when).code == 69
    assert len(year.told_since(due, with_words=True)) == 1
    year.relay_is_down = False
    for when in year.ticks(due + 6 * HOUR, due + 7 * HOUR, HOUR / 2):
        year.tick(when)


def night_missed(year: Year, due: datetime) -> None:
    """The machine was off until the next morning."""
    assert year.tick(due + 22 * HOUR).code == 0


def started_twice(year: Year, due: datetime) -> None:
    """Two cron jobs in the same second."""
    with year.begin(due, "--quiet", "send", "--due") as one, year.begin(due, "--quiet", "send", "--due") as other:
        codes = {year.ended(due, one).code, year.ended(due, other).code}
    assert codes <= {0, 75}
    year.tick(due + TEN_MINUTES)


def approved_late(year: Year, due: datetime) -> None:
    """Nobody has said yes: cron says so before, at once and daily, and sends it when somebody has."""
    slug = slug_of(due.month)
    assert len(year.reminders(due)) == 3
    codes = {year.tick(when).code for when in year.ticks(due, due + 30 * HOUR, 3 * HOUR)}
    assert codes == {77}
    assert len([told for told in year.told_since(due, with_words=True) if slug in told.words]) == 2
    year.approve(due + 30 * HOUR, due.month)
    year.tick(due + 30 * HOUR + TEN_MINUTES)


def written_late(year: Year, due: datetime) -> None:
    """Nobody had written anything until two days before: the editor was told twice."""
    assert len(year.reminders(due)) == 2
    quietly(year, due)


def disk_full(year: Year, due: datetime) -> None:
    """At its hour the disk is full; when there is room, the letter is sent."""
    assert tick_on_a_full_disk(year.workspace, due, year.room.url) == 73
    year.tick(due + TEN_MINUTES)
    decide(year, due)


def clock_steps(year: Year, due: datetime) -> None:
    """After the letter the clock goes back by two hours, and then forward by a day."""
    year.tick(due)
    for when in (due - 2 * HOUR, due - HOUR, due, due + DAY):
        assert year.tick(when).code == 0


def somebody_joins(year: Year, due: datetime) -> None:
    """A reader who comes three days later gets the letter, and no other reader another one."""
    year.tick(due)
    year.subscribe("latecomer@example.net")
    for when in year.ticks(due + 3 * DAY, due + 3 * DAY + HOUR, HOUR / 2):
        year.tick(when)
    assert year.letters(due.month)["latecomer@example.net"] == 1


@dataclass(frozen=True)
class Month:
    happens: Callable[[Year, datetime], None] = quietly
    written: timedelta = 9 * DAY
    """So long before its hour."""
    is_approved: bool = True
    looked_at: timedelta = 3 * DAY
    """How often between its writing and its hour; nothing is told of one that is approved."""


MONTHS = (
    Month(),
    Month(killed),
    Month(relay_down),
    Month(night_missed),
    Month(started_twice),
    Month(approved_late, is_approved=False, looked_at=DAY),
    Month(disk_full),
    Month(written_late, written=2 * DAY),
    Month(somebody_joins),
    Month(clock_steps),
    Month(),
    Month(),
)


@pytest.mark.timeout(1200)
def test_twelve_letters_each_of_them_once(workspace: Path, room: Mailroom) -> None:
    awake = datetime(YEAR, 1, 1, 7, tzinfo=SEOUL)
    for path in (workspace / "issues").glob("*.yaml"):
        path.unlink()
    with (workspace / "newsletter.toml").open("a", encoding="utf-8") as toml:
        toml.write(SETTINGS)
    year = Year(workspace, room, [])
    year.subscribe(*READERS)
    year.run(awake, "ledger", "init")

    for number, month in enumerate(MONTHS, start=1):
        due = due_of(number)
        year.sleep_until(awake, due - 9 * DAY, every=2 * WEEK)
        year.sleep_until(due - 9 * DAY, due - month.written)
        assert slug_of(number) in year.run(due - month.written, "new", "--next")
        year.write(number)
        if month.is_approved:
            year.approve(due - month.written, number)
        year.sleep_until(due - month.written + DAY, due - HOUR, every=month.looked_at)
        month.happens(year, due)
        awake = max(year.asleep_since, due + DAY).replace(hour=7) + DAY

    with open_ledger(find_workspace(workspace, explicit=None, environ={}), Purpose.READ) as ledger:
        assert [found.promise for found in ledger.verify() if found.broken] == []
    for number, month in enumerate(MONTHS, start=1):
        got = year.letters(number)
        assert {who for who, copies in got.items() if copies > 1} == set(), "doubled"
        may_lack = 2 * CONNECTIONS if month.happens in (killed, disk_full) else 0
        assert len(set(READERS) - got.keys()) <= may_lack, "lost"
        assert sum(year.states(awake, number).values()) >= len(READERS)
    for number in range(1, 13):
        report = json.loads(year.run(awake, "report", slug_of(number), "--json"))
        assert report["adds_up"], report["discrepancies"]
    site = workspace / "build" / "archive"
    year.run(awake, "archive", "build", str(site))
    pages = [site / slug_of(month) / "index.html" for month in range(1, 13)]
    assert all("구독자님, 안녕하세요." in page.read_text(encoding="utf-8") for page in pages)
