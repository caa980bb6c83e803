"""The mailed link: looking changes nothing, the button is the yes each time, and what is no link is told apart."""

import httpx
import pytest

from newsletter.web.guard import MAX_BODY
from tests.support.sign_up_book import BARRED, LINK, PAST, SignUpBook


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("headers", [{}, {"Sec-Purpose": "prefetch"}, {"User-Agent": "Barracuda Sentinel"}])
def test_nothing_but_a_post_is_a_yes(
    client: httpx.Client, book: SignUpBook, method: str, headers: dict[str, str]
) -> None:
    for _ in range(2):
        assert client.request(method, f"/confirm/{LINK}", headers=headers).status_code in (200, 405)
    assert book.confirmed == []


def test_the_page_shows_what_was_asked_and_agreed_to_and_a_button(client: httpx.Client) -> None:
    page = client.get(f"/confirm/{LINK}").text
    assert '<html lang="en">' in page, "as the request says, where the browser says nothing"
    assert '<form method="post">' in page
    assert "&lt;b&gt;Jane&lt;/b&gt; Doe" in page
    assert '<div class="small" lang="ko">\n<p>동의합니다</p>\n<p>수집 항목</p>' in page
    assert "Housing" in page
    assert "not offered any more" not in page


@pytest.mark.parametrize("data", [{}, {"lang": "ko"}, {"anything": "at all"}])
def test_the_button_is_the_yes_each_time(client: httpx.Client, book: SignUpBook, data: dict[str, str]) -> None:
    answers = [client.post(f"/confirm/{LINK}", data=data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].text == answers[1].text
    assert set(book.confirmed) == {LINK}
    language = data.get("lang", "en")
    assert f'<html lang="{language}">' in answers[0].text
    assert f'href="../u/token-of-the-reader/preferences?lang={language}"' in answers[0].text
    assert 'href="../archive/"' in answers[0].text
    after = client.get(f"/confirm/{LINK}").text
    assert "<form" not in after
    assert "You are subscribed" in after


def test_who_complained_once_is_told_that_nothing_comes(client: httpx.Client) -> None:
    page = client.post(f"/confirm/{BARRED}").text
    assert "Nothing can be sent to this address" in page
    assert "You are subscribed" not in page


@pytest.mark.parametrize(
    ("path", "status"),
    [(PAST, 410), ("forged", 404), (f"{LINK}x", 404), ("x" * 5000, 404), ("%00", 404), ("%F0%9F%98%80", 404)],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_is_none_or_none_any_more_leads_to_the_form(
    client: httpx.Client, book: SignUpBook, method: str, path: str, status: int
) -> None:
    answer = client.request(method, f"/confirm/{path}")
    assert answer.status_code == status
    assert 'href="../subscribe?lang=ko"' in answer.text
    assert book.confirmed == []


def test_a_yes_that_cannot_be_kept_is_never_called_done(client: httpx.Client, book: SignUpBook) -> None:
    book.broken = True
    answer = client.post(f"/confirm/{LINK}")
    assert answer.status_code == 503
    assert "구독이 시작되었습니다" not in answer.text
    assert '<form method="post">' in answer.text
    assert client.get(f"/confirm/{LINK}").status_code == 503


def test_a_large_body_is_no_yes(client: httpx.Client, book: SignUpBook) -> None:
    assert client.post(f"/confirm/{LINK}", content=b"x" * (MAX_BODY + 1)).status_code == 413
    assert book.confirmed == []


def test_no_page_of_it_is_kept_or_says_where_it_was_seen(client: httpx.Client) -> None:
    for path in (f"/confirm/{LINK}", "/confirm/forged"):
        headers = client.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert "noindex" in headers["x-robots-tag"]
        assert "set-cookie" not in headers
