"""`/archive/`: the built files and nothing else, and how often a page was looked at."""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import httpx
import pytest

from newsletter.archive.site import LIST
from newsletter.archive.view_count import place_for_views, with_views
from newsletter.audience.links import Links
from newsletter.catalogue import Verbatim
from newsletter.errors import CannotWriteError
from newsletter.ledger.page_views import ArchivePage
from newsletter.web.page_templates import Publisher
from newsletter.web.subscribers.app import pages_app
from newsletter.web.subscribers.archive import ArchiveSite
from newsletter.web.subscribers.robots import is_read
from newsletter.web.subscribers.visits import PageVisits
from tests.support.link_book import LinkBook
from tests.support.web import answered, connected, site

LINKS = Links((b"a secret of thirty-two bytes....",), "issue-curator.news.example.org")
PAGE = f"<!DOCTYPE html><html lang=ko><title>2026-11</title><dl>{place_for_views('ko')}</dl>".encode()
PERSON = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "ko",
    "Sec-Fetch-Dest": "document",
}
ISSUE, ENGLISH = ArchivePage("2026-11"), ArchivePage("2026-11", "en")


class Counted:
    """A ledger that can be out of order; `saved` is set each time something was written."""

    def __init__(self) -> None:
        self.views = Counter({ISSUE: 41})
        self.broken = False
        self.saved = threading.Event()

    def save(self, views: Mapping[tuple[ArchivePage, date], int]) -> Counter[ArchivePage]:
        if self.broken:
            raise CannotWriteError(Verbatim("The disk is full."))
        for (page, _), count in views.items():
            self.views[page] += count
        self.saved.set()
        return self.views.copy()


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "build" / "archive"


@pytest.fixture
def client(folder: Path, counted: Counted) -> Iterator[httpx.Client]:
    visits = PageVisits(counted.save, lambda: date(2026, 11, 30), seconds=3600)
    app = pages_app(
        LinkBook(LINKS),
        publisher=Publisher("서울이슈큐레이터", "서울연구원", "ko"),
        archive=ArchiveSite(folder, visits, with_views),
    )
    with visits:
        assert counted.saved.wait(20)
        with site(app) as client:
            client.headers.clear()
            yield client


