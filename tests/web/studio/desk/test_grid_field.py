"""A table edited as a grid: keys, rows and columns, what a spreadsheet copies, Hangul, and a screen reader."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import accessibility_findings
from tests.web.studio.desk.field_page import Field

TABLE = (["구분", "2020년", "2021년"], ["가구", "10", "12"], ["사람", "20", "25"])


def focused(field: Field) -> str:
    return str(
        field.page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent")
    )


def press(field: Field, *keys: str) -> str:
    for key in keys:
        field.page.keyboard.press(key)
    return focused(field)


def test_each_cell_says_its_column_and_row(field: Field) -> None:
    field.open_grid(*TABLE)
    expect(field.page.get_by_role("group", name="본문")).to_have_accessible_description("편지에 나올 글입니다.")
    expect(field.page.get_by_role("textbox", name="2021년, 2행")).to_have_value("25")
    field.page.get_by_role("textbox", name="3열의 이름").fill("2022년")
    expect(field.page.get_by_role("textbox", name="2022년, 2행")).to_have_value("25")
    assert field.changes == [[["구분", "2020년", "2022년"], *TABLE[1:]]]


def test_arrows_and_enter_walk_and_tab_leaves_at_the_end(field: Field) -> None:
    field.open_grid(*TABLE)
    assert press(field, "ArrowDown") == "구분, 1행"
    assert press(field, "Enter") == "구분, 2행"
    assert press(field, "End", "ArrowRight") == "2020년, 2행"
    assert press(field, "Home", "ArrowLeft") == "구분, 2행"
    assert press(field, "ArrowUp", "ArrowUp", "ArrowUp") == "1열의 이름"
    assert press(field, "Escape") == "행 더하기"
    field.page.evaluate("field.focus(2, 2)")
    assert press(field, "Tab") == "행 더하기"
    assert press(field, "Tab", "Tab", "Tab", "Tab") == "다음"
    assert field.changes == []


def test_rows_and_columns_come_and_go(field: Field) -> None:
    field.open_grid(*TABLE)
    button = field.page.get_by_role("button")
    press(field, "ArrowDown")
    button.filter(has_text="행 더하기").click()
    assert field.cells == [TABLE[0], TABLE[1], ["", "", ""], TABLE[2]]
    expect(field.page.get_by_role("status")).to_have_text("2행을 더했습니다.")
    button.filter(has_text="행 빼기").click()
    assert field.cells == list(TABLE)
    field.page.evaluate("field.focus(1, 1)")
    button.filter(has_text="열 더하기").click()
    assert field.cells[0] == ["구분", "2020년", "", "2021년"]
    button.filter(has_text="열 빼기").click()
    assert field.cells == list(TABLE)
    field.open_grid(["하나"], ["1"])
    for name in ("행 빼기", "열 빼기"):
        expect(button.filter(has_text=name)).to_be_disabled()
        button.filter(has_text=name).press("Enter")
    assert (field.cells, field.changes) == ([["하나"], ["1"]], [])


def test_enter_in_the_last_row_begins_another(field: Field) -> None:
    field.open_grid(["구분"], ["가구"])
    assert press(field, "ArrowDown", "Enter") == "구분, 2행"
    assert press(field, "Enter") == "구분, 2행"
    assert field.cells == [["구분"], ["가구"], [""]]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("1\t2\r\n3\t4\r\n", [["1", "2"], ["3", "4"]]),
        ('"두\n줄"\t"따""옴"\n\t가', [["두 줄", '따"옴'], ["", "가"]]),
        ('이름,"1,000"\n가,2', [["이름", "1,000"], ["가", "2"]]),
        ("하나\n둘", [["하나", ""], ["둘", ""]]),
        ('5" 관\t2', [['5" 관', "2"], ["", ""]]),
        ('"여는 따옴표\t2', [['"여는 따옴표', "2"], ["", ""]]),
    ],
)
def test_what_a_spreadsheet_copies_fills_cells(field: Field, text: str, cells: list[list[str]]) -> None:
    field.open_grid()
    field.paste(text)
    assert field.cells == cells
    assert field.changes == [cells]


def test_a_paste_makes_the_table_larger_but_no_larger_than_a_letter_has_room_for(field: Field) -> None:
    field.open_grid(*TABLE)
    field.page.evaluate("field.focus(2, 2)")
    field.paste("30\t31\n40\t41")
    assert field.cells == [[*TABLE[0], ""], [*TABLE[1], ""], ["사람", "20", "30", "31"], ["", "", "40", "41"]]
    field.open_grid()
    field.paste("\n".join("\t".join(["가"] * 20) for _ in range(200)))
    assert (len(field.cells), {len(row) for row in field.cells}) == (101, {12})
    expect(field.page.get_by_role("status")).to_have_text(
        "붙여 넣었습니다. 넘치는 칸은 뺐습니다. 편지의 표는 100행 12열까지입니다."
    )


def test_a_sentence_with_commas_is_pasted_into_its_cell(field: Field) -> None:
    field.open_grid(*TABLE)
    field.page.evaluate("""document.activeElement.addEventListener('paste', (event) => {
        setTimeout(() => { window.prevented = event.defaultPrevented; });
    })""")
    field.paste("가, 나, 그리고 다")
    field.settled()
    assert field.page.evaluate("prevented") is False
    assert field.cells == list(TABLE)


def test_hangul_is_told_when_it_is_whole_and_a_value_waits_for_it(field: Field) -> None:
    field.open_grid(*TABLE)
    press(field, "ArrowDown", "End")
    field.compose("ㅎ", "하", "한")
    field.page.evaluate(
        "field.value = { columns: ['구분', '2020년', '2021년'], rows: [['가구', '11', '12'], ['사람', '20', '25']] }"
    )
    assert (field.cells, field.changes) == (list(TABLE), [])
    field.write("한")
    field.settled()
    assert field.cells == [TABLE[0], ["가구한", "11", "12"], TABLE[2]]
    assert field.changes == [[TABLE[0], ["가구한", "10", "12"], TABLE[2]], field.cells]


@pytest.mark.parametrize(("width", "scheme", "language"), [(800, "light", "ko"), (320, "dark", "en")])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    field: Field, field_url: str, width: int, scheme: str, language: str
) -> None:
    field.page.set_viewport_size({"width": width, "height": 800})
    field.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    field.page.goto(f"{field_url}/?ui={language}")
    field.open_grid(*TABLE)
    assert accessibility_findings(field.page) == []
    assert field.page.evaluate("document.documentElement.scrollWidth") <= width
    assert "undefined" not in field.page.content()
