"""Hangul typed into the desk itself, while it is saved again and again and somebody else writes into the same file."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.web.studio.desk.desk_page import ISSUE, opened_desk, saved, text_of, written
from tests.web.studio.studio_site import StudioSite, studio_site

WORDS = "기업과 기관이 한데 모여 서로의 힘이 됩니다."


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StudioSite]:
    with studio_site(tmp_path / "workspace") as running:
        yield running


def steps(syllable: str) -> list[str]:
    """ㅎ, 하, 한 are composed one after the other; a jamo at the beginning as one that stands by itself."""
    parts = unicodedata.normalize("NFD", syllable)
    return [unicodedata.normalize("NFC", parts[:length]) for length in range(1, len(parts) + 1)]


def test_nothing_of_it_is_lost_or_doubled(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    hands = page.context.new_cdp_session(page)
    written(page, "머리말").click()
    page.keyboard.press("Control+End")
    for place, character in enumerate(f" {WORDS}"):
        is_middle = place == WORDS.index("모여") + 1
        if is_middle:
            # Whoever writes the whole file in the middle of a save writes over it: that is another matter.
            saved(page)
        if "가" <= character <= "힣":
            for step in steps(character):
                hands.send("Input.imeSetComposition", {"text": step, "selectionStart": 1, "selectionEnd": 1})
        if is_middle:
            site.edit("다음 호는 8월에 옵니다.", "다음 호는 9월에 옵니다.")
        hands.send("Input.insertText", {"text": character})
    saved(page)
    wanted = ISSUE.replace("안녕하세요.\n", f"안녕하세요. {WORDS}\n", 1).replace("8월에", "9월에")
    assert text_of(site.issue) == wanted
    hands.detach()
