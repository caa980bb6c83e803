"""Who leaves by a web server's log while an issue is sent counts, and no error of the watch is lost."""

import errno
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.returns.access_log import LogRead
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps import click_watch
from newsletter.workflow.steps.click_watch import watching_clicks
from newsletter.workflow.steps.clicks import read_clicks
from tests.support.click_log import CLICK_LOG, PEOPLE, click, left, with_click_log
from tests.workflow.conftest import Reload


@pytest.fixture
def workspace(open_workspace: Reload) -> Workspace:
    return with_click_log(open_workspace)


@pytest.fixture
def log(workspace: Workspace) -> Path:
    return workspace.root / CLICK_LOG


def test_a_click_while_it_is_sent_counts(workspace: Workspace, log: Path) -> None:
    """The watch reads again and again; what it finds is in the ledger while the block still runs."""
    with open_ledger(workspace, Purpose.SENDING):
        pass
    with watching_clicks(workspace, seconds=0.01) as warnings:
        log.write_text(click(workspace, PEOPLE[0]))
        _wait_until(lambda: left(workspace) == PEOPLE[:1])
        log.unlink()
        _wait_until(lambda: bool(warnings))
    assert len(warnings) == 1
    assert "While it was sent" in str(warnings[0])


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError(errno.EIO, "Input/output error"), "the disk does not answer as it should"),
        (
            UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
            "a bug in this program (UnicodeDecodeError: ",
        ),
    ],
)
def test_no_error_of_the_watch_is_lost_nor_ends_it(
    workspace: Workspace, log: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, why: str
) -> None:
    with open_ledger(workspace, Purpose.SENDING):
        pass
    log.write_text(click(workspace, PEOPLE[0]))
    fails = iter([True, True])

    def read_at_last(workspace: Workspace, ledger: Ledger) -> LogRead | None:
        if next(fails, False):
            raise error
        return read_clicks(workspace, ledger)

    monkeypatch.setattr(click_watch, "read_clicks", read_at_last)
    with watching_clicks(workspace, seconds=0.01) as warnings:
        _wait_until(lambda: left(workspace) == PEOPLE[:1])
    assert [f"While it was sent, nobody could know who left by the link: {why}" in str(one) for one in warnings] == [
        True
    ]


def _wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(6_000):
        if holds():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never came true")
