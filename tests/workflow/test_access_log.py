"""Who left by a web server's log is known before anything is sent, and where that cannot be known, nothing is."""

import gzip
import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from newsletter.audience.links import Links
from newsletter.ledger.clicks import CountedClicks
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import State
from newsletter.ledger.subscriptions import Subscription
from newsletter.returns.access_log import LogRead
from newsletter.settings.workspace import Workspace
from newsletter.workflow.control import pause, resume
from newsletter.workflow.latecomers import prepare_latecomers, send_latecomers
from newsletter.workflow.send import send
from newsletter.workflow.steps.access_log import read_access_log
from newsletter.workflow.steps.clicks import ClicksUnknownError
from newsletter.workflow.steps.keys import links_of
from newsletter.workflow.steps.prepare import prepare
from tests.support.books import begun_long_ago
from tests.support.cli import newsletter, started
from tests.support.click_log import CLICK_LOG, PEOPLE, click, left, with_click_log
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Cron, Reload, approve, write_issue

HOUR = timedelta(hours=1)
STRANGER = Links((b"somebody else's secret, long enough",), "issue-curator.news.example.org")


def read(workspace: Workspace, log: Path) -> LogRead:
    with open_ledger(workspace, Purpose.PAGES) as ledger:
        return read_access_log(workspace, ledger, log)


@pytest.fixture
def workspace(open_workspace: Reload) -> Workspace:
    return with_click_log(open_workspace)


@pytest.fixture
def log(workspace: Workspace) -> Path:
    return workspace.root / CLICK_LOG


def test_each_line_is_read_once_whatever_becomes_of_the_log(workspace: Workspace, log: Path) -> None:
    log.write_text(click(workspace, PEOPLE[0]))
    assert read(workspace, log).clicks == CountedClicks(left=1)
    assert read(workspace, log) == LogRead(str(log))
    log.rename(log.with_name("clicks.log.1"))  # as logrotate does, with `create`
    log.write_text(click(workspace, PEOPLE[1], datetime.now(UTC) - HOUR))
    assert (read(workspace, log).clicks, left(workspace)) == (CountedClicks(left=1), PEOPLE[:2])
    shutil.copy(log, log.with_name("clicks.log.2"))  # with `copytruncate`
    log.write_text(click(workspace, PEOPLE[2], datetime.now(UTC) - 2 * HOUR))
    for number in (1, 2):
        with log.with_name(f"clicks.log.{number}").open("rb") as old:
            log.with_name(f"clicks.log.{number + 2}.gz").write_bytes(gzip.compress(old.read()))
        log.with_name(f"clicks.log.{number}").unlink()
    assert (read(workspace, log), left(workspace)) == (LogRead(str(log), 1, CountedClicks(left=1)), PEOPLE)
    assert read(workspace, log) == LogRead(str(log))


def test_what_stood_in_a_log_when_it_was_rotated_is_read_there(workspace: Workspace, log: Path) -> None:
    first = click(workspace, PEOPLE[0])
    log.write_text(first + click(workspace, PEOPLE[1])[:30])
    assert read(workspace, log).clicks == CountedClicks(left=1)
    log.with_name("clicks.log.1.gz").write_bytes(gzip.compress((first + click(workspace, PEOPLE[1])).encode()))
    log.write_text("")
    assert (read(workspace, log).clicks, left(workspace)) == (CountedClicks(left=1), PEOPLE[:2])


def test_two_logs_that_begin_alike_hide_nothing(workspace: Workspace, log: Path) -> None:
    """Two hosts that had the same first click within a second."""
    same = click(workspace, PEOPLE[0])
    log.with_name("a.log").write_text(same + click(workspace, PEOPLE[1]))
    log.with_name("b.log").write_text(same + click(workspace, PEOPLE[2]))
    read(workspace, log.with_name("?.log"))
    assert left(workspace) == PEOPLE


def test_proofs_and_forged_links_change_nothing_and_are_counted(workspace: Workspace, log: Path) -> None:
    forged = click(workspace, PEOPLE[1]).replace(links_of(workspace, create=True).token(PEOPLE[1]), STRANGER.token("x"))
    log.write_text(click(workspace, PEOPLE[0], proof=True) + forged + "GET /u/ nonsense\n")
    assert read(workspace, log) == LogRead(str(log), lines=3, proofs=1, forged=1)
    assert left(workspace) == []


