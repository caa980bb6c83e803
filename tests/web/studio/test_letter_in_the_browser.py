"""The letter in the studio's frame: as wide, as dark and as bare as one asks, and where one was after a save."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.studio.studio_page import letter, opened
from tests.web.studio.studio_site import StudioSite, studio_site

LOOKS = {"밝게": re.compile("look=light"), "어둡게": re.compile("look=dark"), "반전": re.compile("look=inverted")}
OFF = re.compile("images=off")
LONG = "".join(f"  {number}번째 문단입니다. 시민의 관심이슈에 정책연구로 답합니다.\n\n" for number in range(1, 121))
TAGGED = """sections:
  - { type: notice, body: 모두에게 알립니다. }
  - { type: notice, body: 연구자에게 알립니다., only_for: [연구자] }
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StudioSite]:
    with studio_site(tmp_path / "workspace") as running:
        yield running


def letter_width(page: Page) -> int:
    return int(letter(page).locator("html").evaluate("page => innerWidth"))


@pytest.mark.parametrize("width", [320, 375, 414, 600, 768])
def test_a_letter_is_as_wide_as_the_screen_that_is_chosen(site: StudioSite, page: Page, width: int) -> None:
    opened(site, page)
    page.get_by_text(str(width), exact=True).click()
    expect(page.get_by_role("radio", name=str(width))).to_be_checked()
    assert letter_width(page) == width


def test_the_free_width_is_typed_dragged_and_moved_by_arrows(site: StudioSite, page: Page) -> None:
    opened(site, page)
    field = page.get_by_role("spinbutton", name="자유 너비")
    field.fill("500")
    field.press("Enter")
    assert letter_width(page) == 500
    expect(page.get_by_role("radio", name="자유")).to_be_checked()
    edge = page.get_by_role("separator", name="편지의 오른쪽 끝")
    edge.press("ArrowLeft")
    assert letter_width(page) == 492
    expect(field).to_have_value("492")
    box = edge.bounding_box()
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] - 15, box["y"] + 100, steps=4)
    page.mouse.up()
    assert letter_width(page) == 452
    expect(edge).to_have_attribute("aria-valuenow", "452")
    field.fill("7")
    field.press("Enter")
    assert letter_width(page) == 240
    edge.dblclick()
    assert letter_width(page) > 600


