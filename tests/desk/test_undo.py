"""Undo and redo: by steps, over restarts, beside other windows and editors; and what becomes of what is kept."""

import json
from pathlib import Path

import pytest

from newsletter.desk.change import InsertItem, RemoveItem, SetValue
from newsletter.desk.merging.in_translations import value_at
from newsletter.desk.saving import issue_store, kept_versions
from newsletter.desk.saving.issue_store import EditConflictError
from newsletter.desk.saving.steps import MOST_STEPS, Step, Steps
from newsletter.issue.tree import DataPath
from tests.support.desk_store import TEXT, Desk, make_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path / "workspace")


def title(text: str) -> SetValue:
    return SetValue(("title",), text)


def undo(desk: Desk, window: str = "w") -> bool:
    return desk.store.undo(desk.issue, "", window).can_undo


def redo(desk: Desk, window: str = "w") -> bool:
    return desk.store.redo(desk.issue, "", window).can_redo


def test_each_change_is_taken_back_and_made_again(desk: Desk) -> None:
    texts = [desk.text]
    for change in (title("하나"), RemoveItem(("sections",), 0), SetValue(("closing",), "안녕")):
        desk.change(desk.open(), change)
        texts.append(desk.text)
    for text, more in zip(reversed(texts[:-1]), (True, True, False), strict=True):
        assert undo(desk) is more
        assert desk.text == text
    assert not undo(desk)
    assert desk.text == TEXT
    for text, more in zip(texts[1:], (True, True, False), strict=True):
        assert redo(desk) is more
        assert desk.text == text
    assert undo(desk)
    assert desk.text == texts[-2]


def test_what_is_typed_in_one_field_is_one_step(desk: Desk) -> None:
    for text in ("ㅎ", "하", "한글"):
        desk.change(desk.open(), title(text), group="title")
    desk.change(desk.open(), title("한글과"), group="title again")
    undo(desk)
    assert "title: 한글 " in desk.text
    assert not undo(desk)
    assert desk.text == TEXT


