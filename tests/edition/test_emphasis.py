"""Emphasis as a person means it: beside Hangul, digits, Latin and punctuation; stars that are signs stay."""

from html import escape
from string import ascii_letters

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from newsletter.edition.markdown.emphasis import cjk_friendly_emphasis
from newsletter.edition.markdown.slant import upright_emphasis

FRIENDLY = MarkdownIt("commonmark", {"html": False}).use(cjk_friendly_emphasis)
SLANTED = MarkdownIt("commonmark", {"html": False}).use(cjk_friendly_emphasis).use(upright_emphasis)
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
        ("[**링크**](https://e.example.org/)는", '<a href="https://e.example.org/"><strong>링크</strong></a>는'),
        ("**`npm publish`**를", "<strong><code>npm publish</code></strong>를"),
        ("**굵게**는", "<strong>굵게</strong>는"),
        ("*강조!*라고", "<em>강조!</em>라고"),
        ("ᅡ**(a)**", "ᅡ<strong>(a)</strong>"),
        ("**(k)**ᄏ", "<strong>(k)</strong>ᄏ"),
        ("**「中」**の", "<strong>「中」</strong>の"),
        ("**“︁x”︁**の", "<strong>“︁x”︁</strong>の"),
        ("葛\U000e0100**(c)**葛\U000e0100", "葛\U000e0100<strong>(c)</strong>葛\U000e0100"),
        ("**재현:**10회", "<strong>재현:</strong>10회"),
        ("**신청:**www", "<strong>신청:</strong>www"),
        ("**(붙임)**A안", "<strong>(붙임)</strong>A안"),
        ("**10%**p", "<strong>10%</strong>p"),
        ("**결과.**The", "<strong>결과.</strong>The"),
        ("**a🙂**b", "<strong>a🙂</strong>b"),
        ("a**(b)**c", "a<strong>(b)</strong>c"),
        ("이**강조할 것**은", "이<strong>강조할 것</strong>은"),
        ("***둘 다***는", "<em><strong>둘 다</strong></em>는"),
        ("***안*은 밖**", "<strong><em>안</em>은 밖</strong>"),
        ("***안**은 밖*", "<em><strong>안</strong>은 밖</em>"),
        ("**밖 *안***은", "<strong>밖 <em>안</em></strong>은"),
        ("*밖 **안***은", "<em>밖 <strong>안</strong></em>은"),
        ("**서울시* 통계**", "<strong>서울시* 통계</strong>"),
        ("**(*주의) 내용**", "<strong>(*주의) 내용</strong>"),
        ("**굵게 는 **둘째** 셋", "**굵게 는 <strong>둘째</strong> 셋"),
        ("*Nature*(2020)", "<em>Nature</em>(2020)"),
        ("*10%*p *결과.*The", "<em>10%</em>p <em>결과.</em>The"),
    ],
)
def test_emphasis_is_read_as_a_person_means_it(text: str, html: str) -> None:
    assert FRIENDLY.renderInline(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "__약 60%__에",
        "snake_case_이름",
        "____ 이름 ____x____",
        "2 * 3 * 4",
        "** 빈칸 **",
        "2*3*4",
        "M*A*S*H",
        "*주: 2*3 = 6",
        "*가격은 10%*3년 기준",
        "크기(가로*세로*높이)",
        "단가*(1+세율)*수량",
        "(a+b)*(c+d)*2",
        "10%*3 그리고 5* 4",
        "2**10과 2**20",
        "x**2 + y**2 = z**2",
        "(a+b)**2 + (c+d)**2",
        "홍*동, 김*수, 박*영",
        "김**님, 박**님",
        "김**, 이**, 박** 님",
        "김**,이**,박**",
        "김**·박**님, 이**/최**",
        "김**(1234), 이**(5678)",
        "kim***님, lee***님",
        "kim***@example.com, lee***@example.com",
        "010-****-1234, 010-****-5678",
        "010-***-1234, 010-***-5678",
        "*p 0.05, **p 0.01, ***p 0.001",
        "0.35*, 0.42**, 0.51***",
        "0.35**(0.02), 0.41**(0.01)",
        "서울시** 통계, 경기도** 통계",
    ],
)
def test_a_star_that_is_a_sign_stays(text: str) -> None:
    assert FRIENDLY.renderInline(text) == text


def test_one_hidden_name_beside_real_emphasis_leaves_it_alone() -> None:
    assert FRIENDLY.renderInline("김**님께 **축하**를") == "김**님께 <strong>축하</strong>를"
    assert FRIENDLY.renderInline("**당첨: 김**님, 박**님**") == "<strong>당첨: 김**님, 박**님</strong>"


