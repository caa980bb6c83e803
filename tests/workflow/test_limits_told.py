"""What cron and an operator hear of a relay's used-up hour, and of records of the sender's that are missing."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.errors import RefusedError
from newsletter.workflow.send_proof import send_proof
from newsletter.workflow.status import status
from tests.support.books import begun_long_ago
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Cron, Reload, approve, write_issue

HOUR = timedelta(hours=1)
USED_UP = "550 Domain news.example.org has exceeded the max emails per hour (2/2 (100%)) allowed. Message discarded."
UNKNOWN = "550 5.7.26 This mail has been blocked because the sender is unauthenticated."
NO_DMARC = "421 4.7.40 the sending domain has no DMARC record"


@pytest.fixture
def due(cron: Cron) -> Cron:
    """An issue is due and approved."""
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    return cron


def let_pass(cron: Cron, hours: float) -> None:
    """Move whatever the ledger remembers so far into the past."""
    microseconds = int(hours * 3600 * 1_000_000)
    with closing(sqlite3.connect(cron.workspace.state / "ledger.db")) as book, book:
        due = ("deliveries", "due_at"), ("lots", "due_at")
        for table, column in (("learned", "rests_until"), ("learned", "at"), *due, ("said", "at")):
            book.execute(f"UPDATE {table} SET {column} = {column} - ?", (microseconds,))


def counts(cron: Cron) -> dict[str, int]:
    report = status(cron.workspace, "2026-11")
    return {state.value: number for state, number in report.counts.items() if number}


def test_a_used_up_hour_is_told_once_and_then_waited_for_in_silence(due: Cron, room: Mailroom) -> None:
    room.replies = {"*": USED_UP}
    assert due.run() == 75
    (told,) = due.warnings
    assert "2026-11: stopped: the relay's limit is used up: 550 Domain" in told
    assert 'Run again in an hour, and set the limit in [smtp] rate (such as "500/h").' in told
    assert f"The next may go at {datetime.now(ZoneInfo('Asia/Seoul')) + HOUR:%Y-%m-%d %H}" in told
    asked = len(room.commands)
    for _ in range(3):
        assert (due.run(), due.words) == (0, [])
    assert len(room.commands) == asked
    assert counts(due) == {"deferred": 3}
    # still used up an hour later: those who met it ask for themselves, and nobody hears of it again
    let_pass(due, 1)
    assert (due.run(), due.warnings) == (75, [])
    assert len(room.commands) > asked
    # but daily, while it lasts
    for _ in range(24):
        let_pass(due, 1)
        due.run()
        if due.warnings:
            break
    assert "limit is used up" in due.warnings[0]
    let_pass(due, 1)
    room.replies = {}
    assert (due.run(), counts(due)) == (0, {"sent": 3})


def test_with_retry_now_the_relay_is_asked_at_once(due: Cron, room: Mailroom) -> None:
    room.replies = {"*": USED_UP}
    assert due.run() == 75
    room.replies = {}
    due.retry_now = True
    assert (due.run(), counts(due)) == (0, {"sent": 3})


@pytest.mark.parametrize(
    ("says", "record"),
    [
        (UNKNOWN, "Publish SPF (TXT at the sender's domain"),
        (NO_DMARC, "Publish TXT at _dmarc.DOMAIN: v=DMARC1; p=none."),
        ("450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.1]", "for a PTR record"),
        ("550 Reject due to SPF policy", "to the one TXT record v=spf1"),
        ("421 4.7.30 no", "publish the key as TXT at SELECTOR._domainkey.DOMAIN"),
        ("421 4.7.29 no", "to deliver over TLS"),
    ],
)
def test_a_missing_record_is_named_once_and_then_daily_until_it_is_there(
    due: Cron, room: Mailroom, says: str, record: str
) -> None:
    room.replies = {"hong@example.com": says}
    assert due.run() == 75
    (told,) = due.warnings
    assert record in told
    assert "Held, since the sender is not authenticated; 1 delivery was refused with:" in told
    assert counts(due) == {"sent": 2, "deferred": 1}
    assert (due.run(), due.warnings) == (0, [])
    # asked again after four hours, still wrong: silence
    let_pass(due, 4)
    assert (due.run(), due.warnings) == (0, [])
    let_pass(due, 21)
    due.run()
    assert record in due.warnings[0]
    room.replies = {}
    let_pass(due, 4)
    assert (due.run(), due.warnings, counts(due)) == (0, [], {"sent": 3})


def test_who_waits_for_a_record_is_remembered_daily_also_while_nothing_is_tried(due: Cron, room: Mailroom) -> None:
    room.replies = {"hong@example.com": UNKNOWN}
    assert due.run() == 75
    asked = len(room.commands)
    with closing(sqlite3.connect(due.workspace.state / "ledger.db")) as book, book:
        book.execute("UPDATE said SET at = at - 90000000000")  # 25 hours
    assert due.run() == 0
    assert "Publish SPF" in due.warnings[0]
    assert len(room.commands) == asked


def test_the_operators_mail_says_which_record_to_publish(open_workspace: Reload, room: Mailroom) -> None:
    cron = Cron(open_workspace(NEWSLETTER_OPERATOR__NOTIFY='["ops@example.org"]'))
    begun_long_ago(cron.workspace.root)
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    room.replies = {"hong@example.com": NO_DMARC}
    assert cron.run() == 75
    told = room.words_to("ops@example.org")
    assert "`_dmarc.도메인`에 TXT `v=DMARC1; p=none`을 등록하세요" in told


def test_status_shows_the_rule_with_its_meaning_and_remedy(due: Cron, room: Mailroom) -> None:
    room.replies = {"hong@example.com": NO_DMARC}
    due.run()
    report = status(due.workspace, "2026-11")
    assert "  unauthenticated-dmarc: DMARC is missing for the sender's domain" in report.to_text()
    assert "보내는 도메인에 DMARC가 없거나" in report.to_text("ko")
    (kind,) = [one for one in report.as_json()["replies"] if one["class"] == "unauthenticated"]  # type: ignore[attr-defined]
    assert "v=DMARC1" in kind["remedy"]


def test_a_proof_that_is_refused_says_how_to_mend_it(due: Cron, room: Mailroom) -> None:
    room.replies = {"jane@example.org": UNKNOWN}
    with pytest.raises(RefusedError) as caught:
        send_proof(due.workspace, "2026-11", "jane@example.org")
    assert "Publish SPF" in str(caught.value.hint)
