"""The way back and the reason behind a link: they undo and count what a click did, and nothing else."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx
import pytest

from newsletter.audience.links import Links
from newsletter.ledger.readers import LEAVE_REASONS, LeaveReason
from newsletter.web.page_templates import Publisher
from newsletter.web.subscribers.app import pages_app
from newsletter.web.subscribers.link import MAX_WORDS
from tests.support.link_book import LinkBook
from tests.support.web import site

LINKS = Links((b"a secret of thirty-two bytes....",), "issue-curator.news.example.org")
TOKEN = LINKS.token("hong@example.com")
PROOF = LINKS.token("hong@example.com", proof=True)
HASH = LINKS.address_hash("hong@example.com")
BELOW = ("back", "reason", "preferences")


class Actions(HTMLParser):
    """Where the forms and the links of a page lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append(given.get("action") or "")
        elif tag == "a":
            self.links.append(given["href"] or "")


@pytest.fixture(scope="module")
def _site() -> Iterator[tuple[LinkBook, httpx.Client]]:
    book = LinkBook(LINKS)
    with site(pages_app(book, publisher=Publisher("서울이슈큐레이터", "서울연구원", "ko"))) as client:
        yield book, client


@pytest.fixture
def book(_site: tuple[LinkBook, httpx.Client]) -> LinkBook:
    _site[0].empty()
    return _site[0]


@pytest.fixture
def client(_site: tuple[LinkBook, httpx.Client], book: LinkBook) -> httpx.Client:
    assert not book.left
    return _site[1]


def test_who_left_by_mistake_is_back_with_one_press(client: httpx.Client, book: LinkBook) -> None:
    done = client.post(f"/u/{TOKEN}")
    assert f"{TOKEN}/back" in Actions(done.text).forms
    for _ in range(2):
        back = client.post(f"/u/{TOKEN}/back")
        assert back.status_code == 200
        assert "다시 구독하셨습니다" in back.text
        assert book.left == []
    assert "그만 받으시겠어요" in client.get(f"/u/{TOKEN}").text


@pytest.mark.parametrize("has_clicked", [False, True])
def test_what_was_decided_elsewhere_is_not_undone_and_it_is_said(
    client: httpx.Client, book: LinkBook, has_clicked: bool
) -> None:
    book.final.add(HASH)
    if has_clicked:
        client.post(f"/u/{TOKEN}")
    assert Actions(client.get(f"/u/{TOKEN}").text).forms == []
    answer = client.post(f"/u/{TOKEN}/back")
    assert answer.status_code == 200
    assert "이 화면에서는 바꿀 수 없습니다" in answer.text
    assert book.left == [HASH] * has_clicked


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
@pytest.mark.parametrize("below", BELOW)
def test_looking_below_a_link_changes_nothing(client: httpx.Client, book: LinkBook, method: str, below: str) -> None:
    client.post(f"/u/{TOKEN}")
    answer = client.request(method, f"/u/{TOKEN}/{below}")
    assert answer.status_code == (200 if method in {"GET", "HEAD"} else 405)
    assert (book.left, book.reasons, book.chosen) == ([HASH], [], {})


@pytest.mark.parametrize("below", BELOW)
def test_a_bad_token_is_404_and_a_proofs_says_what_it_is(client: httpx.Client, book: LinkBook, below: str) -> None:
    book.left.append(HASH)
    for method in ("GET", "POST"):
        for bad in ("nonsense", TOKEN[:-1], TOKEN.upper(), "<b>", "%2e%2e"):
            assert client.request(method, f"/u/{bad}/{below}").status_code == 404
        proof = client.request(method, f"/u/{PROOF}/{below}")
        assert (proof.status_code, "시험용" in proof.text) == (200, True)
    assert (book.left, book.reasons, book.chosen) == ([HASH], [], {})


def test_links_and_forms_lead_where_they_should_from_every_page(client: httpx.Client, book: LinkBook) -> None:
    own = f"http://news.example.org/somewhere/u/{TOKEN}"
    good = {own, *(f"{own}/{below}" for below in BELOW)}
    seen: set[str] = set()
    for left in (False, True):
        for below in ("", *(f"/{one}" for one in BELOW)):
            for method in ("GET", "POST"):
                book.empty()
                book.left.extend([HASH] * left)
                actions = Actions(client.request(method, f"/u/{TOKEN}{below}").text)
                for href in (*actions.forms, *actions.links):
                    target = urljoin(own + below, href).partition("?")[0]
                    assert target in good, (left, below, method, href)
                    seen.add(target)
    assert seen == good


def test_a_reason_is_kept_once_and_says_nothing_of_who_gave_it(client: httpx.Client, book: LinkBook) -> None:
    page = client.post(f"/u/{TOKEN}").text
    assert set(re.findall('name="reason" value="([a-z_]+)"', page)) == set(LEAVE_REASONS)
    form = {"reason": "too_often", "words": " 한 달에 한 번이면 좋겠습니다\r\n고맙습니다 ", "lang": "en"}
    for _ in range(2):
        answer = client.post(f"/u/{TOKEN}/reason", data=form)
        assert (answer.status_code, "Thank you" in answer.text) == (200, True)
    assert book.reasons == [LeaveReason("too_often", "한 달에 한 번이면 좋겠습니다\n고맙습니다")]
    assert book.left == [HASH]


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ({"reason": "no_such", "words": "x"}, LeaveReason("other", "x")),
        ({"reason": "other"}, LeaveReason("other")),
        ({"reason": "other", "words": "가" * 1500}, LeaveReason("other", "가" * MAX_WORDS)),
        ({"reason": "no_time", "words": "\x1b[2J\u202egpj"}, LeaveReason("no_time", "\ufffd[2J\ufffdgpj")),
    ],
)
def test_a_reason_is_a_listed_one_and_its_words_are_bounded(
    client: httpx.Client, book: LinkBook, form: dict[str, str], kept: LeaveReason
) -> None:
    token = LINKS.token(f"{form}@example.com")  # of its own: a second reason of the same link is not kept
    client.post(f"/u/{token}")
    assert client.post(f"/u/{token}/reason", data=form).status_code == 200
    assert book.reasons == [kept]


@pytest.mark.parametrize("body", [b"", b"reason=&words=+", b"%ff=%ff", b"\xff", b"&" * 500])
def test_nothing_said_is_nothing_kept(client: httpx.Client, book: LinkBook, body: bytes) -> None:
    client.post(f"/u/{TOKEN}")
    assert client.post(f"/u/{TOKEN}/reason", content=body).status_code == 200
    assert book.reasons == []


def test_a_reader_who_has_not_left_is_asked_to_leave_before_a_reason_counts(
    client: httpx.Client, book: LinkBook
) -> None:
    answer = client.post(f"/u/{TOKEN}/reason", data={"reason": "other"})
    assert answer.status_code == 200
    assert Actions(answer.text).forms == [f"../{TOKEN}"]
    assert (book.reasons, book.left) == ([], [])


@pytest.mark.parametrize("below", BELOW)
def test_what_cannot_be_saved_is_never_called_saved(client: httpx.Client, book: LinkBook, below: str) -> None:
    client.post(f"/u/{TOKEN}")
    book.broken = True
    answer = client.post(f"/u/{TOKEN}/{below}", data={"reason": "other", "name": "Jane"})
    book.broken = False
    if below == "reason":  # nobody knows then whether this reader has left
        assert (answer.status_code, book.reasons) == (200, [])
        assert "그만 받으시겠어요" in answer.text
    else:
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
        assert "확인하지 못했습니다" in answer.text
    assert book.left == [HASH]
