"""Another inliner, css-inline, comes to the same letter: premailer and what is done around it spoil nothing."""

import re
from unittest.mock import patch

import css_inline
import pytest

from newsletter.edition.inline import inline_styles
from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.load import load_issue
from tests.support.browser import Window
from tests.support.finished import ISSUES, LANGUAGES, ROOT, workspace_of

SECOND_SHEET = re.compile(r'<style data-premailer="ignore">.*?</style>', re.DOTALL)
STYLES = """() => [...document.querySelectorAll('*')].filter(place => place.checkVisibility()).map(place => {
    const style = getComputedStyle(place);
    return [place.tagName, [...style].map(name => name + ': ' + style[name]).join('\\n')]
})"""
"""Every element that is shown, with each property as the browser computes it, one a line."""
FEWEST = 100
"""Elements that each of the letters has at least."""


@pytest.fixture(params=["example", "every-section", "themed", "arabic"])
def name(request: pytest.FixtureRequest) -> str:
    """Those of the letters that differ in their styles."""
    return str(request.param)


def page_before_inlining(name: str) -> str:
    issue = load_issue(ISSUES[name], workspace_root=ROOT, timezone="Asia/Seoul")
    with patch("newsletter.edition.render.inline_styles", side_effect=lambda page, _: page) as inlining:
        render(issue, workspace_of(name), variants(issue, [LANGUAGES.get(name, "ko")])[0])
    return str(inlining.call_args.args[0])


def inlined_by_the_other(page: str) -> str:
    """With the second sheet, which css-inline would drop, put aside meanwhile."""
    (kept,) = SECOND_SHEET.findall(page)
    inlined = css_inline.CSSInliner(load_remote_stylesheets=False).inline(page.replace(kept, ""))
    return inlined.replace("</head>", f"{kept}</head>", 1)


def computed(window: Window, html: str, width: int, *, dark: bool) -> list[tuple[str, str]]:
    return [(place, style) for place, style in window.show(html, width, dark=dark).evaluate(STYLES)]


@pytest.mark.parametrize(("width", "dark"), [(320, True), (640, False)], ids=["narrow-dark", "wide-light"])
def test_every_visible_element_looks_the_same(window: Window, name: str, width: int, dark: bool) -> None:
    page = page_before_inlining(name)
    ours = computed(window, inline_styles(page, str), width, dark=dark)
    theirs = computed(window, inlined_by_the_other(page), width, dark=dark)
    assert len(ours) >= FEWEST
    assert [place for place, _ in ours] == [place for place, _ in theirs]
    for (place, our), (_, their) in zip(ours, theirs, strict=True):
        assert set(our.split("\n")) ^ set(their.split("\n")) == set(), place
