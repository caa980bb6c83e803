"""Hangul is typed by an input method that holds on to what it writes: real composition events in Chromium.

A text field neither writes under it nor tells of half a syllable, and never has a character twice.
"""

import pytest

from tests.web.studio.desk.field_page import NAME, Field

HAN = ("ㅎ", "하", "한")
GEUL = ("ㄱ", "그", "글")


def without_halves(changes: list[str]) -> bool:
    """Whether no change told of a jamo or of 하, which is on the way to 한; and none twice."""
    return not any(half in change for change in changes for half in "ㅎ하ㄱ그") and len(set(changes)) == len(changes)


def test_syllable_by_syllable(field: Field) -> None:
    field.open("")
    field.syllable(*HAN)
    field.syllable(*GEUL)
    field.settled()
    assert field.value == "한글"
    assert field.changes == ["한", "한글"]


def test_in_the_middle_of_a_text(field: Field) -> None:
    field.open("서울 이야기\n둘째 줄\n")
    field.put_cursor(2)
    field.syllable(*HAN)
    field.syllable(*GEUL)
    field.settled()
    assert field.value == "서울한글 이야기\n둘째 줄\n"
    assert without_halves(field.changes)


@pytest.mark.parametrize("place", ["before", "behind", "between"])
def test_beside_a_chip(field: Field, place: str) -> None:
    text = NAME + NAME if place == "between" else f"{NAME}님" if place == "before" else f"님 {NAME}"
    at = {"before": 0, "behind": len(text), "between": len(NAME)}[place]
    field.open(text)
    field.put_cursor(at)
    field.syllable(*HAN)
    field.syllable(*GEUL)
    field.settled()
    assert field.value == f"{text[:at]}한글{text[at:]}"
    assert without_halves(field.changes)
    assert len(field.chips) == text.count("{{")


def test_right_behind_stars(field: Field) -> None:
    field.open("앞 **")
    field.syllable(*HAN)
    field.syllable(*GEUL)
    field.write("**")
    field.syllable("ㄴ", "느", "는")
    field.settled()
    assert field.value == "앞 **한글**는"
    assert field.shown("strong") == ["한글"]


def test_inside_emphasis_the_next_syllable_replaces_nothing(field: Field) -> None:
    field.open("**굵게**는 [링크](https://example.org)")
    field.put_cursor(3)
    field.syllable(*HAN)
    field.settled()
    assert field.value == "**굵한게**는 [링크](https://example.org)"
    assert field.shown("strong") == ["굵한게"]


def test_nothing_is_told_while_a_syllable_is_open(field: Field) -> None:
    field.open("앞 ")
    field.compose(*HAN)
    field.settled()
    assert field.page.evaluate("field.isComposing")
    assert (field.value, field.changes) == ("앞 ", [])
    field.write("한")
    field.settled()
    assert not field.page.evaluate("field.isComposing")
    assert field.changes == ["앞 한"]


def test_a_value_of_the_server_waits_and_is_merged(field: Field) -> None:
    field.open("첫째 문장.\n둘째 문장.\n")
    field.put_cursor(5)
    field.compose(*HAN)
    field.give("첫째 문장.\n둘째 문장을 다른 사람이 고쳤다.\n")
    assert field.page.get_by_role("textbox").inner_text() == "첫째 문장한.\n둘째 문장."
    assert field.value == "첫째 문장.\n둘째 문장.\n"
    field.compose("한")
    field.write("한")
    field.settled()
    assert field.value == "첫째 문장한.\n둘째 문장을 다른 사람이 고쳤다.\n"
    assert field.changes[-1] == field.value
    field.syllable(*GEUL)
    field.settled()
    assert field.value == "첫째 문장한글.\n둘째 문장을 다른 사람이 고쳤다.\n"
    assert without_halves(field.changes)


def test_backspace_takes_the_syllable_apart(field: Field) -> None:
    field.open("앞 ")
    field.compose("ㅎ", "하", "한", "하", "ㅎ", "")
    field.settled()
    assert field.value == "앞 "
    field.syllable(*GEUL)
    field.settled()
    assert field.value == "앞 글"
    assert field.changes == ["앞 글"]
    field.page.keyboard.press("Backspace")
    assert field.value == "앞 "


def test_selected_words_are_replaced(field: Field) -> None:
    field.open("지운다 남긴다")
    field.select("지운다")
    field.syllable(*HAN)
    field.settled()
    assert field.value == "한 남긴다"
    assert field.changes == ["한 남긴다"]


def test_in_a_list_and_on_one_line(field: Field) -> None:
    field.open("- ")
    field.syllable(*HAN)
    field.page.keyboard.press("Enter")
    field.syllable(*GEUL)
    field.settled()
    assert field.value == "- 한\n- 글"
    field.open("제목 ", lines="one", markdown=False)
    field.syllable(*HAN)
    field.page.keyboard.press("Enter")
    field.syllable(*GEUL)
    field.settled()
    assert field.value == "제목 한글"
    assert without_halves(field.changes)


def test_the_focus_leaves_in_the_middle_of_a_syllable(field: Field) -> None:
    field.open("앞 ")
    field.compose(*HAN)
    field.page.locator("#next").focus()
    field.settled()
    assert field.value == "앞 한"
    assert field.changes == ["앞 한"]


def test_undo_takes_back_what_was_composed(field: Field) -> None:
    field.open("앞 ")
    field.syllable(*HAN)
    field.settled()
    field.page.keyboard.press("Control+z")
    assert field.value == "앞 "
    field.page.keyboard.press("Control+Shift+z")
    assert field.value == "앞 한"
