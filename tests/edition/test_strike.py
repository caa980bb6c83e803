"""Struck words at the edges of words; ranges and sighs stay as they were typed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from newsletter.edition.markdown.emphasis import cjk_friendly_emphasis
from newsletter.edition.markdown.prose import Prose
from newsletter.edition.markdown.strike import struck_words
from newsletter.edition.markers import Markers
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from tests.support.letters import issue_of, workspace_at

STRUCK = MarkdownIt("commonmark", {"html": False}).use(cjk_friendly_emphasis).use(struck_words)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("~~3만 원~~ 2만 원", "<del>3만 원</del> 2만 원"),
        ("~~클러스터~~는", "<del>클러스터</del>는"),
        ("(~~b~~), “~~c~~”", "(<del>b</del>), “<del>c</del>”"),
        ("**~~a~~** ~~**b**~~", "<strong><del>a</del></strong> <del><strong>b</strong></del>"),
        ("~~[링크](https://e.example.org/)~~", '<del><a href="https://e.example.org/">링크</a></del>'),
        ("~~`x`~~ ~~10~20~~", "<del><code>x</code></del> <del>10~20</del>"),
        ("~~**a~~ b**", "<del>**a</del> b**"),
        ("~~3만 원~~2만 원 (~~취소~~)", "~~3만 원~~2만 원 (<del>취소</del>)"),
        ("~~가~~b “~~다~~”", "~~가~~b “<del>다</del>”"),
        ("~~„alt“~~ neu, ~~“가”~~는", "<del>„alt“</del> neu, <del>“가”</del>는"),
        ("~~3만 원~~2만 원 「~~취소~~」", "~~3만 원~~2만 원 「<del>취소</del>」"),
    ],
)
def test_two_tildes_strike_words(text: str, html: str) -> None:
    assert STRUCK.renderInline(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "9~11시,14~16시",
        "10~~20 그리고 30~~40",
        "1~~2~~3",
        "3월~~5월, 7월~~9월",
        "안녕하세요~~ 반가워요~~! 또 봐요~~",
        "a ~~ b ~~ c",
        "~~~물결~~~",
        "x^2^ H~2~O ~a~ ^b^",
    ],
)
def test_ranges_sighs_and_single_signs_are_text(text: str) -> None:
    assert STRUCK.renderInline(text) == text


NUMBER = st.integers(0, 99).map(str)


@given(
    st.lists(st.tuples(NUMBER, st.sampled_from("~^"), st.integers(1, 3), NUMBER), min_size=1, max_size=5),
    st.sampled_from([" ", ",", ", ", " 그리고 ", "시,", "월 ", "~"]),
)
def test_no_range_of_numbers_is_changed(ranges: list[tuple[str, str, int, str]], between: str) -> None:
    text = between.join(f"{first}{sign * times}{last}" for first, sign, times, last in ranges)
    assert STRUCK.renderInline(text) == text


def test_a_field_is_struck_like_a_word() -> None:
    markers = Markers([])
    html = Prose(markers, "issues/x.yaml").line("~~{{ subscriber.name }}~~님", "intro")
    assert markers.pattern.sub("홍길동", html) == "<del>홍길동</del>님"


def test_the_letter_strikes_by_inline_style_and_the_text_part_keeps_the_tildes(tmp_path: Path) -> None:
    workspace = workspace_at(tmp_path)
    issue = issue_of(workspace.root, intro="참가비 ~~3만 원~~ 없음. *Homo sapiens*와 *사람*, **약 60%**에")
    edition = render(issue, workspace, variants(issue, ["ko"])[0])
    assert '<del style="text-decoration:line-through">3만 원</del>' in edition.html
    assert '<em style="font-style:italic">Homo sapiens</em>' in edition.html
    assert '<em style="font-style:normal;font-weight:bold">사람</em>' in edition.html
    assert "참가비 ~~3만 원~~ 없음. Homo sapiens와 사람, 약 60%에" in edition.text
