"""Each look of `[theme] preset` is right where the default one is: narrow, dark, without style, with any accent."""

import re
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.edition.edition import Edition
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue
from newsletter.settings.colours import READABLE, least_contrast
from newsletter.settings.model import ThemeTable
from newsletter.settings.palette import PAIRS
from newsletter.settings.presets import PresetName, preset
from newsletter.settings.theme import theme_problems
from newsletter.settings.workspace import Workspace
from tests.support.browser import Window, accessibility_findings
from tests.support.finished import ISSUES, ROOT, without_styles, workspace_of

PRESETS = [name for name in get_args(PresetName) if name != "quiet"]


@cache
def edition_in(name: str, **theme: object) -> Edition:
    """The letter with every kind of section in a preset."""
    own = workspace_of("every-section")
    look = ThemeTable.model_validate({"preset": name} | theme)
    workspace = Workspace(ROOT, own.settings.model_copy(update={"theme": look}))
    issue = load_issue(ISSUES["every-section"], workspace_root=ROOT, timezone="Asia/Seoul")
    return render(issue, workspace, variants(issue, ["ko"])[0])


@pytest.mark.parametrize("name", PRESETS)
def test_every_colour_of_a_preset_can_be_read(name: PresetName) -> None:
    assert theme_problems({"preset": name}) == []
    colours = preset(name).palette
    for mode in ("", "dark_"):
        for text, surface in PAIRS:
            assert least_contrast(colours[mode + text], colours[mode + surface]) >= READABLE


@settings(max_examples=20)
@given(st.sampled_from(PRESETS), st.integers(0, 0xFFFFFF).map("#{:06x}".format))
def test_an_accent_of_ones_own_brings_its_companions_into_every_preset(name: str, accent: str) -> None:
    theme = ThemeTable.model_validate({"preset": name, "accent": accent})
    faint = [
        (text, surface)
        for mode in ("", "dark_")
        for text, surface in PAIRS
        if least_contrast(theme.palette[mode + text], theme.palette[mode + surface]) < READABLE
    ]
    assert bool(faint) == bool(theme_problems({"preset": name, "accent": accent}))


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_right_wherever_the_letter_is_read(window: Window, name: str) -> None:
    html = edition_in(name).html
    assert len(html.encode()) < 102 * 1024
    for width, dark, page_html in (
        (320, False, html),
        (320, False, without_styles(html)),
        (640, True, html),
    ):
        page = window.show(page_html, width, dark=dark)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width, dark)
        if page_html is html:
            assert accessibility_findings(page) == []


def test_on_paper_the_words_of_a_band_need_no_ground(window: Window) -> None:
    page = window.show(edition_in("bulletin").html, paper=True)
    colours = "place => [getComputedStyle(place).color, getComputedStyle(place.closest('td.band')).backgroundColor]"
    seen = [words.evaluate(colours) for words in page.locator(".banner").all()]
    assert seen == [["rgb(28, 74, 158)", "rgb(255, 255, 255)"]] * 3


@pytest.mark.parametrize("name", get_args(PresetName))
def test_of_two_logos_one_is_seen_in_each_preset(window: Window, name: str) -> None:
    logo = "tests/letter/logo.png"
    html = edition_in(name, logo=logo, logo_dark=logo).html
    for dark, source in ((False, html), (True, html), (True, without_styles(html))):
        page = window.show(source, 320, dark=dark)
        both = page.locator("[role=img][aria-label=서울이슈큐레이터] img")
        seen = [both.nth(0).is_visible(), both.nth(1).is_visible()]
        assert seen == ([False, True] if dark and source is html else [True, False]), (name, dark)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_looks_like_no_other(name: str) -> None:
    quiet, other = edition_in("quiet"), edition_in(name)
    assert other.text == quiet.text
    styles = [re.findall(r'<(?:h1|h2|td)[^>]* style="([^"]*)"', one.html) for one in (quiet, other)]
    assert styles[0] != styles[1]


def test_single_settings_win_over_the_preset() -> None:
    html = edition_in("bulletin", headline=28, radius=0, heading_font="serif").html
    assert "font-size:28px" in html
    assert "border-radius:0" not in html
    assert "Batang" in html
    assert "@media (min-width:600px)" not in html


def test_no_class_of_the_sheet_means_two_things() -> None:
    """Each part of the letter has names of its own, but for what a preset adds at the end of the sheet."""
    sheet = (Path(ROOT) / "templates" / "email" / "inline.css.j2").read_text(encoding="utf-8")
    named = re.findall(r"^\.([\w-]+)\{", sheet.partition("{% if theme.serif %}")[0], re.MULTILINE)
    assert sorted(named) == sorted(set(named))
