"""`send ISSUE --rehearse`: the real plan and what the ledger knows, and nothing written, sent or asked."""

import json
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from newsletter.errors import InputError, RefusedError, UsageError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LedgerLostError, Purpose
from newsletter.ledger.states import EVERYWHERE, Learned, State
from newsletter.settings.workspace import Workspace
from newsletter.workflow.rehearse import rehearse
from newsletter.workflow.send import send
from newsletter.workflow.steps.prepare import prepare
from newsletter.workflow.steps.time_of_day import TypedTime
from tests.support.cli import newsletter
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Reload, approve, write_issue

KST = timezone(timedelta(hours=9))
FREE = {"NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false"}
READERS = 60


def write_readers(root: Path, count: int = READERS) -> None:
    rows = [f"reader{number}@{'example.com' if number % 3 else 'naver.example.org'}\n" for number in range(count)]
    (root / "subscribers.csv").write_text("email\n" + "".join(rows), encoding="utf-8")


def files(root: Path) -> dict[str, bytes]:
    """All that stands there, but for what SQLite keeps beside a book that is read."""
    found = (path for path in root.rglob("*") if path.is_file() and path.suffix not in {".db-shm", ".db-wal", ".lock"})
    return {str(path): path.read_bytes() for path in found}


def told(workspace: Workspace, slug: str = "2026-11", **asked: TypedTime) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(rehearse(workspace, slug, **asked).to_json())  # type: ignore[arg-type]
    return found


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def send_now(workspace: Workspace, slug: str) -> None:
    send(workspace, prepare(workspace, slug), advance=lambda *_: None)


def test_without_a_ledger_only_the_settings_are_known_and_nothing_is_made(
    open_workspace: Reload, room: Mailroom
) -> None:
    workspace = open_workspace()  # not approved either
    write_readers(workspace.root, 400)
    before = files(workspace.root)
    report = rehearse(workspace, "2026-11")
    found = json.loads(report.to_json())
    assert (found["readers"], found["known"], found["relay_known"]) == (400, [], False)
    assert found["relay"] == f"127.0.0.1:{room.port}"
    expected, late = (moment(found["out_at"][when]) for when in ("expected", "late"))
    begins = moment(found["begins_at"])
    assert (late - begins) > 2 * (expected - begins)
    assert "nothing was sent through it yet" in report.to_text("en")
    assert "이 서버로 보낸 기록이 없어서" in report.to_text("ko")
    assert files(workspace.root) == before
    assert room.connections == 0
    assert room.commands == []


def test_after_an_issue_its_pace_is_known_and_the_ledger_is_as_before(open_workspace: Reload, room: Mailroom) -> None:
    """No timed test: what comes of it is held to no more than that nothing blows up."""
    workspace = open_workspace(**FREE)
    write_readers(workspace.root)
    send_now(workspace, "2026-11")
    path = workspace.root / "issues" / "2026-12.yaml"
    path.write_text("title: 물 재이용\nintro: 빗물을 모아 쓰는 연구를 소개합니다.\n", encoding="utf-8")
    with open_ledger(workspace, Purpose.READ) as book:
        book.suppress(EVERYWHERE, key="reader1@example.com", reason="manual", now=datetime.now(UTC))
        dumped = list(book._database.engine.raw_connection().driver_connection.iterdump())  # type: ignore[union-attr]
    commands = len(room.commands)
    found = told(workspace, "2026-12")
    assert len(room.commands) == commands
    with open_ledger(workspace, Purpose.READ) as book:
        assert list(book._database.engine.raw_connection().driver_connection.iterdump()) == dumped  # type: ignore[union-attr]
    assert (found["readers"], found["known"], found["relay_known"]) == (READERS - 1, ["2026-11"], True)
    began = datetime.now(UTC)
    send_now(workspace, "2026-12")
    really = (datetime.now(UTC) - began).total_seconds()
    expected = (moment(found["out_at"]["expected"]) - moment(found["begins_at"])).total_seconds()
    assert expected < 20 * really + 20
    assert len(room.mail) == READERS * 2 - 1
    assert told(workspace, "2026-12")["readers"] == 0


