"""Markup that came to nothing is told with its place; ordinary stars, tildes and dashes are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.edition.markdown.left_markup import MarkupFault, left_markup
from newsletter.issue.texts import TextKind

ORDINARY = """
2**10은 1,024입니다.
2**10과 2**20을 비교했습니다.
2 ** 10 그리고 3 ** 5
x**2 + y**2 = z**2
(a+b)**2 = a**2 + 2ab + b**2
면적은 3.14*r**2로 구합니다.
단가*수량*12개월
크기(가로*세로*높이): 10*20*30
5*10 칸, 3*4 칸
2*3*4=24
010-****-1234로 연락했습니다.
010-****-1234, 010-****-5678
02-***-1234, 02-***-5678
카드 1234-****-****-5678
주민등록번호 900101-1******
계좌 110-***-123456
kim***님, lee***님 축하합니다.
kim***@example.com, lee***@example.com
당첨자: 홍*동, 김*수, 박*영
당첨자: 김**, 이**, 박**
김**님과 박**님이 뽑혔습니다.
김**(1234), 이**(5678)
홍길**님께 드립니다.
신용등급 AA**, A**, BBB**
채권 등급은 A**입니다.
신용등급이 A**에서 A*로 내렸습니다.
서울시* 통계는 추정치입니다.
서울시** 통계, 경기도** 통계
*출처: 서울연구원
** 2025년 기준 추정치입니다.
* 잠정치, ** 확정치
*p<0.05, **p<0.01, ***p<0.001
* p<.05, ** p<.01, *** p<.001
*p < 0.1, **p < 0.05, ***p < 0.01
** p ≤ 0.01
0.35*, 0.42**, 0.51***
0.35**(0.02), 0.41**(0.01)
계수는 0.42**로 유의합니다.
별점 ★★★★☆ *****
*** 공지 사항 ***** 안내
별표(*) 항목은 반드시 적어 주세요.
별표 두 개(**)는 필수 항목입니다.
'**' 표시는 필수입니다.
필수 항목은 ** 로 표시했습니다.
비밀번호는 ******** 로 보입니다.
src/**/*.py 아래의 파일
**/node_modules 는 뺐습니다.
`**kwargs`는 이름 있는 인자입니다.
\\*\\*강조가 아닙니다\\*\\*
A씨(3*), B씨(4**)
9~11시,14~16시
10~~20 그리고 30~~40
1~~2~~3
3월~~5월, 7월~~9월
안녕하세요~~ 반갑습니다~~!
안녕하세요 ~~ 반갑습니다 ~~
감사합니다~~^^
와~~~ 신난다~~~
좋아요~~, 또 봐요~~
~~ 봄맞이 행사 ~~
약 ~30분, ~5km
~/Documents 폴더
서울 ~ 부산 ~~ 제주
오전 10시~~
\\~\\~물결\\~\\~
`~~취소~~`라고 적으면 됩니다.
물결표(~~)는 범위입니다.
a|b|c 가운데 하나
|x| + |y| ≥ |x+y|
가 | 나 | 다
a || b
- - -
1-2-3---4
--force 옵션
결과 -- 그리고 해석
2020--2025년
이름 | 부서 | -- | 비고
x--y--z
다음 호에 이어집니다 ----
________ 이름을 적어 주세요 ________
The result is 2**10 = 1024.
We compare 2**10 and 2**20.
2 ** 10 and a ** b are the same kind.
Ratings of AA** and A** are provisional.
Coefficients: 0.35*, 0.42**, and 0.51***.
*p<0.05, **p<0.01
Note: ** p < 0.01, * p < 0.05
** Preliminary figures.
Population** and area* are estimates.
Call 555-***-1234 or 555-***-5678.
Signed: j***@example.com
M*A*S*H is a series.
f(x) = a*b*c
5*10 grid
The flags --all and --json
Use src/**/*.ts as the glob.
Required fields have a * or **.
F*** it, he said.
What the **** is that
9~11 a.m., 2~4 p.m.
10~~20 and 30~~40
~30 people came, ~~30 the day before.
Hi~~ see you~~
See ~/notes and ~user.
a ~~ b
Pick one: a|b|c
|x| <= |y|
Pages 10--20
Well -- that is it.
A --- B
"**" marks what is required.
(**)
정규식 [^0-9]는 숫자가 아닌 글자, `[^a]`는 코드
H~2~O and x^2^
a^b, ^^, ^_^
""".strip().splitlines()


@pytest.mark.parametrize("kind", [TextKind.MARKDOWN, TextKind.MARKDOWN_LINE, TextKind.LINE])
def test_ordinary_texts_are_left_alone(kind: TextKind) -> None:
    told = {text: [one.fault for one in left_markup(text, kind)] for text in ORDINARY}
    # A backslash and a backtick are Markdown, too: in a line of words nobody reads them.
    assert {
        text: faults for text, faults in told.items() if faults and (kind.is_markdown or text[0] not in "`\\")
    } == {}
    assert len(ORDINARY) >= 100


@pytest.mark.parametrize(
    ("text", "fault", "words", "sought"),
    [
        ("** 굵게 **", MarkupFault.LOOSE, "굵게", "** 굵게 **"),
        ("이 글은 ** 중요 ** 합니다.", MarkupFault.LOOSE, "중요", "** 중요 ** 합니다"),
        ("** 굵게**는", MarkupFault.LOOSE, "굵게", "** 굵게**는"),
        ("*** both ***", MarkupFault.LOOSE, "both", "*** both ***"),
        ("**굵게 **는", MarkupFault.OPEN, "**굵게 **는", "**굵게 **는"),
        ("**굵게", MarkupFault.OPEN, "**굵게", "**굵게"),
        ("**Note: this is", MarkupFault.OPEN, "**Note: this is", "**Note: this"),
        ("(**굵게)", MarkupFault.OPEN, "**굵게)", "**굵게)"),
        ("앞\n**굵게\n\n계속**", MarkupFault.OPEN, "**굵게", "**굵게"),
        ("**{{ subscriber.name }} 님", MarkupFault.OPEN, "**… 님", "**"),
        ("- 하나\n- **둘 `x`", MarkupFault.OPEN, "**둘 …", "**둘 "),
        ("~~3만 원~~2만 원", MarkupFault.TILDES, "~~3만 원~~2만 원", "~~3만 원~~2만 원"),
        ("~~3만 원 ~~ 2만 원", MarkupFault.TILDES, "~~3만 원 ~~ 2만 원", "~~3만 원 ~~ 2만"),
        ("~~취소", MarkupFault.TILDES, "~~취소", "~~취소"),
        ("글\n\n|---|---|\n| 1 | 2 |", MarkupFault.DASHES, "|---|---|", "|---|---|"),
        ("글\n\n|:--|--:|", MarkupFault.DASHES, "|:--|--:|", "|:--|--:|"),
        ("글\n\n--|--\n1 | 2", MarkupFault.DASHES, "--|--", "--|--"),
        ("| 구 | 명 |\n| 종로 | 1 |", MarkupFault.ROWS, "| 구 | 명 |", "| 구 | 명 |"),
        ("글\n| 구 | 명 |\n| 종로 | 1 |\n끝", MarkupFault.ROWS, "| 구 | 명 |", "| 구 | 명 |"),
        ("이름\t회비\n홍길동\t30,000", MarkupFault.ROWS, "이름\t회비", "이름\t회비"),
        ("글 |---|", MarkupFault.DASHES, "|---|", "|---|"),
        ("글[^1]과 둘[^2]\n\n[^2]: 설명", MarkupFault.NOTE, "[^1]과 둘2", "[^1]"),
        ("글\n\n    첫 줄\n    둘째 줄\n\n    셋째", MarkupFault.INDENTED, "첫 줄", "첫 줄"),
        ("    first line 첫 줄\n글", MarkupFault.INDENTED, "first line 첫 줄", "first line 첫 줄"),
        ("- 하나\n\n      아래 글", MarkupFault.INDENTED, "아래 글", "아래 글"),
        ("글[^보고서].", MarkupFault.NOTE, "[^보고서].", "[^보고서]."),
    ],
)
def test_what_was_meant_as_markup_is_told(text: str, fault: MarkupFault, words: str, sought: str) -> None:
    [left] = left_markup(text, TextKind.MARKDOWN)
    assert (left.fault, left.words, left.sought) == (fault, words, sought)
    assert left.sought in text


@pytest.mark.parametrize(
    ("text", "sought"), [("**굵게** 제목", "**"), ("~~3만 원~~ 2만 원", "~~"), ("새 소식 **10%**p", "**")]
)
def test_markup_where_markdown_is_not_read_is_told(text: str, sought: str) -> None:
    [left] = left_markup(text, TextKind.LINE)
    assert (left.fault, left.words, left.sought) == (MarkupFault.NOT_READ, text, sought)
    assert [*left_markup(text, TextKind.MARKDOWN_LINE)] == []


def test_it_is_pointed_at_where_it_stands_and_not_at_its_like_in_code_or_before() -> None:
    text = "`**굵게`는 코드\n\n글 **굵게** 글\n\n끝 **굵게"
    [left] = left_markup(text, TextKind.MARKDOWN)
    assert (left.sought, left.nth) == ("**굵게", 2)


def test_of_a_table_only_its_cells_are_words() -> None:
    text = "| 가 | 나 |\n|---|---|\n| **굵게** | 1 |\n| 하나 | **둘 |"
    assert [(left.fault, left.sought, left.nth) for left in left_markup(text, TextKind.MARKDOWN)] == [
        (MarkupFault.OPEN, "**둘", 0)
    ]


def test_code_and_addresses_are_no_words() -> None:
    assert [*left_markup("```\n**x ~~y |---|\n```\n\n    **x\n\n`** x **`", TextKind.MARKDOWN)] == []
    assert [*left_markup("https://www.example.org/**x", TextKind.LINK)] == []


def test_code_that_is_indented_and_lines_of_a_list_are_left_alone() -> None:
    for text in (
        "    x = 1",
        "```\n    한글\n```",
        "- 하나\n    - 둘\n\n    셋",
        "글\n    이어진 줄",
        "1. 하나\n\n    둘",
    ):
        assert list(left_markup(text, TextKind.MARKDOWN)) == []


def test_a_text_full_of_it_is_told_once_for_each_paragraph() -> None:
    assert len([*left_markup("**a " * 5_000, TextKind.MARKDOWN)]) == 1


PIECES = st.sampled_from(
    [
        "**",
        "~~",
        "|---|",
        "`",
        "\\",
        "\n",
        "\n\n",
        " ",
        "가",
        "a",
        "1",
        "> ",
        "- ",
        "{{ subscriber.name }}",
        "&#42;",
        "[",
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join), st.sampled_from(TextKind))
def test_whatever_the_text_what_is_told_stands_in_it(text: str, kind: TextKind) -> None:
    for left in left_markup(text, kind):
        assert text.count(left.sought) > left.nth
