"""Two runs of one issue: after a SIGKILL, at the same time, after Ctrl-C. The receiver's own log is the judge."""

import json
import signal
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.books import begun_long_ago
from tests.support.cli import newsletter, started
from tests.support.mailroom import PATIENCE, Mailroom, mailroom

PEOPLE = 300
CONNECTIONS = 3


@pytest.fixture
def slow_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailroom]:
    """Slow enough that a run is still at work when the test acts."""
    with mailroom(tmp_path_factory.mktemp("relay"), delay=0.01) as relay:
        yield relay


@pytest.fixture
def relay(workspace: Path, slow_room: Mailroom) -> dict[str, str]:
    """Settings of a run; the workspace has PEOPLE subscribers."""
    rows = "".join(f"reader{number}@example.com,\n" for number in range(PEOPLE))
    (workspace / "subscribers.csv").write_text(f"email,name\n{rows}", encoding="utf-8")
    return {
        "NEWSLETTER_SMTP__URL": slow_room.url,
        "NEWSLETTER_SMTP__RATE": "",
        "NEWSLETTER_SMTP__CONNECTIONS": str(CONNECTIONS),
        "NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false",
    }


def states(workspace: Path) -> dict[str, int]:
    ended = newsletter("status", "2026-11", "--json", cwd=workspace)
    counts: dict[str, int] = json.loads(ended.stdout)["states"]
    assert sum(counts.values()) == PEOPLE
    return counts


def test_after_a_sigkill_nobody_is_lost_and_nobody_gets_it_twice(
    workspace: Path, slow_room: Mailroom, relay: dict[str, str]
) -> None:
    for seen in (40, 120):
        with started("send", "2026-11", "--yes", cwd=workspace, **relay) as run:
            slow_room.wait_for(seen)
            run.kill()
    ended = newsletter("send", "2026-11", "--yes", cwd=workspace, **relay)
    counts = states(workspace)
    assert ended.returncode == (75 if counts["in_doubt"] else 0), ended.stderr
    assert counts["in_doubt"] <= 2 * 2 * CONNECTIONS
    assert counts["sent"] + counts["in_doubt"] == PEOPLE
    received = Counter(slow_room.recipients())
    assert set(received.values()) == {1}
    # Nobody lost: whoever did not get it is in doubt, by name.
    everybody = {f"reader{number}@example.com" for number in range(PEOPLE)}
    named = newsletter("status", "2026-11", cwd=workspace).stdout
    assert all(f"  {address}" in named for address in everybody - received.keys())


def test_two_at_the_same_time_share_the_work(workspace: Path, slow_room: Mailroom, relay: dict[str, str]) -> None:
    with (
        started("send", "2026-11", "--yes", cwd=workspace, **relay) as one,
        started("send", "2026-11", "--yes", cwd=workspace, **relay) as other,
    ):
        codes = {one.wait(PATIENCE), other.wait(PATIENCE)}
    assert codes <= {0, 75}
    assert states(workspace)["sent"] == PEOPLE
    assert sorted(slow_room.recipients()) == sorted(f"reader{number}@example.com" for number in range(PEOPLE))


@pytest.mark.parametrize(("number", "processes"), [(signal.SIGINT, "1"), (signal.SIGTERM, "2")])
def test_a_signal_finishes_what_is_in_flight_and_puts_the_rest_back(
    workspace: Path, slow_room: Mailroom, relay: dict[str, str], number: signal.Signals, processes: str
) -> None:
    with started("send", "2026-11", "--yes", "--processes", processes, cwd=workspace, **relay) as run:
        slow_room.wait_for(30)
        run.send_signal(number)
        assert run.wait(PATIENCE) == 75
    counts = states(workspace)
    assert counts["sent"] == len(slow_room.mail) < PEOPLE
    assert counts["planned"] == PEOPLE - counts["sent"]
    relay |= {"NEWSLETTER_SMTP__PROCESSES": processes}
    assert newsletter("send", "2026-11", "--yes", cwd=workspace, **relay).returncode == 0
    assert states(workspace)["sent"] == PEOPLE == len(slow_room.mail) == len(set(slow_room.recipients()))


def test_a_second_signal_waits_for_nobody(workspace: Path, slow_room: Mailroom, relay: dict[str, str]) -> None:
    with started("send", "2026-11", "--yes", cwd=workspace, **relay) as run:
        slow_room.wait_for(30)
        slow_room.delay = 3600
        run.send_signal(signal.SIGINT)
        run.send_signal(signal.SIGTERM)
        assert run.wait(PATIENCE) == 75
    counts = states(workspace)
    assert counts["in_doubt"] <= CONNECTIONS
    assert counts["sent"] + counts["in_doubt"] + counts["planned"] == PEOPLE


def test_a_signal_ends_cron_s_run_before_the_next_issue(
    workspace: Path, slow_room: Mailroom, relay: dict[str, str]
) -> None:
    source = (workspace / "issues" / "2026-11.yaml").read_text(encoding="utf-8")
    for slug in ("2026-11", "2026-12"):
        due = f"publish_at: {(datetime.now(UTC) - timedelta(hours=1)).isoformat()}\n"
        text = source.replace("사계절", f"사계절 {slug}") + due
        (workspace / "issues" / f"{slug}.yaml").write_text(text, encoding="utf-8")
    begun_long_ago(workspace)
    with started("send", "--due", cwd=workspace, **relay) as run:
        slow_room.wait_for(30)
        run.send_signal(signal.SIGTERM)
        assert run.wait(PATIENCE) == 75
    assert states(workspace)["sent"] == len(slow_room.mail) < PEOPLE
    other = newsletter("status", "2026-12", "--json", cwd=workspace).stdout
    assert json.loads(other)["total"] == 0


def test_pause_stops_a_run_and_resume_lets_it_go_on(
    workspace: Path, slow_room: Mailroom, relay: dict[str, str]
) -> None:
    with started("send", "2026-11", "--yes", cwd=workspace, **relay) as run:
        slow_room.wait_for(30)
        assert newsletter("pause", "2026-11", cwd=workspace).returncode == 0
        assert run.wait(PATIENCE) == 77
    here = len(slow_room.mail)
    assert here < PEOPLE
    assert newsletter("send", "2026-11", "--yes", cwd=workspace, **relay).returncode == 77
    assert newsletter("send", "--due", cwd=workspace, **relay).returncode == 0
    assert len(slow_room.mail) == here
    assert newsletter("resume", "2026-11", cwd=workspace).returncode == 0
    assert newsletter("send", "2026-11", "--yes", cwd=workspace, **relay).returncode == 0
    assert len(slow_room.mail) == PEOPLE == len(set(slow_room.recipients()))


def test_a_canary_goes_to_the_first_and_pauses(workspace: Path, slow_room: Mailroom, relay: dict[str, str]) -> None:
    canary = newsletter("send", "2026-11", "--yes", "--first", "5", cwd=workspace, **relay)
    assert canary.returncode == 0, canary.stderr
    assert len(slow_room.mail) == 5
    assert newsletter("send", "2026-11", "--yes", cwd=workspace, **relay).returncode == 77
    assert newsletter("resume", "2026-11", cwd=workspace).returncode == 0
    assert newsletter("cancel", "2026-11", "--yes", cwd=workspace).returncode == 0
    assert newsletter("send", "2026-11", "--yes", cwd=workspace, **relay).returncode == 77
    assert states(workspace)["cancelled"] == PEOPLE - 5
    assert len(slow_room.mail) == 5
