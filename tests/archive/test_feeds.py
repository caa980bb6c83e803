"""The feeds as a feed reader reads them: complete, with full addresses, and with ids that nothing changes."""

import json
import warnings
from datetime import timedelta
from html import escape
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import validate
from lxml import etree, html

from newsletter.archive.feed_entries import MOST_ENTRIES
from newsletter.archive.json_feed import json_feeds
from newsletter.archive.site import Site
from newsletter.archive.xml_feeds import xml_feeds
from tests.support.hand_made_site import BASE, MORNING, issue_of, page_of, settings_with, site_of

JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        **{name: {"type": "string", "minLength": 1} for name in ("title", "description", "language")},
        **{name: {"type": "string", "pattern": "^https://"} for name in ("home_page_url", "feed_url")},
        "authors": {"$ref": "#/$defs/authors"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "content_html"],
                "additionalProperties": False,
                "properties": {
                    "id": {"type": "string", "pattern": "^urn:uuid:"},
                    **{name: {"type": "string", "pattern": "^https://"} for name in ("url", "image")},
                    **{name: {"type": "string"} for name in ("title", "content_html", "summary", "language")},
                    **{name: {"type": "string", "format": "date-time"} for name in ("date_published", "date_modified")},
                    "authors": {"$ref": "#/$defs/authors"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
    "$defs": {
        "authors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name"],
                "additionalProperties": False,
                "properties": {"name": {}},
            },
        }
    },
}
"""jsonfeed.org/version/1.1, as far as ours goes."""


def files_of(site: Site) -> dict[str, bytes]:
    return {file.path: file.data for file in (*xml_feeds(site), *json_feeds(site))}


def read(data: bytes) -> Any:  # noqa: ANN401 - what feedparser gives
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        found = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo, found.bozo_exception
    return found


def parsed(text: str) -> Any:  # noqa: ANN401 - an element
    return html.fromstring(text)


def contents(site: Site) -> list[tuple[str, str, str]]:
    """Id, title and text of every entry, which all three kinds have to say alike."""
    files = files_of(site)
    atom, rss = (
        [(one.id, one.title, one.content[0].value) for one in read(files[name]).entries]
        for name in ("feed.xml", "rss.xml")
    )
    as_json = [(one["id"], one["title"], one["content_html"]) for one in json.loads(files["feed.json"])["items"]]
    assert atom == rss == as_json
    return atom


def test_every_kind_carries_the_full_text_with_full_addresses() -> None:
    body = (
        '앞 <p>본문 <a href="#story-01">여기</a> <a href="../2026-10/">지난 호</a>'
        '<a href="mailto:a@example.org">편지</a></p>'
        '<img src="../pictures/a b.png" srcset="../pictures/a.png 1x, ../pictures/b.png 2x" alt=""><script>x()</script>'
    )
    ((_, title, text),) = contents(site_of(issue_of("2026-11", page_of("2026-11", body=body))))
    assert title == "신성장동력"
    root = parsed(text)
    assert root.get("lang") == "ko"
    assert [link.get("href") for link in root.iter("a")] == [
        f"{BASE}2026-11/#story-01", f"{BASE}2026-10/", "mailto:a@example.org"
    ]  # fmt: skip
    assert root.find(".//img").get("srcset") == f"{BASE}pictures/a.png 1x, {BASE}pictures/b.png 2x"
    assert urlsplit(root.find(".//img").get("src")).path.startswith("/archive/pictures/")
    assert root.text_content().startswith("앞 본문")
    assert "script" not in text


def test_the_dates_authors_and_tags_are_those_of_the_issue() -> None:
    site = site_of(issue_of(author="홍길동", tags=("청년", "주거")))
    files = files_of(site)
    for name in ("feed.xml", "rss.xml"):
        found = read(files[name])
        assert found.feed.title == "서울이슈큐레이터"
        assert next(link.href for link in found.feed.links if link.rel == "self") == BASE + name
        (entry,) = found.entries
        assert (entry.link, entry.author) == (f"{BASE}2026-11/", "홍길동")
        assert [tag.term for tag in entry.tags] == ["청년", "주거"]
        assert entry.published_parsed[:5] == MORNING.utctimetuple()[:5]
    assert read(files["feed.xml"]).entries[0].updated_parsed[:5] == (MORNING + timedelta(minutes=20)).utctimetuple()[:5]
    validate(json.loads(files["feed.json"]), JSON_FEED)


