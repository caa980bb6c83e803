"""The subscribers' pages: looking changes nothing, a click ends it, and "done" is said only when it is."""

import re
from collections.abc import Iterator

import httpx
import pytest

from newsletter.audience.links import Links
from newsletter.settings.model import ThemeTable
from newsletter.web.guard import MAX_BODY
from newsletter.web.page_templates import Publisher, source_hash
from newsletter.web.subscribers.app import pages_app
from newsletter.web.subscribers.pages import SubscriberPages
from tests.support.link_book import LinkBook
from tests.support.web import answered, connected, site

LINKS = Links((b"a secret of thirty-two bytes....",), "issue-curator.news.example.org")
KEY = "hong@example.com"
TOKEN = LINKS.token(KEY)
PROOF = LINKS.token(KEY, proof=True)
HASH = LINKS.address_hash(KEY)


@pytest.fixture(scope="module")
def _site() -> Iterator[tuple[LinkBook, httpx.Client]]:
    book = LinkBook(LINKS)
    app = pages_app(
        book,
        publisher=Publisher("서울이슈큐레이터", "서울연구원", "ko"),
    )
    with site(app) as client:
        yield book, client


@pytest.fixture
def book(_site: tuple[LinkBook, httpx.Client]) -> LinkBook:
    _site[0].empty()
    return _site[0]


@pytest.fixture
def client(_site: tuple[LinkBook, httpx.Client], book: LinkBook) -> httpx.Client:
    assert not book.left
    return _site[1]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(client: httpx.Client, book: LinkBook, method: str) -> None:
    answer = client.request(method, f"/u/{TOKEN}")
    assert answer.status_code == 200
    assert book.left == []
    assert not answer.cookies


def test_the_page_names_the_newsletter_and_offers_a_button(client: httpx.Client) -> None:
    page = client.get(f"/u/{TOKEN}").text
    assert '<html lang="ko">' in page
    assert "서울이슈큐레이터" in page
    assert '<form method="post">' in page
    assert KEY not in page


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (
            b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"", None),
        (b"\xff\x00{", "application/json; charset=\xff"),
    ],
)
def test_one_click_acts_with_any_body(
    client: httpx.Client, book: LinkBook, content: bytes, media_type: str | None
) -> None:
    headers = [(b"Content-Type", media_type.encode("latin-1"))] if media_type else []
    answer = client.post(f"/u/{TOKEN}", content=content, headers=headers)
    assert answer.status_code == 200
    assert book.left == [HASH]


def test_a_second_click_is_answered_like_the_first(client: httpx.Client) -> None:
    answers = [client.post(f"/u/{TOKEN}") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.text for answer in answers}) == 1


