"""The letter in Chromium: wide and narrow, light and dark, with and without its style element, with images off."""

from collections.abc import Callable

import pytest

from tests.support.browser import Window, accessibility_findings
from tests.support.contrast import READABLE, contrast, inverted
from tests.support.finished import html_of, with_pictures, without_styles
from tests.support.shown_words import SHOWN_WORDS, hex_of

DARK_OUTLOOK = "for (const name of ['data-ogsc', 'data-ogsb']) document.documentElement.setAttribute(name, '')"
"""What Outlook's apps do to a letter in the dark, instead of honouring the media query."""

TILES = "div[style*='inline-block;width:100%']"
BOXES = """selector => [...document.querySelectorAll(selector)].map(place => {
    const box = place.getBoundingClientRect();
    return [box.left, box.top, box.width, box.height]})"""


def brightness(colour: str) -> float:
    """From 0 to 255, of `rgb(r, g, b)`."""
    red, green, blue = (int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
    return (red + green + blue) / 3


@pytest.mark.parametrize(("width", "dark"), [(320, False), (320, True), (414, False), (640, False)])
@pytest.mark.parametrize("change", [str, without_styles], ids=["whole", "without-styles"])
def test_nothing_has_to_be_pinched(
    window: Window, name: str, width: int, dark: bool, change: Callable[[str], str]
) -> None:
    page = window.show(change(with_pictures(html_of(name), name)), width, dark=dark)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for words in page.evaluate(SHOWN_WORDS):
        assert words["left"] >= 20, words
        # Seventeen kana of 22 px fill a line of 374 px, and Chromium counts in 64ths.
        assert words["right"] <= width - 20 + 1 / 32, words


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(window: Window, name: str, dark: bool) -> None:
    assert accessibility_findings(window.show(with_pictures(html_of(name), name), 640, dark=dark)) == []


def test_axe_finds_nothing_in_outlooks_dark(window: Window, name: str) -> None:
    page = window.show(with_pictures(html_of(name), name), 640)
    page.evaluate(DARK_OUTLOOK)
    assert accessibility_findings(page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_word_can_be_read_also_after_full_inversion(window: Window, name: str, dark: bool) -> None:
    for words in window.show(html_of(name), 640, dark=dark).evaluate(SHOWN_WORDS):
        colour, ground = hex_of(words["colour"]), hex_of(words["ground"])
        assert contrast(colour, ground) >= READABLE, words
        assert contrast(inverted(colour), inverted(ground)) >= READABLE, words


@pytest.mark.parametrize("outlook", [False, True], ids=["media-query", "outlook"])
def test_no_light_surface_is_left_in_the_dark(window: Window, name: str, outlook: bool) -> None:
    page = window.show(html_of(name), 640, dark=not outlook)
    if outlook:
        page.evaluate(DARK_OUTLOOK)
    for words in page.evaluate(SHOWN_WORDS):
        button = words["tag"] in {"A", "B", "SPAN"} and brightness(words["ground"]) > 128
        assert button or brightness(words["ground"]) < 48, words
    assert brightness(page.evaluate("getComputedStyle(document.body).backgroundColor")) < 48


@pytest.mark.parametrize("change", [str, without_styles], ids=["whole", "without-styles"])
def test_text_is_large_and_has_room(window: Window, name: str, change: Callable[[str], str]) -> None:
    words = window.show(change(html_of(name)), 320).evaluate(SHOWN_WORDS)
    assert min(place["size"] for place in words) >= 13
    running = [place for place in words if place["tag"] == "P" and len(place["text"]) > 80]
    assert running
    foot = words[-1]["ground"]
    for place in running:
        assert place["size"] >= 16 or place["ground"] == foot, place
        assert 1.6 <= place["leading"] / place["size"] <= 1.75, place
    (headline,) = (place for place in words if place["tag"] == "H1")
    assert 28 <= headline["size"] <= 36


def test_figures_stack_centred_on_a_phone_without_styles(window: Window, name: str) -> None:
    boxes = window.show(without_styles(html_of(name)), 320).evaluate(BOXES, TILES)
    assert len(boxes) >= 3
    tops = [top for _, top, _, _ in boxes]
    assert tops == sorted(set(tops))
    assert {left + width / 2 for left, _, width, _ in boxes} == {160}


def test_figures_stand_side_by_side_where_there_is_room(window: Window, name: str) -> None:
    boxes = window.show(without_styles(html_of(name)), 640).evaluate(BOXES, TILES)
    assert boxes[0][1] == boxes[1][1]


def test_a_thumb_finds_every_link_that_stands_alone(window: Window, name: str) -> None:
    boxes = window.show(html_of(name), 320).evaluate(BOXES, "a[style*=inline-block]")
    assert len(boxes) >= 5
    assert min(height for *_, height in boxes) >= 44


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_code_stands_on_a_ground_that_differs_from_the_one_around_it(window: Window, dark: bool) -> None:
    page = window.show(html_of("every-section"), 640, dark=dark)
    grounds = page.evaluate("""() => [...document.querySelectorAll('code, pre')].map(place => [
        getComputedStyle(place).backgroundColor, getComputedStyle(place.closest('td')).backgroundColor])""")
    assert len(grounds) == 4
    for own, around in grounds:
        assert own != around
        assert (brightness(own) < 48) == dark


def test_what_is_quoted_is_a_quotation(window: Window) -> None:
    quoted = window.show(html_of("every-section"), 640).locator("blockquote").all_inner_texts()
    assert [words.strip()[:6] for words in quoted] == ["인용된 문단", "도시의 다음"]


def test_images_off_the_letter_still_says_what_they_show(window: Window) -> None:
    page = window.show(html_of("example"), 320)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    for left, _, width, height in page.evaluate(BOXES, "img"):
        assert left >= 0
        assert width <= 320
        assert height >= 24
