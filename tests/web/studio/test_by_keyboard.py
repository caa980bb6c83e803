"""The studio without a mouse, with a screen reader's eyes (axe-core), and on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import accessibility_findings
from tests.web.studio.studio_page import letter, opened
from tests.web.studio.studio_site import SETTINGS, StudioSite, studio_site

PANELS = ("살필 곳", "크기", "구독자", "모든 호", "의견", "시험 발송")
VIEWS = ("letter", "text", "source", "message", "headers")
PROOFS = '[preview]\nproof_to = ["editor@example.org"]\n'


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StudioSite]:
    with studio_site(tmp_path / "workspace") as running:
        yield running


def focused(page: Page) -> str:
    """What has the focus: its id, or its words."""
    return str(page.evaluate("(document.activeElement.id || document.activeElement.textContent).trim()"))


def test_tab_walks_through_the_page_in_the_order_it_is_read(site: StudioSite, page: Page) -> None:
    opened(site, page)
    walk: list[str] = []
    while not walk or walk[-1] != "panel-findings":
        page.keyboard.press("Tab")
        walk.append(focused(page))
        outlined = page.evaluate("""() => {
            const here = document.activeElement.matches("input[type=radio]") ? document.activeElement.parentElement
                : document.activeElement;
            return here.tagName === "IFRAME" || getComputedStyle(here).outlineStyle !== "none";
        }""")
        assert outlined, f"{walk[-1]} does not show that it has the focus"
        assert len(walk) < 40, walk
    wanted = [
        "issue",
        "as",
        "language",
        "English",
        "help-button",
        "받은편지함에서는 이렇게 보입니다",
        "tab-letter",
        "tab-text",
    ]
    wanted += ["tab-source", "tab-message", "tab-headers", "width-free", "width-typed", "look-light", "images", "marks"]
    wanted += ["letter", "edge", "panel-tab-findings", "panel-findings"]
    # Links inside the letter are reached too; from here they all are its frame.
    assert [place for place in dict.fromkeys(walk) if place in wanted] == wanted


def test_one_key_does_what_an_editor_does_all_day(site: StudioSite, page: Page) -> None:
    opened(site, page)
    for key, view in zip("2345", VIEWS[1:], strict=True):
        page.keyboard.press(key)
        expect(page.locator(f"#tab-{view}")).to_have_attribute("aria-current", "page")
    page.keyboard.press("1")
    expect(letter(page).get_by_role("heading", level=1)).to_be_visible()
    page.keyboard.press("w")
    expect(page.get_by_role("radio", name="320")).to_be_checked()
    page.keyboard.press("Shift+W")
    expect(page.get_by_role("radio", name="자유")).to_be_checked()
    page.keyboard.press("d")
    expect(page.get_by_role("radio", name="어둡게")).to_be_checked()
    page.keyboard.press("i")
    expect(page.get_by_label("그림 끄기")).to_be_checked()
    page.keyboard.press("m")
    expect(page.get_by_label("표시")).to_be_checked()
    page.keyboard.press("]")
    expect(page.get_by_role("tab", name="크기")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("/")
    expect(page.get_by_label("읽는 사람")).to_be_focused()


def test_next_and_previous_walk_through_the_findings(site: StudioSite, page: Page) -> None:
    site.edit("안녕하세요.", "안녕하세요. [여기](https://example.com/)")
    opened(site, page)
    findings = page.locator("[data-finding]")
    expect(findings.nth(1)).to_be_visible()
    page.keyboard.press("n")
    expect(findings.nth(0).get_by_role("button")).to_be_focused()
    page.keyboard.press("n")
    expect(findings.nth(1)).to_have_attribute("data-current", "")
    page.keyboard.press("p")
    expect(findings.nth(0).get_by_role("button")).to_have_attribute("aria-current", "true")
    page.keyboard.press("p")
    expect(findings.last.get_by_role("button")).to_be_focused()


def test_keys_work_where_hangul_is_typed_and_where_the_letter_has_the_focus(site: StudioSite, page: Page) -> None:
    opened(site, page)
    page.evaluate("""document.body.dispatchEvent(
        new KeyboardEvent("keydown", { key: "ㅈ", code: "KeyW", bubbles: true, cancelable: true }))""")
    expect(page.get_by_role("radio", name="320")).to_be_checked()
    letter(page).get_by_role("heading", level=1).click()
    page.keyboard.press("w")
    expect(page.get_by_role("radio", name="375")).to_be_checked()


def test_in_a_field_every_key_is_text_and_with_control_none_is_ours(site: StudioSite, page: Page) -> None:
    opened(site, page)
    page.get_by_label("읽는 사람").fill("")
    page.get_by_label("읽는 사람").press_sequentially("wd2?/")
    expect(page.get_by_label("읽는 사람")).to_have_value("wd2?/")
    page.get_by_role("spinbutton").press("2")
    page.locator("#tab-letter").focus()
    page.keyboard.press("Control+d")
    expect(page.get_by_role("radio", name="자유")).to_be_checked()
    expect(page.get_by_role("radio", name="밝게")).to_be_checked()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("#tab-letter")).to_have_attribute("aria-current", "page")


def test_the_help_lists_the_keys_and_turns_them_off_for_good(site: StudioSite, page: Page) -> None:
    opened(site, page)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="단축키")
    expect(dialog.get_by_role("row")).to_have_count(14)
    assert accessibility_findings(page) == []
    dialog.get_by_label("단축키 쓰기").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("w")
    page.reload()
    page.keyboard.press("w")
    expect(page.get_by_role("radio", name="자유")).to_be_checked()
    page.get_by_role("button", name="단축키").press("Enter")
    expect(dialog.get_by_label("단축키 쓰기")).not_to_be_checked()


def test_the_panels_tabs_move_with_arrows(site: StudioSite, page: Page) -> None:
    opened(site, page)
    page.get_by_role("tab", name="살필 곳").focus()
    for key, name in (
        ("ArrowRight", "크기"),
        ("End", "시험 발송"),
        ("ArrowRight", "살필 곳"),
        ("ArrowLeft", "시험 발송"),
    ):
        page.keyboard.press(key)
        expect(page.get_by_role("tab", name=name)).to_be_focused()
        expect(page.get_by_role("tabpanel", name=name)).to_be_visible()
    expect(page.locator("[role=tab][tabindex='0']")).to_have_count(1)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (320, "dark")])
def test_axe_finds_nothing_and_nothing_is_cut_off(site: StudioSite, page: Page, width: int, scheme: str) -> None:
    site.save(site.root / "newsletter.toml", SETTINGS + PROOFS)
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for view in VIEWS:
        opened(site, page, f"?view={view}")
        assert accessibility_findings(page) == [], view
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view
    for name in PANELS:
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tabpanel", name=name)).not_to_contain_text("살펴보는 중")
        assert accessibility_findings(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.goto(f"{site.url}/?as=nobody&ui=en")
    expect(page.get_by_text("There is no such subscriber")).to_be_visible()
    assert accessibility_findings(page) == []
    site.edit("title: 신성장동력", "titel: 신성장동력")
    expect(page.get_by_role("alert").locator("pre").first).to_be_visible()
    assert accessibility_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_speaks_english_where_that_is_wished(site: StudioSite, page: Page) -> None:
    opened(site, page)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("tab", name="Findings")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Plain text").click()
    expect(page.get_by_role("region", name="Plain text")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="한국어")).to_be_visible()


def test_on_a_phone_the_letter_comes_first_and_the_panels_below(site: StudioSite, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(site, page)
    frame, panels = page.locator("#letter").bounding_box(), page.get_by_role("tablist").bounding_box()
    assert frame
    assert panels
    assert frame["width"] == 390
    assert frame["y"] < 500
    assert panels["y"] >= frame["y"] + frame["height"]
    expect(page.locator("#rows li").first).to_be_hidden()
