"""The studio in Chromium: it reloads on save, explains what is broken, recovers, and holds a letter down."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from newsletter.web.server import background, listen
from newsletter.web.studio.app import studio_app
from newsletter.web.studio.workspace_letters import WorkspaceLetters
from tests.support.web import foreign_site
from tests.web.studio.studio_page import letter
from tests.web.studio.studio_site import SETTINGS, SUBSCRIBERS, TOKEN, StudioSite, draw, make_workspace, studio_site

HOSTILE = """<!DOCTYPE html><html><head><title>x</title>
<meta http-equiv="refresh" content="0;url={evil}/refresh"></head>
<body><p>{{ letter.title }}</p><p>{{ footer.unsubscribe_url }}</p>
<script>top.location = "{evil}/script"; document.title = "owned"</script>
<img src="{evil}/beacon.png" onerror="top.location='{evil}/onerror'" alt="x">
<p><a id="top" target="_top" href="{evil}/top">top</a></p><p><a id="self" target="_self" href="{evil}/self">self</a></p>
<p><a id="script" href="javascript:top.location='{evil}/javascript'">script</a></p></body></html>"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StudioSite]:
    with studio_site(tmp_path / "workspace") as running:
        yield running


def test_the_letter_reloads_when_the_issue_is_saved(site: StudioSite, page: Page) -> None:
    page.goto(f"{site.url}/")
    expect(letter(page).locator("body")).to_contain_text("홍길동님, 안녕하세요.")
    site.edit("안녕하세요.", "반갑습니다.")
    expect(letter(page).locator("body")).to_contain_text("홍길동님, 반갑습니다.")


def test_it_reloads_when_a_template_is_saved(site: StudioSite, page: Page) -> None:
    page.goto(f"{site.url}/")
    site.save(site.root / "templates" / "email" / "_footer.html.j2", "<tr><td>OUR OWN FOOTER</td></tr>")
    expect(letter(page).locator("body")).to_contain_text("OUR OWN FOOTER")
    site.save(site.root / "templates" / "email" / "_footer.html.j2", "<tr><td>ANOTHER FOOTER</td></tr>")
    expect(letter(page).locator("body")).to_contain_text("ANOTHER FOOTER")


def test_it_reloads_when_a_picture_is_saved(site: StudioSite, page: Page) -> None:
    page.goto(f"{site.url}/")
    picture = letter(page).get_by_role("img", name="초록 네모")
    expect(picture).to_be_visible()
    before = picture.get_attribute("src") or ""
    draw(site.root / "issues" / "hero.png", "orange")
    expect(picture).not_to_have_attribute("src", before)
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 64


def test_it_reloads_when_settings_or_subscribers_are_saved(site: StudioSite, page: Page) -> None:
    page.goto(f"{site.url}/")
    site.save(site.root / "newsletter.toml", SETTINGS.replace("서울연구원", "다른연구원"))
    expect(letter(page).locator("body")).to_contain_text("다른연구원")
    site.save(site.root / "subscribers.csv", SUBSCRIBERS.replace("홍길동", "성춘향"))
    expect(letter(page).locator("body")).to_contain_text("성춘향님")


def test_an_error_shows_itself_with_its_place_and_goes_away_when_mended(site: StudioSite, page: Page) -> None:
    page.goto(f"{site.url}/")
    expect(letter(page).locator("body")).to_contain_text("홍길동님")
    site.edit("title: 신성장동력", "titel: 신성장동력")
    alert = page.get_by_role("alert").filter(has=page.locator("pre"))
    expect(alert).to_contain_text("issues/2021-07.yaml:1:1")
    caret = next(line for line in (alert.locator("pre").first.text_content() or "").splitlines() if "^" in line)
    assert caret.strip() == "^"
    expect(alert).to_contain_text("마지막으로 성공한 편지")
    expect(letter(page).locator("body")).to_contain_text("홍길동님")
    site.edit("titel: 신성장동력", "title: 바뀐 제목")
    expect(letter(page).get_by_role("heading", level=1)).to_have_text("바뀐 제목")
    expect(alert).to_have_count(0)


