"""Under `send --due` returns are read before anything is sent, and a mailbox that is dead keeps no letter back."""

from pathlib import Path

import pytest

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import State
from newsletter.workflow.steps.keys import links_of
from tests.returns_command.conftest import maildir, messages_in
from tests.workflow.conftest import Cron, Reload, approve, write_issue
from tests.workflow.test_word import HOUR, Told


def due(open_workspace: Reload, folder: Path, **settings: str) -> Cron:
    cron = Told(open_workspace, folder, **settings).cron
    write_issue(folder, due=HOUR)
    approve(cron.workspace)
    return cron


@pytest.mark.usefixtures("room")
def test_who_leaves_by_mail_does_not_get_the_letter_that_is_due(open_workspace: Reload, tmp_path: Path) -> None:
    cron = due(open_workspace, tmp_path, NEWSLETTER_RETURNS__MAILDIR="in")
    token = links_of(cron.workspace, create=True).token("jane@example.org")
    leaving = f"From: jane@example.org\nTo: leave@news.example.org\nSubject: unsubscribe {token}\n\n".encode()
    folder = maildir(tmp_path / "in", leaving)
    assert cron.run() == 0
    with open_ledger(cron.workspace, Purpose.READ) as ledger:
        [record] = ledger.dispatches(cron.workspace.settings.newsletter.list_id)
        assert ledger.counts(record.id)[State.SUPPRESSED] == 1
    assert messages_in(folder / ".processed") == [leaving]


@pytest.mark.usefixtures("room")
def test_a_dead_mailbox_is_told_once_and_the_letter_goes_out(open_workspace: Reload, tmp_path: Path) -> None:
    told = Told(
        open_workspace,
        tmp_path,
        NEWSLETTER_RETURNS__IMAP="imap://bounces%40example.org@127.0.0.1:1",
        NEWSLETTER_RETURNS__PASSWORD="secret",
    )
    write_issue(tmp_path, due=HOUR)
    approve(told.cron.workspace)
    assert [told.cron.run() for _ in range(2)] == [69, 69]
    events = [given["event"] for given in told.given()]
    assert sorted(map(str, events)) == ["error", "finished"]
    [error] = [given for given in told.given() if given["event"] == "error"]
    assert error["next_command"] == "newsletter returns"
    assert "secret" not in str(told.given())