def test_an_issue_that_was_planned_goes_on_with_who_is_left(open_workspace: Reload) -> None:
    workspace = open_workspace(**FREE, NEWSLETTER_SMTP__CONNECTIONS="1")
    write_readers(workspace.root)
    send(workspace, prepare(workspace, "2026-11"), advance=lambda *_: None, first=10)
    report = rehearse(workspace, "2026-11")  # the canary has paused it
    found = json.loads(report.to_json())
    assert (found["readers"], found["begins_because"]) == (READERS - 10, "now")
    assert "newsletter resume 2026-11" in report.to_text("en")
    with open_ledger(workspace, Purpose.READ) as book:
        [record] = book.dispatches(workspace.settings.newsletter.list_id)
        assert book.counts(record.id)[State.PLANNED] == READERS - 10
        book.cancel(record.id, datetime.now(UTC))
    with pytest.raises(RefusedError, match="cancelled"):
        rehearse(workspace, "2026-11")


def test_it_begins_with_cron_after_its_time(open_workspace: Reload) -> None:
    workspace = open_workspace()
    write_issue(workspace.root, due=-timedelta(days=3))
    report = rehearse(workspace, "2026-11", by=TypedTime(time(9, 0)))
    found = json.loads(report.to_json())
    begins = moment(found["begins_at"])
    assert found["begins_because"] == "cron"
    assert (begins.minute % 10, begins.second) == (0, 0)
    assert timedelta(days=3) - timedelta(minutes=1) < begins - datetime.now(UTC) < timedelta(days=3, minutes=11)
    nine = moment(found["by"]["at"])  # the next nine o'clock from then on
    assert (nine.hour, nine.minute) == (9, 0)
    assert timedelta() < nine - begins <= timedelta(days=1)
    assert found["by"]["answer"] == "yes"
    assert "with the first run of cron" in report.to_text("en")
    # A yes that nobody may take for one that it goes by itself.
    assert found["approved"] is False
    for language in ("en", "ko"):
        assert "newsletter approve 2026-11" in report.to_text(language)
    approve(workspace)
    approved = rehearse(workspace, "2026-11")
    assert json.loads(approved.to_json())["approved"] is True
    assert "newsletter approve" not in approved.to_text("en")


@pytest.mark.parametrize(("by", "answer"), [("07:30", "no"), ("07:40", "probably"), ("09:00", "yes")])
def test_out_by_nine_has_an_answer(open_workspace: Reload, by: str, answer: str) -> None:
    """400 at ten a minute, from seven on; where nothing is known of the relay, the rate is."""
    workspace = open_workspace(NEWSLETTER_SMTP__RATE="10/m", NEWSLETTER_SMTP__CONNECTIONS="1")
    write_readers(workspace.root, 400)
    report = rehearse(workspace, "2026-11", at=TypedTime.of("--at", "07:00"), by=TypedTime.of("--by", by))
    found = json.loads(report.to_json())
    assert found["begins_at"].endswith("T07:00:00+09:00")
    assert found["begins_because"] == "at"
    assert found["by"]["answer"] == answer
    words = {"no": ("no: ", "아니요. "), "probably": ("probably: ", "아마 "), "yes": ("yes: ", "예. ")}
    for language, word in zip(("en", "ko"), words[answer], strict=True):
        assert word in report.to_text(language)


@pytest.mark.usefixtures("room")
def test_of_a_finished_issue_the_answer_is_yes(open_workspace: Reload) -> None:
    workspace = open_workspace(**FREE)
    write_readers(workspace.root, 3)
    send_now(workspace, "2026-11")
    report = rehearse(workspace, "2026-11", by=TypedTime.of("--by", "12:00"))
    assert "예. 더 보낼 사람이 없습니다" in report.to_text("ko")
    found = json.loads(report.to_json())["by"]
    assert (found["answer"], found["share"]) == ("yes", {"expected": 1, "least": 1, "most": 1})


def test_an_hours_limit_is_told_with_who_waits_and_until_when(open_workspace: Reload) -> None:
    workspace = open_workspace(NEWSLETTER_SMTP__RATE='["20/s", "100/h"]')
    write_readers(workspace.root, 250)
    report = rehearse(workspace, "2026-11", at=TypedTime(time(23, 30)))
    found = json.loads(report.to_json())
    [wait] = found["waits"]
    assert (wait["for"], wait["what"], wait["readers"]) == ("window", "100/h", 150)
    begins, until, out = moment(found["begins_at"]), moment(wait["until"]), moment(found["out_at"]["expected"])
    assert begins + timedelta(hours=2) <= until <= out < begins + timedelta(hours=3)
    day = f"{until:%Y-%m-%d} 01:"  # the next one
    assert f"150 readers for the limit of 100/h, the last of them until {day}" in report.to_text("en")
    assert f"100/h 한도에 걸려 기다리는 구독자 150명: {day}" in report.to_text("ko")


