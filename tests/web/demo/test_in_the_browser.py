"""The demo's inbox in Chromium: the way out really leads out, and a hostile letter gets nowhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import accessibility_findings
from tests.support.web import foreign_site
from tests.web.demo.demo_site import Demo, demo_site

HOSTILE = """<!DOCTYPE html><html><head><base href="{evil}/" target="_top">
<meta http-equiv="refresh" content="0;url={evil}/refresh"></head><body>
<script>parent.document.title = "owned"; top.location = "/healthz"; fetch("/u/x", {method: "POST"})</script>
<img src="x" onerror="top.location='/healthz'"><img src="{evil}/beacon.png">
<link rel="stylesheet" href="{evil}/style.css">
<iframe src="{evil}/frame"></iframe><svg onload="top.location='/healthz'"></svg>
<form action="{leave}" method="post"><button id="form">go</button></form>
<p><a id="script" href="javascript:top.location='/healthz'">script</a></p>
<p><a id="blank" target="_blank" href="javascript:opener.location='/healthz'">script in a tab</a></p>
<p><a id="top" target="_top" href="/healthz">top</a></p><p><a id="self" target="_self" href="{evil}/">self</a></p>
</body></html>"""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with demo_site(tmp_path / "inbox") as running:
        yield running


def test_the_link_in_the_letter_opens_a_page_whose_button_unsubscribes(demo: Demo, page: Page) -> None:
    demo.deliver("hong@example.com")
    page.goto(demo.url)
    expect(page.locator("#people")).to_contain_text("도착")
    with page.expect_popup() as opened:
        page.frame_locator("iframe").get_by_role("link", name="수신거부").click()
    leaving = opened.value
    expect(leaving.get_by_role("heading", level=1)).to_have_text("이 뉴스레터를 그만 받으시겠어요?")
    assert not demo.has_left("hong@example.com")
    leaving.get_by_role("button", name="수신 거부").click()
    expect(leaving.get_by_role("heading", level=1)).to_have_text("수신 거부가 완료되었습니다")
    assert demo.has_left("hong@example.com")
    expect(page.locator("#people li", has_text="홍길동")).to_contain_text("수신 거부")


def test_one_click_unsubscribes_without_leaving_the_page(demo: Demo, page: Page) -> None:
    demo.deliver("jane@example.org")
    page.goto(demo.url)
    page.get_by_role("button", name="한 번에 수신 거부").click()
    expect(page.get_by_role("status")).to_have_text("수신 거부 처리됨: jane@example.org")
    expect(page.locator("#people li", has_text="Jane Doe")).to_contain_text("수신 거부")
    assert demo.has_left("jane@example.org")
    assert page.url == f"{demo.url}/"


def test_an_arrival_shows_itself(demo: Demo, page: Page) -> None:
    page.goto(demo.url)
    expect(page.locator("#arrivals")).to_contain_text("아직")
    demo.deliver("hong@example.com")
    expect(page.locator("#arrivals")).to_contain_text("홍길동")


def test_a_picture_of_the_letter_is_shown(demo: Demo, page: Page) -> None:
    demo.deliver("hong@example.com")
    page.goto(demo.url)
    picture = page.frame_locator("iframe").get_by_role("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 1


def test_a_hostile_letter_gets_nowhere(demo: Demo, page: Page) -> None:
    with foreign_site() as (evil, asked):
        demo.deliver("hong@example.com", html=HOSTILE.replace("{evil}", evil))
        page.goto(demo.url)
        frame = page.frame_locator("iframe").first
        for control in ("form", "script", "blank", "top", "self"):
            frame.locator(f"#{control}").click()
        page.get_by_role("link", name="헤더", exact=True).click()
        expect(page.get_by_role("region", name="헤더")).to_be_visible()
        assert page.title() == "받은편지함 · 서울이슈큐레이터"
        assert asked == []
    assert not demo.book.left


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_is_cut_off(demo: Demo, page: Page, width: int, scheme: str) -> None:
    identity = demo.deliver("hong@example.com")
    demo.deliver("jane@example.org")
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    leave = f"/u/{demo.links.token('hong@example.com')}"
    for path in ("/", f"/?message={identity}", f"/?message={identity}&view=headers", leave):
        page.goto(demo.url + path)
        assert accessibility_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_everything_can_be_reached_with_the_keyboard(demo: Demo, page: Page) -> None:
    demo.deliver("hong@example.com")
    page.goto(demo.url)
    reached = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.tagName + ':' + document.activeElement.textContent.trim()"))
    words = " ".join(reached)
    for control in ("홍길동", "한 번에 수신 거부", "텍스트", "헤더", "원본 파일"):
        assert control in words