@pytest.mark.parametrize(
    "moved",
    [
        site_of(base_url="https://elsewhere.example.net/"),
        site_of(settings=settings_with(name="새 이름")),
        site_of(settings=settings_with(list_id="new.example.org", former_list_ids=["letter.news.example.org"])),
        site_of(issue_of("2026-12", posted_at=MORNING + timedelta(days=30)), issue_of()),
    ],
    ids=["another address", "another name", "another list_id", "a newer issue"],
)
def test_an_id_outlives_whatever_changes(moved: Site) -> None:
    assert contents(moved)[-1][0] == contents(site_of())[0][0]


def test_no_two_things_have_one_id() -> None:
    pages = (page_of("2026-11"), page_of("2026-11", "New growth", language="en"))
    site = site_of(issue_of("2026-11", *pages), issue_of("2026-10"))
    files = files_of(site)
    ids = [one for name in files if name.endswith(".xml") and name.startswith("feed") for one in ids_in(files[name])]
    assert len(set(ids)) == len(ids) == 2 + 3
    assert ids_in(files_of(site_of(settings=settings_with(list_id="other.example.org")))["feed.xml"])[1] not in ids


def ids_in(data: bytes) -> list[str]:
    found = read(data)
    return [found.feed.id, *(entry.id for entry in found.entries)]


def test_another_language_has_a_feed_of_what_is_in_it() -> None:
    both = issue_of("2026-11", page_of("2026-11"), page_of("2026-11", "أخبار", "<p>نص</p>", language="ar"))
    files = files_of(site_of(both, issue_of("2026-10")))
    assert set(files) == {f"{name}{dot}" for name in ("feed", "rss") for dot in (".xml", ".ar.xml")} | {
        "feed.json", "feed.ar.json"
    }  # fmt: skip
    assert len(read(files["feed.xml"]).entries) == 2
    (arabic,) = read(files["feed.ar.xml"]).entries
    assert (arabic.title, arabic.link) == ("أخبار", f"{BASE}2026-11/ar/")
    assert parsed(arabic.content[0].value).get("dir") == "rtl"


def test_a_feed_ends_after_the_newest() -> None:
    issues = [issue_of(f"n-{day}", posted_at=MORNING - timedelta(days=day)) for day in range(MOST_ENTRIES + 3)]
    found = read(files_of(site_of(*issues))["feed.xml"]).entries
    assert len(found) == MOST_ENTRIES
    assert found[0].link == f"{BASE}n-0/"


def test_no_feed_where_it_could_not_be_read() -> None:
    assert files_of(site_of(base_url="")) == {}
    assert files_of(site_of(issue_of(is_listed=False))) == {}


_TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(_TEXT, _TEXT, _TEXT)
def test_whatever_an_issue_says_is_a_well_formed_feed_of_the_same_words(title: str, author: str, words: str) -> None:
    body = f"<p>{escape(words)}</p>"
    site = site_of(issue_of("2026-11", page_of("2026-11", f"{title}]]>&amp;<b>", body), author=f"{author}</name>"))
    files = files_of(site)
    for name in ("feed.xml", "rss.xml"):
        root = etree.fromstring(files[name])
        assert {f"{_fit(title)}]]>&amp;<b>", f"{_fit(author)}</name>"} <= set(root.itertext())
    (item,) = json.loads(files["feed.json"])["items"]
    assert item["title"] == f"{_fit(title)}]]>&amp;<b>"
    assert parsed(item["content_html"]).text_content().split() == _fit(words).split()
    assert files == files_of(site)


def _fit(text: str) -> str:
    """What XML may hold of it."""
    return "".join(one for one in text if one in "\t\n\r" or (one >= " " and one not in "\ufffe\uffff"))