def test_a_domain_with_a_limit_of_its_own_is_named(open_workspace: Reload) -> None:
    workspace = open_workspace(NEWSLETTER_SMTP__PER_DOMAIN='{"naver.example.org": {"rate": "6/m"}}')
    write_readers(workspace.root)
    found = told(workspace)
    [wait] = found["waits"]
    assert (wait["for"], wait["what"], wait["readers"]) == ("domain_limit", "naver.example.org", 20)


def test_while_the_relay_rests_it_begins_when_cron_may(open_workspace: Reload, room: Mailroom) -> None:
    workspace = open_workspace()
    until = datetime.now(UTC) + timedelta(hours=2)
    with open_ledger(workspace, Purpose.SENDING) as book:
        book.learn(f"127.0.0.1:{room.port}", [Learned("", 4.0, rests_until=until)], datetime.now(UTC))
    report = rehearse(workspace, "2026-11")
    found = json.loads(report.to_json())
    assert found["begins_because"] == "relay_rests"
    assert until <= moment(found["begins_at"]) < until + timedelta(minutes=10)
    assert "the relay's own limit" in report.to_text("en")


def test_what_would_refuse_a_send_refuses_this(open_workspace: Reload) -> None:
    workspace = open_workspace(**FREE)
    with pytest.raises(UsageError):
        rehearse(workspace, "2031-01")
    (workspace.root / "subscribers.csv").unlink()
    with pytest.raises(InputError):
        rehearse(workspace, "2026-11")
    write_readers(workspace.root)
    send_now(workspace, "2026-11")
    (workspace.root / ".newsletter" / "ledger.db").unlink()
    with pytest.raises(LedgerLostError):
        rehearse(workspace, "2026-11")


def test_nothing_begins_in_the_past(open_workspace: Reload) -> None:
    with pytest.raises(UsageError, match="has passed"):
        rehearse(open_workspace(), "2026-11", at=TypedTime.of("--at", "2020-01-01 09:00"))


@pytest.mark.parametrize(
    "text",
    [
        "9",
        "nine",
        "",
        "25:00",
        "2026-13-01 09:00",
        "2026-12-07",
        "09:00+09:00",
        "\x1b[31m",
        "0001-01-01T00:00+12:00",
        "9999-12-31 09:00",
    ],
)
def test_what_is_no_time_is_refused_with_one_that_is(text: str) -> None:
    with pytest.raises(UsageError, match="09:00") as caught:
        TypedTime.of("--by", text)
    assert caught.value.exit_code == 64


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("09:00", "2026-12-08T09:00:00+09:00"),
        ("09:01", "2026-12-07T09:01:00+09:00"),
        ("2026-12-09 08:30", "2026-12-09T08:30:00+09:00"),
        ("2026-12-09T08:30Z", "2026-12-09T08:30:00+00:00"),
    ],
)
def test_a_time_of_day_is_the_next_one_in_the_newsletters_zone(text: str, when: str) -> None:
    now = datetime(2026, 12, 7, 9, 0, tzinfo=KST)
    assert TypedTime.of("--at", text).after(now, "Asia/Seoul") == moment(when)


def test_the_command_tells_data_and_asks_nothing(open_workspace: Reload, room: Mailroom) -> None:
    workspace = open_workspace()
    here, url = workspace.root, {"NEWSLETTER_SMTP__URL": room.url}
    told = newsletter("send", "2026-11", "--rehearse", "--by", "09:00", cwd=here, **url)
    assert (told.returncode, told.stderr) == (0, "")
    assert "Out by " in told.stdout
    as_json = newsletter("send", "2026-11", "--rehearse", "--json", "--quiet", cwd=here, **url)
    assert json.loads(as_json.stdout)["issue"] == "2026-11"
    for words in (
        ("2026-11", "--rehearse", "--yes"),
        ("2026-11", "--rehearse", "--first", "3"),
        ("2026-11", "--rehearse", "--to", "jane@example.org"),
        ("2026-11", "--rehearse", "--dry-run"),
        ("2026-11", "--rehearse", "--retry-now"),
        ("2026-11", "--rehearse", "--processes", "2"),
        ("--rehearse", "--due"),
        ("--rehearse",),
        ("2026-11", "--by", "09:00"),
        ("2026-11", "--json"),
        ("2026-11", "--rehearse", "--by", "nine"),
    ):
        refused = newsletter("send", *words, cwd=here, **url)
        assert (refused.returncode, refused.stdout) == (64, ""), words
    approve(workspace)
    assert not (here / ".newsletter" / "ledger.db").exists()