def test_what_was_still_to_be_written_when_all_was_killed_is_no_hindrance(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    seen = desk.change(desk.open(), title("하나"), group="title")
    monkeypatch.setattr(issue_store, "write_stored", killed)
    with pytest.raises(KeyboardInterrupt):
        desk.change(seen, title("하나둘"), group="title")
    monkeypatch.undo()
    assert "title: 하나 " in desk.text
    undo(desk)
    assert desk.text == TEXT


def test_what_was_taken_back_gets_nothing_added(desk: Desk) -> None:
    desk.change(desk.open(), title("하나"), group="title")
    undo(desk)
    redo(desk)
    desk.change(desk.open(), title("둘"), group="title")
    undo(desk)
    assert "하나" in desk.text


def test_after_a_new_change_there_is_nothing_to_redo(desk: Desk) -> None:
    desk.change(desk.open(), title("하나"))
    undo(desk)
    assert not desk.change(desk.open(), title("둘")).can_redo
    redo(desk)
    assert "둘" in desk.text


def test_a_new_window_goes_on_where_the_last_one_was(desk: Desk) -> None:
    desk.change(desk.open(), title("하나"))
    desk.change(desk.open(), title("둘"))
    undo(desk)
    opened = desk.open("after the restart")
    assert opened.can_undo
    assert opened.can_redo
    assert undo(desk, "after the restart") is False
    assert desk.text == TEXT


def test_a_window_takes_back_its_own_and_leaves_what_others_did(desk: Desk) -> None:
    desk.change(desk.open(), title("하나"), window="a")
    desk.change(desk.open(), SetValue(("closing",), "안녕"), window="b")
    desk.saved_elsewhere("type: quote\n    text: 셋", "type: quote\n    text: 세 번째")
    undo(desk, "a")
    assert desk.text == TEXT.replace("끝", "안녕").replace("셋", "세 번째")
    redo(desk, "a")
    assert desk.text == TEXT.replace("끝", "안녕").replace("셋", "세 번째").replace("신성장동력", "하나")


def test_what_another_has_changed_since_is_told_and_stays(desk: Desk) -> None:
    desk.change(desk.open(), title("하나"))
    desk.saved_elsewhere("하나", "남의 것")
    with pytest.raises(EditConflictError) as caught:
        undo(desk)
    (place,) = caught.value.places
    assert (place.path, place.base, place.mine, place.theirs) == (("title",), "하나", "신성장동력", "남의 것")
    assert "남의 것" in desk.text


def test_lines_side_by_side_are_still_two_places(desk: Desk) -> None:
    desk.change(desk.open(), SetValue(("sections", 1, "heading"), "내 것"))
    desk.saved_elsewhere("    body: 둘", "    body: 남의 것")
    undo(desk)
    assert desk.text == TEXT.replace("    body: 둘", "    body: 남의 것")


def test_a_section_comes_back_among_others_that_were_put_in(desk: Desk) -> None:
    desk.change(desk.open(), RemoveItem(("sections",), 1), window="a")
    desk.change(desk.open(), InsertItem(("sections",), 1, {"type": "notice", "body": "새 글"}), window="b")
    opened = desk.store.undo(desk.issue, "", "a")
    assert opened.data
    bodies = [value_at(opened.data, ("sections", index, "body")) for index in range(4)]
    assert "둘" in bodies
    assert "새 글" in bodies
    place: DataPath = ("translations", "en", "sections", bodies.index("둘"))
    assert value_at(opened.data, place) == {"body": "Two"}


def test_an_undo_that_would_break_the_file_is_told(desk: Desk) -> None:
    desk.change(desk.open(), title("하나"))
    desk.saved_elsewhere("closing: 끝\n", "closing: 끝\nauthor: 홍길동\n")
    opened = desk.open()
    desk.store.replace_text(desk.issue, opened.version, desk.text.replace("author: 홍길동\n", ""), "b")
    desk.saved_elsewhere("# of the issue\n", "# of the issue\nauthor: 이몽룡\n")
    with pytest.raises(EditConflictError):
        undo(desk, "b")
    assert desk.open().data is not None


def test_a_broken_file_of_steps_is_set_aside(desk: Desk) -> None:
    desk.change(desk.open(), title("하나"))
    for broken in (
        b"{",
        b"[]",
        b'{"done": [{"before": 1}], "undone": []}',
        b'{"done": [{}], "undone": []}',
        b"[" * 100_000,
    ):
        (desk.shelf / "steps.json").write_bytes(broken)
        assert not desk.open().can_undo
        assert (desk.shelf / "steps.json.broken").read_bytes() == broken
    assert desk.change(desk.open(), title("둘")).can_undo


def test_a_version_that_is_not_whole_is_none(desk: Desk) -> None:
    desk.change(desk.open(), title("하나"))
    for kept in (desk.shelf / "versions").iterdir():
        kept.write_bytes(b"half")
    assert not undo(desk)
    assert "하나" in desk.text


def test_a_version_is_no_path(desk: Desk) -> None:
    seen = desk.open()
    desk.saved_elsewhere("끝", "마침")
    (desk.shelf / "versions" / "x.yaml").write_text(TEXT, encoding="utf-8")
    for version in ("x", "../versions/x", "../../../../issues/2026-12", "", "\0", "a" * 32):
        with pytest.raises(EditConflictError):
            desk.store.change(desk.issue, version, [title("하나")], "w")
    assert desk.change(seen, title("하나")).merged


def test_what_was_meant_for_a_version_nobody_has_is_kept(desk: Desk) -> None:
    with pytest.raises(EditConflictError) as caught:
        desk.store.change(desk.issue, "0" * 32, [title("하나")], "w")
    assert caught.value.kept is not None
    assert json.loads(caught.value.kept.read_bytes())[0]["value"] == "하나"
    assert (caught.value.places[0].mine, caught.value.places[0].theirs) == ("하나", "신성장동력")


def test_what_is_kept_is_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_versions, "MOST_SPARE", 5)
    for number in range(20):
        desk.change(desk.open(), title(f"제목 {number}"), group="title")
    assert len(list((desk.shelf / "versions").iterdir())) <= 5 + 2
    undo(desk)
    assert desk.text == TEXT


def test_steps_are_bounded() -> None:
    steps = Steps()
    for number in range(MOST_STEPS + 10):
        steps = steps.with_change(Step(str(number), str(number + 1), "w"))
    assert len(steps.done) == MOST_STEPS
    assert steps.done[0].before == "10"
