"""Emphasis beside Hangul, by the CommonMark CJK-friendly amendments, and unchanged elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from newsletter.edition.emphasis import cjk_friendly_emphasis

FRIENDLY = MarkdownIt("commonmark", {"html": False}).use(cjk_friendly_emphasis)
PLAIN = MarkdownIt("commonmark", {"html": False})


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**약 60%**에", "<strong>약 60%</strong>에"),
        ("**‘클러스터’**로", "<strong>‘클러스터’</strong>로"),
        ("**신성장동력(新成長)**은", "<strong>신성장동력(新成長)</strong>은"),
        ("서울의**‘클러스터’**로", "서울의<strong>‘클러스터’</strong>로"),
        ("**안녕(hello)**하세요.", "<strong>안녕(hello)</strong>하세요."),
        ("**이 [링크](https://e.example.org/)**만", '<strong>이 <a href="https://e.example.org/">링크</a></strong>만'),
        ("**`npm publish`**를", "<strong><code>npm publish</code></strong>를"),
        ("**굵게**는", "<strong>굵게</strong>는"),
        ("*강조!*라고", "<em>강조!</em>라고"),
        ("ᅡ**(a)**", "ᅡ<strong>(a)</strong>"),
        ("**(k)**ᄏ", "<strong>(k)</strong>ᄏ"),
        ("**「中」**の", "<strong>「中」</strong>の"),
        ("**“︁x”︁**の", "<strong>“︁x”︁</strong>の"),
        ("葛\U000e0100**(c)**葛\U000e0100", "葛\U000e0100<strong>(c)</strong>葛\U000e0100"),
        ("**60%**a", "**60%**a"),
        ("**a🙂**b", "**a🙂**b"),
        ("**a가**b", "<strong>a가</strong>b"),
        ("a**(b)**c", "a**(b)**c"),
        ("🙂**(b)**🙂", "🙂<strong>(b)</strong>🙂"),
        ("__약 60%__에", "__약 60%__에"),
        ("snake_case_이름", "snake_case_이름"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("** 빈칸 **", "** 빈칸 **"),
    ],
)
def test_emphasis_is_read_as_the_amendments_say(text: str, html: str) -> None:
    assert FRIENDLY.renderInline(text) == html


@given(st.text(alphabet="ab (.)*_`[]\\\n!%", max_size=30))
def test_text_without_cjk_is_read_as_commonmark_says(text: str) -> None:
    assert FRIENDLY.render(text) == PLAIN.render(text)
