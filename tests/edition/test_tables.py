"""Tables in an issue's text: what people type comes out as a table of data or as records, in HTML and in text."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup, escape

from newsletter.edition.figures_in_columns import alignments, is_figure
from newsletter.edition.markdown.plain_markdown import plain_blocks
from newsletter.edition.markdown.prose import INLINE_TAGS, Prose
from newsletter.edition.markers import Markers
from newsletter.edition.tables import draw_table, table_view
from newsletter.edition.tables_in_text import table_in_text
from newsletter.edition.wrap import TEXT_COLUMNS, columns
from tests.support.markup import Element, elements, unbalanced

FILE = "issues/2026-11.yaml"
TABLE_TAGS = {"table", "caption", "colgroup", "col", "thead", "tbody", "tr", "th", "td", "span"}


def html_of(text: str) -> str:
    return Prose(Markers([]), FILE).blocks(text, "intro", level=2)


def text_of(text: str) -> str:
    return "\n".join(plain_blocks(Prose(Markers([]), FILE).tree(text, "intro"), lambda _: 1))


def cells_of(text: str) -> list[Element]:
    """The cells of the tables of data, those of the layout table around each left out."""
    return [cell for cell in elements(html_of(text)) if cell.tag in ("th", "td") and len(of_table(cell)) > 1]


def of_table(cell: Element) -> list[Element]:
    return [place for place in cell.inside if place.tag == "table"]


def rows_of(text: str) -> list[list[str]]:
    rows = [row for row in elements(html_of(text)) if row.tag == "tr" and len(of_table(row)) > 1]
    cells = cells_of(text)
    return [[cell.text.strip() for cell in cells if row in cell.inside] for row in rows]


PEOPLE = """
| 구 | 인구 | 비고 |
|----|------|------|
| 종로구 | 141,379명 | **서울**의 [중심](https://e.example.org/a) |
| 중구 | 약 12만 명 | a \\| b |
"""
CONTACTS = """
| 이름 | 부서 | 전화 | 메일 |
|---|---|---|---|
| 홍길동 | 정책 | 02-2149-1234 | |
| Jane Doe | 도시 | 02-2149-5678 | jane |
"""


def test_three_columns_stay_a_table_of_data() -> None:
    html = html_of(PEOPLE)
    _, table = [element for element in elements(html) if element.tag == "table"]
    assert "role" not in table.attributes
    assert unbalanced(html) == []
    assert rows_of(PEOPLE) == [
        ["구", "인구", "비고"],
        ["종로구", "141,379명", "서울의 중심"],
        ["중구", "약\u00a012만\u00a0명", "a | b"],
    ]
    head = [cell for cell in cells_of(PEOPLE) if cell.tag == "th"]
    assert [cell.attributes["scope"] for cell in head] == ["col"] * 3
    assert sum(int(cell.attributes["width"].removesuffix("%")) for cell in head) == 100
    assert '<a href="https://e.example.org/a">중심</a>' in html
    assert "<strong>서울</strong>" in html


def test_more_columns_become_records_with_the_first_cell_as_title() -> None:
    assert rows_of(CONTACTS) == [
        ["이름 홍길동"],
        ["부서", "정책"],
        ["전화", "02-2149-1234"],
        ["이름 Jane Doe"],
        ["부서", "도시"],
        ["전화", "02-2149-5678"],
        ["메일", "jane"],
    ]
    scopes = [cell.attributes.get("scope", cell.tag) for cell in cells_of(CONTACTS)]
    assert scopes == ["rowgroup", "row", "td", "row", "td", "rowgroup", *["row", "td"] * 3]
    assert "width:" not in html_of(CONTACTS).replace("max-width:", "")


def test_the_text_part_has_columns_by_display_width_and_records_where_they_do_not_fit() -> None:
    assert text_of(PEOPLE).split("\n") == [
        "구            인구  비고",
        "------  ----------  ---------------",
        "종로구   141,379명  서울의 중심 [1]",
        "중구    약 12만 명  a | b",
    ]
    assert text_of(CONTACTS).split("\n") == [
        *("이름: 홍길동", "  부서: 정책", "  전화: 02-2149-1234", ""),
        *("이름: Jane Doe", "  부서: 도시", "  전화: 02-2149-5678", "  메일: jane"),
    ]
    wide = text_of(f"| 구 | 설명 |\n|---|---|\n| 종로 | {'긴 설명 ' * 20}|")
    assert wide.startswith("구: 종로\n  설명: 긴 설명")
    assert max(map(columns, wide.split("\n"))) <= TEXT_COLUMNS


@pytest.mark.parametrize(
    "words",
    [
        *("1", "1,234", "1234567", "0.5", "1,234.56", "-3", "−3", "–3", "+2.1", "±0", "△3.2", "▲ 1.5%", "(1,234)"),
        *("12%", "3.2%p", "443명", "607억 원", "12억 3,456만 원", "약 12만 명", "총 30개", "₩1,000", "₩60.7 bn", "$ 5"),
        *("-₩300", "25㎡", "1.5배", "30 km/h", "1,234명(12.3%)", "36.5℃", "90°", "3천 명", "15,000TEU", "1,234*"),
    ],
)
def test_these_are_figures(words: str) -> None:
    assert is_figure(words)


@pytest.mark.parametrize(
    "words",
    [
        *("", "-", "서울", "2026. 7. 26.", "2026-07-26", "7월 26일", "14:00", "02-2149-1234", "9~11시", "10-20"),
        *("제3호", "A4", "3층 대회의실", "1,23", "1.2.3", "종로 3가", "COVID-19", "1 / 2", "https://e.example.org/1"),
    ],
)
def test_these_are_words(words: str) -> None:
    assert not is_figure(words)


@pytest.mark.parametrize(
    ("typed", "column", "align"),
    [
        ("", ["1,234", "12", "-", ""], "right"),
        ("", ["1,234", "열둘"], ""),
        ("", ["-", ""], ""),
        ("center", ["1,234", "12"], "center"),
        ("left", ["1,234", "12"], "left"),
        ("right", ["서울", "부산"], "right"),
    ],
)
def test_figures_stand_right_and_what_was_typed_wins(typed: str, column: list[str], align: str) -> None:
    assert alignments(["", typed], [["가", cell] for cell in column])[1] == align


def test_the_first_column_names_its_rows_unless_it_counts() -> None:
    years, counts = [["2025"], ["2026"]], [["1,204명"], ["98명"]]
    assert alignments([""], years) == ("",)
    assert alignments([""], [["1분기"], ["2분기"]]) == ("",)
    assert alignments([""], counts) == ("right",)


def test_an_empty_corner_says_that_the_first_column_names_the_rows() -> None:
    scopes = [c.attributes.get("scope") for c in cells_of("| | 2025 |\n|---|---|\n| 예산 | 3 |\n| | 4 |")]
    assert scopes == [None, "col", "row", None, None, None], "an empty cell heads nothing"


BODY = "| 가 | 나 |\n|---|---|\n| 다 | 라 |"


@pytest.mark.parametrize(
    ("text", "caption", "rest"),
    [
        (f"표: 구별 **인구**\n\n{BODY}", "구별 인구", ""),
        (f"표: 구별 인구\n{BODY}", "구별 인구", ""),
        (f"표：구별 인구\n{BODY}", "구별 인구", ""),
        (f"Table: People\n\n{BODY}", "People", ""),
        (f": 사람\n\n{BODY}", "사람", ""),
        (f"{BODY}\n\n: 사람", "사람", ""),
        (f"{BODY}\n: 사람", "사람", ""),
        (f"{BODY}\nTable: People\n자료: 서울시", "People", "자료: 서울시"),
        (f"앞 문단\n표: 사람\n{BODY}\n\n뒤 문단", "사람", "앞 문단뒤 문단"),
        (f"<표 1> 구별 인구\n\n{BODY}", "<표 1> 구별 인구", ""),
        (f"[표 2-1] 구별 인구\n{BODY}", "[표 2-1] 구별 인구", ""),
        (f"Table 1. People\n{BODY}", "Table 1. People", ""),
        (f"> 표: 사람\n> {BODY.replace(chr(10), chr(10) + '> ')}", "사람", ""),
        (f"표 1은 사람을 셉니다.\n\n{BODY}", "", "표 1은 사람을 셉니다."),
        (f"표:\n\n{BODY}", "", "표:"),
        (f"{BODY}\n자료: 서울시", "", "자료: 서울시"),
    ],
)
def test_a_line_beside_the_table_can_be_its_caption(text: str, caption: str, rest: str) -> None:
    found = elements(html_of(text))
    assert [element.text for element in found if element.tag == "caption"] == [caption] * bool(caption)
    assert "".join(element.text for element in found if element.tag == "p") == rest
    assert rows_of(text) == [["가", "나"], ["다", "라"]]
    lines = text_of(text).split("\n")
    assert caption in " ".join(lines)
    assert not any("표: " in line or line.startswith(": ") for line in lines)


def test_a_caption_between_two_tables_belongs_to_the_second() -> None:
    captions = [e for e in elements(html_of(f"{BODY}\n\n표: 둘째\n\n{BODY}")) if e.tag in ("caption", "thead")]
    assert [element.tag for element in captions] == ["thead", "caption", "thead"]


@pytest.mark.parametrize(
    "text",
    ["| 가 | 나 |\n|---|\n| 다 | 라 |", "가 | 나", "| --- |", "가\n---", "| 가 |\n| 나 |", "종로 | 중구 | 용산"],
)
def test_what_is_no_table_stays_text(text: str) -> None:
    assert "<table" not in html_of(text)


WORDS = st.text("가나다라마바사abcxyz0123456789", min_size=1, max_size=9)
GRIDS = st.lists(st.lists(WORDS, min_size=1, max_size=6), min_size=2, max_size=5)


@settings(max_examples=60)
@given(GRIDS)
def test_no_cell_is_lost_however_ragged_the_rows_are(grid: list[list[str]]) -> None:
    named = [[f"{word}z{r}z{c}z" for c, word in enumerate(row)] for r, row in enumerate(grid)]
    ruled = [named[0], ["---"] * len(named[0]), *named[1:]]
    text = "\n".join("| " + " | ".join(row) + " |" for row in ruled)
    html, plain = html_of(text), text_of(text)
    for word in (word for row in named for word in row):
        assert word in html
        assert word in plain
    assert max(columns(line) for line in plain.split("\n")) <= TEXT_COLUMNS


HOSTILE = st.lists(
    st.one_of(
        st.text(max_size=5),
        st.sampled_from(
            ["<script>", "<td>", "</table>", '" onclick="x', "[a](javascript:b)", "[a](https://e.example)"]
        ),
        st.sampled_from(["**", "`", "\\|", "<!--", "]]>", "&lt;", "&#0;", "\u202e", "mergea0q", "mergeat0t"]),
    ),
    max_size=6,
).map(lambda parts: "".join(parts).replace("\n", " ").replace("\r", " ").replace("{{", "").replace("![", "["))


@settings(max_examples=100)
@given(HOSTILE, HOSTILE, st.integers(2, 5))
def test_no_cell_and_no_caption_leads_out_of_its_place(cell: str, caption: str, width: int) -> None:
    row = "|" + " x |" * (width - 1)
    text = f"표: {caption}\n\n{row} y |\n|{'---|' * width}\n{row} {cell.replace('|', '')} |"
    html = Prose(Markers([text]), FILE).blocks(text, "intro", level=2)
    assert unbalanced(html) == []
    for element in elements(html):
        assert element.tag in TABLE_TAGS | INLINE_TAGS | {"p"}
        assert not {"onclick", "onerror"} & element.attributes.keys()
        scheme, colon, _ = element.attributes.get("href", "").partition(":")
        assert not colon or scheme.lower() in {"http", "https", "mailto"}


def test_merge_fields_stand_in_cells_and_captions() -> None:
    markers = Markers([])
    field = "{{ subscriber.name }}"
    text = f"표: {field}\n\n| 이름 | {field} |\n|---|---|\n| {field} | [내 쪽](https://e.example.org/{field}) |"
    assert markers.count(Prose(markers, FILE).blocks(text, "intro", level=2)) == 4


def test_a_table_stands_in_a_quote_and_in_a_list() -> None:
    quoted = "> 앞\n>\n> | 가 | 나 |\n> |---|---|\n> | 1 | 2 |"
    assert rows_of(quoted) == [["가", "나"], ["1", "2"]]
    assert text_of(quoted).split("\n")[2] == "    가  나"
    listed = "- 항목\n\n  | 가 | 나 |\n  |---|---|\n  | 1 | 2 |"
    assert rows_of(listed) == [["가", "나"], ["1", "2"]]
    assert text_of(listed).split("\n")[-1] == "  1    2"


def test_on_a_phone_figures_keep_their_room_and_words_share_the_rest() -> None:
    rows = [["구", "예산", "설명"], ["종로구", "2,000,000,000원", "띄어쓰기가없는아주아주긴낱말하나"]]
    widths = [cell.width for cell in table_view([list(map(escape, row)) for row in rows]).head]
    assert sum(widths) == 100
    assert widths[1] * 37 / 100 >= columns("2,000,000,000원")
    rows = [["곳", "주소"], ["누리집", "https://www.example.org/a/very/long/path/that/goes/on/and/on/index.html"]]
    widths = [cell.width for cell in table_view([list(map(escape, row)) for row in rows]).head]
    assert widths[0] * 37 / 100 > columns("누리집"), "an address that breaks anyway takes no room from words"


def test_a_section_can_show_a_table_of_plain_words() -> None:
    rows = [["구", "명"], ["종로 <b>", "1,234"], ["중구", "987"]]
    view = table_view([[escape(cell) for cell in row] for row in rows], caption=Markup("인구"), row_headers=True)
    html = draw_table(view)
    assert "종로 &lt;b&gt;</th>" in html
    assert re.findall(r'scope="(\w+)"', html) == ["col", "col", "row", "row"]
    assert table_in_text(rows, caption="인구") == [
        "인구",
        "구           명",
        "--------  -----",
        "종로 <b>  1,234",
        "중구        987",
    ]


def test_a_table_in_an_indented_text_has_dashes_as_wide_as_its_columns() -> None:
    tree = Prose(Markers([]), FILE).tree("| a | b |\n|---|---|\n| 1 | 22 |", "intro")
    assert plain_blocks(tree, lambda _: 1, indent="    ") == ["    a   b", "    -  --", "    1  22"]
