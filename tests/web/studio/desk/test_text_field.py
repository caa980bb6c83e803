"""The text field as an editor uses it: what is typed is what is in it, keys, buttons, pasting, merge fields."""

import pytest
from playwright.sync_api import expect

from tests.web.studio.desk.field_page import NAME, Field


@pytest.mark.parametrize(
    "value",
    [
        "",
        "한 줄",
        "한 줄\n",
        "두\n줄\n",
        "끝에 둘\n\n",
        "\n\n앞에 둘",
        "  들여  쓴 \t글 \n",
        "**굵게**는 ‘따옴표’… {{ x\n",
        "\\* 그대로 \\\n",
        "a\r\nb\r\n",
        "\n",
    ],
)
def test_what_was_not_changed_is_equal_to_the_byte(field: Field, value: str) -> None:
    field.open(value)
    assert field.value == value
    assert field.changes == []


def test_typing_adds_what_was_typed_and_keeps_the_end_of_the_file(field: Field) -> None:
    field.open("첫째.\n둘째.\n")
    field.put_cursor(7)
    field.page.keyboard.insert_text("!")
    assert field.value == "첫째.\n둘째.!\n"
    assert field.changes == ["첫째.\n둘째.!\n"]


def test_a_value_from_elsewhere_leaves_the_cursor_with_its_words(field: Field) -> None:
    field.open("가나다. 라마바.\n")
    field.put_cursor(7)
    field.give("앞에 든 말. 가나다. 라마바. 뒤의 말.\n")
    assert field.changes == []
    field.page.keyboard.insert_text("!")
    assert field.value == "앞에 든 말. 가나다. 라마!바. 뒤의 말.\n"
    field.page.keyboard.press("Control+z")
    assert field.value == "앞에 든 말. 가나다. 라마바. 뒤의 말.\n"


def test_undo_of_the_desk_hears_the_key_only_where_nothing_is_left_here(field: Field) -> None:
    field.open("가")
    field.page.evaluate(
        "window.heard = 0; document.addEventListener('keydown', (e) => { if (e.key === 'z') heard += 1; })"
    )
    field.page.keyboard.insert_text("나")
    field.page.keyboard.press("Control+z")
    assert (field.value, field.page.evaluate("heard")) == ("가", 0)
    field.page.keyboard.press("Control+z")
    assert (field.value, field.page.evaluate("heard")) == ("가", 1)


def test_bold_and_italic_by_key_and_button(field: Field) -> None:
    field.open("서울 연구원은 말합니다")
    field.select("연구원")
    field.page.keyboard.press("Control+b")
    assert field.value == "서울 **연구원**은 말합니다"
    expect(field.page.get_by_role("button", name="굵게")).to_have_attribute("aria-pressed", "true")
    field.page.keyboard.press("Control+b")
    assert field.value == "서울 연구원은 말합니다"
    field.select("연구원")
    field.page.get_by_role("button", name="기울임").click()
    assert field.value == "서울 *연구원*은 말합니다"
    field.open("")
    field.page.keyboard.press("Control+b")
    field.page.keyboard.insert_text("굵게")
    assert field.value == "**굵게**"


def test_emphasis_over_lines_is_of_each_line_and_spares_the_marks_of_items(field: Field) -> None:
    field.open("- 하나\n- 둘 \n\n끝")
    field.put_cursor(0, 8)
    field.page.keyboard.press("Control+b")
    assert field.value == "- **하나**\n- **둘** \n\n끝"


def test_enter_goes_on_with_a_list_and_ends_it(field: Field) -> None:
    field.open("- 하나")
    field.page.keyboard.press("Enter")
    field.page.keyboard.insert_text("둘")
    assert field.value == "- 하나\n- 둘"
    field.page.keyboard.press("Enter")
    field.page.keyboard.press("Enter")
    assert field.value == "- 하나\n- 둘\n"
    field.open("1. 하나\n2. 둘\n3. 셋")
    field.put_cursor(5)
    field.page.keyboard.press("Enter")
    assert field.value == "1. 하나\n2. \n3. 둘\n4. 셋"
    field.open("> 인용")
    field.page.keyboard.press("Enter")
    assert field.value == "> 인용\n> "
    field.open("- 하나")
    field.page.keyboard.press("Shift+Enter")
    assert field.value == "- 하나\n"


def test_lists_and_quotations_by_button(field: Field) -> None:
    field.open("하나\n둘")
    field.put_cursor(0, 4)
    for name, value in (
        ("번호 목록", "1. 하나\n2. 둘"),
        ("목록", "- 하나\n- 둘"),
        ("목록", "하나\n둘"),
        ("인용", "> 하나\n> 둘"),
        ("인용", "하나\n둘"),
    ):
        field.page.get_by_role("button", name=name, exact=True).click()
        assert field.value == value


