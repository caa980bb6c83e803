"""The search in a real browser, under a policy that allows nothing but the archive's own files."""

import json
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from playwright.sync_api import Browser, Page, Route, expect

from newsletter.archive.search_index import search_files, search_words
from newsletter.archive.site import Site
from tests.support.browser import accessibility_findings, chromium
from tests.support.hand_made_site import SEOUL, issue_of, page_of, site_of

PAGES = Path(__file__).parents[2] / "src" / "newsletter" / "archive" / "pages"
WILD = "<img src=x onerror=alert(1)>"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...

    def end_headers(self) -> None:
        self.send_header(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:",
        )
        super().end_headers()


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()


def publish(site: Site, folder: Path) -> None:
    for file in search_files(site):
        (folder / file.path).write_bytes(file.data)
    templates = Environment(autoescape=True, undefined=StrictUndefined, loader=FileSystemLoader(PAGES))
    form = templates.get_template("_search.html.j2").render(search=search_words(site))
    head = '<meta charset="utf-8"><title>서울이슈큐레이터</title><link rel="icon" href="data:,">'
    head += '<script type="module" src="search.js"></script>'
    page = f'<!doctype html><html lang="ko"><head>{head}</head><body><main><h1>지난 호</h1>{form}</main></body></html>'
    (folder / "index.html").write_text(page, encoding="utf-8")


def archive() -> Site:
    """A common word in every issue of three years, rare ones in single issues."""
    issues = [
        issue_of(
            f"{year}-{month:02d}",
            page_of(
                f"{year}-{month:02d}",
                WILD if extra == WILD else f"{year}년 {month}월",
                text=f"서울의 정책 소식. {extra}",
            ),
            posted_at=datetime(year, month, 26, 9, tzinfo=SEOUL),
        )
        for year, month, extra in [
            (
                year,
                month,
                {(2024, 3): "고양이를 위한 청년주택과 ai", (2026, 5): WILD}.get((year, month), "다른 글 said again"),
            )
            for year in (2026, 2025, 2024)
            for month in range(12, 0, -1)
        ]
    ]
    return site_of(*issues)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("archive")
    publish(archive(), folder)
    with serving(folder) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    asked = opened.context
    faults: list[str] = []
    opened.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    assert faults == []
    asked.close()


def look_for(page: Page, words: str) -> None:
    page.get_by_role("searchbox", name="지난 호 찾기").fill(words)
    page.keyboard.press("Enter")


def test_a_word_is_found_with_another_particle_and_shown_in_its_sentence(page: Page, address: str) -> None:
    page.goto(address)
    for words in ("청년주택", unicodedata.normalize("NFD", "청년주택은"), "AI", "고양이에게 청년주택"):
        look_for(page, words)
        expect(page.get_by_role("status")).to_have_text(f"‘{words}’에 맞는 글이 1건 있습니다.")
        link = page.get_by_role("listitem").get_by_role("link")
        expect(link).to_have_attribute("href", f"{address}2024-03/")
    expect(page.locator("mark")).to_have_text("고양이")
    assert accessibility_findings(page) == []


def test_a_common_word_costs_the_newest_part_and_older_ones_when_asked(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(address)))
    page.goto(f"{address}?q=정책")
    expect(page.get_by_role("status")).to_contain_text("24건")
    assert [name for name in asked if name.startswith("search-")] == ["search-2026.json", "search-2025.json"]
    page.get_by_role("button", name="더 오래된 호에서도 찾기").press("Enter")
    expect(page.get_by_role("status")).to_have_text("‘정책’에 맞는 글이 36건 있습니다.")
    expect(page.get_by_role("link", name="2024년 12월")).to_be_focused()
    expect(page.get_by_role("button", name="더 오래된 호에서도 찾기")).to_be_hidden()


def test_what_an_issue_says_is_never_read_as_html(page: Page, address: str) -> None:
    page.goto(address)
    look_for(page, "<img src=x")
    expect(page.get_by_role("listitem").locator("p")).to_contain_text(WILD)
    expect(page.get_by_role("listitem").get_by_role("link")).to_have_text(WILD)
    assert page.locator("main img").count() == 0
    look_for(page, "<b>없음</b>")
    expect(page.get_by_role("status")).to_have_text("‘<b>없음</b>’에 맞는 글이 없습니다.")


def test_it_says_that_it_could_not_be_loaded_and_tries_again(browser: Browser, address: str) -> None:
    page = browser.new_page()
    gone = True

    def fail(route: Route) -> None:
        if gone:
            route.abort()
        else:
            route.continue_()

    page.route("**/search-2026.json", fail)
    page.goto(address)
    look_for(page, "정책")
    expect(page.get_by_role("status")).to_contain_text("불러오지 못했습니다")
    gone = False
    look_for(page, "정책")
    expect(page.get_by_role("status")).to_contain_text("24건")
    page.close()


def test_without_scripts_there_is_no_form(browser: Browser, address: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address)
    expect(page.locator("search")).to_be_hidden()
    page.context.close()


def test_parts_are_of_one_year_and_of_a_bounded_size() -> None:
    long = "가나다라 " * 3_000
    issues = [
        issue_of(f"n-{month}", page_of(f"n-{month}", text=long), posted_at=datetime(2026, month, 1, tzinfo=SEOUL))
        for month in range(12, 0, -1)
    ]
    files = {
        file.path: file.data
        for file in search_files(site_of(*issues, issue_of("old", posted_at=datetime(2020, 1, 1, tzinfo=SEOUL))))
    }
    names = json.loads(files["search.json"])
    assert names[0] == "search-2026.json"
    assert names[-1] == "search-2020.json"
    assert [name for name in names if name.startswith("search-2026-")] == ["search-2026-2.json"]
    assert max(len(files[name]) for name in names) < 260_000
    assert [row["u"] for name in names for row in json.loads(files[name])] == [
        f"n-{month}/" for month in range(12, 0, -1)
    ] + ["old/"]


def test_there_is_no_search_of_nothing() -> None:
    site = site_of(issue_of(is_listed=False))
    assert search_files(site) == ()
    assert not search_words(site)
