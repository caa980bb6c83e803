"""A row is judged once: what the survey found is what is planned, unless the subscriber file was changed since."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.errors import InputError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import DispatchRecord, Purpose
from newsletter.ledger.states import State
from newsletter.settings.workspace import Workspace
from newsletter.workflow.steps import plan as planning
from newsletter.workflow.steps.judged import RowKeeper
from newsletter.workflow.steps.plan import plan_dispatch
from newsletter.workflow.steps.prepare import prepare
from newsletter.workflow.subscribers import suppress
from tests.workflow.conftest import ISSUE, Reload

Planned = dict[str, tuple[str, str, int]]
"""State, name and line by key."""


@pytest.fixture
def workspace(open_workspace: Reload) -> Workspace:
    return open_workspace(NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false")


def plan_after(workspace: Workspace, change: Callable[[Path], object] = lambda _csv: None) -> Planned:
    """Prepare, change the subscriber file, and plan."""
    fresh = prepare(workspace, "2026-11")
    change(workspace.csv)
    with open_ledger(workspace, Purpose.SENDING) as ledger:
        record = plan_dispatch(workspace, ledger, fresh)
        assert isinstance(record, DispatchRecord)
        with ledger._database.read() as connection:
            rows = connection.exec_driver_sql("SELECT key, state, merge, line FROM deliveries ORDER BY id").all()
    return {key: (state, json.loads(merge or "{}").get("name", ""), line) for key, state, merge, line in rows}


PLANNED = {
    "hong@example.com": ("planned", "홍길동", 2),
    "jane@example.org": ("planned", "Jane Doe", 3),
    "kim@example.net": ("planned", "", 4),
}


def test_the_file_is_not_read_again_for_the_plan(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "judge_again", lambda *_given: pytest.fail("read again"))
    assert plan_after(workspace) == PLANNED


@pytest.mark.parametrize("how", ["grown", "replaced", "rewritten"])
def test_a_file_that_changed_is_judged_again(workspace: Workspace, how: str) -> None:
    text = workspace.csv.read_text(encoding="utf-8")

    def change(csv: Path) -> None:
        if how == "grown":
            with csv.open("a", encoding="utf-8") as file:
                file.write("new@example.com,새 독자\nHONG@example.com,또\nno address,\n")
        elif how == "replaced":
            other = csv.with_suffix(".new")
            other.write_text(f"{text}new@example.com,새 독자\n", encoding="utf-8")
            other.rename(csv)
        else:
            csv.write_bytes(f"{text}new@example.com,새 독자\n".replace("\n", "\r\n").encode("cp949"))

    assert plan_after(workspace, change) == {**PLANNED, "new@example.com": ("planned", "새 독자", 5)}


def test_a_file_that_grows_while_it_is_read_is_judged_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = RowKeeper.keep

    def keep_and_add(keeper: RowKeeper, *given: object) -> bool:
        with workspace.csv.open("a", encoding="utf-8") as file:
            file.write(f"new{len(workspace.csv.read_bytes())}@example.com,\n" if file.tell() < 200 else "")
        return keep(keeper, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(RowKeeper, "keep", keep_and_add)
    fresh = prepare(workspace, "2026-11")
    monkeypatch.undo()
    rows = workspace.csv.read_text(encoding="utf-8").count("@")
    with open_ledger(workspace, Purpose.SENDING) as ledger:
        assert plan_dispatch(workspace, ledger, fresh).total == rows


def test_a_row_that_fits_no_more_refuses_the_plan_with_its_line(workspace: Workspace) -> None:
    (workspace.root / "issues" / "2026-11.yaml").write_text(ISSUE.replace(' | default("구독자")', ""), encoding="utf-8")
    workspace.csv.write_text("email,name\nhong@example.com,홍길동\njane@example.org,Jane Doe\n", encoding="utf-8")
    changed = "email,name\nhong@example.com,홍\njane@example.org,\n"
    with pytest.raises(InputError) as caught:
        plan_after(workspace, lambda csv: csv.write_text(changed, encoding="utf-8"))
    assert [(one.file, one.line) for one in caught.value.problems] == [("subscribers.csv", 3)]
    with open_ledger(workspace, Purpose.READ) as ledger:
        assert ledger.find("issue-curator.news.example.org", "2026-11") is None


def test_a_file_that_is_gone_refuses_the_plan(workspace: Workspace) -> None:
    with pytest.raises(InputError):
        plan_after(workspace, lambda csv: csv.unlink())


def test_who_leaves_between_the_look_and_the_plan_is_suppressed(workspace: Workspace) -> None:
    found = plan_after(workspace, lambda _csv: suppress(workspace, "jane@example.org", "asked"))
    assert found == {**PLANNED, "jane@example.org": (State.SUPPRESSED, "Jane Doe", 3)}


def test_who_is_suppressed_may_lack_what_the_letter_needs(workspace: Workspace) -> None:
    (workspace.root / "issues" / "2026-11.yaml").write_text(ISSUE.replace(' | default("구독자")', ""), encoding="utf-8")
    suppress(workspace, "kim@example.net", "asked")
    assert plan_after(workspace)["kim@example.net"] == (State.SUPPRESSED, "", 4)


def test_a_second_plan_from_one_look_judges_again(workspace: Workspace) -> None:
    fresh = prepare(workspace, "2026-11")
    with open_ledger(workspace, Purpose.SENDING) as ledger:
        first = plan_dispatch(workspace, ledger, fresh)
        assert plan_dispatch(workspace, ledger, fresh) == first
