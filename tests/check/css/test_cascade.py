"""What an element looks like follows the cascade: style attributes, old attributes, and the rules for the dark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.css.cascade import ComputedStyle, DisplayMode, computed_styles
from newsletter.check.css.selectors import matches, selectors_of
from newsletter.check.css.sizes import pixels
from newsletter.check.page import read_page
from newsletter.edition.css_colour import colour_of
from tests.support.wild_html import wild_css, wild_html

DARK = '<meta name="color-scheme" content="light dark">'


def style_of(html: str, mode: DisplayMode = DisplayMode.LIGHT) -> ComputedStyle:
    """How the last element of a page looks."""
    return computed_styles(read_page(html), mode)[-1]


def colours(html: str, mode: DisplayMode = DisplayMode.LIGHT) -> tuple[str | None, str | None]:
    style = style_of(html, mode)
    return style.colour, style.ground


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>", ("#000000", "#ffffff")),
        ('<div style="color:#111111;background:#eeeeee url(x.png) no-repeat"><p>', ("#111111", "#eeeeee")),
        ('<table bgcolor="222222"><td><font color=white>', ("#ffffff", "#222222")),
        ('<td style="background-color:#000000" bgcolor="#ffffff">', ("#000000", "#000000")),
        ('<div style="background:rgba(0,0,0,.5)">', ("#000000", "#808080")),
        ('<p style="color:rgba(0,0,0,0.5)">', ("#808080", "#ffffff")),
        ('<p style="color:red;color:nonsense">', ("#ff0000", "#ffffff")),
        ('<div style="color:red"><a href="/x">', ("#0000ee", "#ffffff")),
        ('<div style="color:#ff0000"><a href="/x" style="color:inherit">', ("#ff0000", "#ffffff")),
        ('<div style="color:#ff0000"><p style="background:currentColor">', ("#ff0000", "#ff0000")),
        ('<p style="color:var(--ink)">', (None, "#ffffff")),
        ('<div style="background-image:linear-gradient(red,blue)"><p>', ("#000000", None)),
        ('<td background="x.png"><p style="background:#ffffff">', ("#000000", "#ffffff")),
        ("<style>p{color:#123456}</style><p>", ("#123456", "#ffffff")),
        ('<style>.a{color:#123456}p{color:#654321}</style><p class="b a">', ("#123456", "#ffffff")),
        ('<style>p{color:#123456}</style><p style="color:#654321">', ("#654321", "#ffffff")),
        ('<style>p{color:#123456 !important}</style><p style="color:#654321">', ("#123456", "#ffffff")),
        ("<style>@media (max-width:600px){p{color:#123456}}@media screen{p{background:#eeeeee}}</style><p>",
         ("#000000", "#eeeeee")),
    ],
)  # fmt: skip
def test_colour_and_ground(html: str, expected: tuple[str | None, str | None]) -> None:
    assert colours(html) == expected


def test_in_the_dark_the_media_query_holds_and_elsewhere_it_does_not() -> None:
    html = "<style>@media (prefers-color-scheme: dark){.a{color:#eeeeee !important}}</style>"
    html += '<p class="a" style="color:#111111;background-color:#ffffff">'
    assert colours(html) == ("#111111", "#ffffff")
    assert colours(html, DisplayMode.DARK) == ("#eeeeee", "#ffffff")
    assert colours(html.replace(" !important", ""), DisplayMode.DARK) == ("#111111", "#ffffff")


def test_a_page_that_knows_the_dark_stands_on_a_dark_canvas_in_it() -> None:
    assert colours(DARK + "<p>") == ("#000000", "#ffffff")
    assert colours(DARK + "<p>", DisplayMode.DARK) == ("#ffffff", "#121212")
    assert colours("<p>", DisplayMode.DARK) == ("#000000", "#ffffff")


def test_outlook_has_rules_of_its_own_for_the_dark() -> None:
    html = '<style>[data-ogsc] .a,[data-ogsb] .a{color:#eeeeee !important}</style><p class="a">'
    assert colours(html, DisplayMode.DARK) == ("#000000", "#ffffff")
    assert colours(html, DisplayMode.OUTLOOK_DARK) == ("#eeeeee", "#ffffff")


@pytest.mark.parametrize(
    ("html", "size", "bold"),
    [
        ("<h1>", 32.0, True),
        ("<p><b>", 16.0, True),
        ('<p style="font-size:12pt;font-weight:700">', 16.0, True),
        ('<div style="font-size:20px"><p style="font-size:0.5em"><i>', 10.0, False),
        ('<div style="font:bold 13px/20px sans-serif"><b style="font-weight:normal">', 13.0, False),
        ('<p style="font-size:calc(1px + 2vw)">', 16.0, False),
    ],
)
def test_size_and_weight(html: str, size: float, bold: bool) -> None:
    style = style_of(html)
    assert (round(style.size, 1), style.bold) == (size, bold)


@pytest.mark.parametrize(
    "style",
    ["display:none", "visibility:hidden", "opacity:0", "max-height:0;overflow:hidden", "color:transparent"],
)
def test_what_nobody_sees_is_hidden_with_all_that_is_in_it(style: str) -> None:
    assert style_of(f'<div style="{style}"><p>').hidden
    assert not style_of(f'<div style="{style}"></div><p>').hidden


@pytest.mark.parametrize(
    ("selector", "html", "reached"),
    [
        (".a", '<p class="b a">', True),
        ("p.a", '<div class="a">', False),
        (".a.b", '<p class="a">', False),
        (".a.b", '<p class="c b a">', True),
        ("#x", '<p id="x">', True),
        ("td p", "<td><div><p>", True),
        ("td > p", "<td><div><p>", False),
        ("td>p", "<td><p>", True),
        ("[lang|=en]", '<p lang="en-GB">', True),
        ('a[href^="tel:"]', '<a href="tel:1">', True),
        ("a[x-apple-data-detectors]", '<a href="tel:1">', False),
        ("*", "<p>", True),
        ("u + .body a", '<u></u><div class="body"><a>', False),
        ("a:hover", "<a>", False),
        ("p, a", "<a>", True),
        ("..", "<a>", False),
    ],
)
def test_a_selector_reaches_what_it_means(selector: str, html: str, reached: bool) -> None:
    tag = read_page(html).tags[-1]
    assert any(matches(one, tag) for one in selectors_of(selector)) is reached


@pytest.mark.parametrize(
    ("written", "expected"),
    [("13px", 13.0), ("12PT", 16.0), ("150%", 30.0), ("2em", 40.0), ("small", 14.22), ("0", 0.0), ("7", 20.0)],
)
def test_sizes_are_pixels(written: str, expected: float) -> None:
    assert round(pixels(written, 20.0, None), 2) == expected


@given(st.text(max_size=60) | wild_css())
def test_no_colour_and_no_selector_is_too_strange(text: str) -> None:
    found = colour_of(text)
    assert found is None or 0 <= found[1] <= 1
    selectors_of(text)
    assert pixels(text, 16.0, None) >= 0


@given(wild_html())
def test_every_tag_of_every_page_has_a_look(html: str) -> None:
    page = read_page(html)
    assert all(len(computed_styles(page, mode)) == len(page.tags) for mode in DisplayMode)