def test_the_width_outlives_a_save_and_a_new_page(site: StudioSite, page: Page) -> None:
    opened(site, page)
    page.get_by_text("375", exact=True).click()
    site.edit("title: 신성장동력", "title: 바뀐 제목")
    expect(letter(page).get_by_role("heading", level=1)).to_have_text("바뀐 제목")
    assert letter_width(page) == 375
    opened(site, page)
    assert letter_width(page) == 375
    expect(page.get_by_role("radio", name="375")).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_dark_and_inverted_are_what_is_chosen_whatever_the_browser_prefers(
    site: StudioSite, page: Page, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    opened(site, page)
    seen = {}
    for look in ("밝게", "어둡게", "반전"):
        page.get_by_text(look, exact=True).click()
        expect(page.locator("#letter")).to_have_attribute("src", LOOKS[look])
        paper, ink = _colours(page)
        seen[look] = _lightness(paper)
        assert (_lightness(ink) < 128) == (look == "밝게")
    assert seen["밝게"] > 200
    assert max(seen["어둡게"], seen["반전"]) < 60
    assert seen["어둡게"] != seen["반전"]


def test_with_images_off_there_is_no_picture_but_its_words(site: StudioSite, page: Page) -> None:
    asked: list[str] = []
    opened(site, page)
    picture = letter(page).get_by_role("img", name="초록 네모")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 64
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.get_by_label("그림 끄기").check()
    expect(page.locator("#letter")).to_have_attribute("src", OFF)
    assert picture.evaluate("image => image.naturalWidth") == 0
    assert [address for address in asked if "/picture/" in address] == []
    page.get_by_label("그림 끄기").uncheck()
    expect(page.locator("#letter")).not_to_have_attribute("src", OFF)
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 64


def test_a_save_keeps_the_place_in_the_letter_and_the_look(site: StudioSite, page: Page) -> None:
    site.edit("intro: |\n", f"intro: |\n{LONG}")
    opened(site, page)
    page.get_by_text("어둡게", exact=True).click()
    expect(page.locator("#letter")).to_have_attribute("src", LOOKS["어둡게"])
    body = letter(page).locator("body")
    body.evaluate("() => scrollTo(0, 2345)")
    site.edit("119번째 문단입니다", "119번째 새 문단입니다")
    expect(body).to_contain_text("119번째 새 문단입니다")
    assert body.evaluate("() => scrollY") == 2345
    assert _lightness(_colours(page)[0]) < 60


def test_a_letter_appears_already_where_the_old_one_was_scrolled_to(site: StudioSite, page: Page) -> None:
    site.edit("intro: |\n", f"intro: |\n{LONG}")
    opened(site, page)
    letter(page).locator("body").evaluate("() => scrollTo(0, 1500)")
    # How many letters there are, each time one comes or goes.
    page.evaluate("""() => {
        window.letters = [];
        new MutationObserver(() => window.letters.push(document.querySelectorAll("iframe").length))
            .observe(document.getElementById("frame-box"), { childList: true });
    }""")
    site.edit("title: 신성장동력", "title: 바뀐 제목")
    expect(letter(page).get_by_role("heading", level=1)).to_have_text("바뀐 제목")
    seen = page.evaluate("window.letters")
    assert seen[0] == 2, "the new letter stands behind the old one first"
    assert 0 not in seen
    assert letter(page).locator("body").evaluate("() => scrollY") == 1500
    expect(page.locator("iframe")).to_have_count(1)


def test_another_issue_begins_at_its_top(site: StudioSite, page: Page) -> None:
    site.edit("intro: |\n", f"intro: |\n{LONG}")
    other = site.root / "issues" / "2021-06.yaml"
    site.save(other, site.issue.read_text(encoding="utf-8").replace("신성장동력", "청년정책"))
    opened(site, page)
    letter(page).locator("body").evaluate("() => scrollTo(0, 1500)")
    page.get_by_role("combobox", name="호", exact=True).select_option("2021-06")
    expect(letter(page).get_by_role("heading", level=1)).to_have_text("청년정책")
    assert letter(page).locator("body").evaluate("() => scrollY") == 0


def test_tags_and_language_can_be_others_than_the_readers(site: StudioSite, page: Page) -> None:
    site.save(site.issue, site.issue.read_text(encoding="utf-8") + TAGGED)
    opened(site, page)
    body = letter(page).locator("body")
    expect(body).to_contain_text("모두에게 알립니다.")
    expect(body).not_to_contain_text("연구자에게 알립니다.")
    page.get_by_role("combobox", name="태그").select_option("연구자")
    expect(body).to_contain_text("연구자에게 알립니다.")
    page.get_by_role("combobox", name="태그").select_option("없음")
    expect(body).not_to_contain_text("연구자에게 알립니다.")
    page.get_by_role("combobox", name="언어").select_option("영어")
    expect(body).to_contain_text("You receive this letter because you asked for")


def _colours(page: Page) -> tuple[str, str]:
    """Ground and ink of the letter's headline, as the browser computed them."""
    ground, ink = (
        letter(page)
        .get_by_role("heading", level=1)
        .evaluate("""heading => {
        let place = heading;
        while (getComputedStyle(place).backgroundColor === "rgba(0, 0, 0, 0)") place = place.parentElement;
        return [getComputedStyle(place).backgroundColor, getComputedStyle(heading).color];
    }""")
    )
    return str(ground), str(ink)


def _lightness(colour: str) -> float:
    red, green, blue = (int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
    return (red + green + blue) / 3
