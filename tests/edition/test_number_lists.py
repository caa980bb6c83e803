"""No digit that somebody typed becomes another: not in the HTML, not in the text part."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.edition.markdown.plain_markdown import plain_blocks
from newsletter.edition.markdown.prose import Prose
from newsletter.edition.markers import Markers
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from tests.support.issue_files import read_issue
from tests.support.letters import workspace_at

DATES = "2026. 7. 26. 접수를 시작합니다.\n2026. 8. 31. 접수를 마감합니다.\n2026. 9. 15. 발표합니다."


ONE_TWO = "<ol>\n<li>가</li>\n<li>나</li>\n</ol>"


def html_of(text: str) -> str:
    return Prose(Markers([]), "issues/2026-12.yaml").blocks(text, "intro", level=2)


def text_of(text: str) -> str:
    tree = Prose(Markers([]), "issues/2026-12.yaml").tree(text, "intro")
    return "\n".join(plain_blocks(tree, lambda _: 1))


class _Seen(HTMLParser):
    """What a reader of the HTML sees, with the numbers that a browser puts before the items of `<ol>`."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words = ""
        self._counts: list[int | None] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ol", "ul"):
            self._counts.append(int(dict(attrs).get("start") or 1) if tag == "ol" else None)
        if tag == "li" and self._counts and self._counts[-1] is not None:
            self.words += f" {self._counts[-1]}. "
            self._counts[-1] += 1
        self.words += " "

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ol", "ul"):
            self._counts.pop()
        self.words += " "

    def handle_data(self, data: str) -> None:
        self.words += data


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+", text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (DATES, f"<p>{DATES}</p>".replace("\n", "<br>\n")),
        ("8. 31. 마감\n9. 15. 발표", "<p>8. 31. 마감<br>\n9. 15. 발표</p>"),
        ("7. 26.(일) 접수", "<p>7. 26.(일) 접수</p>"),
        ("1. 26. 접수", "<p>1. 26. 접수</p>"),
        ("1. 하나", "<ol>\n<li>하나</li>\n</ol>"),
        ("2. 하나", "<p>2. 하나</p>"),
        ("1. 3.5% 올랐다", "<ol>\n<li>3.5% 올랐다</li>\n</ol>"),
        ("20. 가\n21. 나", '<ol start="20">\n<li>가</li>\n<li>나</li>\n</ol>'),
        ("21. 가\n22. 나", "<p>21. 가<br>\n22. 나</p>"),
        ("1. 가\n2. 나\n\n8. 31. 마감\n9. 15. 발표", f"{ONE_TWO}\n<p>8. 31. 마감<br>\n9. 15. 발표</p>"),
        ("8. 31. 마감\n9. 15. 발표\n\n1. 가\n2. 나", f"<p>8. 31. 마감<br>\n9. 15. 발표</p>\n{ONE_TWO}"),
        ("1. 가\n2. 나\n\n3. 1. 은 절", f"{ONE_TWO}\n<p>3. 1. 은 절</p>"),
        ("8. 31. 마감\n9. 15. 발표\n\n10. 1. 끝", "<p>8. 31. 마감<br>\n9. 15. 발표</p>\n<p>10. 1. 끝</p>"),
        (
            "1. 가\n\n2. 나\n\n2026. 8. 1. 끝",
            "<ol>\n<li>\n<p>가</p>\n</li>\n<li>\n<p>나</p>\n</li>\n</ol>\n<p>2026. 8. 1. 끝</p>",
        ),
        ("1. 가\n1. 나", "<p>1. 가<br>\n1. 나</p>"),
        ("1. 가\n2. 나\n5. 다", "<ol>\n<li>가</li>\n<li>나</li>\n</ol>\n<p>5. 다</p>"),
        ("1. 가\n30. 나\n31. 다", "<p>1. 가<br>\n30. 나<br>\n31. 다</p>"),
        ("01. 가\n02. 나", "<p>01. 가<br>\n02. 나</p>"),
        ("1. 가\n\n글\n\n2. 나", '<ol>\n<li>가</li>\n</ol>\n<p>글</p>\n<ol start="2">\n<li>나</li>\n</ol>'),
        ("3. 가\n\n2026. 7. 26. 접수", "<p>3. 가</p>\n<p>2026. 7. 26. 접수</p>"),
        ("- 2026. 7. 26. 접수\n- 1. 나", "<ul>\n<li>2026. 7. 26. 접수</li>\n<li>1. 나</li>\n</ul>"),
        ("> 8. 31. 마감\n> 9. 15. 발표", "<blockquote>\n<p>8. 31. 마감<br>\n9. 15. 발표</p>\n</blockquote>"),
        ("일정은\n2026. 7. 26. 정합니다", "<p>일정은\n2026. 7. 26. 정합니다</p>"),
        ("1) 가\n2) 나", '<ul>\n<li class="typed">1) 가</li>\n<li class="typed">2) 나</li>\n</ul>'),
        ("7. - 가\n9. 나", "<p>7.</p>\n<ul>\n<li>가</li>\n</ul>\n<p>9. 나</p>"),
        ("2026.", "<p>2026.</p>"),
    ],
)
def test_what_is_a_number_list_and_what_is_text(text: str, html: str) -> None:
    assert html_of(text) == html
    assert html_of(text.replace("\n", "\r\n")) == html


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (DATES, DATES),
        ("1) 가\n2) 나\n   1. 다\n   2. 라", "1) 가\n2) 나\n   1. 다\n   2. 라"),
        ("10. 가\n11. 나", "10. 가\n11. 나"),
        ("3. 가\n\n   글\n4. 나", "3. 가\n\n   글\n\n4. 나"),
        ("- [ ] 신청\n- [x] 발표\n  - 그 뒤", "☐ 신청\n☑ 발표\n  - 그 뒤"),
        ("1. 가\n  - 나\n    - 다\n2. 라\n\t- 마", "1. 가\n   - 나\n     - 다\n2. 라\n   - 마"),
    ],
)
def test_the_text_part_has_the_marks_as_they_were_typed(text: str, plain: str) -> None:
    assert text_of(text) == plain