HANGUL, LATIN, DIGITS = "가나다서울", "abcXYZé", "0123456789"
OPENING, CLOSING = "(‘“「<$₩#", ")’”」>.,:;!?%·…°"
OUTSIDE = st.sampled_from(["", " ", "가", "울", "A", "x", "7", "(", ")", "“", "”", "·", "-", ".", ":", "%", "/", "+"])
LABEL = st.tuples(
    st.sampled_from(HANGUL + LATIN + DIGITS + OPENING),
    st.text(alphabet=HANGUL + LATIN + DIGITS + OPENING + CLOSING + " -/+=", max_size=6),
    st.sampled_from(HANGUL + LATIN + DIGITS + CLOSING),
).map("".join)


def is_power(before: str, label: str, behind: str) -> bool:
    """`x**2 + y**2`: a digit behind both runs, and before both an operand."""
    operands = ascii_letters + DIGITS + ")"
    return before[-1:] in operands and label[0] in DIGITS and label[-1] in operands and behind[:1] in DIGITS


@given(OUTSIDE, LABEL, OUTSIDE)
def test_two_stars_that_are_tight_inside_are_strong_whatever_stands_outside(
    before: str, label: str, behind: str
) -> None:
    text = f"{before}**{label}**{behind}"
    if not (before and behind and is_power(before, label, behind)):
        assert FRIENDLY.renderInline(text) == escape(f"{before}\1{label}\2{behind}").replace("\1", "<strong>").replace(
            "\2", "</strong>"
        )


@given(st.lists(LABEL, min_size=2, max_size=5), st.sampled_from([" ", "은 ", ", ", "과", " (가) ", "/", " the "]))
def test_so_are_several_in_a_line(labels: list[str], between: str) -> None:
    text = between.join(f"**{label}**" for label in labels)
    assert FRIENDLY.renderInline(text) == between.join(f"<strong>{escape(label)}</strong>" for label in labels)


@given(
    st.sampled_from(["", "그 ", "(", "“", "「"]),
    st.text(alphabet=HANGUL + LATIN + DIGITS + " ", min_size=1, max_size=8).map(str.strip).filter(bool),
    st.sampled_from(["", " is", ".", ")", "는", "(2020)", ", ", "”"]),
)
def test_one_star_is_emphasis_where_words_begin_and_end(before: str, label: str, behind: str) -> None:
    latin = not any(letter in HANGUL for letter in label) and any(letter in LATIN for letter in label)
    start = "<em>" if latin else '<em class="upright">'
    assert SLANTED.renderInline(f"{before}*{label}*{behind}") == f"{before}{start}{label}</em>{behind}"


OPERAND = st.sampled_from(["2", "10", "3.14", "a", "xy", "가로", "단가", "(a+b)", "(1+세율)", "5%"])


@given(st.lists(OPERAND, min_size=2, max_size=6), OUTSIDE)
def test_a_product_is_text(operands: list[str], behind: str) -> None:
    text = f"값 {'*'.join(operands)} {behind}".rstrip()
    assert FRIENDLY.renderInline(text) == text


@given(st.text(alphabet=HANGUL + LATIN + DIGITS + " ().,:%", max_size=8), st.integers(1, 9))
def test_a_lone_run_stays(around: str, stars: int) -> None:
    text = f"x{around}{'*' * stars}{around}x"
    assert FRIENDLY.renderInline(text) == text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*Homo sapiens*는", "<em>Homo sapiens</em>는"),
        ("*β-catenin 2*", "<em>β-catenin 2</em>"),
        ("*강조*는", '<em class="upright">강조</em>는'),
        ("*서울 AI*", '<em class="upright">서울 AI</em>'),
        ("*2026*", '<em class="upright">2026</em>'),
        ("*日本*", '<em class="upright">日本</em>'),
        ("***Both***", "<em><strong>Both</strong></em>"),
        ("*a _가_ b*", '<em class="upright">a <em class="upright">가</em> b</em>'),
        ("*가 _a_*", '<em class="upright">가 <em>a</em></em>'),
        ("*`가`*", '<em class="upright"><code>가</code></em>'),
        ("*[Nature](https://e.example.org/)*", '<em><a href="https://e.example.org/">Nature</a></em>'),
    ],
)
def test_latin_is_slanted_and_hangul_stands_upright(text: str, html: str) -> None:
    assert SLANTED.renderInline(text) == html


@given(st.text(alphabet="ab (.)_`[]\\\n!%", max_size=30).filter(lambda text: "__" not in text))
def test_underscores_without_cjk_are_read_as_commonmark_says(text: str) -> None:
    assert FRIENDLY.render(text) == PLAIN.render(text)


@pytest.mark.parametrize("deep", ["*a " * 3_000 + "a* " * 3_000, "**a *b " * 2_000 + "b* a** " * 2_000])
def test_emphasis_as_deep_as_a_text_is_long_ends_soon_and_no_star_is_lost(deep: str) -> None:
    html = FRIENDLY.renderInline(deep.strip())
    opened = 2 * html.count("<strong>") + html.count("<em>")
    assert html.count("*") + 2 * opened == deep.count("*")
    assert html.count("<em>") <= 50
