"""The text field without a mouse, for a screen reader (its accessibility tree, axe-core), narrow and dark."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import accessibility_findings
from tests.web.studio.desk.field_page import NAME, Field

TEXT = (
    f"# 제목\n\n{NAME}님, **굵게**는 *Nature* [링크](https://example.org/a)\n\n- 하나\n- 둘 ~~셋~~ `code`\n\n> 인용\n"
)
BUTTONS = ["굵게", "기울임", "링크", "목록", "번호 목록", "인용", "표", "받는 사람 정보"]


def focused(field: Field) -> str:
    return str(field.page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.id"))


def test_a_screen_reader_is_told_name_help_and_whether_it_has_lines(field: Field) -> None:
    # The tree is listed in no order that is promised; the walk below holds the order.
    field.open(TEXT)
    text = field.page.get_by_role("textbox", name="본문")
    expect(text).to_have_accessible_description("편지에 나올 글입니다.")
    nodes = field.hands.send("Accessibility.getFullAXTree")["nodes"]
    (box,) = [node for node in nodes if node["role"]["value"] == "textbox"]
    said = {one["name"]: one["value"].get("value") for one in box["properties"]}
    assert (box["name"]["value"], said["multiline"], said["editable"]) == ("본문", True, "plaintext")
    assert "이름 (없으면 구독자)" in box["value"]["value"]
    buttons = [node["name"]["value"] for node in nodes if node["role"]["value"] == "button"]
    assert sorted(buttons) == sorted([*BUTTONS, "다음"])
    assert [node["name"]["value"] for node in nodes if node["role"]["value"] == "toolbar"] == ["글 꾸미기"]
    field.open("제목", lines="one", markdown=False)
    nodes = field.hands.send("Accessibility.getFullAXTree")["nodes"]
    (box,) = [node for node in nodes if node["role"]["value"] == "textbox"]
    assert {one["name"]: one["value"].get("value") for one in box["properties"]}["multiline"] is False


def test_tab_goes_through_and_arrows_walk_in_the_toolbar(field: Field) -> None:
    field.open("글")
    field.page.keyboard.press("Shift+Tab")
    walk = [focused(field)]
    for _ in BUTTONS:
        field.page.keyboard.press("ArrowRight")
        walk.append(focused(field))
    assert walk == [*BUTTONS, BUTTONS[0]]
    field.page.keyboard.press("End")
    assert focused(field) == BUTTONS[-1]
    field.page.keyboard.press("Tab")
    expect(field.page.get_by_role("textbox")).to_be_focused()
    field.page.keyboard.press("Tab")
    assert focused(field) == "next"
    assert field.value == "글"


def test_escape_leaves_the_field_and_closes_what_it_asks(field: Field) -> None:
    field.open("글")
    field.page.keyboard.press("Escape")
    expect(field.page.get_by_role("textbox")).not_to_be_focused()
    field.put_cursor(1)
    field.page.keyboard.press("Shift+Tab")
    field.page.keyboard.press("End")
    field.page.keyboard.press("Enter")
    dialog = field.page.get_by_role("dialog", name="받는 사람 정보")
    expect(dialog.get_by_role("button").first).to_be_focused()
    field.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(field.page.get_by_role("textbox")).to_be_focused()


@pytest.mark.parametrize(("width", "scheme", "language"), [(800, "light", "ko"), (320, "dark", "en")])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    field: Field, field_url: str, width: int, scheme: str, language: str
) -> None:
    page = field.page
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{field_url}/?ui={language}")
    for is_line in (False, True):
        if is_line:
            field.open(f"{NAME}님께", lines="one", markdown=False)
        else:
            field.open(TEXT)
        for button in (
            page.get_by_role("toolbar").get_by_role("button").last,
            page.get_by_role("toolbar").get_by_role("button").nth(2),
        ):
            if button.is_visible():
                button.click()
                expect(page.get_by_role("dialog")).to_be_visible()
                assert accessibility_findings(page) == []
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                page.keyboard.press("Escape")
        assert accessibility_findings(page) == []
        assert "undefined" not in page.content()


def test_the_focus_is_to_be_seen(field: Field) -> None:
    field.open("글")
    style = "getComputedStyle(document.querySelector('.text-field')).outlineStyle"
    assert field.page.evaluate(style) == "solid"
    field.page.locator("#next").focus()
    assert field.page.evaluate(style) == "none"