def test_a_link_of_a_former_name_counts(open_workspace: Reload, workspace: Workspace, log: Path) -> None:
    former = "former.news.example.org"
    token = links_of(workspace, create=True, list_id=former).token(PEOPLE[0])
    log.write_text(click(workspace, PEOPLE[0]).replace(links_of(workspace, create=True).token(PEOPLE[0]), token))
    assert read(workspace, log) == LogRead(str(log), lines=1, forged=1)
    now = open_workspace(NEWSLETTER_NEWSLETTER__FORMER_LIST_IDS=json.dumps([former]))
    with log.open("a") as more:
        more.write(log.read_text().replace(str(datetime.now(UTC).year), "2020"))
    assert read(now, log).clicks == CountedClicks(left=1)


def test_who_subscribed_anew_is_mailed_however_late_the_click_is_read(workspace: Workspace, log: Path) -> None:
    now, links = datetime.now(UTC), links_of(workspace, create=True)
    person = Subscription(links.address_hash(PEOPLE[0]), key=PEOPLE[0], address=PEOPLE[0], consent_at=now - HOUR)
    with open_ledger(workspace, Purpose.PAGES) as ledger:
        ledger.subscribe(workspace.settings.newsletter.list_id, [person], now - HOUR)
    log.write_text(click(workspace, PEOPLE[0], now - 2 * HOUR))
    assert (read(workspace, log).clicks, left(workspace)) == (CountedClicks(came_back=1), [])


def _quiet(*_: object) -> None:
    """Shows no progress."""


def _send(workspace: Workspace) -> None:
    send(workspace, prepare(workspace, "2026-11"), advance=_quiet)


def test_a_send_by_hand_reads_the_log_first(workspace: Workspace, log: Path, room: Mailroom) -> None:
    approve(workspace)
    log.write_text(click(workspace, PEOPLE[0]))
    _send(workspace)
    assert sorted(recipient for recipient, _ in room.mail) == PEOPLE[1:]


def test_a_click_between_the_question_and_the_answer_counts(workspace: Workspace, log: Path, room: Mailroom) -> None:
    approve(workspace)
    prepared = prepare(workspace, "2026-11")
    log.write_text(click(workspace, PEOPLE[0]))
    send(workspace, prepared, advance=_quiet)
    assert sorted(recipient for recipient, _ in room.mail) == PEOPLE[1:]


@pytest.mark.parametrize("is_folder", [False, True], ids=["missing", "folder"])
def test_nothing_is_sent_where_the_log_cannot_be_read(
    workspace: Workspace, log: Path, room: Mailroom, *, is_folder: bool
) -> None:
    approve(workspace)
    _send(workspace)
    write_issue(workspace.root, "2026-12")
    approve(workspace, "2026-12")
    log.unlink()
    if is_folder:
        log.mkdir()
    steps: list[Callable[[], object]] = [
        partial(prepare, workspace, "2026-12"),
        partial(resume, workspace, "2026-11"),
        partial(prepare_latecomers, workspace, "2026-11", None, _quiet),
    ]
    for step in steps:
        with pytest.raises(ClicksUnknownError) as raised:
            step()
        assert raised.value.exit_code == 77
    assert len(room.mail) == 3


def test_a_reading_that_is_killed_loses_nobody(workspace: Workspace, log: Path) -> None:
    """Killed in its middle, twice, and then let go on: all have left, each once."""
    crowd = [f"reader{number}@example.com" for number in range(1_500)]
    links, list_id = links_of(workspace, create=True), workspace.settings.newsletter.list_id
    hashes = [links.address_hash(one) for one in crowd]
    line, token = click(workspace, crowd[0]), links.token(crowd[0])
    log.write_text("".join(line.replace(token, links.token(one)) for one in crowd))
    for some in (1, 600):
        with started("returns", "--access-log", str(log), cwd=workspace.root) as process:
            while len(_suppressed(workspace, hashes)) < some:
                assert process.poll() is None, process.communicate()
            process.kill()
    assert newsletter("returns", "--access-log", str(log), cwd=workspace.root).returncode == 0
    assert _suppressed(workspace, hashes) == set(hashes)
    with open_ledger(workspace, Purpose.PAGES) as ledger:
        assert len(list(ledger.suppressions(list_id))) == len(crowd)


def _suppressed(workspace: Workspace, hashes: list[bytes]) -> set[bytes]:
    with open_ledger(workspace, Purpose.PAGES) as ledger:
        return ledger.suppressed_hashes(workspace.settings.newsletter.list_id, hashes)


def test_latecomers_who_left_by_the_log_get_nothing(workspace: Workspace, log: Path, room: Mailroom) -> None:
    approve(workspace)
    _send(workspace)
    with (workspace.root / "subscribers.csv").open("a", encoding="utf-8") as file:
        file.write("late@example.net,\nlater@example.net,\n")
    log.write_text(click(workspace, "late@example.net"))
    prepared = prepare_latecomers(workspace, "2026-11", None, _quiet)
    assert prepared.found.count == 1
    send_latecomers(workspace, prepared, advance=_quiet)
    assert sorted(recipient for recipient, _ in room.mail) == sorted([*PEOPLE, "later@example.net"])


