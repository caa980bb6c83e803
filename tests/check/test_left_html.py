"""html-left: HTML in a text is told at its place, with what to write; what only looks like it is text."""

from pathlib import Path

import pytest

from newsletter.edition.markdown.left_html import left_html
from newsletter.issue.texts import TextKind
from tests.support.checks import findings_of, ko, of_rule

HEAD = "title: 신성장동력\npreheader: 한 줄\n"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("<b>굵게</b>", "**굵게**"),
        ("<STRONG>굵은 글</STRONG>", "**굵은 글**"),
        ("<i class='x'>Nature</i>", "*Nature*"),
        ("<del>3만 원</del>", "~~3만 원~~"),
        ('<a href="https://e.example.org/a_b_c" target="_blank">보고서</a>', "[보고서](https://e.example.org/a_b_c)"),
        ("<h2>작은 제목</h2>", "## 작은 제목"),
        ("<li>하나</li>", "- 하나"),
        ("글<hr/>글", "---"),
        ("<u>밑줄</u>", "밑줄"),
        ('<font color="red"><b>빨강</b></font>', "빨강"),
        ("<br>", "line_breaks: keep"),
        ("<p>글</p>", "빈 줄"),
        ("<!-- 메모 -->", "#"),
        ('<img src="a.png" alt="강가">', 'hero: { src: "a.png", alt: "강가" }'),
        ("<img src='https://e.example.org/x/강.png'>", 'hero: { src: "assets/강.png", alt: "…" }'),
    ],
)
def test_it_says_what_to_write(tmp_path: Path, typed: str, told: str) -> None:
    findings = of_rule(findings_of(tmp_path, f"{HEAD}intro: |\n  글이 있고\n  여기에 {typed} 있습니다.\n"), "html-left")
    [found] = findings[:1]
    assert (found.line, found.column) == (5, 7 + typed.index("<"))
    assert told in ko(found.hint)
    assert typed[typed.index("<") :][:3] in ko(found.message)


@pytest.mark.parametrize(
    "text",
    [
        "<책 이름>과 <A>, <B> 모둠",
        "a < b > c, 3<5",
        "<https://e.example.org/>",
        "`<b>`는 굵게",
        "```\n<br>\n```",
        r"\<b>",
        "<title>에 제목을 적습니다",
        "<a or b>",
        "<제목 없음>",
        "<input>",
    ],
)
def test_what_only_looks_like_it_is_text(text: str) -> None:
    assert list(left_html(text, TextKind.MARKDOWN)) == []


def test_each_element_is_told_once_at_its_own_place(tmp_path: Path) -> None:
    text = f"{HEAD}intro: |\n  `<br>` 하나\n  둘<br>셋<br>넷 <b>다</b>\n"
    findings = of_rule(findings_of(tmp_path, text), "html-left")
    assert [(one.line, one.column) for one in findings] == [(5, 4), (5, 15)]


def test_in_a_title_the_marks_are_left_out(tmp_path: Path) -> None:
    [found] = of_rule(findings_of(tmp_path, "title: 새<br>소식\npreheader: 한 줄\nintro: 글\n"), "html-left")
    assert found.line == 1
    assert ko(found.hint).endswith(": 새 소식")


def test_where_line_breaks_are_kept_the_line_is_broken(tmp_path: Path) -> None:
    text = f"{HEAD}line_breaks: keep\nintro: 하나<br>둘\n"
    [found] = of_rule(findings_of(tmp_path, text), "html-left")
    assert "keep" not in ko(found.hint)


def test_many_tags_take_no_time() -> None:
    assert len(list(left_html("<b " * 6000, TextKind.MARKDOWN))) == 0
    assert len(list(left_html("<b>" * 6000, TextKind.MARKDOWN))) == 1
