"""Markup that came to nothing warns with file, line, column and what to write."""

from pathlib import Path

import pytest

from newsletter.check.finding import Severity
from tests.support.checks import findings_of, ko, of_rule

HEAD = "title: 신성장동력\npreheader: 한 줄\n"


@pytest.mark.parametrize(
    ("text", "place", "says", "hint"),
    [
        ("intro: |\n  글\n\n  이 글은 ** 중요 ** 합니다.\n", (6, 8), "** 중요", "붙여 적으세요: **중요** ("),
        ("intro: 글 **굵게\n", (3, 10), "**굵게", "끝에 **를 붙이세요"),
        ("intro: ~~3만 원~~2만 원\n", (3, 8), "~~3만 원~~2만 원", "~~3만 원~~ 2만 원처럼"),
        ("intro: |\n  구 | 명\n\n  |---|---|\n  | 종로 | 1 |\n", (6, 3), "|---|---|", "머리줄을 적고"),
        ("intro: 글[^1]과 둘[^2]\nclosing: |\n  끝\n\n  [^1]: 설명\n", (3, 9), "[^1]", "적으세요: [^1]: 설명"),
        (
            "intro: |\n  첫 문단\n\n      들여쓴 문단\n      둘째 줄\n",
            (6, 7),
            "코드로 보입니다: 들여쓴 문단",
            "빈칸을 지우세요",
        ),
        ("intro: 글\nauthor: '**홍길동**'\n", (4, 10), "**홍길동**", "지우세요"),
        (
            "intro: 글\nsections:\n  - type: story\n    heading: 새 **소식**\n    body: 글\n",
            (6, 16),
            "새 **소식**",
            "지우세요",
        ),
    ],
)
def test_it_warns_at_its_place_with_what_to_write(
    tmp_path: Path, text: str, place: tuple[int, int], says: str, hint: str
) -> None:
    [found] = of_rule(findings_of(tmp_path, HEAD + text), "markup-left")
    assert found.severity is Severity.WARNING
    assert (found.file, found.line, found.column) == ("issues/2026-11.yaml", *place)
    assert says in ko(found.message)
    assert hint in ko(found.hint)


def test_what_is_bold_struck_or_kept_by_a_backslash_or_code_does_not_warn(tmp_path: Path) -> None:
    intro = r"**재현:**10회 ~~3만 원~~ 2만 원, 2**10, 010-****-1234, 홍**님, \*\*그대로\*\*, `** 코드 **`"
    assert of_rule(findings_of(tmp_path, f"{HEAD}intro: '{intro}'\n"), "markup-left") == []


def test_a_translation_is_looked_at_too(tmp_path: Path) -> None:
    text = HEAD + "intro: 글\ntranslations:\n  en:\n    title: New\n    intro: This is **bold\n"
    [found] = of_rule(findings_of(tmp_path, text), "markup-left")
    assert (found.line, found.column) == (7, 20)
