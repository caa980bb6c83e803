"""Pause, resume, cancel and resolve: what they answer, in both languages, and that the ledger knows of it."""

import pytest

from newsletter.catalogue import Said
from newsletter.errors import RefusedError, UsageError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LedgerLostError, Purpose
from newsletter.ledger.states import DispatchStatus
from newsletter.settings.workspace import Workspace
from newsletter.workflow.control import cancel, pause, resume
from newsletter.workflow.resolve import prepare_resolve, resolve
from newsletter.workflow.send import find_started, send
from newsletter.workflow.steps.prepare import prepare
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Reload, write_issue

SLUG = "2026-11"


@pytest.fixture
def begun(open_workspace: Reload) -> Workspace:
    """An issue of which the first of three readers has got it."""
    workspace = open_workspace(NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false")
    send(workspace, prepare(workspace, SLUG), advance=lambda *_: None, first=1)
    return workspace


def status(workspace: Workspace) -> DispatchStatus:
    with open_ledger(workspace, Purpose.READ) as ledger:
        record = ledger.find(workspace.settings.newsletter.list_id, SLUG)
        assert record is not None
        return record.status


def both(said: Said) -> tuple[str, str]:
    return said.in_language("ko"), said.in_language("en")


def test_a_dispatch_goes_on_and_stops_again_and_each_answer_names_the_next_command(begun: Workspace) -> None:
    assert both(resume(begun, SLUG)) == (
        "2026-11 발송을 이어 갈 수 있습니다: newsletter send 2026-11",
        "2026-11 may go on: newsletter send 2026-11",
    )
    assert status(begun) is DispatchStatus.RUNNING
    assert both(pause(begun, SLUG)) == (
        "2026-11 발송을 일시 중지했습니다. 이어서 보내려면: newsletter resume 2026-11",
        "2026-11 is paused. To go on: newsletter resume 2026-11",
    )
    assert status(begun) is DispatchStatus.PAUSED
    with pytest.raises(RefusedError) as refused:
        find_started(begun, SLUG)
    assert refused.value.in_language("ko").endswith("이어서 보내려면: newsletter resume 2026-11")


def test_what_is_cancelled_stays_cancelled(begun: Workspace) -> None:
    assert both(cancel(begun, SLUG)) == ("2026-11: 2통을 취소했습니다.", "2026-11: 2 deliveries cancelled.")
    assert status(begun) is DispatchStatus.CANCELLED
    with pytest.raises(RefusedError, match="that is for good"):
        resume(begun, SLUG)
    with pytest.raises(RefusedError, match="those who had not got it will not"):
        find_started(begun, SLUG)


def test_what_is_finished_is_neither_paused_nor_cancelled(begun: Workspace) -> None:
    resume(begun, SLUG)
    started = find_started(begun, SLUG)
    assert started is not None
    send(begun, started, advance=lambda *_: None)
    assert both(pause(begun, SLUG))[1] == "2026-11 is finished; there is nothing to pause."
    assert both(cancel(begun, SLUG))[1] == "2026-11 is finished; there is nothing to cancel."
    assert status(begun) is DispatchStatus.RUNNING


def test_a_second_cancel_says_so(begun: Workspace) -> None:
    cancel(begun, SLUG)
    assert "was cancelled before" in both(cancel(begun, SLUG))[1]


def test_where_nothing_is_in_doubt_nothing_is_decided(begun: Workspace) -> None:
    assert both(resolve(begun, prepare_resolve(begun, SLUG), as_sent=True)) == (
        "2026-11: 도착 미확인인 편지가 없습니다.",
        "2026-11: nothing is in doubt.",
    )


def test_an_issue_that_was_never_planned_is_a_usage_error_with_or_without_a_ledger(
    open_workspace: Reload, begun: Workspace
) -> None:
    write_issue(begun.root, "2021-09")
    with pytest.raises(UsageError, match="2021-09 was never planned"):
        pause(begun, "2021-09")
    with pytest.raises(UsageError, match="there is no issue `2021-10`"):
        pause(begun, "2021-10")
    for path in begun.state.glob("ledger.db*"):
        path.unlink()
    with pytest.raises(UsageError, match="2026-11 was never planned") as refused:
        pause(open_workspace(), SLUG)
    assert refused.value.in_language("ko").startswith("2026-11은 발송을 계획한 적이 없어서")


def test_after_a_lost_ledger_nobody_is_mailed_again_without_a_word(open_workspace: Reload, room: Mailroom) -> None:
    workspace = open_workspace(NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false")
    send(workspace, prepare(workspace, "2026-11"), advance=lambda *_: None)
    assert len(room.mail) == 3
    for path in workspace.state.glob("ledger.db*"):
        path.unlink()
    assert find_started(workspace, "2026-11") is None
    with pytest.raises(LedgerLostError, match="newsletter ledger adopt"):
        prepare(workspace, "2026-11")
    assert len(room.mail) == 3


def test_the_ledger_keeps_who_paused_on_one_printable_line(begun: Workspace) -> None:
    resume(begun, SLUG)
    pause(begun, SLUG, by="hong\x1b]0;x\x07\n\u202e@mail1")
    with open_ledger(begun, Purpose.READ) as ledger:
        record = ledger.find(begun.settings.newsletter.list_id, SLUG)
    assert record is not None
    assert str(record.paused_by) == "hong ]0;x @mail1"
