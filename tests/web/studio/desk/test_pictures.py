"""A picture at the desk: chosen, dropped and pasted, seen at once; what is none is told at its field; how it is cut."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browser import accessibility_findings
from tests.support.letters import picture_bytes
from tests.web.studio.desk.desk_page import ISSUE, card, drop_file, opened_desk, saved, text_of, written
from tests.web.studio.studio_site import StudioSite, studio_site

GALLERY = """  - type: gallery
    images:
      - { src: hero.png, alt: 하나 }
      - { src: "", alt: "" }
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioSite]:
    with studio_site(tmp_path_factory.mktemp("desk") / "workspace") as running:
        yield running


def bring(
    place: Locator, kind: str = "drop", *, data: bytes | int = b"", name: str = "강.png", words: str = ""
) -> None:
    """Drop or paste a picture; a number: so many bytes of nothing."""
    drop_file(place, data or picture_bytes(300, 200), name, "image/png", kind=kind, words=words)


def choose(within: Locator, name: str, data: bytes) -> None:
    file = {"name": name, "mimeType": "image/png", "buffer": data}
    within.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]


def alt(within: Locator) -> Locator:
    return within.get_by_role("textbox", name="대체 텍스트", exact=True).last


def is_seen(place: Locator) -> None:
    expect(place).to_be_visible()
    assert place.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 60


def test_what_is_chosen_is_seen_and_what_is_no_picture_is_told_at_its_field(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    hero = page.locator(".desk-part[data-key=hero]")
    is_seen(hero.locator(".desk-look").first)
    expect(written(page, "그림 파일", hero)).to_be_hidden()
    hero.get_by_text("더 보기: 파일 이름").first.click()
    expect(written(page, "그림 파일", hero)).to_have_value("hero.png")
    refused = hero.locator("[data-key=src] .desk-note.error")
    choose(hero, "drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    expect(refused).to_contain_text("SVG")
    choose(hero, "words.png", b"no picture at all")
    expect(refused).not_to_contain_text("SVG")
    expect(refused).to_contain_text("words.png")
    bring(alt(hero), data=20_000_001)
    expect(refused).to_contain_text("20MB")
    assert text_of(site.issue) == ISSUE
    choose(hero, "River.png", picture_bytes(300, 200))
    expect(alt(hero)).to_be_focused()
    expect(refused).to_be_hidden()
    expect(written(page, "그림 파일", hero)).to_have_value("assets/2021-07-river.png")
    saved(page)
    assert "hero: { src: assets/2021-07-river.png, alt: 초록 네모 }   # 그림\n" in text_of(site.issue)
    is_seen(hero.locator(".desk-look").first)


def test_a_picture_that_is_dropped_on_a_section_is_the_sections(site: StudioSite, page: Page) -> None:
    opened_desk(site, page, issue=ISSUE.replace("\ntranslations:", f"{GALLERY}\ntranslations:"))
    bring(card(page, 1).locator(".desk-bar"), name="Han.png")
    expect(alt(card(page, 1))).to_be_focused()
    page.keyboard.insert_text("푸른 강")
    bring(card(page, 1).locator(".desk-bar"))
    expect(page.locator("#desk-told")).to_contain_text("이미 있습니다")
    bring(card(page, 4).locator(".desk-bar"), name="two.png")
    expect(alt(card(page, 4).get_by_role("group", name="그림들 2"))).to_be_focused()
    bring(card(page, 4).locator(".desk-bar"), name="three.png")
    expect(alt(card(page, 4).get_by_role("group", name="그림들 3"))).to_be_focused()
    bring(page.locator("#desk-title"))
    expect(page.locator("#desk-told")).to_contain_text("그림 칸 위에")
    saved(page)
    assert "    image:\n      src: assets/2021-07-han.png\n      alt: 푸른 강\n" in text_of(site.issue)
    assert "src: assets/2021-07-two.png" in text_of(site.issue)
    assert text_of(site.issue).index("2021-07-two.png") < text_of(site.issue).index("2021-07-three.png")
    page.locator("#desk-title").click()
    page.keyboard.press("Control+z")
    expect(card(page, 4).get_by_role("group", name="그림들 3")).to_have_count(0)


def test_a_picture_is_pasted_but_not_the_one_that_a_text_brings_along(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    card(page, 2).locator(".desk-fold").click()
    place = card(page, 2).get_by_role("textbox").first
    bring(place, "paste", words="Word의 글")
    bring(place, "paste", name="image.png")
    expect(alt(card(page, 2))).to_be_focused()
    saved(page)
    assert text_of(site.issue).count("assets/") == 1
    assert "src: assets/2021-07-image.png" in text_of(site.issue)


def test_how_a_picture_is_cut_is_shown_and_set_by_pointer_and_by_keys(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    hero = page.locator(".desk-part[data-key=hero]")
    hero.get_by_text("더 보기", exact=True).click()
    look = hero.locator("[data-key=focus] .desk-look")
    is_seen(look)
    size = look.bounding_box()
    assert size
    look.click(position={"x": size["width"] * 0.25, "y": size["height"] * 0.75})
    saved(page)
    across = hero.get_by_role("slider", name="초점 왼쪽에서")
    assert abs(int(across.input_value()) - 25) <= 2, "a pixel is 2 percent of it"
    across.fill("25")
    across.press("ArrowRight")
    hero.get_by_role("combobox", name="자르기").select_option("16:9")
    saved(page)
    assert re.search(r"focus: 26 7\d\b", text_of(site.issue))
    assert "16:9" in text_of(site.issue)
    assert accessibility_findings(page) == []
    hero.get_by_role("combobox", name="자르기").select_option("")
    for slider in (across, hero.get_by_role("slider", name="초점 위에서")):
        slider.fill("50")
    saved(page)
    assert text_of(site.issue) == ISSUE
