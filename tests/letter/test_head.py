"""The head of the letter, byte for byte what mail clients need."""

import re

import pytest
import tinycss2

from tests.support.finished import edition_of, html_of

STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
MOST_STYLE = 8 * 1024
"""Bytes; Gmail drops the style element that crosses 16,384."""
METAS = {
    "viewport": "width=device-width, initial-scale=1",
    "format-detection": "telephone=no, date=no, address=no, email=no, url=no",
    "color-scheme": "light dark",
    "supported-color-schemes": "light dark",
}


def test_begins_with_the_doctype_in_upper_case(name: str) -> None:
    assert html_of(name).startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(("meta", "content"), METAS.items(), ids=METAS)
def test_head_says_what_clients_ask(name: str, meta: str, content: str) -> None:
    assert f'<meta name="{meta}" content="{content}">' in html_of(name)


def test_head_names_charset_title_and_apples_switch(name: str) -> None:
    head = html_of(name).split("</head>")[0]
    assert '<meta charset="utf-8">' in head
    assert '<meta name="x-apple-disable-message-reformatting">' in head
    assert f"<title>{edition_of(name).subject}</title>" in head


def test_outlook_has_its_block_and_its_fonts(name: str) -> None:
    block = re.search(r"<!--\[if mso\]>.*?<!\[endif\]-->", html_of(name), re.DOTALL)
    assert block
    for word in (
        "OfficeDocumentSettings",
        "<o:AllowPNG/>",
        "<o:PixelsPerInch>96</o:PixelsPerInch>",
        "mso-fareast-font-family:'Yu Gothic'" if name == "japanese" else "mso-fareast-font-family:'Malgun Gothic'",
        "mso-line-height-rule:exactly",
    ):
        assert word in block[0]


def test_styles_are_small_and_plain(name: str) -> None:
    sheets = STYLE.findall(html_of(name))
    assert sum(len(sheet.encode()) for sheet in sheets) < MOST_STYLE
    for sheet in sheets:
        assert not re.search(r"/\*|var\(|rgba?\(|hsla?\(|@import|@font-face", sheet)
        for rule in tinycss2.parse_stylesheet(sheet, skip_whitespace=True):
            assert rule.type != "error"
            assert rule.type != "at-rule" or "@" not in tinycss2.serialize(rule.content)


def test_every_dark_rule_has_a_twin_for_outlooks_apps(name: str) -> None:
    sheet = STYLE.findall(html_of(name))[-1].split("@media print")[0]
    media = re.search(r"@media screen and \(prefers-color-scheme:dark\)\{(.*?\})\s*\}", sheet, re.DOTALL)
    assert media
    twins = re.findall(r"^\[data-ogs.*$", sheet, re.MULTILINE)
    assert [re.sub(r"\[data-ogs[bc]\] ", "", twin) for twin in twins] == [
        line for line in media[1].splitlines() if line
    ]
    assert all(("background" in twin or "border" in twin) == ("[data-ogsb]" in twin) for twin in twins)
    assert "a[x-apple-data-detectors]" in sheet
    assert ".page .around a{color:inherit}" in sheet, "links that a mail program makes of dates and addresses"


def test_colours_have_six_digits(name: str) -> None:
    styles = " ".join([*STYLE.findall(html_of(name)), *re.findall(r' (?:style|bgcolor)="([^"]*)"', html_of(name))])
    colours = re.findall(r"#([0-9a-fA-F]+)\b", styles)
    assert colours
    assert {len(colour) for colour in colours} == {6}
    assert not re.search(r"var\(|rgba?\(|hsla?\(", styles)
