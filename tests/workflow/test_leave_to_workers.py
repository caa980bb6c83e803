"""`send --due --leave-to-workers`: plans, publishes and tells, one machine at a time; workers send."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.catalogue import Said, phrase
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import State
from newsletter.ledger.worker_ledger import open_worker_ledger
from newsletter.settings.workspace import Workspace
from newsletter.workflow.send_due import send_due
from newsletter.workflow.steps import worker_loop
from tests.support.books import LIST, begun_long_ago
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Reload, write_issue
from tests.workflow.test_worker import OPEN, SLUG, Working


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_loop, "_LOOK_EVERY", 0.02)


@pytest.fixture
def due(open_workspace: Reload) -> Workspace:
    """An issue is due, and the ledger is one that cron trusts."""
    workspace = open_workspace(**OPEN, NEWSLETTER_OPERATOR__NOTIFY='["operator@example.org"]')
    write_issue(workspace.root, due=timedelta(hours=1))
    begun_long_ago(workspace.root)
    return workspace


def left(workspace: Workspace, after: timedelta = timedelta(0)) -> tuple[int, list[str]]:
    """The exit code and what was said; `after` so much time."""
    said: list[str] = []

    def keep(words: Said) -> None:
        said.append(str(words))

    now = datetime.now(UTC) + after
    return send_due(workspace, say=keep, warn=keep, advance=lambda *_: None, leaves_sending=True, now=now), said


def counts(workspace: Workspace) -> dict[State, int]:
    with open_ledger(workspace, Purpose.READ) as ledger:
        record = ledger.find(LIST, SLUG)
        return {} if record is None else {state: n for state, n in ledger.counts(record.id).items() if n}


def test_it_plans_and_a_worker_sends_and_then_it_tells_how_that_ended_once(due: Workspace, room: Mailroom) -> None:
    assert left(due) == (0, [])
    assert (counts(due), room.mail) == ({State.PLANNED: 3}, [])
    assert left(due) == (0, [])
    working = Working()
    assert working.run(due, lambda: working.until_said("3 sent")) == 0
    code, said = left(due)
    assert (code, "3 sent" in said[0]) == (0, True), said
    told = json.loads((due.issues / f"{SLUG}.sent.json").read_text(encoding="utf-8"))
    assert told["states"]["sent"] == 3
    assert room.recipients()[3:] == ["operator@example.org"]
    assert left(due) == (0, [])
    assert len(room.mail) == 4


def test_one_that_is_kept_out_by_another_does_nothing(due: Workspace) -> None:
    with open_ledger(due, Purpose.READ) as ledger, ledger.alone_on_all_machines(f"due {LIST}") as is_alone:
        assert is_alone
        assert left(due) == (0, [])
        assert counts(due) == {}
    left(due)
    assert counts(due) == {State.PLANNED: 3}


def test_a_pause_is_told_as_by_cron(due: Workspace) -> None:
    left(due)
    with open_ledger(due, Purpose.READ) as ledger:
        record = ledger.find(LIST, SLUG)
        assert record is not None
        ledger.pause(record.id, "the relay refuses", record.planned_at)  # type: ignore[arg-type]
    code, said = left(due)
    assert (code, len(said)) == (0, 1)
    assert "paused" in said[0]


def test_the_operator_hears_that_nobody_is_at_it_and_what_keeps_workers_from_sending(
    due: Workspace, room: Mailroom
) -> None:
    left(due)
    assert left(due) == (0, [])  # one may just be starting
    later = left(due, timedelta(minutes=6))
    assert (later[0], len(later[1])) == (75, 1)
    assert "no worker is at it" in later[1][0]
    with open_worker_ledger(due, Purpose.READ) as ledger:
        number = ledger.worker_begins("0.1.0")
        why = phrase("workflow.worker.page_missing")
        here = phrase("workflow.worker.cannot_send", newsletter=LIST, slug=SLUG, why=why)
        other = phrase("workflow.worker.cannot_send", newsletter="other.example.org", slug=SLUG, why=why)
        ledger.worker_tells(number, [], [here, other])
    code, said = left(due)
    assert (code, said) == (69, [str(here)])
    assert [recipient for recipient, _ in room.mail] == ["operator@example.org"] * 2
    assert left(due)[0] == 69
    assert len(room.mail) == 2
