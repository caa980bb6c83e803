"""The letter on paper: light, its buttons readable, addresses beside the links, no headline alone at a page's end."""

import re

from playwright.sync_api import Page

from tests.support.browser import Window
from tests.support.contrast import READABLE, contrast
from tests.support.finished import html_of

LINKS = """() => [...document.querySelectorAll('a')].map(link => [
    link.href, link.textContent, getComputedStyle(link, '::after').content])"""
COLOURS = """selector => { const place = document.querySelector(selector), style = getComputedStyle(place);
    return [style.color, style.backgroundColor, style.borderTopStyle]; }"""
PAPER = "rgb(255, 255, 255)"


def printed(window: Window, html: str) -> Page:
    """On a machine that is set to dark, whose paper is white all the same."""
    return window.show(html, dark=True, paper=True)


def test_paper_is_light_and_buttons_have_a_frame_for_a_fill(window: Window) -> None:
    page = printed(window, html_of("every-section"))
    label, _, _ = page.evaluate(COLOURS, "a.on")
    _, fill, frame = page.evaluate(COLOURS, "td.solid")
    assert (fill, frame) == (PAPER, "solid")
    assert contrast(_digits(label), _digits(fill)) >= READABLE
    assert page.evaluate(COLOURS, "td.paper")[1] == PAPER
    assert page.locator("div[role=main] > div").first.is_hidden()


def test_the_colours_of_a_share_are_printed_and_an_address_stays_off_the_frame(window: Window) -> None:
    page = printed(window, html_of("every-section"))
    adjusted = "places => places.map(place => getComputedStyle(place).printColorAdjust)"
    shades = page.locator("td[class^=shade]").evaluate_all(adjusted)
    assert len(shades) > 6, "of the whole and of its legend"
    assert {*shades} == {"exact"}
    assert page.locator("a.on").first.evaluate("place => getComputedStyle(place).paddingRight") == "8px"


def test_links_in_the_text_show_their_address_but_not_those_of_the_foot_and_the_contents(window: Window) -> None:
    page = printed(window, html_of("themed"))
    links = page.evaluate(LINKS)
    shown = [(href, words) for href, words, after in links if after not in ("none", '""')]
    assert shown
    assert all(href.startswith("https://www.si.re.kr") for href, _ in shown)
    assert not [words for _, words in shown if "수신 거부" in words or words[-3:] == "누리집"]
    hidden = [href for href, _, after in links if after in ("none", '""')]
    assert [href for href in hidden if "#story-01" in href]
    assert [href for href in hidden if href.startswith("tel:")]
    assert [href for href in hidden if href.endswith("/u/abc")]


def _digits(colour: str) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])
