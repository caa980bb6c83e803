"""What keeps an issue from being read is told in Korean to a Korean newsletter, and keeps the words of the issue."""

import re
import tomllib
from pathlib import Path

import pytest

import newsletter.issue
from newsletter.check.unreadable import FILE, in_language
from newsletter.errors import InputError, Problem
from newsletter.issue.load import load_issue
from tests.support.issue_files import workspace, write_issue

SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in Path(newsletter.issue.__file__).parent.glob("*.py"))
TABLES = tomllib.loads(FILE.read_text(encoding="utf-8"))
ROWS: list[dict[str, str]] = [*TABLES["said"], *TABLES["hints"]]
BROKEN = [
    "title: 주제: 부제\n",
    "title: {{ subscriber.name }}님께\n",
    "title: [서울] 소식\n",
    "title: 가\npreheader: 청년 #3호\nintro: 가\n",
    'title: "열린\n',
    "title: 가\nsections:\n\t- type: story\n",
    "title: 하나\ntitle: 둘\nintro: 가\n",
    "title: 가\nsections: [\n",
    "title: 가\nintro: 가\nsecions: []\n",
    "title: 가\nintro: 가\nzzz: 1\n",
    "title: 가\nsections:\n  - type: storry\n",
    "title: 가\nsections:\n  - type: story\n",
    "title: 가\n",
    "",
    "title: ''\nintro: 가\n",
    "title: 가\nintro: 가\npublish_at: 어제\n",
    "title: 가\nintro: 가\npublish_at: 2026-13-40T25:00\n",
    "title: 가\nsections:\n  - { type: story, body: 가, button: { label: 가, url: 'javascript:x' } }\n",
    "title: 가\nintro: '{{ subscriber.nam }}'\n",
]


def problems(root: Path, text: str) -> list[Problem]:
    with pytest.raises(InputError) as refused:
        load_issue(write_issue(root, text), workspace_root=workspace(root).root, timezone="Asia/Seoul")
    return list(refused.value.problems)


@pytest.mark.parametrize("text", BROKEN)
def test_it_is_told_in_korean(tmp_path: Path, text: str) -> None:
    for problem in problems(tmp_path, text):
        told = in_language(problem, "ko")
        assert re.search("[가-힣]", str(told.message)), str(problem.message)
        assert not str(problem.hint) or re.search("[가-힣]", str(told.hint)), str(problem.hint)
        assert (told.line, told.column, told.path) == (problem.line, problem.column, problem.path)
        assert in_language(problem, "en") == problem


def test_the_words_of_the_issue_stay(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, "title: 가\nintro: 가\nsecions: []\n")
    assert in_language(problem, "ko").message == "`secions`라는 칸은 없습니다. 혹시 `sections` 아닌가요?"
    [problem] = problems(tmp_path, "title: 주제: 부제\n")
    assert in_language(problem, "ko").hint == '이렇게 적으세요: title: "주제: 부제"'


def test_what_is_not_known_stays_as_it_is() -> None:
    problem = Problem("something nobody has thought of", "a.yaml", 1, 2, hint="{}")
    assert in_language(problem, "ko") == problem


def test_a_picture_that_is_not_there_is_told_with_its_name() -> None:
    problem = Problem("there is no picture `a.png`", hint="Looked for issues/a.png and a.png.")
    told = in_language(problem, "ko")
    assert (told.message, told.hint) == ("그림 파일이 없습니다: a.png", "찾아본 곳: issues/a.png, a.png")


@pytest.mark.parametrize("row", [row for row in ROWS if "{}" not in row["en"]], ids=lambda row: row["en"])
def test_a_row_of_the_table_is_what_is_said(row: dict[str, str]) -> None:
    assert row["en"] in SOURCES


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["en"])
def test_both_sides_of_a_row_are_sentences_of_their_language(row: dict[str, str]) -> None:
    assert row["ko"].count("{}") <= row["en"].count("{}")
    assert re.search("[가-힣]", row["ko"])
    assert not re.search("[가-힣]", row["en"])
