"""A built archive: what is made for others than its reader, read by what reads such files, and its search used."""

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import pytest
from icalendar import Calendar
from lxml import html
from playwright.sync_api import Browser, expect

from tests.archive.test_search import serving
from tests.support.archives import ADDRESS, archive_workspace, built, files_in, was_sent, write_issue
from tests.support.browser import accessibility_findings, chromium

EVENTS = """title: 신성장동력 <b>&
publish_at: 2023-07-26T08:56:00+09:00
number: 9
hero: { src: river.png, alt: 강 }
sections:
  - { type: story, heading: 첫째, body: "바이오 산업을 **다시** 본다. [지난 호](https://example.org/?a=1&b=2)" }
  - type: events
    heading: 행사
    items:
      - { title: 도시 포럼, starts_at: 2023-08-03T14:00, ends_at: 2023-08-03T16:00, place: 대회의실 }
      - { title: 전시, starts_at: 2023-08-05 }
  - type: chart
    heading: 값
    kind: bars
    unit: 명
    items: [{ label: 가, value: 3 }, { label: 나, value: 5 }]
translations:
  en:
    title: New growth
    sections:
      - { heading: First, body: Bio industry. }
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("whole")
    workspace = archive_workspace(root / "w", "2021-07", "2022-07")
    write_issue(root / "w", "2023-07", EVENTS)
    was_sent(root / "w", "2023-07")
    assert built(workspace, root / "site").problems == ()
    assert built(workspace, root / "site").written.written == 0
    built(workspace, root / "again")
    assert files_in(root / "again") == files_in(root / "site")
    return root / "site"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def parsed(text: str | bytes) -> Any:  # noqa: ANN401 - an element
    return html.fromstring(text)


@pytest.mark.parametrize("name", ["feed.xml", "rss.xml", "feed.en.xml", "rss.en.xml"])
def test_the_feeds_are_read_without_a_fault(site: Path, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        found = feedparser.parse((site / name).read_bytes(), sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo
    titles = ["New growth"] if ".en." in name else ["신성장동력 <b>&", "2022-07의 주제", "2021-07의 주제"]
    assert [entry.title for entry in found.entries] == titles
    for entry in found.entries:
        body = parsed(entry.content[0].value)
        leads = [address for _, _, address, _ in body.iterlinks()]
        assert leads
        assert not [address for address in leads if not address.startswith("https://")]
        assert "비밀" not in body.text_content()
        for picture in body.iter("img"):
            assert (site / picture.get("src").removeprefix(f"{ADDRESS}/")).is_file()


def test_calendar_card_and_sitemap_are_there(site: Path) -> None:
    page = parsed((site / "2023-07" / "en" / "index.html").read_bytes())
    (calendar,) = page.cssselect(".events .ways a")
    found = Calendar.from_ical((site / "2023-07" / "en" / calendar.get("href")).read_bytes())
    assert [str(event["SUMMARY"]) for event in found.walk("VEVENT")] == ["도시 포럼", "전시"]
    (card,) = page.cssselect('meta[property="og:image"]')
    assert (site / card.get("content").removeprefix(f"{ADDRESS}/")).is_file()
    assert f"{ADDRESS}/2023-07/en/" in (site / "sitemap.xml").read_text(encoding="utf-8")
    said = json.loads(page.cssselect('script[type="application/ld+json"]')[0].text)["@graph"]
    assert [one["@type"] for one in said] == ["NewsArticle", "BreadcrumbList", "Event", "Event"]


@pytest.mark.parametrize("width", [320, 1280])
def test_the_first_page_finds_what_an_issue_says(site: Path, browser: Browser, width: int) -> None:
    with serving(site) as address:
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(address)
        page.get_by_role("search").get_by_label("지난 호 찾기").fill("바이오를")
        page.get_by_role("button", name="찾기").click()
        expect(page.get_by_role("search").get_by_role("listitem")).to_contain_text("신성장동력 <b>&")
        assert accessibility_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()