def test_two_spaces_nest_a_list_in_a_number_list() -> None:
    nested = "<ol>\n<li>가\n<ul>\n<li>나</li>\n</ul>\n</li>\n<li>다</li>\n</ol>"
    for spaces in range(2, 6):
        assert html_of(f"1. 가\n{' ' * spaces}- 나\n2. 다") == nested


def test_tasks_show_whether_they_are_done() -> None:
    html = html_of("- [ ] 신청\n- [X] **발표**\n- [y] 아님\n- [x]\n\n1. [ ] 가")
    assert '<li class="typed">☐ 신청</li>' in html
    assert '<li class="typed">☑ <strong>발표</strong></li>' in html
    assert "<li>[y] 아님</li>" in html
    assert "<li>[x]</li>" in html
    assert "<ol>\n<li>☐ 가</li>" in html


def test_a_file_from_windows_sends_its_dates_as_they_are(tmp_path: Path) -> None:
    dates = DATES.replace("\n", "\n      ")
    lines = f"title: 일정\nintro: |\n      {dates}\nsections:\n  - type: notice\n    body: |\n      {dates}\n"
    issue = read_issue(tmp_path, lines.replace("\n", "\r\n"))
    edition = render(issue, workspace_at(tmp_path), variants(issue, ["ko"])[0])
    assert edition.html.count(DATES.replace("\n", "<br>\n")) == 2
    assert edition.text.count(DATES) == 2


NUMBER = st.one_of(st.integers(0, 40), st.sampled_from([2026, 20261, 999_999_999, 1_234_567_890])).map(str)
BEGINNING = st.lists(
    st.sampled_from(["", "", "", " ", "  ", "   ", "    ", "> ", "- ", "* ", "- [ ] ", "\t"]), max_size=3
).map("".join)
MARK = st.tuples(NUMBER, st.sampled_from([". ", ". ", ") ", ".", " ", ".  ", ".      ", ".\t"])).map("".join)
LINE = st.tuples(BEGINNING, st.lists(MARK, max_size=12).map("".join), st.sampled_from(["", "접수", "5명", "3.5%"]))
LINES = st.lists(st.one_of(LINE.map("".join), st.just("")), min_size=1, max_size=9)
COUNTED = st.tuples(BEGINNING, st.integers(0, 25), st.sampled_from([".", ")"]), st.integers(2, 4)).map(
    lambda made: "\n".join(f"{made[0]}{made[1] + nth}{made[2]} 가" for nth in range(made[3]))
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(LINES.map("\n".join), COUNTED), min_size=1, max_size=3), st.sampled_from(["\n", "\r\n"]))
def test_no_line_with_numbers_changes_a_digit(parts: list[str], line_end: str) -> None:
    source = "\n".join(parts).strip()
    typed = source.replace("\n", line_end)
    assert numbers(_Seen(html_of(typed)).words) == numbers(source)
    assert numbers(text_of(typed)) == numbers(source)
