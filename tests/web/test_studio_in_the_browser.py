"""The studio in Chromium: it reloads on save, explains what is broken, recovers, and holds a letter down."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import accessibility_findings
from tests.support.web import foreign_site
from tests.web.studio_site import SETTINGS, SUBSCRIBERS, Desk, draw, studio_site

HOSTILE = """<!DOCTYPE html><html><head><title>x</title>
<meta http-equiv="refresh" content="0;url={evil}/refresh"></head>
<body><p>{{ letter.title }}</p><p>{{ footer.unsubscribe_url }}</p>
<script>top.location = "{evil}/script"; document.title = "owned"</script>
<img src="{evil}/beacon.png" onerror="top.location='{evil}/onerror'" alt="x">
<p><a id="top" target="_top" href="{evil}/top">top</a></p><p><a id="self" target="_self" href="{evil}/self">self</a></p>
<p><a id="script" href="javascript:top.location='{evil}/javascript'">script</a></p></body></html>"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with studio_site(tmp_path / "workspace") as running:
        yield running


def test_the_letter_reloads_when_the_issue_is_saved(desk: Desk, page: Page) -> None:
    page.goto(desk.url)
    body = page.frame_locator("iframe").locator("body")
    expect(body).to_contain_text("홍길동님, 안녕하세요.")
    desk.edit("안녕하세요.", "반갑습니다.")
    expect(body).to_contain_text("홍길동님, 반갑습니다.")


def test_it_reloads_when_a_template_is_saved(desk: Desk, page: Page) -> None:
    page.goto(desk.url)
    desk.save(desk.root / "templates" / "email" / "_footer.html.j2", "<tr><td>OUR OWN FOOTER</td></tr>")
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("OUR OWN FOOTER")
    desk.save(desk.root / "templates" / "email" / "_footer.html.j2", "<tr><td>ANOTHER FOOTER</td></tr>")
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("ANOTHER FOOTER")


def test_it_reloads_when_a_picture_is_saved(desk: Desk, page: Page) -> None:
    page.goto(desk.url)
    picture = page.frame_locator("iframe").get_by_role("img", name="초록 네모")
    expect(picture).to_be_visible()
    before = picture.get_attribute("src") or ""
    draw(desk.root / "issues" / "hero.png", "orange")
    expect(picture).not_to_have_attribute("src", before)
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 64


def test_it_reloads_when_settings_or_subscribers_are_saved(desk: Desk, page: Page) -> None:
    page.goto(desk.url)
    desk.save(desk.root / "newsletter.toml", SETTINGS.replace("서울연구원", "다른연구원"))
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("다른연구원")
    desk.save(desk.root / "subscribers.csv", SUBSCRIBERS.replace("홍길동", "성춘향"))
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("성춘향님")


def test_an_error_shows_itself_with_its_place_and_goes_away_when_mended(desk: Desk, page: Page) -> None:
    page.goto(desk.url)
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("홍길동님")
    desk.edit("title: 신성장동력", "titel: 신성장동력")
    alert = page.get_by_role("alert").filter(has=page.locator("pre"))
    expect(alert).to_contain_text("issues/2021-07.yaml:1:1")
    caret = next(line for line in (alert.locator("pre").first.text_content() or "").splitlines() if "^" in line)
    assert caret.strip() == "^"
    expect(page.locator("#envelope")).to_contain_text("마지막으로 성공한 편지")
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("홍길동님")
    assert accessibility_findings(page) == []
    desk.edit("titel: 신성장동력", "title: 바뀐 제목")
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_text("바뀐 제목")
    expect(alert).to_have_count(0)


def test_a_reader_is_chosen_with_the_keyboard_alone(desk: Desk, page: Page) -> None:
    page.goto(desk.url)
    page.get_by_label("읽는 사람").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("김철")
    expect(page.locator("#readers option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("김철수님")
    expect(page.get_by_label("읽는 사람")).to_have_value("kim@example.net")
    page.get_by_label("호", exact=True).select_option("2021-06")
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_text("청년정책")


def test_the_phone_width_outlives_a_reload(desk: Desk, page: Page) -> None:
    page.goto(desk.url)
    page.get_by_label("휴대전화").check()
    desk.edit("title: 신성장동력", "title: 바뀐 제목")
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_text("바뀐 제목")
    assert page.locator("iframe").evaluate("frame => frame.offsetWidth") == 375
    expect(page.get_by_label("휴대전화")).to_be_checked()


def test_a_hostile_template_gets_nowhere(desk: Desk, page: Page) -> None:
    with foreign_site() as (evil, asked):
        desk.save(desk.root / "templates" / "email" / "layout.html.j2", HOSTILE.replace("{evil}", evil))
        page.goto(desk.url)
        frame = page.frame_locator("iframe")
        expect(frame.locator("body")).to_contain_text("신성장동력")
        for link in ("script", "top", "self"):
            frame.locator(f"#{link}").click()
        page.get_by_role("link", name="헤더").click()
        expect(page.get_by_role("region", name="헤더")).to_be_visible()
        assert page.title() == "미리보기 · 서울이슈큐레이터"
        assert asked == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_is_cut_off(desk: Desk, page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for path in ("/", "/?view=text", "/?view=headers", "/?as=nobody"):
        page.goto(desk.url + path)
        assert accessibility_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
