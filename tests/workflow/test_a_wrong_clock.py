"""A machine whose clock is wrong: what is due, and how old something is, goes by the ledger's clock."""

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from newsletter.audience.sign_up import Asker, Wish
from newsletter.errors import RefusedError
from newsletter.ledger.ledger import Ledger
from newsletter.report.rehearsal import Because
from newsletter.settings.workspace import Workspace
from newsletter.web.studio.model import Asked
from newsletter.web.studio.panels.issues import issues_panel
from newsletter.web.studio.workspace_letters import WorkspaceLetters
from newsletter.workflow.adopt import adopt
from newsletter.workflow.latecomers import prepare_latecomers
from newsletter.workflow.notices import notices_due
from newsletter.workflow.rehearse import rehearse
from newsletter.workflow.schedule import overview
from newsletter.workflow.send import find_started, send
from newsletter.workflow.serve import Leaving
from newsletter.workflow.sign_up import SigningUp
from newsletter.workflow.status import status
from newsletter.workflow.steps.issue_states import Standing
from newsletter.workflow.steps.keys import links_of
from newsletter.workflow.steps.offer import offer_of
from newsletter.workflow.steps.pages_ledger import PagesLedger
from newsletter.workflow.steps.prepare import prepare
from newsletter.workflow.steps.sign_up_tokens import SignUpTokens
from tests.support.books import begun_long_ago
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Cron, Reload, approve, write_issue

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
    for method in ("now", "now_as_known"):
        monkeypatch.setattr(Ledger, method, lambda _ledger: datetime.now(UTC) + ahead)


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
    behind(monkeypatch, timedelta(days=3, hours=1))
    nobody = prepare_latecomers(slow, SLUG, None, lambda *_: None).summary(slow)
    assert "3 days ago" in str(nobody)
    behind(monkeypatch, timedelta(days=31))
    with pytest.raises(RefusedError, match="latecomers get an issue that is no older than 30 days"):
        prepare_latecomers(slow, SLUG, None, lambda *_: None)


def test_an_issue_knows_who_joins_after_a_machine_with_a_fast_clock_has_adopted_the_book(
    fast: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    links_of(fast, create=True)  # as it was sent with before
    adopt(fast)
    behind(monkeypatch, -4 * MINUTE)
    send(fast, prepare(fast, SLUG), advance=lambda *_: None)
    assert prepare_latecomers(fast, SLUG, None, lambda *_: None).nothing_to_do


def test_a_plan_and_a_rehearsal_know_what_is_due(fast: Workspace) -> None:
    words = str(prepare(fast, SLUG).summary(fast.settings))
    assert re.search(r"now is [45] minutes early", words)
    assert rehearse(fast, SLUG).because is Because.CRON


def test_what_is_left_of_an_issue_ends_by_that_clock(
    open_workspace: Reload, monkeypatch: pytest.MonkeyPatch, room: Mailroom
) -> None:
    behind(monkeypatch, timedelta(hours=-5))
    workspace = open_workspace(NEWSLETTER_SMTP__RATE="1/h")
    begun_long_ago(workspace.root)
    write_issue(workspace.root, due=timedelta(hours=6))
    approve(workspace)
    assert Cron(workspace).run() == 75
    assert len(room.mail) == 1
    started = find_started(workspace, SLUG)
    assert started is not None
    found = re.search(r"done about (\S+ \S+) KST", str(started.summary(workspace.settings)))
    assert found
    assert datetime.fromisoformat(f"{found[1]}+09:00") < datetime.now(UTC)


def test_the_studio_shows_what_is_due(fast: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = WorkspaceLetters(fast, SLUG, {})
    assert [one.state for one in issues_panel(studio.now(), Asked()).issues] == ["approved"]
    behind(monkeypatch, timedelta())
    assert [one.state for one in issues_panel(studio.now(), Asked()).issues] == ["due"]


def test_a_notice_by_law_is_due_on_that_clocks_day(cron: Cron, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow = datetime.now(ZoneInfo(cron.workspace.settings.newsletter.timezone)).date() + timedelta(days=1)
    people = f"email,consent_at\nhong@example.com,{tomorrow}\n"
    (cron.workspace.root / "subscribers.csv").write_text(people, encoding="utf-8")
    behind(monkeypatch, timedelta(days=2))
    assert notices_due(cron.workspace, timedelta(), lambda *_: None).total == 1


def test_who_signs_up_at_a_fast_machine_is_mailed_by_the_others_at_once_and_long_enough_asked(
    cron: Cron, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = cron.workspace
    behind(monkeypatch, -workspace.settings.subscribe.confirm_within - 10 * MINUTE)
    with closing(PagesLedger(workspace)) as ledger:
        tokens, now = SignUpTokens(workspace, ledger.now_as_known), ledger.now()
        pages = SigningUp(workspace, ledger, tokens, offer_of(workspace), lambda: None, "https://news.example.org")
        wish = Wish("a@example.com", "a@example.com", None, "ko", None, "ko")
        assert pages.ask(wish, Asker("192.0.2.0/24", pages.address)) is None
        (asked,) = ledger.ask(lambda book: book.take_to_mail(ledger.list_id, now + MINUTE, most=2, until=now))
        link = tokens.link(asked.id, asked.asked_at)
        assert pages.look(link) is not None
        assert pages.confirm(link) is not None


def test_a_form_that_a_fast_machine_showed_is_not_too_young_for_another(
    cron: Cron, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(PagesLedger(cron.workspace)) as ledger:
        tokens = SignUpTokens(cron.workspace, ledger.now_as_known)
        behind(monkeypatch, -10 * MINUTE)
        stamp = tokens.new_stamp()
        behind(monkeypatch, timedelta())
        with time_machine.travel(datetime.now(UTC) - 10 * MINUTE):
            age = tokens.age_of(stamp)
    assert age is not None
    assert timedelta() <= age < MINUTE


def test_who_left_when_is_kept_by_that_clock(cron: Cron, monkeypatch: pytest.MonkeyPatch) -> None:
    behind(monkeypatch, -10 * MINUTE)
    with closing(Leaving(cron.workspace, lambda _words: None)) as pages:
        token = pages.read_token(pages.links.token("hong@example.com"))
        assert token is not None
        pages.let_go([token])
        (left,) = pages.ledger.ask(lambda book: list(book.suppressions(pages.ledger.list_id)))
        assert left.at <= pages.ledger.now()