def built(folder: Path, **more: bytes) -> None:
    files = {
        LIST: b"{}",
        "index.html": b"<title>Archive</title>",
        "2026-11/index.html": PAGE,
        "2026-11/en/index.html": PAGE,
        "tags/index.html": b"<title>Tags</title>",
        "pictures/a-12345678.png": b"\x89PNG",
        "feed.xml": b"<feed/>",
        **more,
    }
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def test_an_archive_that_is_not_built_yet_says_so_and_is_there_once_it_is(client: httpx.Client, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("not an archive", encoding="utf-8")
    for language, words in (("ko", "아직 볼 수 있는 지난 호가 없습니다"), ("en", "No issues to read yet")):
        answer = client.get("/archive/", headers={"Accept-Language": language})
        assert answer.status_code == 404
        assert f'<html lang="{language}">' in answer.text
        assert f"<h1>{words}</h1>" in answer.text
    built(folder)
    assert client.get("/archive/").text == "<title>Archive</title>"
    assert client.get("/archive").headers["location"] == "archive/"
    assert client.get("/archive/2026-11").headers["location"] == "2026-11/"
    assert client.get("/archive/2026-11/en/").status_code == 200


def test_files_come_with_their_type_and_policy_and_are_fetched_once(client: httpx.Client, folder: Path) -> None:
    built(folder, **{"404.html": b"nothing here"})
    picture, feed, page = (client.get(f"/archive/{name}") for name in ("pictures/a-12345678.png", "feed.xml", ""))
    assert (picture.headers["content-type"], picture.content) == ("image/png", b"\x89PNG")
    assert "immutable" in picture.headers["cache-control"]
    assert feed.headers["content-type"] == "application/xml"
    assert page.headers["x-robots-tag"] == "all"
    for answer in (picture, feed, page):
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["last-modified"]
        again = client.get(answer.url, headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        head = client.head(answer.url)
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", answer.headers["etag"])
    assert client.post("/archive/").status_code == 405
    assert client.get("/u/abc").headers["cache-control"] == "no-store"
    nothing = client.get("/archive/2026-12/")
    assert (nothing.status_code, nothing.text) == (404, "nothing here")


_OUTSIDE = [
    "../secret.html",
    "%2e%2e/secret.html",
    "..%2fsecret.html",
    "2026-11/../../secret.html",
    "2026-11/..%2f..%2fsecret.html",
    "%2fetc/passwd",
    "/etc/hosts.html",
    "..%5csecret.html",
    "out.html",
    "outside/secret.html",
    ".newsletter-archive.json",
    "2026-11/.hidden.html",
    "ledger.db",
    "subscribers.csv",
    "newsletter.toml",
    "2026-11%00.html",
    "2026-11//index.html",
    "a" * 5000 + ".html",
    "%ff%fe.html",
    "pictures/",
    "pictures",
]


def test_nothing_else_is_read_whatever_is_asked(client: httpx.Client, folder: Path) -> None:
    built(folder, **{".newsletter-archive.json": b"secret", "2026-11/.hidden.html": b"secret"})
    for name in ("ledger.db", "subscribers.csv", "newsletter.toml"):
        (folder / name).write_bytes(b"secret")
    (folder.parent / "secret.html").write_bytes(b"secret")
    (folder / "out.html").symlink_to(folder.parent / "secret.html")
    (folder / "outside").symlink_to(folder.parent)
    found = {}
    for path in _OUTSIDE:
        with connected(client.base_url.port or 0, f"GET /archive/{path} HTTP/1.1\r\n".encode()) as link:
            link.sendall(b"Host: news.example.org\r\nConnection: close\r\n\r\n")
            found[path] = answered(link)
    assert {path: answer[9:12] for path, answer in found.items()} == dict.fromkeys(_OUTSIDE, b"404")
    assert not any(b"secret" in answer.partition(b"\r\n\r\n")[2] for answer in found.values())


def test_a_page_shows_its_number_and_who_reads_is_counted(client: httpx.Client, folder: Path, counted: Counted) -> None:
    built(folder)
    assert "<dd>41</dd>" in client.get("/archive/2026-11/").text
    assert "<dd>42</dd>" in client.get("/archive/2026-11/", headers=PERSON).text
    first = client.get("/archive/2026-11/index.html", headers=PERSON)
    assert "<dd>43</dd>" in first.text
    known = {"If-None-Match": first.headers["etag"]}
    assert client.get("/archive/2026-11/", headers=known).status_code == 304
    assert "<dd>44</dd>" in client.get("/archive/2026-11/", headers=PERSON | known).text
    assert "<dd>1</dd>" in client.get("/archive/2026-11/en/", headers=PERSON).text
    assert client.get("/archive/tags/", headers=PERSON).text == "<title>Tags</title>"
    assert client.head("/archive/2026-11/", headers=PERSON).status_code == 200
    assert (folder / "2026-11" / "index.html").read_bytes() == PAGE
    assert counted.views == {ISSUE: 41}, "nobody waits for the ledger"


def test_views_outlive_a_ledger_that_is_full_for_a_while_and_are_saved_at_the_end(counted: Counted) -> None:
    today = [date(2026, 11, 30)]
    visits = PageVisits(counted.save, lambda: today[0], seconds=0.001)
    assert visits.number(ISSUE) is None
    counted.broken = True
    with visits:
        visits.count(ISSUE)
        visits.save()
        assert visits.number(ISSUE) is None
        counted.broken = False
        assert counted.saved.wait(20)
        visits.save()
        assert visits.number(ISSUE) == 42
        counted.broken = True
        today[0] = date(2026, 12, 1)
        visits.count(ENGLISH)
        visits.save()
        assert visits.number(ENGLISH) == 1
        counted.broken = False
    assert counted.views == {ISSUE: 42, ENGLISH: 1}


_LIKE_A_BROWSER = {name.lower(): value for name, value in PERSON.items()}
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
_ANDROID = "Mozilla/5.0 (Linux; Android 14; CUBOT X90) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0"


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        *[
            ({"user-agent": agent}, True)
            for agent in (
                f"{_IPHONE} Version/18.5 Mobile/15E148 Safari/604.1",
                f"{_IPHONE} Mobile/15E148 KAKAOTALK 11.2.5 (INAPP)",
                f"{_IPHONE} Mobile/15E148 NAVER(inapp; search; 2000; 12.11.3; 14)",
                f"{_ANDROID} Mobile Safari/537.36;KAKAOTALK 2411230",
                "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)",
                "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
            )
        ],
        *[
            ({"user-agent": agent}, False)
            for agent in (
                "",
                "curl/8.5.0",
                "python-requests/2.32",
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)",
                "Mozilla/5.0 (compatible; Daum/4.1; +http://cs.daum.net/faq/15/4118.html?faqId=28966)",
                "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
                "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984",
                "TelegramBot (like TwitterBot)",
                "WhatsApp/2.23.20.0",
                "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/137.0.0.0 Safari/537.36",
                "Mozilla/5.0 (Macintosh) Chrome/137.0 Safari/537.36 Google-PageRenderer; bot@example.org",
                "newsletter-publish/0.1.0 (looks whether what was published is there)",
            )
        ],
        ({"sec-purpose": "prefetch;prerender"}, False),
        ({"purpose": "prefetch"}, False),
        ({"x-moz": "prefetch"}, False),
        ({"sec-fetch-dest": "empty"}, False),
        ({"sec-fetch-dest": "iframe"}, False),
        ({"accept": "*/*"}, False),
        ({"accept-language": ""}, False),
        ({"range": "bytes=0-10"}, False),
    ],
)
def test_who_reads_is_told_from_who_only_looks(changed: dict[str, str], counts: bool) -> None:
    assert is_read("GET", _LIKE_A_BROWSER)
    assert not is_read("HEAD", _LIKE_A_BROWSER)
    assert is_read("GET", _LIKE_A_BROWSER | changed) is counts
