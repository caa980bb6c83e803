"""What Word or a page has copied is pasted into a text of the form as Markdown, and what stayed behind is told."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.web.studio.desk.desk_page import ISSUE, card, opened_desk, saved, text_of, written
from tests.web.studio.studio_site import StudioSite, studio_site

COPIED = "<p><b>굵은</b> 글<br>다음 줄</p><ul><li><a href='https://www.example.org/'>길</a></li></ul><img src='x.png'>"
PASTE = """(place, html) => {
    const data = new DataTransfer();
    data.setData("text/html", html);
    data.setData("text/plain", "굵은 글");
    place.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioSite]:
    with studio_site(tmp_path_factory.mktemp("desk") / "workspace") as running:
        yield running


@pytest.mark.parametrize(("breaks", "line_end"), [("", "\\"), ("line_breaks: keep\n", "")])
def test_what_is_pasted_is_markdown_and_what_stayed_behind_is_told(
    site: StudioSite, page: Page, breaks: str, line_end: str
) -> None:
    issue = ISSUE.replace("publish_at:", f"{breaks}publish_at:")
    opened_desk(site, page, issue=issue)
    card(page, 3).locator(".desk-fold").click()
    body = written(page, "본문", card(page, 3))
    body.click()
    page.keyboard.press("Control+a")
    body.evaluate(PASTE, COPIED)
    told = card(page, 3).locator("[data-key=body] [role=status]")
    expect(told).to_contain_text("그림")
    expect(body).to_contain_text("길")
    saved(page)
    wanted = f"    body: |\n      **굵은** 글{line_end}\n      다음 줄\n\n      - [길](https://www.example.org/)\n"
    assert wanted in text_of(site.issue)
