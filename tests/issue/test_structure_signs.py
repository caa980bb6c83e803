"""Full-width colons, no-break spaces and hidden signs in the structure of a file: named, with the line to write."""

from pathlib import Path

import pytest

from newsletter.errors import InputError
from newsletter.issue.load import load_issue
from newsletter.issue.structure_signs import mended_line, structure_signs
from tests.support.issue_files import write_issue

GOOD = """\
title: 신성장동력
intro: |
  안녕하세요.
sections:
  - type: notice
    body: 글
  - type: figures
    items: [{ value: 443명, label: 연구 }]
"""
NBSP, WIDE_SPACE, HIDDEN, BOM = "\u00a0", "\u3000", "\u200b", "\ufeff"
CASES = [
    ("title:", "title：", 1, 6, "U+FF1A FULLWIDTH COLON"),
    ("title: ", "title：", 1, 6, "U+FF1A FULLWIDTH COLON"),
    ("sections:", "sections：", 4, 9, "U+FF1A FULLWIDTH COLON"),
    ("type: notice", "type：notice", 5, 9, "U+FF1A FULLWIDTH COLON"),
    ("{ value:", "{ value：", 8, 20, "U+FF1A FULLWIDTH COLON"),
    ("label:", "label﹕", 8, 33, "U+FE55 SMALL COLON"),
    ("    body", NBSP * 4 + "body", 6, 1, "U+00A0 NO-BREAK SPACE"),
    ("    body", "  " + NBSP * 2 + "body", 6, 3, "U+00A0 NO-BREAK SPACE"),
    ("    body", WIDE_SPACE * 2 + "body", 6, 1, "U+3000 IDEOGRAPHIC SPACE"),
    ("    body", HIDDEN + "    body", 6, 1, "U+200B ZERO WIDTH SPACE"),
    ("  안녕", NBSP * 2 + "안녕", 3, 1, "U+00A0 NO-BREAK SPACE"),
    ("intro: |", "intro: |" + NBSP, 2, 9, "U+00A0 NO-BREAK SPACE"),
    ("title: ", "title:" + NBSP, 1, 7, "U+00A0 NO-BREAK SPACE"),
    ("title: ", "title:" + HIDDEN, 1, 7, "U+200B ZERO WIDTH SPACE"),
    ("type: notice", "type:" + WIDE_SPACE + "notice", 5, 10, "U+3000 IDEOGRAPHIC SPACE"),
    ("- type: notice", "-" + NBSP + "type: notice", 5, 4, "U+00A0 NO-BREAK SPACE"),
    ("- type: notice", "－ type: notice", 5, 3, "U+FF0D FULLWIDTH HYPHEN-MINUS"),
    ("title", "title" + HIDDEN, 1, 6, "U+200B ZERO WIDTH SPACE"),
    ("title", "title" + NBSP, 1, 6, "U+00A0 NO-BREAK SPACE"),
    ("title", "ｔｉｔｌｅ", 1, 1, "U+FF54 FULLWIDTH LATIN SMALL LETTER T"),
    ("intro", BOM + "intro", 2, 1, "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
]


@pytest.mark.parametrize(("good", "bad", "line", "column", "name"), CASES)
def test_the_character_is_named_at_its_place_and_alone(
    tmp_path: Path, good: str, bad: str, line: int, column: int, name: str
) -> None:
    assert good in GOOD
    path = write_issue(tmp_path, GOOD.replace(good, bad, 1))
    with pytest.raises(InputError) as raised:
        load_issue(path, workspace_root=tmp_path, timezone="Asia/Seoul")
    [problem] = raised.value.problems
    assert (problem.line, problem.column) == (line, column)
    assert name in str(problem.message)
    assert name in problem.message.in_language("ko")


@pytest.mark.parametrize(("good", "bad"), [case[:2] for case in CASES])
def test_what_stands_in_its_place_can_be_read(tmp_path: Path, good: str, bad: str) -> None:
    mended = "\n".join(map(mended_line, GOOD.replace(good, bad, 1).split("\n")))
    issue = load_issue(write_issue(tmp_path, mended), workspace_root=tmp_path, timezone="Asia/Seoul")
    assert issue == load_issue(write_issue(tmp_path, GOOD), workspace_root=tmp_path, timezone="Asia/Seoul")


def test_the_line_to_paste_has_its_quotes(tmp_path: Path) -> None:
    path = write_issue(tmp_path, GOOD.replace("title: ", "title： 안내: "))
    with pytest.raises(InputError) as raised:
        load_issue(path, workspace_root=tmp_path, timezone="Asia/Seoul")
    [problem] = raised.value.problems
    assert str(problem.hint) == 'Write: title: "안내: 신성장동력"'


def test_all_lines_of_a_pasted_block_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("  안녕하세요.\n", f"{NBSP}{NBSP}안녕하세요.\n" * 30)
    with pytest.raises(InputError) as raised:
        load_issue(write_issue(tmp_path, text), workspace_root=tmp_path, timezone="Asia/Seoul")
    assert [problem.line for problem in raised.value.problems] == list(range(3, 33))


@pytest.mark.parametrize(
    "line",
    [
        "  서울：도시",
        "  - 접수：8월",
        f"  글 사이{NBSP}빈칸",
        f"    {WIDE_SPACE}문단 들여쓰기",
        f"title: 서울{NBSP}시",
        "  https：//example.org",
        "title: ＡＢＣ",
    ],
)
def test_a_text_has_no_structure(line: str) -> None:
    assert structure_signs(line) == []
