"""More bad addresses or complaints than the settings allow are told, once for an issue: at its end, or weeks later."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.workflow.send import send
from newsletter.workflow.steps.prepare import prepare
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Reload, approve, write_issue
from tests.workflow.test_list_change import people
from tests.workflow.test_word import Told

HOUR = timedelta(hours=1)
NOBODY = "550 5.1.1 no such user"


@pytest.fixture
def told(open_workspace: Reload, tmp_path: Path) -> Told:
    """An issue is due and approved, for a hundred readers."""
    told = Told(open_workspace, tmp_path)
    people(tmp_path, 100)
    write_issue(tmp_path, due=HOUR)
    approve(told.cron.workspace)
    return told


def events(told: Told) -> list[object]:
    return [given["event"] for given in told.given()]


@pytest.mark.parametrize(("bad", "is_told"), [(4, False), (5, True)])
def test_bad_addresses_at_the_end_of_the_run(told: Told, room: Mailroom, bad: int, is_told: bool) -> None:
    room.replies = {f"reader{number}@example.com": NOBODY for number in range(bad)}
    for _ in range(2):
        assert told.cron.run() == 0
    assert events(told) == ["finished", *["bounces"] * is_told]
    if is_told:
        given = told.given()[-1]
        assert given["numbers"] == {"count": 5, "of": 100, "rate": 0.05, "limit": 0.02}
        assert given["next_command"] == "newsletter status 2026-11 --who failed --class bad-address"
        body = room.words_to("ops@example.org")
        assert "주소 100개 가운데 5개(5%)가 없는 주소입니다" in body
        assert str(given["next_command"]) in body


def test_a_run_by_hand_tells_as_well(told: Told, room: Mailroom) -> None:
    room.replies = {f"reader{number}@example.com": NOBODY for number in range(5)}
    workspace = told.cron.workspace
    ending = send(workspace, prepare(workspace, "2026-11"), advance=lambda *_: None)
    assert "5 of 100 addresses are bad, 5%; [operator] bounce_limit is 2%." in str(ending.warnings[-1])
    assert events(told) == ["finished", "bounces"]
    assert told.cron.run() == 0
    assert events(told) == ["finished", "bounces"], "told twice"


def test_a_complaint_that_comes_weeks_later(told: Told) -> None:
    assert told.cron.run() == 0
    with open_ledger(told.cron.workspace, Purpose.SENDING) as ledger:
        ledger.suppress("*", key="reader7@example.com", reason="complained", now=datetime.now(UTC))
    told.cron.now = datetime.now(UTC) + timedelta(days=20)
    for _ in range(2):
        assert told.cron.run() == 0
    assert events(told) == ["finished", "complaints"]
    assert told.given()[-1]["numbers"] == {"count": 1, "of": 100, "rate": 0.01, "limit": 0.001}
    assert "reader7" not in json.dumps(told.given())