def test_who_has_left_is_told_so_and_sees_no_button_to_leave(client: httpx.Client, book: LinkBook) -> None:
    client.post(f"/u/{TOKEN}")
    page = client.get(f"/u/{TOKEN}")
    assert page.status_code == 200
    assert "이미 수신을 거부한 주소입니다" in page.text
    assert "List-Unsubscribe" not in page.text
    assert len(book.left) == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path",
    ["/u/nonsense", f"/u/{TOKEN}x", f"/u/{TOKEN[:-1]}", f"/u/{TOKEN}/", "/u/", "/u/%00", "/u/../u", "/u/" + "a" * 5000],
)
def test_a_bad_token_is_404_and_changes_nothing(client: httpx.Client, book: LinkBook, method: str, path: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 404
    assert book.left == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_proof_link_says_what_it_is_and_changes_nothing(client: httpx.Client, book: LinkBook, method: str) -> None:
    answer = client.request(method, f"/u/{PROOF}")
    assert answer.status_code == 200
    assert "시험용" in answer.text
    assert book.left == []


def test_a_table_that_cannot_be_written_is_never_called_done(client: httpx.Client, book: LinkBook) -> None:
    book.broken = True
    answer = client.post(f"/u/{TOKEN}")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "저장되었는지 확인하지 못했습니다" in answer.text
    assert "완료되었습니다" not in answer.text
    assert '<form method="post">' in answer.text
    assert client.get("/healthz").status_code == 503
    book.broken = False
    assert client.get("/healthz").text == "ok"
    assert client.post(f"/u/{TOKEN}").status_code == 200


def test_an_endless_body_is_refused_and_changes_nothing(client: httpx.Client, book: LinkBook) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(MAX_BODY // 1024 + 1):
            yield b"x" * 1024

    assert client.post(f"/u/{TOKEN}", content=endless()).status_code == 413
    assert book.left == []


def test_a_body_that_does_not_come_is_not_waited_for(
    client: httpx.Client, book: LinkBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.web.guard.BODY_SECONDS", 0.2)
    half = f"POST /u/{TOKEN} HTTP/1.1\r\nHost: a\r\nContent-Length: 26\r\n\r\nList-".encode()
    with connected(client.base_url.port or 0, half) as slow:
        answer = answered(slow).decode()
    assert answer.startswith("HTTP/1.1 408 ")
    assert '<form method="post">' in answer
    assert book.left == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_change_nothing(client: httpx.Client, book: LinkBook, method: str) -> None:
    assert client.request(method, f"/u/{TOKEN}").status_code == 405
    assert book.left == []


@pytest.mark.parametrize("path", [f"/u/{TOKEN}", "/u/bad", "/healthz", "/elsewhere"])
def test_every_answer_keeps_itself_to_itself(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "noindex" in headers["x-robots-tag"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script-src" not in headers["content-security-policy"]
    assert "set-cookie" not in headers
    assert "server" not in headers


def test_the_pages_speak_english_where_the_newsletter_does() -> None:
    book = LinkBook(LINKS)
    app = pages_app(
        book,
        publisher=Publisher("<b>Curator</b>", "Institute & Co", "en"),
    )
    with site(app) as client:
        page = client.get(f"/u/{TOKEN}").text
        assert '<html lang="en">' in page
        assert "&lt;b&gt;Curator&lt;/b&gt;" in page
        assert "You are unsubscribed" in client.post(f"/u/{TOKEN}").text


def test_a_page_is_in_the_language_that_is_asked_for_and_says_so(client: httpx.Client) -> None:
    browser = {"Accept-Language": "en-US,en;q=0.9,ko;q=0.8"}
    for path, headers, language in (
        (f"/u/{TOKEN}", {}, "ko"),
        (f"/u/{TOKEN}", browser, "en"),
        (f"/u/{TOKEN}?lang=ko", browser, "ko"),
        (f"/u/{PROOF}", browser, "en"),
        ("/u/bad", browser, "en"),
        ("/elsewhere?lang=en", {}, "en"),
    ):
        answer = client.get(path, headers=headers)
        assert f'<html lang="{language}">' in answer.text
        assert answer.headers["content-language"] == language
        assert answer.headers["vary"] == "Accept-Language"


def test_the_other_language_is_one_link_away_and_the_form_keeps_the_one_that_is_read(client: httpx.Client) -> None:
    page = client.get(f"/u/{TOKEN}").text
    assert '<a href="?lang=en" lang="en" hreflang="en">English</a>' in page
    shown = client.get(f"/u/{TOKEN}?lang=en").text
    form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]+)">', shown))
    assert form == {"List-Unsubscribe": "One-Click", "lang": "en"}
    answer = client.post(f"/u/{TOKEN}", data=form, headers={"Accept-Language": "ko"})
    assert "You are unsubscribed" in answer.text


def test_the_pages_wear_the_colours_of_the_theme() -> None:
    theme = ThemeTable(preset="bulletin", accent="#7a1fa2", radius=9)
    publisher = Publisher("서울이슈큐레이터", "서울연구원", "ko", theme.palette, radius=9)
    page = SubscriberPages(publisher).once("unsubscribe.html.j2", "ko", "leave")
    text = bytes(page.body).decode()
    for name, colour in theme.palette.items():
        assert f"--{name.removeprefix('dark_').replace('_', '-')}: {colour};" in text
    assert "border-radius: 9px" in text
    style = re.search("<style>(.*?)</style>", text, re.DOTALL)
    assert style
    assert source_hash(style[1]) in page.headers["content-security-policy"]
