"""Preferences behind a link: what is said is kept, what is left open stays, and a name is never shown whole."""

import re
from collections.abc import Iterator

import httpx
import pytest

from newsletter.audience.links import Links
from newsletter.audience.sign_up import LONGEST_NAME
from newsletter.ledger.readers import Choice
from newsletter.web.page_templates import Publisher
from newsletter.web.subscribers.app import pages_app
from newsletter.web.subscribers.preferences import Offered
from tests.support.link_book import LinkBook
from tests.support.web import site

LINKS = Links((b"a secret of thirty-two bytes....",), "issue-curator.news.example.org")
TOKEN = LINKS.token("hong@example.com")
HASH = LINKS.address_hash("hong@example.com")
PATH = f"/u/{TOKEN}/preferences"
OFFERED = Offered(("ko", "en"), {"housing": {"ko": "주거", "en": "Housing"}, "transport": {"ko": "교통"}, "arts": {}})
KNOWN = Choice("홍길동", "en", frozenset({"housing", "press"}))


@pytest.fixture(scope="module")
def _site() -> Iterator[tuple[LinkBook, httpx.Client]]:
    book = LinkBook(LINKS)
    publisher = Publisher("서울이슈큐레이터", "서울연구원", "ko")
    with site(pages_app(book, publisher=publisher, offered=OFFERED)) as client:
        yield book, client


@pytest.fixture
def book(_site: tuple[LinkBook, httpx.Client]) -> LinkBook:
    _site[0].empty()
    return _site[0]


@pytest.fixture
def client(_site: tuple[LinkBook, httpx.Client], book: LinkBook) -> httpx.Client:
    assert not book.left
    return _site[1]


def ticked(page: str) -> list[str]:
    return re.findall('name="tags" value="([^"]+)" checked', page)


def test_what_is_known_is_shown_and_no_name_whole(client: httpx.Client, book: LinkBook) -> None:
    book.chosen[HASH] = KNOWN
    page = client.get(f"{PATH}?lang=ko").text
    assert '<option value="en" lang="en" selected>English</option>' in page
    assert ticked(page) == ["housing"]
    assert all(label in page for label in ("주거", "교통", "arts"))
    assert "홍*동" in page
    for hidden in ("홍길동", "hong", "example.com", "press"):
        assert hidden not in page
    assert '<html lang="en">' in client.get(PATH).text, "in the reader's own language, where it is known"


def test_who_stands_in_the_file_alone_sees_empty_fields_and_why(client: httpx.Client) -> None:
    page = client.get(PATH).text
    assert "아직 여기서 고르신 것이 없어 빈칸으로 보입니다" in page
    assert (ticked(page), "selected" in page, "no_name" in page) == ([], False, False)


@pytest.mark.parametrize(
    ("before", "form", "after"),
    [
        (Choice(), {}, Choice()),
        (Choice(), {"name": "", "language": ""}, Choice()),
        (Choice(), {"name": " Jane  Doe ", "language": "en"}, Choice("Jane Doe", "en")),
        (Choice(), {"tags": ["arts"]}, Choice(tags=frozenset({"arts"}))),
        (KNOWN, {"tags": ["transport", "arts"]}, Choice("홍길동", "en", frozenset({"transport", "arts", "press"}))),
        (KNOWN, {}, Choice("홍길동", "en", frozenset({"press"}))),
        (KNOWN, {"name": "", "tags": "housing"}, KNOWN),
        (KNOWN, {"no_name": "1", "name": "x", "tags": "housing"}, Choice("", "en", KNOWN.tags)),
        (KNOWN, {"language": "xx", "tags": ["housing", "admin"]}, KNOWN),
        (Choice(), {"name": "e\u0301ric\r\nBcc: x\x00\u202e"}, Choice("\u00e9ric Bcc: x")),
        (Choice(), {"name": "가" * LONGEST_NAME}, Choice("가" * LONGEST_NAME)),
        (Choice(), {"email": "x@example.com", "state": "confirmed", "key": "x"}, Choice()),
    ],
)
def test_what_is_said_is_kept_and_the_rest_stays(
    client: httpx.Client, book: LinkBook, before: Choice, form: dict[str, str | list[str]], after: Choice
) -> None:
    if before != Choice():
        book.chosen[HASH] = before
    for _ in range(2):
        answer = client.post(PATH, data={"lang": "ko", **form})
        assert (answer.status_code, "저장했습니다" in answer.text) == (200, True)
        assert book.chosen.get(HASH, Choice()) == after
    assert book.left == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("가" * (LONGEST_NAME + 1), "60자까지"),
        ("당첨! https://evil.example", "이름만"),
        ("WWW.evil.example", "이름만"),
        ("{{ x }}", "이름만"),
    ],
)
def test_what_is_no_name_is_said_and_nothing_is_saved(
    client: httpx.Client, book: LinkBook, name: str, words: str
) -> None:
    answer = client.post(PATH, data={"lang": "ko", "name": name, "language": "en"})
    assert answer.status_code == 422
    assert words in answer.text
    assert "저장하지 않았습니다" in answer.text
    assert name not in answer.text
    assert book.chosen == {}


def test_what_else_was_chosen_stays_in_the_form_where_the_name_is_refused(client: httpx.Client, book: LinkBook) -> None:
    book.chosen[HASH] = KNOWN
    answer = client.post(PATH, data={"name": "www.evil.example", "language": "ko", "tags": ["arts"]})
    assert '<option value="ko" lang="ko" selected>' in answer.text
    assert ticked(answer.text) == ["arts"]
    assert "홍*동" in answer.text, "which is still the name on record"
    assert book.chosen[HASH] == KNOWN


def test_who_has_left_may_choose_and_is_told_the_way_back(client: httpx.Client, book: LinkBook) -> None:
    book.left.append(HASH)
    answer = client.post(PATH, data={"language": "en"})
    assert f'<a href="../{TOKEN}">다시 구독하기</a>' in answer.text
    assert book.left == [HASH], "choosing is not returning"


def test_what_a_tag_or_a_name_says_is_no_markup() -> None:
    book = LinkBook(LINKS)
    book.chosen[HASH] = Choice("<b>", "ko", frozenset())
    publisher = Publisher("a", "b", "ko")
    with site(pages_app(book, publisher=publisher, offered=Offered(tags={"t": {"ko": "<i>&"}}))) as client:
        page = client.get(PATH).text
    assert "&lt;i&gt;&amp;" in page
    assert "&lt;*&gt;" in page


def test_without_a_choice_of_languages_or_subjects_only_the_name_is_asked_for() -> None:
    publisher = Publisher("a", "b", "ko")
    with site(pages_app(LinkBook(LINKS), publisher=publisher, offered=Offered(languages=("ko",)))) as client:
        page = client.get(PATH).text
    assert ("<select" in page, "checkbox" in page, 'name="name"' in page) == (False, False, True)
