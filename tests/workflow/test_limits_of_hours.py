"""A limit of messages an hour, as cron, proofs, the operator and whoever looks meet it."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.errors import RunAgainError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LedgerMissingError, Purpose
from newsletter.settings.rates import Window, kept_windows
from newsletter.settings.workspace import Workspace
from newsletter.smtp.server import account_of
from newsletter.workflow.send import Started, find_started, send
from newsletter.workflow.send_proof import send_proof
from newsletter.workflow.status import status
from newsletter.workflow.steps.prepare import prepare
from tests.support.books import begun_long_ago, let_pass
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Cron, Reload, write_issue

HOUR = timedelta(hours=1)
OPERATOR = "operator@example.org"


def limited(reload: Reload, rate: str, **environ: str) -> Workspace:
    return reload(NEWSLETTER_SMTP__RATE=rate, NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false", **environ)


@pytest.fixture
def cron(open_workspace: Reload) -> Cron:
    """Two messages an hour; the issue for three is due."""
    workspace = limited(open_workspace, '["20/s", "2/h"]')
    begun_long_ago(workspace.root)
    write_issue(workspace.root, due=HOUR)
    return Cron(workspace)


def book_of(workspace: Workspace) -> Ledger:
    return open_ledger(workspace, Purpose.READ)


def use_up(workspace: Workspace, messages: int) -> None:
    windows = kept_windows(workspace.settings.smtp.rate)
    with book_of(workspace) as book:
        assert book.take(account_of(workspace.settings.smtp), windows, messages, datetime.now(UTC)).count == messages


def used(workspace: Workspace) -> int:
    with book_of(workspace) as book:
        [usage] = book.usage(
            account_of(workspace.settings.smtp), kept_windows(workspace.settings.smtp.rate), datetime.now(UTC)
        )
    return usage.used


def test_cron_is_told_once_and_goes_on_by_itself(cron: Cron, room: Mailroom) -> None:
    assert cron.run() == 75
    assert len(room.mail) == 2
    [told] = cron.warnings
    assert "the limit of 2/h is used up" in told
    assert "The next may go at" in told
    for _ in range(2):
        assert (cron.run(), cron.words) == (0, [])
    assert len(room.mail) == 2
    with book_of(cron.workspace) as book:
        let_pass(book, HOUR + timedelta(seconds=30))
    assert (cron.run(), cron.warnings) == (0, [])
    assert sorted(recipient for recipient, _ in room.mail) == [
        "hong@example.com",
        "jane@example.org",
        "kim@example.net",
    ]
    assert (cron.run(), cron.words) == (0, [])


def test_another_issue_that_waits_for_the_same_limit_is_told_too(cron: Cron, room: Mailroom) -> None:
    write_issue(cron.workspace.root, "2026-12", due=HOUR / 2)
    assert cron.run() == 75
    assert [warning.splitlines()[0].partition(":")[0] for warning in cron.warnings] == ["2026-11", "2026-12"]
    assert len(room.mail) == 2
    assert (cron.run(), cron.words) == (0, [])


def test_a_person_sees_the_plan_the_end_and_what_is_left(cron: Cron, room: Mailroom) -> None:
    workspace = cron.workspace
    plan = str(prepare(workspace, "2026-11").summary(workspace.settings))
    assert "20/s, 2/h: done about" in plan
    assert "this run may send 2; cron's next runs send the rest" in plan
    ending = send(workspace, prepare(workspace, "2026-11"), advance=lambda *_: None)
    assert ending.exit_code() == 75
    assert ending.waits_for_a_person
    assert "newsletter send 2026-11" in str(ending.summary())
    report = status(workspace, "2026-11")
    assert "expected end" in report.to_text()
    assert report.as_json()["goes_on_at"] is not None
    started = find_started(workspace, "2026-11")
    assert isinstance(started, Started)
    going_on = str(started.summary(workspace.settings))
    assert "used already: 2 of 2/h" in going_on
    assert "done about" in going_on
    assert len(room.mail) == 2


def test_without_windows_the_plan_is_as_it_was(open_workspace: Reload) -> None:
    workspace = limited(open_workspace, "20/s")
    assert "Pace" not in str(prepare(workspace, "2026-11").summary(workspace.settings))


def test_proofs_count_where_there_is_a_ledger(cron: Cron, room: Mailroom) -> None:
    for _ in range(2):
        send_proof(cron.workspace, "2026-11", "you@example.org")
    with pytest.raises(RunAgainError) as caught:
        send_proof(cron.workspace, "2026-11", "you@example.org")
    assert caught.value.exit_code == 75
    assert "the limit of 2/h is used up" in str(caught.value)
    assert "Again from" in str(caught.value)
    assert cron.run() == 75
    assert len(room.mail) == 2


def test_proofs_make_no_ledger_to_count_in(open_workspace: Reload, room: Mailroom) -> None:
    workspace = limited(open_workspace, "1/h")
    for _ in range(2):
        send_proof(workspace, "2026-11", "you@example.org")
    assert len(room.mail) == 2
    with pytest.raises(LedgerMissingError):
        book_of(workspace)


def test_word_to_the_operator_counts_and_has_some_kept_for_it(open_workspace: Reload, room: Mailroom) -> None:
    workspace = limited(open_workspace, "10/h", NEWSLETTER_OPERATOR__NOTIFY=f'["{OPERATOR}"]')
    begun_long_ago(workspace.root)
    write_issue(workspace.root, due=HOUR)
    cron = Cron(workspace)
    use_up(workspace, 7)
    assert cron.run() == 75
    assert [recipient for recipient, _ in room.mail][-1] == OPERATOR
    assert len(room.mail) == 3
    assert used(workspace) == 10
    # Told once: the mails about it do not use up what is meant for readers.
    assert (cron.run(), cron.words) == (0, [])
    with pytest.raises(RunAgainError):
        send_proof(workspace, "2026-11", "you@example.org")
    assert len(room.mail) == 3


def test_an_operator_who_cannot_be_mailed_within_the_limit_is_a_warning(open_workspace: Reload, room: Mailroom) -> None:
    workspace = limited(open_workspace, "3/h", NEWSLETTER_OPERATOR__NOTIFY=f'["{OPERATOR}"]')
    begun_long_ago(workspace.root)
    write_issue(workspace.root, due=HOUR)
    cron = Cron(workspace)
    assert cron.run() == 0
    assert len(room.mail) == 3
    assert any("operator could not be told" in warning and "3/h" in warning for warning in cron.warnings)


def test_accounts_of_one_relay_are_counted_apart(open_workspace: Reload) -> None:
    names = {
        account_of(open_workspace(NEWSLETTER_SMTP__URL=url).settings.smtp)
        for url in (
            "smtp://Letter@Relay.example.org:587",
            "smtps://letter@relay.example.org",
            "smtp://other%40example.org@relay.example.org",
            "smtp://relay.example.org:25",
        )
    }
    assert names == {"letter@relay.example.org", "other@example.org@relay.example.org", "relay.example.org"}
    assert str(Window(2, HOUR)) == "2/h"