def test_a_reader_is_chosen_with_the_keyboard_alone(site: StudioSite, page: Page) -> None:
    page.goto(f"{site.url}/")
    page.get_by_label("읽는 사람").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("김철")
    expect(page.locator("#readers option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(letter(page).locator("body")).to_contain_text("김철수님")
    expect(page.get_by_label("읽는 사람")).to_have_value("kim@example.net")
    page.get_by_label("호", exact=True).select_option("2021-06")
    expect(letter(page).get_by_role("heading", level=1)).to_have_text("청년정책")


def test_a_reader_picked_from_the_list_is_shown_at_once(site: StudioSite, page: Page) -> None:
    page.goto(f"{site.url}/")
    expect(letter(page).locator("body")).to_contain_text("홍길동님")
    page.get_by_label("읽는 사람").fill("kim@example.net")
    expect(letter(page).locator("body")).to_contain_text("김철수님")
    page.get_by_label("읽는 사람").fill("")
    page.get_by_label("읽는 사람").press("Tab")
    expect(letter(page).locator("body")).to_contain_text("구독자님")


def test_what_is_chosen_is_an_address_and_the_way_back_works(site: StudioSite, page: Page) -> None:
    page.goto(f"{site.url}/")
    page.get_by_label("호", exact=True).select_option("2021-06")
    expect(letter(page).get_by_role("heading", level=1)).to_have_text("청년정책")
    page.get_by_role("link", name="텍스트").click()
    expect(page.get_by_role("region", name="텍스트")).to_contain_text("청년정책")
    address = page.url
    page.go_back()
    expect(letter(page).get_by_role("heading", level=1)).to_have_text("청년정책")
    page.go_back()
    expect(letter(page).get_by_role("heading", level=1)).to_have_text("신성장동력")
    page.goto(address)
    expect(page.get_by_role("region", name="텍스트")).to_contain_text("청년정책")


def test_words_that_are_being_typed_outlive_a_reload(site: StudioSite, page: Page) -> None:
    page.goto(f"{site.url}/")
    expect(letter(page).locator("body")).to_contain_text("홍길동님")
    page.get_by_label("읽는 사람").fill("jan")
    site.save(site.root / "subscribers.csv", SUBSCRIBERS.replace("홍길동", "성춘향"))
    expect(letter(page).locator("body")).to_contain_text("성춘향님")
    expect(page.get_by_label("읽는 사람")).to_have_value("jan")
    expect(page.get_by_label("읽는 사람")).to_be_focused()


def test_a_lost_server_is_told_of_and_found_again(tmp_path: Path, page: Page) -> None:
    letters = WorkspaceLetters(make_workspace(tmp_path), "2021-07", {})
    listener = listen("127.0.0.1", 0)
    lost = page.get_by_text("연결이 끊겼습니다")
    with background(studio_app(letters, tmp_path, TOKEN), listener) as url:
        page.goto(f"{url}/{TOKEN}/")
        expect(letter(page).get_by_role("heading", level=1)).to_have_text("신성장동력")
        expect(lost).to_be_hidden()
    expect(lost).to_be_visible()
    issue = tmp_path / "issues" / "2021-07.yaml"
    issue.write_text(issue.read_text(encoding="utf-8").replace("신성장동력", "그동안 바뀐 제목"), encoding="utf-8")
    with background(studio_app(letters, tmp_path, TOKEN), listen("127.0.0.1", listener.port)):
        expect(letter(page).get_by_role("heading", level=1)).to_have_text("그동안 바뀐 제목")
        expect(lost).to_be_hidden()


def test_a_stream_that_was_refused_is_asked_for_again(site: StudioSite, page: Page) -> None:
    page.route("**/events", lambda route: route.fulfill(status=503))
    page.goto(f"{site.url}/")
    expect(page.get_by_text("연결이 끊겼습니다")).to_be_visible()
    page.unroute("**/events")
    expect(page.get_by_text("연결이 끊겼습니다")).to_be_hidden()
    site.edit("title: 신성장동력", "title: 바뀐 제목")
    expect(letter(page).get_by_role("heading", level=1)).to_have_text("바뀐 제목")


def test_a_hostile_template_gets_nowhere(site: StudioSite, page: Page) -> None:
    with foreign_site() as (evil, asked):
        site.save(site.root / "templates" / "email" / "layout.html.j2", HOSTILE.replace("{evil}", evil))
        page.goto(f"{site.url}/")
        expect(letter(page).locator("body")).to_contain_text("신성장동력")
        for link in ("script", "top", "self"):
            letter(page).locator(f"#{link}").click()
        page.get_by_role("link", name="헤더").click()
        expect(page.get_by_role("region", name="헤더")).to_be_visible()
        assert page.title() == "미리보기 · 서울이슈큐레이터"
        assert asked == []


def test_nothing_outside_this_server_is_asked_for(site: StudioSite, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}/")
    expect(letter(page).get_by_role("img", name="초록 네모")).to_be_visible()
    for tab in ("텍스트", "소스", "원본", "헤더", "편지"):
        page.get_by_role("link", name=tab, exact=True).click()
        expect(page.get_by_role("link", name=tab, exact=True)).to_have_attribute("aria-current", "page")
    for panel in ("크기", "구독자", "모든 호", "시험 발송"):
        page.get_by_role("tab", name=panel).click()
        expect(page.get_by_role("tabpanel")).not_to_contain_text("살펴보는 중")
    assert len(asked) > 20
    assert [address for address in asked if not address.startswith(site.url)] == []
