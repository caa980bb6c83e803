"""What a page says to machines: JSON-LD that cannot end its element, Open Graph, feeds; and the sitemap."""

import json
from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from newsletter.archive.page_head import head_of_index, head_of_issue
from newsletter.archive.site import Site, SiteEvent
from newsletter.archive.sitemap import sitemap
from tests.support.hand_made_site import BASE, SEOUL, issue_of, page_of, site_of

FORUM = SiteEvent("포럼", datetime(2026, 12, 3, 14, 0, tzinfo=SEOUL), "대회의실", "https://example.org/forum")


def head(site: Site, place: int = 0) -> Any:  # noqa: ANN401 - an element
    issue = site.issues[0]
    return html.fromstring(f"<html><head>{head_of_issue(site, issue, issue.pages[place])}</head><body></body></html>")


def graph(root: Any) -> dict[str, Any]:  # noqa: ANN401 - an element
    (script,) = root.iter("script")
    return {one["@type"]: one for one in json.loads(script.text)["@graph"]}


def test_a_page_is_an_article_of_a_number_of_a_periodical() -> None:
    root = head(site_of(issue_of(events=(FORUM,), author="홍길동")))
    said = graph(root)
    assert set(said) == {"NewsArticle", "BreadcrumbList", "Event"}
    article = said["NewsArticle"]
    assert (article["headline"], article["author"]) == ("신성장동력", {"@type": "Person", "name": "홍길동"})
    assert article["isPartOf"]["issueNumber"] == 7
    assert article["isPartOf"]["isPartOf"]["@type"] == "Periodical"
    assert said["Event"]["startDate"] == "2026-12-03T14:00:00+09:00"
    assert [one["item"] for one in said["BreadcrumbList"]["itemListElement"]] == [BASE, f"{BASE}2026-11/"]


def test_the_card_and_the_feeds_are_where_the_head_says() -> None:
    both = issue_of("2026-11", page_of("2026-11"), page_of("2026-11", "New", language="en"), events=(FORUM,))
    root = head(site_of(both), 1)
    facts = {one.get("property"): one.get("content") for one in root.iter("meta") if one.get("property")}
    assert facts["og:image"] == f"{BASE}2026-11/en/card.png"
    assert facts["og:url"] == f"{BASE}2026-11/en/"
    leads = [(one.get("type"), one.get("href")) for one in root.iter("link")]
    assert ("application/atom+xml", f"{BASE}feed.xml") in leads
    assert ("application/feed+json", f"{BASE}feed.en.json") in leads
    assert ("text/calendar", f"{BASE}2026-11/events.ics") in leads
    index = html.fromstring(f"<html><head>{head_of_index(site_of(both))}</head><body></body></html>")
    assert {one.get("href") for one in index.iter("link")} >= {f"{BASE}rss.xml", f"{BASE}events.ics"}
    assert json.loads(next(index.iter("script")).text or "")["@type"] == "Periodical"


def test_without_an_address_there_is_nothing_to_lead_to() -> None:
    site = site_of(base_url="")
    assert not head_of_issue(site, site.issues[0], site.issues[0].main)
    assert not head_of_index(site)
    assert sitemap(site) == ()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_title_ends_the_script_or_an_attribute(title: str) -> None:
    wild = f'{title}</script><!--<script>"\u2028&'
    site = site_of(issue_of("2026-11", page_of("2026-11", wild)))
    text = str(head_of_issue(site, site.issues[0], site.issues[0].main))
    assert text.count("<script") == text.count("</script") == 1
    assert "<!--" not in text
    start = text.index("{", text.index("<script"))
    said = json.loads(text[start : text.index("</script")])
    assert said["@graph"][0]["headline"] == wild


def test_the_sitemap_knows_every_page_and_its_languages() -> None:
    both = issue_of("2026-11", page_of("2026-11"), page_of("2026-11", "New", language="en"))
    (file,) = sitemap(site_of(both, issue_of("2026-10"), issue_of("2026-12", is_listed=False)))
    root = etree.fromstring(file.data)
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    found = {
        url.findtext("s:loc", namespaces=names): [link.get("hreflang") for link in url.findall("x:link", names)]
        for url in root.findall("s:url", names)
    }
    assert found == {
        BASE: [],
        f"{BASE}2026-11/": ["ko", "en", "x-default"],
        f"{BASE}2026-11/en/": ["ko", "en", "x-default"],
        f"{BASE}2026-10/": [],
    }
    assert {one.text for one in root.iterfind(".//s:lastmod", names)} == {"2026-11-26"}
