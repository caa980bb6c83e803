"""Each type of section, full, least and most: in the dark, on paper, without style, on a phone, mirrored, in Word.

The other rows of the same table (twin, translation, approval, schema, starter, documents, check) are
tests/project/test_section_types.py. One letter and one page for each type; whatever a model declares is in it.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from newsletter.edition.render import render
from newsletter.edition.variants import variants
from newsletter.issue.model import Issue
from newsletter.issue.sections.registry import SECTION_TYPES
from tests.support.browser import Window
from tests.support.contrast import READABLE, contrast, luminance
from tests.support.finished import without_styles
from tests.support.issue_files import read_issue
from tests.support.letters import picture_bytes, workspace_at
from tests.support.markup import as_outlook_reads, elements, unbalanced
from tests.support.mirrored import unmirrored
from tests.support.section_samples import Samples
from tests.support.shown_words import SHOWN_WORDS, hex_of

PHONE, WINDOW = 320, 640
MARGIN = 20
MOST = 12
"""Entries of a list that has no end."""
LONG = "가나다라마바사아자차카타파하거너더러머버서어저처"
WIDE_LETTER = 600
CONDITIONAL = re.compile(r"<!--\[if (!?mso)\]>|<!(?:--<!)?\[endif\]-->")


def three_of_them() -> tuple[Samples, ...]:
    return Samples(), Samples(word="짧은", least=True), Samples(word=LONG, many=MOST)


def issue_with(root: Path, type_: str) -> Issue:
    """One section with every key, one with those it needs, one with long words in long lists; also in digits alone."""
    samples = three_of_them()
    digits = [Samples(word="1", least=one.least, many=one.many).words(type_) for one in samples]
    words = {"title": "1", "preheader": "2", "intro": "3", "sections": digits}
    whole: dict[str, Any] = {
        "title": "제목",
        "preheader": "머리글",
        "intro": "머리말",
        "sections": [one.section(type_) for one in samples],
        # Digits run either way, so that what differs is the layout.
        "translations": json.loads(json.dumps({"de": words, "he": words}).replace("이어지는 글", "11")),
    }
    (root / "issues").mkdir()
    for one in samples:
        for number, name in enumerate(one.pictures.values()):
            (root / "issues" / name).write_bytes(picture_bytes(64, 32 + number))
    return read_issue(root, json.dumps(whole, ensure_ascii=False))


def words_of(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(SHOWN_WORDS)
    assert found
    return found


def unreadable(page: Page) -> list[dict[str, Any]]:
    return [one for one in words_of(page) if contrast(hex_of(one["colour"]), hex_of(one["ground"])) < READABLE]


def outside(page: Page, width: int) -> list[dict[str, Any]]:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    return [one for one in words_of(page) if one["left"] < MARGIN or one["right"] > width - MARGIN]


@pytest.mark.parametrize("type_", SECTION_TYPES)
def test_a_type_of_section_is_right_wherever_it_is_read(window: Window, tmp_path: Path, type_: str) -> None:
    issue = issue_with(tmp_path, type_)
    workspace = workspace_at(tmp_path)
    letters = {
        language: render(issue, workspace, variants(issue, [language])[0]).html for language in ("ko", "de", "he")
    }
    html = letters["ko"]

    word = as_outlook_reads(html)
    assert unbalanced(word) == unbalanced(html) == []
    assert open_conditions(html) == [], "Outlook would read on as if it were meant for it"
    assert cramped(word) == [], "cells in Word are together wider than their table"
    assert unmirrored(letters["de"], letters["he"]) == [], (
        "these stand at the same side where all is read from the right"
    )

    page = window.show(html, WINDOW, dark=True)
    assert unreadable(page) == [], "in the dark"
    said = {one["text"] for one in words_of(page)}
    page.emulate_media(media="print")
    assert said - {one["text"] for one in words_of(page)} == set(), "paper does not say these"
    assert unreadable(page) == [], "on paper"
    assert [one for one in words_of(page) if luminance(hex_of(one["ground"])) < 0.5] == [], "ink on paper for grounds"
    page.emulate_media(media="screen", color_scheme="light")
    assert outside(page, PHONE) == [], "on a phone"
    page.set_content(without_styles(html))
    assert outside(page, PHONE) == [], "on a phone that knows no style sheets"
    assert unreadable(page) == [], "without style sheets"


def open_conditions(html: str) -> list[str]:
    """Conditional comments that open in another, close nothing, or stay open."""
    wrong, inside = [], ""
    for found in CONDITIONAL.finditer(html):
        begins = bool(found[1])
        if begins == bool(inside):
            wrong.append(html[found.start() : found.start() + 80])
        inside = found[1] if begins else ""
    return wrong + ([inside] if inside else [])


def cramped(word: str) -> list[str]:
    """Tables as Word reads them whose cells do not fit: Word takes every width at its word."""
    found = elements(word)
    wrong = []
    for row in (one for one in found if one.tag == "tr"):
        table = row.inside[-1]
        cells = [one for one in found if one.tag in {"td", "th"} and one.inside and one.inside[-1] is row]
        widths = [int(one.attributes["width"]) for one in cells if one.attributes.get("width", "").isdigit()]
        most = table.attributes.get("width", "")
        if sum(widths) > (int(most) if most.isdigit() else WIDE_LETTER):
            wrong.append(f"{widths} in {most or WIDE_LETTER}")
    return wrong