def test_a_link_is_asked_for_changed_and_taken_away(field: Field) -> None:
    field.open("누리집에서 봅니다")
    field.select("누리집")
    field.page.keyboard.press("Control+k")
    dialog = field.page.get_by_role("dialog", name="링크")
    expect(dialog.get_by_label("이어질 주소")).to_be_focused()
    field.page.keyboard.insert_text("www.si.re.kr/보고서 1")
    field.page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    assert field.value == "[누리집](<https://www.si.re.kr/보고서 1>)에서 봅니다"
    field.put_cursor(3)
    field.page.get_by_role("button", name="링크").click()
    expect(dialog.get_by_label("보이는 글")).to_have_value("누리집")
    dialog.get_by_role("button", name="링크 빼기").click()
    assert field.value == "누리집에서 봅니다"
    field.page.keyboard.press("Control+k")
    field.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(field.page.get_by_role("textbox")).to_be_focused()


def test_an_address_pasted_over_words_makes_a_link(field: Field) -> None:
    field.open("누리집에서")
    field.select("누리집")
    field.paste("https://www.si.re.kr/a_b")
    assert field.value == "[누리집](https://www.si.re.kr/a_b)에서"
    assert field.shown("link") == ["누리집"]


def test_plain_text_is_pasted_as_it_is_with_one_kind_of_line_end(field: Field) -> None:
    field.open("앞 ")
    field.paste("가\r\n나\u2028다\ue0a1라 **b**")
    assert field.value == "앞 가\n나\n다라 **b**"
    expect(field.page.get_by_role("status")).to_have_text("다른 컴퓨터에서는 보이지 않는 글자 1개를 뺐습니다.")
    field.open("제목 ", lines="one")
    field.paste("두\r\n  줄\n")
    assert field.value == "제목 두 줄"


def test_formatted_text_comes_as_the_servers_markdown_and_what_was_left_out_is_told(field: Field) -> None:
    answer = {"markdown": "가 **나**\n\n- 다\n", "told": ["글꼴 3곳"]}
    field.open("앞 ", answer=answer)
    field.paste("가 나 다", "<p>가 <b>나</b></p><ul><li>다</ul>")
    expect(field.page.get_by_role("status")).to_have_text("붙여 넣었습니다. 뺀 것: 글꼴 3곳")
    assert field.value == "앞 가 **나**\n\n- 다"
    assert field.page.evaluate("pasted") == ["<p>가 <b>나</b></p><ul><li>다</ul>"]
    field.open("앞 ")
    field.paste("가 나", "<p>가 <b>나</b></p>")
    expect(field.page.get_by_role("status")).to_have_text("서식 없이 글만 붙여 넣었습니다.")
    assert field.value == "앞 가 나"


def test_nothing_is_cut_or_copied_where_nothing_is_selected(field: Field) -> None:
    field.open("한 줄\n둘째 줄")
    field.page.keyboard.press("Control+x")
    assert field.value == "한 줄\n둘째 줄"


def test_a_merge_field_is_a_chip_that_is_walked_over_and_deleted_as_one(field: Field) -> None:
    field.open(f"{NAME}님, 안녕하세요")
    assert field.chips == ["이름 (없으면 구독자)"]
    field.put_cursor(0)
    field.page.keyboard.press("ArrowRight")
    field.page.keyboard.insert_text("!")
    assert field.value == f"{NAME}!님, 안녕하세요"
    field.page.keyboard.press("Backspace")
    field.page.keyboard.press("Backspace")
    assert field.value == "님, 안녕하세요"
    field.page.keyboard.press("Control+z")
    assert field.chips == ["이름 (없으면 구독자)"]


def test_a_merge_field_is_chosen_from_a_list_and_its_default_changed(field: Field) -> None:
    field.open("님", lines="one", markdown=False)
    field.put_cursor(0)
    field.page.get_by_role("button", name="받는 사람 정보").click()
    field.page.get_by_role("button", name="이름 예: 홍길동", exact=True).click()
    assert field.value == f"{NAME}님"
    field.page.locator(".merge-chip").click()
    field.page.get_by_label("정보가 없으면 쓸 말").fill('시민 "여러분"')
    field.page.keyboard.press("Enter")
    assert field.value == '{{ subscriber.name | default("시민 \\"여러분\\"") }}님'
    assert field.chips == ['이름 (없으면 시민 "여러분")']
    field.put_cursor(len(field.value))
    field.page.get_by_role("button", name="받는 사람 정보").click()
    field.page.get_by_role("button", name="회사 이름 예: 한강건설").click()
    assert field.value.endswith('님{{ subscriber.fields["회사 이름"] }}')


def test_what_is_no_right_merge_field_stays_text(field: Field) -> None:
    field.open('{{ name }} {{ "{{" }} {{ subscriber.name | upper }}')
    assert field.chips == []


def test_on_one_line_enter_writes_nothing_and_is_heard_outside(field: Field) -> None:
    field.open("제목", lines="one")
    field.page.evaluate(
        "window.entered = 0; document.addEventListener('keydown', (e) => { if (e.key === 'Enter') entered += 1; })"
    )
    field.page.keyboard.press("Enter")
    assert (field.value, field.page.evaluate("entered")) == ("제목", 1)


def test_destroyed_it_leaves_nothing(field: Field) -> None:
    field.open("가")
    field.page.evaluate("field.destroy(); delete window.field")
    assert field.page.evaluate("document.getElementById('place').childNodes.length") == 0
