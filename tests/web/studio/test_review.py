"""A reviewer's comments in the studio: left on words of the letter, found again, taken away; and who may not."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from newsletter.workflow.steps.review_comments import comments_path, read_comments
from tests.support.browser import accessibility_findings
from tests.web.studio.studio_page import letter
from tests.web.studio.studio_site import StudioSite, studio_site
from tests.web.studio.test_proof_form import own


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StudioSite]:
    with studio_site(tmp_path / "workspace") as running:
        yield running


@pytest.fixture
def client(site: StudioSite) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url, trust_env=False) as opened:
        yield opened


ABOUT = "홍길동님, 안녕하세요. 누리집에서 더 읽으실 수 있습니다."


def csrf(client: httpx.Client) -> str:
    found = re.search(r'name="csrf" value="([\w-]{32,})"', client.get("/panel/review?issue=2021-06").text)
    assert found
    return found[1]


def test_a_comment_is_about_selected_words_and_leads_back_to_them(site: StudioSite, page: Page) -> None:
    page.goto(site.url)
    page.get_by_role("tab", name="의견").click()
    expect(page.get_by_text("아직 의견이 없습니다.")).to_be_visible()
    letter(page).get_by_text("님, 안녕하세요.").select_text()
    expect(page.get_by_label("가리키는 글")).to_have_value(ABOUT)
    page.get_by_role("textbox", name="의견", exact=True).fill("주소를\n<b>다시</b> 보세요")
    page.get_by_role("button", name="의견 남기기").click()
    expect(page.get_by_text("의견을 남겼습니다.")).to_be_visible()
    (kept,) = read_comments(site.issue)
    assert (kept.about, kept.words) == (ABOUT, "주소를\n<b>다시</b> 보세요")
    expect(page.get_by_role("textbox", name="의견", exact=True)).to_have_value("")
    expect(page.get_by_text("<b>다시</b> 보세요")).to_be_visible()
    letter(page).locator("body").evaluate("() => getSelection().removeAllRanges()")
    page.get_by_role("button", name=ABOUT).click()
    letter(page).locator("body").evaluate("() => new Promise(done => requestAnimationFrame(done))")
    assert letter(page).locator("body").evaluate("() => String(getSelection())") == ABOUT
    assert accessibility_findings(page) == []
    page.get_by_role("textbox", name="의견", exact=True).fill("반쯤 쓴 글")
    site.edit("[누리집]", "[웹사이트]")
    expect(letter(page).get_by_text("웹사이트")).to_be_visible()
    page.get_by_role("button", name=ABOUT).click()
    expect(page.get_by_text("이 글은 이제 편지에 없습니다.")).to_be_visible()
    page.get_by_role("button", name="반영함, 지우기").click()
    expect(page.get_by_text("아직 의견이 없습니다.")).to_be_visible()
    expect(page.get_by_role("textbox", name="의견", exact=True)).to_have_value("반쯤 쓴 글")
    assert not comments_path(site.issue).exists()


@pytest.mark.parametrize(
    ("headers", "form", "status"),
    [
        ({"Origin": "https://evil.example.com"}, {}, 403),
        ({"Origin": ""}, {}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, {}, 403),
        ({}, {"csrf": "x"}, 403),
        ({}, {"issue": "../2021-07"}, 404),
        ({}, {"issue": "none"}, 404),
        ({}, {"words": " "}, 422),
        ({}, {"words": "가" * 1_300}, 422),
        ({"Content-Type": "text/plain"}, {}, 400),
    ],
)
def test_who_may_not_leaves_nothing(
    site: StudioSite, client: httpx.Client, headers: dict[str, str], form: dict[str, str], status: int
) -> None:
    data = {"csrf": csrf(client), "issue": "2021-07", "about": "", "words": "의견", **form}
    answer = client.post("/review", data=data, headers={**own(site), **headers})
    assert answer.status_code == status
    assert list(site.issue.parent.glob("*.json")) == []


def test_a_file_of_comments_that_cannot_be_read_says_so(site: StudioSite, client: httpx.Client) -> None:
    comments_path(site.issue).write_text("{", encoding="utf-8")
    assert "검토 의견을 읽을 수 없습니다" in client.get("/panel/review").text
    data = {"csrf": csrf(client), "issue": "2021-07", "words": "의견"}
    answer = client.post("/review", data=data, headers=own(site))
    assert (answer.status_code, comments_path(site.issue).read_text(encoding="utf-8")) == (503, "{")
