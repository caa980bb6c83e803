"""A Markdown table within a text, made and changed as a grid."""

import pytest
from playwright.sync_api import Locator, expect

from tests.support.browser import accessibility_findings
from tests.web.studio.desk.field_page import Field

TABLE = "| 구분 | 2020년|2021년 |\n|:--|--:|--:|\n|가구|10|12|\n| 사람 \\| 명 | **20** | 25 |"


def asked(field: Field, name: str = "표 고치기") -> Locator:
    field.page.get_by_role("button", name="표", exact=True).click()
    return field.page.get_by_role("dialog", name=name)


def test_a_table_is_made_on_lines_of_its_own(field: Field) -> None:
    field.open("앞 글\n뒤 글\n")
    field.put_cursor(2)
    dialog = asked(field, "표")
    expect(dialog.get_by_role("textbox", name="1열의 이름")).to_be_focused()
    field.paste("구분\t수\n가|나\t2")
    assert accessibility_findings(field.page) == []
    dialog.get_by_role("button", name="넣기").click()
    expect(dialog).to_have_count(0)
    assert field.value == "앞 글\n\n| 구분 | 수 |\n| --- | --- |\n| 가\\|나 | 2 |\n\n뒤 글\n"
    field.page.keyboard.press("Control+z")
    assert field.value == "앞 글\n뒤 글\n"


def test_opened_and_closed_it_is_equal_to_the_byte(field: Field) -> None:
    field.open(f"앞\n\n{TABLE}\n\n뒤")
    field.put_cursor(6)
    asked(field).get_by_role("button", name="넣기").click()
    assert field.value == f"앞\n\n{TABLE}\n\n뒤"
    assert field.changes == []


def test_a_changed_cell_leaves_the_other_rows_as_they_were_typed(field: Field) -> None:
    field.open(f"앞\n\n{TABLE}\n\n뒤")
    field.put_cursor(len("앞\n\n") + TABLE.index("가구"))
    dialog = asked(field)
    expect(dialog.get_by_role("textbox", name="구분, 2행")).to_have_value("사람 | 명")
    dialog.get_by_role("textbox", name="2020년, 1행").fill("11")
    dialog.get_by_role("button", name="넣기").click()
    assert field.value == f"앞\n\n{TABLE}\n\n뒤".replace("|가구|10|12|", "| 가구 | 11 | 12 |")


def test_a_further_column_keeps_how_the_others_are_aligned(field: Field) -> None:
    field.open("|a|b|\n|:--|--:|\n|1|2|")
    dialog = asked(field)
    dialog.get_by_role("textbox", name="b, 1행").focus()
    dialog.get_by_role("button", name="열 더하기").click()
    dialog.get_by_role("button", name="넣기").click()
    assert field.value == "| a | b |  |\n| :-- | --: | --- |\n| 1 | 2 |  |"


@pytest.mark.parametrize("text", ["값 | 값", "a | b\nc | d", "앞\n|---|---|"])
def test_what_is_no_table_is_left_alone(field: Field, text: str) -> None:
    field.open(text)
    expect(asked(field, "표")).to_be_visible()
    field.page.get_by_role("button", name="취소").click()
    assert field.value == text


def test_escape_gives_up_in_two_steps_and_a_click_elsewhere_keeps(field: Field) -> None:
    field.open("")
    dialog = asked(field, "표")
    field.page.keyboard.insert_text("구분")
    field.page.keyboard.press("Escape")
    expect(dialog.get_by_role("button", name="행 더하기")).to_be_focused()
    field.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert field.value == ""
    asked(field, "표")
    field.page.keyboard.insert_text("구분")
    field.page.locator("h1").click()
    expect(dialog).to_have_count(0)
    assert field.value == "| 구분 |  |\n| --- | --- |\n|  |  |"
