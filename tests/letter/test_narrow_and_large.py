"""A phone of 320 px, and text of twice its size: nothing is wider than the window, whatever names and labels are."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from newsletter.edition.render import render
from newsletter.edition.variants import variants
from tests.support.browser import Window
from tests.support.finished import html_of, without_styles
from tests.support.letters import issue_of, story, workspace_at

LARGER = """times => {
    const places = [...document.querySelectorAll('body *')].map(place => [place, getComputedStyle(place)]).map(
        ([place, style]) => [place, parseFloat(style.fontSize), parseFloat(style.lineHeight)]);
    for (const [place, size, leading] of places) {
        place.style.fontSize = `${size * times}px`;
        if (leading) place.style.lineHeight = `${leading * times}px`;
    }
}"""
"""What a reader does who sets the text larger: boxes stay as wide as they were told in pixels."""
WIDTH = "document.documentElement.scrollWidth"
LINES = """selector => [...document.querySelectorAll(selector)].map(place => {
    const range = document.createRange();
    range.selectNodeContents(place);
    return new Set([...range.getClientRects()].map(box => Math.round(box.bottom))).size;
})"""
PLACES = """selectors => selectors.map(selector => {
    const box = document.querySelector(selector).getBoundingClientRect();
    return [box.left, box.top, box.right, box.bottom];
})"""
VALUE = "p.accent[style*=tabular]:not(.rule) b"
NAMES = [
    "서울이슈큐레이터",
    "서울정책연구이슈큐레이터소식지",
    "서울시민정책연구큐레이터모음집소식지편지통신",
    "Metropolitan Policy Letter",
]
LABELS = [
    "연구보고서 읽기",
    "사물인터넷 이야기와 연구보고서 전문을 내려받아 읽어 보기",
    "도시기반시설종합관리보고서내려받기",
]
VALUES = ["443명", "607억원", "70여 개", "1,234,567명", "약 60%"]


def letter(root: Path, name: str) -> str:
    issue = issue_of(
        root,
        number="12",
        publish_at="2026-11-26T08:56",
        sections=[
            *(story(button={"label": label, "url": "https://www.example.org/"}) for label in LABELS),
            {"type": "figures", "items": [{"value": value, "label": "2020년 대비 1,234 명"} for value in VALUES]},
            {"type": "events", "items": [{"title": "정책 토론회", "starts_at": "2026-12-01T14:00", "place": "시민청"}]},
        ],
    )
    return render(issue, workspace_at(root, newsletter={"name": name}), variants(issue, ["ko"])[0]).html


def opened(window: Window, html: str, width: int, *, times: int = 1) -> Page:
    page = window.show(html, width)
    if times != 1:
        page.evaluate(LARGER, times)
    return page


@pytest.mark.parametrize("newsletter", NAMES)
def test_no_name_and_no_label_is_wider_than_the_window(window: Window, tmp_path: Path, newsletter: str) -> None:
    html = letter(tmp_path, newsletter)
    for shown in (html, without_styles(html)):
        page = opened(window, shown, 320)
        assert page.evaluate(WIDTH) == 320
        if shown is html:
            page.evaluate(LARGER, 2)
            assert page.evaluate(WIDTH) == 320


def test_the_month_stands_beside_the_name_and_under_one_that_leaves_no_room(window: Window, tmp_path: Path) -> None:
    masthead = ["td.spine div[style*=inline-block]", "td.muted[align=right]", "p.muted"]
    wide = opened(window, letter(tmp_path, NAMES[1]), 640)
    (_, top, right, bottom), (left, above, _, below), _ = wide.evaluate(PLACES, masthead)
    assert right < left
    assert above < bottom
    assert top < below
    narrow = opened(window, letter(tmp_path, NAMES[1]), 320)
    (_, _, _, bottom), (_, above, _, below), (_, tagline, *_) = narrow.evaluate(PLACES, masthead)
    assert bottom <= above < below <= tagline


def test_a_long_label_wraps_between_its_words(window: Window, tmp_path: Path) -> None:
    page = opened(window, letter(tmp_path, NAMES[0]), 320)
    assert page.evaluate(LINES, "td.solid b") == [1, 2, 2]


@pytest.mark.parametrize("value", ["607억 원", "₩60.7 bn", "1,234,567명", "₩1,234,567,890"])
def test_three_numbers_stand_in_as_many_columns_as_have_room(window: Window, tmp_path: Path, value: str) -> None:
    figures = {"type": "figures", "items": [{"value": value, "label": "모두"}] * 3}
    issue = issue_of(tmp_path, sections=[figures])
    html = render(issue, workspace_at(tmp_path), variants(issue, ["ko"])[0]).html
    for width in (640, 320):
        page = opened(window, html, width)
        assert page.evaluate(LINES, VALUE) == [1, 1, 1]


def test_pictures_of_a_gallery_are_as_wide_as_the_text_on_a_phone(window: Window) -> None:
    html = html_of("every-section")
    for width, column in ((320, 280), (414, 374)):
        page = opened(window, html, width)
        boxes = page.evaluate(
            "[...document.querySelectorAll('.pair img')].map(one => one.getBoundingClientRect().width)"
        )
        assert boxes == [column] * 2


def test_a_number_and_its_unit_hold_together_also_where_no_style_keeps_words_whole(
    window: Window, tmp_path: Path
) -> None:
    html = letter(tmp_path, NAMES[0]).replace("word-break:keep-all", "")
    narrow = opened(window, html, 320)
    narrow.evaluate(
        "for (const tile of document.querySelectorAll('div[style*=vertical-align]')) tile.style.width = '2px'"
    )
    narrow.evaluate("for (const place of document.querySelectorAll('.column, p')) place.style.wordWrap = 'normal'")
    assert narrow.evaluate(LINES, VALUE) == [1] * len(VALUES)
    large = opened(window, letter(tmp_path, NAMES[0]), 320, times=2)
    assert large.evaluate(LINES, VALUE)[0] == 1, "a tile is no narrower than its text is large"
