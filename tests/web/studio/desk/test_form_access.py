"""The desk without a mouse, with a screen reader's eyes (axe-core), on a phone, in both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import accessibility_findings
from tests.web.studio.desk.desk_page import card, opened_desk, written
from tests.web.studio.studio_page import letter
from tests.web.studio.studio_site import StudioSite, studio_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioSite]:
    with studio_site(tmp_path_factory.mktemp("desk") / "workspace") as running:
        yield running


@pytest.mark.parametrize(("language", "scheme", "width"), [("ko", "light", 1280), ("en", "dark", 320)])
def test_nothing_stands_in_anybodys_way(site: StudioSite, page: Page, language: str, scheme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    opened_desk(site, page, f"&ui={language}")
    card(page, 1).locator(".desk-fold").click()
    if width == 320:
        page.locator("#desk-second").select_option("en")
    else:
        card(page, 1).locator(".desk-more").last.evaluate("(details) => { details.open = true; }")
    assert accessibility_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".desk-last button").click()
    assert accessibility_findings(page) == []
    assert page.evaluate("document.querySelector('dialog.desk-palette').scrollWidth") <= width
    page.keyboard.press("Escape")
    expect(page.locator(".desk-last button")).to_be_focused()


def test_every_field_has_a_visible_label_and_its_help(site: StudioSite, page: Page) -> None:
    opened_desk(site, page)
    unlabelled = page.evaluate("""() => [...document.querySelectorAll(".desk-slot")].filter((slot) => {
        const box = slot.querySelector("input, select, textarea, [contenteditable=true]");
        const labels = (box.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id));
        return !labels.every((one) => one?.textContent) || !box.getAttribute("aria-describedby");
    }).map((slot) => slot.parentElement.dataset.key)""")
    assert unlabelled == []
    ask = page.get_by_role("button", name="제목 도움말", exact=True)
    ask.click()
    expect(ask).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".desk-help:visible")).to_have_count(1)


def test_on_a_phone_the_form_comes_first_and_a_button_leads_to_the_letter_and_back(
    site: StudioSite, page: Page
) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    opened_desk(site, page)
    expect(written(page, "제목")).to_be_visible()
    expect(page.locator("#letter")).to_be_hidden()
    page.get_by_role("button", name="편지 보기").click()
    expect(letter(page).get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#desk")).to_be_hidden()
    page.get_by_role("button", name="쓰던 곳으로").click()
    expect(written(page, "제목")).to_be_visible()
