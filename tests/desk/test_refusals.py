"""What cannot be changed is said with its line and the next step, in both languages, and no text comes out."""

import pytest

from newsletter.desk.change import CopyItem, InsertItem, IssueChange, MoveItem, RemoveItem, RemoveKey, SetValue
from newsletter.desk.text.edit import edited_text
from newsletter.errors import InputError, Problem

TITLE = SetValue(("title",), "b")
UNREADABLE = [
    ("title: a\nsubject: b: c\n", 2),
    ("title: a\n\tsubject: b\n", 2),
    ("title: &x a\nsubject: b\n", 1),
    ("title: a\nsubject: *x\n", 2),
    ("title: a\nsubject: !b c\n", 2),
    ("title: a\ntitle: b\n", 2),
    ("title: a\nintro: |\n   b\n  c\n", 3),
    ("title: a\u2028\n", 1),
    ("title: a\rsubject: b\n", 1),
    ("title: [a\nsubject: b\n", 1),
]
TOO_ODD: list[tuple[str, IssueChange, int]] = [
    ("? title\n: a\n", RemoveKey(("title",)), 2),
    ("? title\n: a\nsubject: b\n", SetValue(("preheader",), "c"), 1),
    ("tags: [a, # why\n  b]\n", RemoveItem(("tags",), 0), 1),
    ("hero: { src: a, # why\n  alt: b }\n", RemoveKey(("hero", "src")), 1),
]
ASTRAY: list[tuple[IssueChange, str]] = [
    (SetValue((), "x"), "desk.edit.nothing_there"),
    (SetValue(("tags", 2), "x"), "desk.edit.nothing_there"),
    (SetValue(("tags", "x"), "x"), "desk.edit.nothing_there"),
    (SetValue(("sections", 1, "heading"), "x"), "desk.edit.nothing_there"),
    (SetValue(("title", "x"), "x"), "desk.edit.nothing_there"),
    (SetValue(("tags",), "x"), "desk.edit.holds_parts"),
    (SetValue(("title",), ["x"]), "desk.edit.holds_text"),
    (SetValue(("title",), "\ud83d"), "desk.edit.holds_half_a_character"),
    (SetValue(("\udc00",), "x"), "desk.edit.holds_half_a_character"),
    (RemoveKey(("x",)), "desk.edit.nothing_there"),
    (RemoveKey(()), "desk.edit.nothing_there"),
    (RemoveKey(("tags", 0)), "desk.edit.nothing_there"),
    (RemoveItem(("tags",), 2), "desk.edit.nothing_there"),
    (RemoveItem(("tags",), -1), "desk.edit.nothing_there"),
    (RemoveItem(("title",), 0), "desk.edit.is_no_list"),
    (MoveItem(("tags",), 0, 2), "desk.edit.nothing_there"),
    (CopyItem(("tags",), 2, 0), "desk.edit.nothing_there"),
    (InsertItem(("tags",), 3, "x"), "desk.edit.nothing_there"),
    (InsertItem(("summary",), 1, "x"), "desk.edit.nothing_there"),
]


def problem_with(text: str, change: IssueChange) -> Problem:
    with pytest.raises(InputError) as refused:
        edited_text(text, change, file="issues/2026-11.yaml")
    problem = refused.value.problems[0]
    assert problem.file == "issues/2026-11.yaml"
    assert problem.in_language("ko") != problem.in_language("en")
    return problem


@pytest.mark.parametrize(("text", "line"), UNREADABLE)
def test_a_file_that_cannot_be_read_is_not_changed(text: str, line: int) -> None:
    assert problem_with(text, TITLE).line == line


@pytest.mark.parametrize(("text", "change", "line"), TOO_ODD)
def test_what_is_written_too_oddly_is_for_a_person_to_change(text: str, change: IssueChange, line: int) -> None:
    problem = problem_with(text, change)
    assert problem.line == line
    assert "change this line in the file itself" in str(problem)
    assert "파일에서 이 줄을 직접 고치세요" in problem.in_language("ko")


@pytest.mark.parametrize(("change", "code"), ASTRAY)
def test_a_place_that_is_not_there_is_told(change: IssueChange, code: str) -> None:
    problem = problem_with("title: a\ntags: [b, c]\nsections:\n  - type: story\n", change)
    assert getattr(problem.message, "code", "") == code
    assert problem.line is not None


def test_what_would_make_the_file_too_large_to_read_is_not_written() -> None:
    assert problem_with("title: a\n", SetValue(("title",), "x" * 200_001)).line == 1


def test_what_would_nest_too_deeply_to_be_read_is_not_written() -> None:
    deep: list[object] | str = "x"
    for _ in range(40):
        deep = [deep]
    assert problem_with("title: a\n", SetValue(("intro",), deep)).line == 1  # type: ignore[arg-type]
