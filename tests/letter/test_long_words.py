"""A word that cannot break must not make a phone's page wider: addresses, mail addresses, Korean without a space."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from newsletter.edition.render import render
from newsletter.edition.variants import variants
from tests.support.finished import without_styles
from tests.support.letters import issue_of, story, workspace_at

ADDRESS = "https://www.example.org/board/view.do?boardId=BBS_0000123&menuCd=DOM_000000105003&seq=20261122"
LONG = [
    ADDRESS,
    "a.very.long.address.of.somebody@an.institute.of.the.city.example.org",
    "가나다라마바사아자차카타파하" * 4,
]


@pytest.mark.parametrize("word", LONG, ids=["address", "mail", "korean"])
@pytest.mark.parametrize("styles", [True, False], ids=["styled", "bare"])
def test_the_letter_stays_as_wide_as_the_phone(browser: Browser, tmp_path: Path, word: str, *, styles: bool) -> None:
    sections = [
        story(body=word, research=[{"title": word, "url": ADDRESS, "summary": word}]),
        {"type": "notice", "body": word},
        {"type": "quote", "text": word, "source": word},
        {"type": "events", "items": [{"title": word, "starts_at": "2026-12-01T14:00", "place": word}]},
    ]
    issue = issue_of(tmp_path, title=word, intro=word, sections=sections, closing=word)
    html = render(issue, workspace_at(tmp_path), variants(issue, ["ko"])[0]).html
    page = browser.new_page(viewport={"width": 320, "height": 900})
    try:
        page.set_content(html if styles else without_styles(html))
        assert page.evaluate("document.documentElement.scrollWidth") == 320
    finally:
        page.close()
