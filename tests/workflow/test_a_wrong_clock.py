"""A machine whose clock is ten minutes slow: what is due, and how old something is, goes by the ledger's clock."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.errors import RefusedError
from newsletter.settings.workspace import Workspace
from newsletter.workflow.latecomers import prepare_latecomers
from newsletter.workflow.schedule import overview
from newsletter.workflow.status import status
from newsletter.workflow.steps.issue_states import Standing
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


def behind(monkeypatch: pytest.MonkeyPatch, ahead: timedelta) -> None:
    monkeypatch.setattr("newsletter.ledger.ledger.Ledger.now", lambda _ledger: datetime.now(UTC) + ahead)


def test_status_and_the_dates_show_what_is_due(slow: Workspace) -> None:
    assert "It is approved, and due since" in status(slow, SLUG).to_text()
    assert [row.standing for row in overview(slow).rows] == [Standing.DUE]


def test_who_is_late_for_an_old_issue_is_told_by_that_clock(slow: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Cron(slow).run() == 0
    behind(monkeypatch, timedelta(days=31))
    with pytest.raises(RefusedError, match="latecomers get an issue that is no older than 30 days"):
        prepare_latecomers(slow, SLUG, None, lambda *_: None)
