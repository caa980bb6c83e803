"""`send --due`, as cron runs it: what is due and approved, once, and silence otherwise."""

import os
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.catalogue import Verbatim
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Learned, Outcome, State
from newsletter.settings.load import find_workspace
from newsletter.smtp.reply import Reply
from newsletter.workflow.control import pause
from newsletter.workflow.serve import leaving
from newsletter.workflow.steps.plan import plan_dispatch
from newsletter.workflow.steps.prepare import prepare_fresh
from tests.support.books import begun_long_ago
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Cron, Reload, approve, write_issue

HOUR = timedelta(hours=1)


def test_nothing_due_is_silence(cron: Cron, room: Mailroom) -> None:
    approve(cron.workspace)
    assert (cron.run(), cron.words) == (0, [])
    write_issue(cron.workspace.root, due=-HOUR)
    approve(cron.workspace)
    assert (cron.run(), cron.words) == (0, [])
    assert room.mail == []


def test_what_is_due_and_approved_goes_out_once(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 0
    assert len(room.mail) == 3
    assert (cron.run(), cron.words) == (0, [])
    assert len(room.mail) == 3


def test_what_is_not_approved_is_refused(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, due=HOUR)
    assert cron.run() == 77
    assert "not approved" in cron.words[0]
    assert room.mail == []


def test_a_change_since_the_approval_is_refused_and_named(cron: Cron, room: Mailroom) -> None:
    path = write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    path.write_text(path.read_text(encoding="utf-8").replace("신성장동력", "청년정책"), encoding="utf-8")
    assert cron.run() == 77
    assert "issues/2026-11.yaml: title" in cron.words[0]
    assert room.mail == []


def test_an_old_issue_is_not_started_and_told_of_once(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, due=97 * HOUR)
    approve(cron.workspace)
    assert cron.run() == 0
    assert "was missed" in cron.words[0]
    assert (cron.run(), cron.words) == (0, [])
    assert room.mail == []


def test_without_a_ledger_nothing_is_sent(open_workspace: Reload, room: Mailroom) -> None:
    cron = Cron(open_workspace())
    assert (cron.run(), cron.words) == (0, [])
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 78
    assert "ledger" in cron.warnings[0]
    # The pages may have made one since, but it knows nothing of what was sent before.
    with leaving(cron.workspace):
        assert cron.run() == 78
    assert room.mail == []


def test_a_lost_ledger_is_told_also_where_nothing_is_due(cron: Cron, room: Mailroom) -> None:
    path = write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 0
    path.unlink()
    for file in cron.workspace.state.glob("ledger.db*"):
        file.unlink()
    assert (cron.run(), "Restore it" in cron.warnings[0]) == (78, True)
    assert (cron.run(), cron.warnings) == (78, [])
    assert len(room.mail) == 3


def test_a_broken_issue_stops_only_itself(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, "2026-10", due=HOUR, more="bogus: 1\n")
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 65
    assert "issues/2026-10.yaml" in cron.words[0]
    assert len(room.mail) == 3


def test_the_file_of_an_issue_that_went_out_is_not_read_again(cron: Cron, room: Mailroom) -> None:
    path = write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 0
    path.write_text("title: [\n", encoding="utf-8")
    assert cron.run() == 0
    assert cron.words == []
    assert len(room.recipients()) == 3


def test_a_file_with_a_name_that_is_no_slug_stops_only_itself(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, "Bad Name", due=HOUR)
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 65
    assert "Bad Name" in cron.words[0]
    assert len(room.mail) == 3


def test_a_paused_issue_is_left_alone(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 0
    pause(cron.workspace, "2026-11")
    assert (cron.run(), cron.words) == (0, [])
    assert len(room.mail) == 3


def test_a_run_of_cron_that_pauses_itself_is_named_as_who_did(cron: Cron, room: Mailroom) -> None:
    readers = [f"reader{number}@example.com" for number in range(25)]
    (cron.workspace.root / "subscribers.csv").write_text("email\n" + "\n".join(readers), encoding="utf-8")
    room.replies = dict.fromkeys(readers, "550 5.1.1 no such user")
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 77
    with open_ledger(cron.workspace, Purpose.READ) as ledger:
        record = ledger.find(cron.workspace.settings.newsletter.list_id, "2026-11")
    assert record is not None
    assert str(record.paused_by) == f"newsletter send --due itself (process {os.getpid()} on {socket.gethostname()})"
    assert record.paused_at is not None


def test_the_operator_is_told_at_the_end(open_workspace: Reload, room: Mailroom) -> None:
    cron = Cron(open_workspace(NEWSLETTER_OPERATOR__NOTIFY='["ops@example.org"]'))
    begun_long_ago(cron.workspace.root)
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 0
    notice = room.letter_to("ops@example.org")
    assert notice["Subject"] == "[newsletter] 2026-11: 발송 끝남"
    assert notice["Auto-Submitted"] == "auto-generated"
    assert "보냄 3" in room.words_to("ops@example.org")
    assert cron.run() == 0
    assert len(room.mail) == 4


def test_deferred_ones_wait_for_their_time(open_workspace: Reload, tmp_path: Path, room: Mailroom) -> None:
    room.replies = {"jane@example.org": "451 4.7.1 greylisted"}
    cron = Cron(open_workspace())
    begun_long_ago(cron.workspace.root)
    write_issue(tmp_path, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 75
    assert (cron.run(), cron.words) == (0, [])
    assert len(room.mail) == 2


def test_what_was_started_goes_on_although_its_file_is_gone(
    open_workspace: Reload, tmp_path: Path, room: Mailroom
) -> None:
    room.replies = {"jane@example.org": "451 4.7.1 greylisted"}
    cron = Cron(open_workspace(NEWSLETTER_SMTP__RETRY="1s", NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false"))
    begun_long_ago(cron.workspace.root)
    path = write_issue(tmp_path, due=HOUR)
    assert cron.run() == 75
    path.unlink()
    room.replies = {}
    cron.retry_now = True
    assert cron.run() == 0
    assert sorted(room.recipients()) == ["hong@example.com", "jane@example.org", "kim@example.net"]


def test_what_a_living_process_works_on_is_left_to_it(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    now = datetime.now(UTC)
    with open_ledger(cron.workspace, Purpose.SENDING) as ledger:
        record = plan_dispatch(cron.workspace, ledger, prepare_fresh(cron.workspace, "2026-11", ledger))
        with ledger.lease(now) as lease:
            assert len(ledger.claim(record.id, lease, 1, now)) == 1
            assert (cron.run(), cron.words) == (75, [])
            assert room.mail == []
        assert cron.run() == 0
    assert len(room.mail) == 3


def test_each_doubt_is_told_once_also_when_there_are_as_many_as_before(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    with open_ledger(cron.workspace, Purpose.SENDING) as ledger:
        record = plan_dispatch(cron.workspace, ledger, prepare_fresh(cron.workspace, "2026-11", ledger))
        for _ in range(2):
            now = datetime.now(UTC)
            with ledger.lease(now) as lease:
                claim = ledger.claim(record.id, lease, 1, now)[0]
                ledger.turn([], [claim], now)
                ledger.turn([Outcome(claim, State.IN_DOUBT, Reply("dot", 0, "", "lost"), "lost")], [], now)
            ledger.pause(record.id, Verbatim("for the test"), now)
            assert cron.run() == 0
            assert "1 delivery in doubt" in "".join(cron.words)
            assert (cron.run(), cron.words) == (0, [])
            ledger.resolve(record.id, True, datetime.now(UTC))
            ledger.resume(record.id, datetime.now(UTC))
    assert room.mail == []


def test_a_domain_that_rests_is_told_once_and_asked_again_later(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    relay, now = room.url.removeprefix("smtp://"), datetime.now(UTC)
    with open_ledger(cron.workspace, Purpose.DUE) as ledger:
        ledger.learn(relay, [Learned("example.com", 1.0, 10, now + HOUR)], now)
    assert cron.run() == 75
    assert sorted(room.recipients()) == ["jane@example.org", "kim@example.net"]
    assert "example.com is left alone; it is tried again from" in "\n".join(cron.words)
    assert (cron.run(), cron.words) == (0, [])
    with open_ledger(cron.workspace, Purpose.DUE) as ledger:
        ledger.learn(relay, [Learned("example.com", 1.0, 10, now - HOUR)], now)
    assert cron.run() == 0
    assert len(room.mail) == 3


def test_wrong_rules_for_replies_are_told_before_anything_is_planned(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    with (cron.workspace.root / "newsletter.toml").open("a", encoding="utf-8") as file:
        file.write('rules = "replies.toml"\n')
    (cron.workspace.root / "replies.toml").write_text('[[rule]]\nid = "ours"\nclass = "slow"\n', encoding="utf-8")
    wrong = Cron(find_workspace(cron.workspace.root, explicit=None, environ={"NEWSLETTER_SMTP__URL": room.url}))
    assert wrong.run() == 78
    assert "replies.toml:3:1: class: must be one of" in wrong.words[0]
    with open_ledger(cron.workspace, Purpose.DUE) as ledger:
        assert ledger.find(cron.workspace.settings.newsletter.list_id, "2026-11") is None


@pytest.mark.parametrize("verp", ["false", "true"])
def test_greylisting_sees_the_same_sender_and_recipient_again(
    open_workspace: Reload, room: Mailroom, verp: str
) -> None:
    """RFC 6647 2: a greylist lets through who comes back with the same envelope, from the same machine."""
    cron = Cron(open_workspace(NEWSLETTER_SENDER__VERP=verp, NEWSLETTER_SMTP__CONNECTIONS="1"))
    begun_long_ago(cron.workspace.root)
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    room.replies = {"kim@example.net": "451 4.7.1 greylisted, come back in 5 minutes"}
    assert cron.run() == 75
    assert (cron.run(), cron.words) == (0, [])  # not before its time
    assert len([line for line in room.commands if "kim@example.net" in line]) == 1
    room.replies = {}
    cron.retry_now = True
    assert cron.run() == 0
    envelopes = [
        (mail, rcpt)
        for mail, rcpt in zip(room.commands, room.commands[1:], strict=False)
        if mail.upper().startswith("MAIL") and "kim@example.net" in rcpt
    ]
    assert len(envelopes) == 2
    assert len(set(envelopes)) == 1