def test_cron_reads_the_log_first_and_refuses_while_it_cannot(workspace: Workspace, log: Path, room: Mailroom) -> None:
    begun_long_ago(workspace.root)
    cron = Cron(workspace)
    write_issue(workspace.root, due=HOUR)
    approve(workspace)
    log.unlink()
    assert (cron.run(), len(cron.warnings)) == (77, 1)
    assert "not known who left" in cron.warnings[0]
    assert (cron.run(), cron.warnings) == (77, []), "told once, and then daily"
    assert room.mail == []
    log.write_text(click(workspace, PEOPLE[0]))
    assert cron.run() == 0
    assert sorted(recipient for recipient, _ in room.mail) == PEOPLE[1:]
    assert (cron.run(), cron.words) == (0, [])


def test_a_damaged_packed_log_is_told_and_stops_nothing(workspace: Workspace, log: Path, room: Mailroom) -> None:
    begun_long_ago(workspace.root)
    cron = Cron(workspace)
    write_issue(workspace.root, due=HOUR)
    approve(workspace)
    log.with_name("clicks.log.2.gz").write_bytes(gzip.compress(os.urandom(3000))[:2000])
    assert cron.run() == 0
    assert any("damaged" in words for words in cron.warnings)
    assert len(room.mail) == 3
    assert (cron.run(), cron.words) == (0, [])


def test_trials_do_not_read_the_log(workspace: Workspace, log: Path, room: Mailroom) -> None:
    log.unlink()
    settings = {"NEWSLETTER_SMTP__URL": room.url, "NEWSLETTER_RETURNS__ACCESS_LOG": "logs/clicks.log"}
    trial = newsletter("send", "2026-11", "--dry-run", cwd=workspace.root, **settings)
    proof = newsletter("send", "2026-11", "--to", "hong@example.com", cwd=workspace.root, **settings)
    assert (trial.returncode, proof.returncode) == (0, 0), trial.stderr + proof.stderr
    approve(workspace)
    real = newsletter("send", "2026-11", "--yes", cwd=workspace.root, **settings)
    assert (real.returncode, "There is no access log" in real.stderr) == (77, True)


def test_the_command_tells_what_it_read_and_no_address(workspace: Workspace, log: Path) -> None:
    log.write_text(
        f'203.0.113.9 - - [30/Nov/2026:12:41:07 +0900] "GET / HTTP/1.1" 200 1\n{click(workspace, PEOPLE[0])}'
    )
    told = newsletter("returns", "--access-log", str(log), "--json", cwd=workspace.root)
    assert told.returncode == 0, told.stderr
    (counts,) = json.loads(told.stdout)["access_logs"]
    assert counts.pop("log") == str(log)
    assert counts == {
        "lines": 2, "left": 1, "again": 0, "came_back": 0, "proofs": 0, "forged": 0, "broken": []
    }  # fmt: skip
    again = newsletter("returns", cwd=workspace.root, NEWSLETTER_RETURNS__ACCESS_LOG="logs/clicks.log")
    assert (again.returncode, "0 new lines read" in again.stdout) == (0, True), again.stderr
    assert "203.0.113.9" not in told.stdout + told.stderr + again.stdout + again.stderr
    assert b"203.0.113.9" not in (workspace.root / ".newsletter/ledger.db").read_bytes()


def test_what_another_user_may_not_share_is_told_with_the_next_step(workspace: Workspace, log: Path) -> None:
    log.chmod(0)
    if os.geteuid() == 0:  # whom rights do not keep out
        log.unlink()
        log.symlink_to("/proc/1/mem")
    told = newsletter("returns", "--access-log", str(log), cwd=workspace.root)
    assert told.returncode == 65
    assert "clicks.log" in told.stderr
    assert "Traceback" not in told.stderr


def test_counts_of_all_states_add_up_with_those_who_left(workspace: Workspace, log: Path, room: Mailroom) -> None:
    approve(workspace)
    log.write_text(click(workspace, PEOPLE[0]))
    _send(workspace)
    with open_ledger(workspace, Purpose.READ) as ledger:
        record = ledger.find(workspace.settings.newsletter.list_id, "2026-11")
        assert record is not None
        counts = ledger.counts(record.id)
    assert (counts[State.SENT], counts[State.SUPPRESSED]) == (2, 1)
    assert len(room.mail) == 2


def test_pausing_needs_no_log(workspace: Workspace, log: Path) -> None:
    """The kill switch works whatever else is wrong."""
    approve(workspace)
    _send(workspace)
    log.unlink()
    assert "2026-11" in str(pause(workspace, "2026-11"))
