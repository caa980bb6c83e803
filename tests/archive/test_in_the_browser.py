"""Every part of the letter as a page: valid, readable on a phone and in the dark, without a script and on paper."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest
from playwright.sync_api import Browser, Page

from tests.support.archives import archive_workspace, built, was_sent, workspace_in
from tests.support.browser import accessibility_findings, chromium
from tests.support.finished import ROOT

PAGES = ("index.html", "2026-11/index.html", "2026-11/en/index.html", "2026-11/ja/index.html", "2026-11/ar/index.html")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("parts")
    archive_workspace(root / "w", "2025-07")
    letter = ROOT / "tests" / "letter"
    shutil.copytree(ROOT / "issues" / "assets", root / "w" / "issues" / "assets")
    (root / "w" / "tests" / "letter").mkdir(parents=True)
    for picture in letter.glob("*.png"):
        shutil.copy(picture, root / "w" / "issues")
        shutil.copy(picture, root / "w" / "tests" / "letter")
    shutil.copy(letter / "every-section.yaml", root / "w" / "issues" / "2026-11.yaml")
    was_sent(root / "w", "2026-11")
    assert built(workspace_in(root / "w"), root / "site").problems == ()
    return root / "site"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def test_every_page_is_html_as_the_standard_parses_it(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) >= len(PAGES)
    for page in pages:
        html5lib.HTMLParser(strict=True).parse(page.read_text(encoding="utf-8"))


def test_no_page_lays_itself_out_by_tables_or_attributes(site: Path) -> None:
    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        for old in (
            " style=",
            "bgcolor",
            "cellpadding",
            " align=",
            " valign=",
            "<center",
            "<font",
            'role="presentation"',
        ):
            assert old not in html, f"{page.name}: {old}"


def sideways(page: Page) -> int:
    """CSS pixels that are to be moved sideways for."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_sticks_out(site: Path, browser: Browser, name: str) -> None:
    page = browser.new_page()
    page.goto((site / name).as_uri())
    for width, scheme in ((1280, "light"), (320, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert sideways(page) == 0
        assert accessibility_findings(page) == []
    page.close()


def test_without_a_script_the_contents_lead_on_and_on_paper_every_chart_is_there(site: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.goto((site / "2026-11" / "index.html").as_uri())
    links = page.locator("nav.contents a")
    assert links.count() == 15
    links.last.click()
    assert page.url.endswith("#section-20")
    assert page.locator("#section-20").is_visible()
    assert not [url for url in asked_for if not url.startswith(("file:", "data:"))]
    page.emulate_media(media="print")
    assert not page.locator("nav.contents").is_visible()
    for kind in ("bars", "columns", "share"):
        assert page.locator(f".chart.{kind}").is_visible()
    context.close()
