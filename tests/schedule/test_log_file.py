"""cron's log: what was said, and old ones put away."""

from datetime import UTC, datetime
from pathlib import Path

from newsletter.schedule.log_file import LogFile

NOW = datetime(2026, 11, 30, 0, 10, 1, tzinfo=UTC)


def test_an_entry_has_its_time_and_nothing_that_moves_a_cursor(tmp_path: Path) -> None:
    LogFile(tmp_path / "cron.log").write("서울\nsecond \x1b[31mline", NOW)
    LogFile(tmp_path / "cron.log").write("again", NOW)
    assert (tmp_path / "cron.log").read_text(encoding="utf-8") == (
        "2026-11-30T00:10:01Z 서울\n  second \N{REPLACEMENT CHARACTER}[31mline\n2026-11-30T00:10:01Z again\n"
    )
    assert (tmp_path / "cron.log").stat().st_mode & 0o777 == 0o600


def test_a_long_one_is_put_away_and_the_oldest_goes(tmp_path: Path) -> None:
    for run in range(6):
        LogFile(tmp_path / "cron.log", largest=10).write(f"run {run}", NOW)
    kept = {path.name: path.read_text(encoding="utf-8")[-2] for path in tmp_path.iterdir()}
    assert kept == {"cron.log": "5", "cron.log.1": "4", "cron.log.2": "3", "cron.log.3": "2"}


def test_two_runs_at_once_lose_nothing(tmp_path: Path) -> None:
    first, second = LogFile(tmp_path / "cron.log"), LogFile(tmp_path / "cron.log")
    first.write("a", NOW)
    (tmp_path / "cron.log").rename(tmp_path / "cron.log.1")
    second.write("b", NOW)
    first.write("c", NOW)
    assert (tmp_path / "cron.log").read_text(encoding="utf-8").count("\n") == 2
