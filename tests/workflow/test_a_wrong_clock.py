"""A machine whose clock is wrong: what is due, and how old something is, goes by the ledger's clock."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.audience.sign_up import Asker, Wish
from newsletter.errors import RefusedError
from newsletter.settings.workspace import Workspace
from newsletter.workflow.latecomers import prepare_latecomers
from newsletter.workflow.schedule import overview
from newsletter.workflow.serve import Leaving
from newsletter.workflow.sign_up import SigningUp
from newsletter.workflow.status import status
from newsletter.workflow.steps.issue_states import Standing
from newsletter.workflow.steps.offer import offer_of
from newsletter.workflow.steps.pages_ledger import PagesLedger
from newsletter.workflow.steps.sign_up_tokens import SignUpTokens
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Cron, approve, write_issue

SLUG = "2026-11"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def slow(cron: Cron, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """By its own clock an approved issue is due in five minutes; by the ledger's it was five minutes ago."""
    write_issue(cron.workspace.root, due=-5 * MINUTE)
    approve(cron.workspace)
    behind(monkeypatch, 10 * MINUTE)
    return cron.workspace


@pytest.fixture
def fast(cron: Cron, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """By its own clock an approved issue was due five minutes ago; by the ledger's it is in five minutes."""
    write_issue(cron.workspace.root, due=5 * MINUTE)
    approve(cron.workspace)
    behind(monkeypatch, -10 * MINUTE)
    return cron.workspace


def behind(monkeypatch: pytest.MonkeyPatch, ahead: timedelta) -> None:
    """`ahead` is the ledger's clock of this machine's."""
    monkeypatch.setattr("newsletter.ledger.ledger.Ledger.now", lambda _ledger: datetime.now(UTC) + ahead)


def test_status_and_the_dates_show_what_is_due(slow: Workspace) -> None:
    assert "It is approved, and due since" in status(slow, SLUG).to_text()
    assert [row.standing for row in overview(slow).rows] == [Standing.DUE]


def test_a_slow_machine_begins_an_issue_in_time(slow: Workspace, room: Mailroom) -> None:
    assert Cron(slow).run() == 0
    assert len(room.mail) == 3


def test_a_fast_machine_does_not_begin_an_issue_early(
    fast: Workspace, room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    cron = Cron(fast)
    assert (cron.run(), cron.words, room.mail) == (0, [], [])
    assert "due since" not in status(fast, SLUG).to_text()
    assert [row.standing for row in overview(fast).rows] == [Standing.APPROVED]
    behind(monkeypatch, -4 * MINUTE)  # six minutes later
    assert cron.run() == 0
    assert len(room.mail) == 3


def test_who_is_late_for_an_old_issue_is_told_by_that_clock(slow: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Cron(slow).run() == 0
    behind(monkeypatch, timedelta(days=31))
    with pytest.raises(RefusedError, match="latecomers get an issue that is no older than 30 days"):
        prepare_latecomers(slow, SLUG, None, lambda *_: None)


def test_who_signs_up_at_a_fast_machine_is_mailed_by_the_others_at_once_and_long_enough_asked(
    cron: Cron, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = cron.workspace
    behind(monkeypatch, -workspace.settings.subscribe.confirm_within - 10 * MINUTE)
    with closing(PagesLedger(workspace)) as ledger:
        tokens, now = SignUpTokens(workspace), ledger.now()
        pages = SigningUp(workspace, ledger, tokens, offer_of(workspace), lambda: None, "https://news.example.org")
        wish = Wish("a@example.com", "a@example.com", None, "ko", None, "ko")
        assert pages.ask(wish, Asker("192.0.2.0/24", pages.address)) is None
        (asked,) = ledger.ask(lambda book: book.take_to_mail(ledger.list_id, now + MINUTE, most=2, until=now))
        link = tokens.link(asked.id, asked.asked_at)
        assert pages.look(link) is not None
        assert pages.confirm(link) is not None


def test_who_left_when_is_kept_by_that_clock(cron: Cron, monkeypatch: pytest.MonkeyPatch) -> None:
    behind(monkeypatch, -10 * MINUTE)
    with closing(Leaving(cron.workspace, lambda _words: None)) as pages:
        token = pages.read_token(pages.links.token("hong@example.com"))
        assert token is not None
        pages.let_go([token])
        (left,) = pages.ledger.ask(lambda book: list(book.suppressions(pages.ledger.list_id)))
        assert left.at <= pages.ledger.now()
