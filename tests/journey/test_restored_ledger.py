"""A ledger put back from a back-up, lost, or made anew: by the real command nobody is mailed twice, and all is told."""

import json
import os
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.backups import Backup, Way
from tests.support.cli import newsletter, started
from tests.support.mailroom import Mailroom
from tests.support.postgres import cluster

PEOPLE = 60
FIRST = 10
SQLITE = "sqlite:///.newsletter/ledger.db"


@pytest.fixture
def relay(workspace: Path, room: Mailroom) -> dict[str, str]:
    """Settings of a run; the workspace has PEOPLE subscribers, and 2026-11 was due an hour ago."""
    rows = "".join(f"reader{number}@example.com,\n" for number in range(PEOPLE))
    (workspace / "subscribers.csv").write_text(f"email,name\n{rows}", encoding="utf-8")
    make_due(workspace)
    return {
        "NEWSLETTER_SMTP__URL": room.url,
        "NEWSLETTER_SMTP__RATE": "",
        "NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false",
    }


def make_due(workspace: Path) -> None:
    path = workspace / "issues" / "2026-11.yaml"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("publish_at:")]
    lines.append(f"publish_at: {(datetime.now(UTC) - timedelta(hours=1)).isoformat()}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def states(workspace: Path, **relay: str) -> dict[str, int]:
    counts = json.loads(newsletter("status", "2026-11", "--json", cwd=workspace, **relay).stdout)["states"]
    return {state: number for state, number in counts.items() if number}


def all_refuse(workspace: Path, relay: dict[str, str], words: str) -> None:
    """Every way to send, and to let go on; each names what to do."""
    for command in (("send", "2026-11", "--yes"), ("send", "--due"), ("resume", "2026-11")):
        ended = newsletter("--quiet", *command, cwd=workspace, **relay)
        assert ended.returncode == 77, (command, ended.stderr)
        assert words in ended.stderr
        assert "newsletter ledger adopt" in ended.stderr
    again = newsletter("--quiet", "send", "--due", cwd=workspace, **relay)
    assert (again.returncode, again.stderr) == (77, ""), "cron is told once a day"
    verified = newsletter("ledger", "verify", cwd=workspace, **relay)
    assert (verified.returncode, words in verified.stdout) == (70, True)
    shown = newsletter("status", "2026-11", cwd=workspace, **relay)
    assert (shown.returncode, words in shown.stdout) == (0, True), shown.stdout


def test_a_back_up_put_back_mails_nobody_twice(workspace: Path, room: Mailroom, relay: dict[str, str]) -> None:
    canary = newsletter("send", "2026-11", "--yes", "--first", str(FIRST), cwd=workspace, **relay)
    assert canary.returncode == 0, canary.stderr
    assert newsletter("resume", "2026-11", cwd=workspace, **relay).returncode == 0
    backup = Backup(SQLITE, workspace)
    assert newsletter("send", "2026-11", "--yes", cwd=workspace, **relay).returncode == 0
    assert len(room.mail) == PEOPLE
    backup.restore()
    all_refuse(workspace, relay, f"{PEOPLE - FIRST} messages were begun since then")

    listed = newsletter("ledger", "adopt", cwd=workspace, **relay)
    assert listed.returncode == 64  # nobody to ask
    may_have_it = {line.removeprefix("2026-11\t") for line in listed.stdout.splitlines()}
    assert may_have_it == set(room.recipients()[FIRST:])
    assert states(workspace, **relay) == {"sent": FIRST, "planned": PEOPLE - FIRST}

    taken = newsletter("ledger", "adopt", "--yes", cwd=workspace, **relay)
    assert taken.returncode == 0, taken.stderr
    assert "newsletter resolve 2026-11 --as-sent" in taken.stderr
    assert states(workspace, **relay) == {"sent": FIRST, "in_doubt": PEOPLE - FIRST}
    assert newsletter("send", "2026-11", "--yes", cwd=workspace, **relay).returncode == 75
    assert newsletter("send", "--due", cwd=workspace, **relay).returncode == 0
    assert newsletter("resolve", "2026-11", "--as-sent", "--yes", cwd=workspace, **relay).returncode == 0
    assert newsletter("send", "2026-11", "--yes", cwd=workspace, **relay).returncode == 0
    assert states(workspace, **relay) == {"sent": PEOPLE}
    assert newsletter("ledger", "verify", cwd=workspace, **relay).returncode == 0
    assert newsletter("ledger", "adopt", "--yes", cwd=workspace, **relay).returncode == 0, "nothing is left to adopt"
    assert set(Counter(room.recipients()).values()) == {1}


def test_a_dump_restored_into_the_same_server_mails_nobody_twice(
    workspace: Path, room: Mailroom, relay: dict[str, str]
) -> None:
    with cluster() as server:
        relay["NEWSLETTER_LEDGER__URL"] = url = server.schema()
        assert newsletter("ledger", "init", cwd=workspace, **relay).returncode == 0
        backup = Backup(url, workspace)
        assert newsletter("send", "2026-11", "--yes", cwd=workspace, **relay).returncode == 0
        backup.restore()
        for command in (("send", "2026-11", "--yes"), ("send", "--due")):
            ended = newsletter("--quiet", *command, cwd=workspace, **relay)
            assert (ended.returncode, f"{PEOPLE} messages were begun" in ended.stderr) == (77, True), ended.stderr
        assert len(room.mail) == PEOPLE


@pytest.mark.parametrize("way", list(Way), ids=lambda way: way.name)
def test_a_copy_of_some_seconds_ago_put_back_after_a_sigkill_is_noticed(
    workspace: Path, room: Mailroom, relay: dict[str, str], way: Way
) -> None:
    room.delay = 0.02
    with started("send", "2026-11", "--yes", cwd=workspace, **relay) as run:
        room.wait_for(FIRST)
        backup = Backup(SQLITE, workspace)
        room.wait_for(3 * FIRST)
        run.kill()
    backup.restore(way)
    here = len(room.mail)
    all_refuse(workspace, relay, "begun since then")
    assert len(room.mail) == here


def test_a_ledger_that_was_deleted_is_not_made_anew_in_silence(
    workspace: Path, room: Mailroom, relay: dict[str, str]
) -> None:
    assert newsletter("send", "2026-11", "--yes", cwd=workspace, **relay).returncode == 0
    for path in (workspace / ".newsletter").glob("ledger.db*"):
        path.unlink()
    for command in (("ledger", "init"), ("send", "2026-11", "--yes"), ("send", "--due"), ("ledger", "init")):
        ended = newsletter(*command, cwd=workspace, **relay)
        assert (ended.returncode, "Restore it from your back-up" in ended.stderr) == (78, True), ended.stderr
    taken = newsletter("ledger", "adopt", "--yes", cwd=workspace, **relay)
    assert taken.returncode == 0, taken.stderr
    assert newsletter("ledger", "init", cwd=workspace, **relay).returncode == 0
    for _ in range(2):
        newsletter("send", "--due", cwd=workspace, **relay)
    assert len(room.mail) == PEOPLE


def test_a_clone_without_the_ledger_mails_nobody_again(workspace: Path, room: Mailroom, relay: dict[str, str]) -> None:
    assert newsletter("send", "2026-11", "--yes", cwd=workspace, **relay).returncode == 0
    shutil.rmtree(workspace / ".newsletter")
    assert newsletter("ledger", "adopt", cwd=workspace, **relay).returncode == 64  # told, and nobody to ask
    assert newsletter("ledger", "init", cwd=workspace, **relay).returncode == 0
    for command in (("send", "2026-11", "--yes"), ("send", "--due")):
        ended = newsletter("--quiet", *command, cwd=workspace, **relay)
        assert ended.returncode == 77, ended.stderr
        assert f"issues/2026-11.sent.json says that {PEOPLE} readers have 2026-11 already" in ended.stderr
    told = newsletter("ledger", "adopt", cwd=workspace, **relay)
    assert (told.returncode, "It stays refused here" in told.stderr) == (0, True)
    assert len(room.mail) == PEOPLE


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files that the owner of a folder cannot read")
def test_what_root_made_does_not_keep_cron_s_user_out(workspace: Path, room: Mailroom, relay: dict[str, str]) -> None:
    (workspace / ".newsletter").mkdir()
    for path in (workspace, *workspace.rglob("*")):
        os.chown(path, 65534, 65534)
    assert newsletter("send", "2026-11", "--yes", cwd=workspace, **relay).returncode == 0
    made = [*(workspace / ".newsletter").rglob("*.json*"), workspace / ".newsletter" / "leases"]
    made.append(workspace / "issues" / "2026-11.sent.json")
    assert {(path.stat().st_uid, path.stat().st_gid) for path in made} == {(65534, 65534)}
    assert len(made) == 4
    assert len(room.mail) == PEOPLE


def test_a_send_by_hand_on_an_empty_ledger_arms_cron_for_what_comes_after_it_alone(
    workspace: Path, room: Mailroom, relay: dict[str, str]
) -> None:
    source = (workspace / "issues" / "2026-11.yaml").read_text(encoding="utf-8")
    other = source.replace("사계절", "사계절 12")
    assert other != source
    (workspace / "issues" / "2026-12.yaml").write_text(other, encoding="utf-8")
    assert newsletter("send", "2026-12", "--yes", cwd=workspace, **relay).returncode == 0
    ended = newsletter("--quiet", "send", "--due", cwd=workspace, **relay)
    assert ended.returncode == 0
    assert "before this ledger was begun" in ended.stderr
    assert "newsletter send 2026-11" in ended.stderr
    again = newsletter("--quiet", "send", "--due", cwd=workspace, **relay)
    assert (again.returncode, again.stderr) == (0, "")
    assert len(room.mail) == PEOPLE
