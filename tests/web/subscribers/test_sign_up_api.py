"""Signing up as JSON: for the institute's own sites and no others; answers say nothing of who is known."""

import json
from datetime import timedelta

import httpx
import pytest

from newsletter.audience.sign_up import Asker, Wish
from newsletter.web.guard import MAX_BODY
from tests.support.sign_up_book import ADDRESS, OWN_SITE, SignUpBook

GOOD: dict[str, object] = {"email": "hong@example.com", "consent": True, "over_14": True}
ALLOWED = "access-control-allow-origin"


def sent(client: httpx.Client, data: object, origin: str = OWN_SITE) -> httpx.Response:
    headers = {"Content-Type": "application/json; charset=utf-8", **({"Origin": origin} if origin else {})}
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    return client.post("/subscribe?lang=en", content=content, headers=headers)


def test_a_good_request_asks_as_the_form_does(client: httpx.Client, book: SignUpBook) -> None:
    answer = sent(client, {**GOOD, "name": "Jane Doe", "language": "ko", "tags": ["housing"]})
    assert answer.status_code == 200
    assert answer.json()["status"] == "asked"
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers[ALLOWED] == OWN_SITE
    assert "Origin" in answer.headers["vary"]
    wish = Wish("hong@example.com", "hong@example.com", "Jane Doe", "ko", frozenset({"housing"}), "en")
    assert book.asked == [(wish, Asker("127.0.0.0/24", OWN_SITE, is_api=True))]


def test_what_is_left_out_was_not_said(client: httpx.Client, book: SignUpBook) -> None:
    sent(client, GOOD)
    (wish,) = book.wishes()
    assert (wish.name, wish.tags, wish.language) == (None, None, "en")


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", f"{OWN_SITE}.evil.example", OWN_SITE.replace("https", "http"), "*"]
)
def test_a_site_that_is_not_listed_is_let_do_nothing(client: httpx.Client, book: SignUpBook, origin: str) -> None:
    asked = client.options("/subscribe", headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
    answer = sent(client, GOOD, origin)
    assert answer.status_code == 403
    for one in (asked, answer):
        assert ALLOWED not in one.headers
        assert "Origin" in one.headers["vary"]
    assert book.asked == []


def test_a_browser_that_asks_first_is_told_what_it_may(client: httpx.Client, book: SignUpBook) -> None:
    asked = client.options("/subscribe", headers={"Origin": OWN_SITE, "Access-Control-Request-Method": "POST"})
    assert asked.status_code == 204
    assert asked.headers[ALLOWED] == OWN_SITE
    assert "POST" in asked.headers["access-control-allow-methods"]
    assert asked.headers["access-control-allow-headers"] == "content-type"
    assert "access-control-allow-credentials" not in asked.headers
    assert book.asked == []


@pytest.mark.parametrize("origin", ["", ADDRESS])
def test_a_server_and_our_own_page_are_taken_too(client: httpx.Client, book: SignUpBook, origin: str) -> None:
    answer = sent(client, GOOD, origin)
    assert answer.status_code == 200
    assert book.asked[0][1].place == (origin or f"{ADDRESS}/subscribe")


def test_errors_name_their_fields(client: httpx.Client, book: SignUpBook) -> None:
    answer = sent(client, {"email": "hong@", "name": "www.evil.example", "tags": ["tax"], "consent": False})
    assert answer.status_code == 422
    assert answer.headers[ALLOWED] == OWN_SITE
    assert answer.json()["status"] == "invalid"
    assert list(answer.json()["errors"]) == ["email", "name", "tags", "consent", "over_14"]
    assert book.asked == []


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"", None),
        (b"[1]", None),
        (b'{"email":', None),
        (b"[" * 10_000, None),
        (b'"\xff"', None),
        ({**GOOD, "emial": "x"}, "emial"),
        ({**GOOD, "email": ["hong@example.com"]}, "email"),
        ({**GOOD, "consent": "yes"}, "consent"),
        ({**GOOD, "consent": 1}, "consent"),
        ({**GOOD, "tags": "housing"}, "tags"),
        ({**GOOD, "tags": [["housing"]]}, "tags"),
        ({**GOOD, "name": None}, "name"),
        ({**GOOD, "name": "x" * 5000}, "name"),
    ],
)
def test_what_is_not_as_it_should_be_changes_nothing(
    client: httpx.Client, book: SignUpBook, data: object, field: str | None
) -> None:
    answer = sent(client, data)
    assert answer.status_code == 400
    assert answer.json()["status"] == "unreadable"
    assert list(answer.json().get("errors", {})) == ([field] if field else [])
    assert book.asked == []


def test_what_is_too_large_is_refused_as_json(client: httpx.Client, book: SignUpBook) -> None:
    answer = sent(client, {**GOOD, "name": "x" * MAX_BODY})
    assert (answer.status_code, answer.json()["status"]) == (413, "large")
    assert book.asked == []


def test_too_many_and_a_broken_ledger_are_told_as_json(client: httpx.Client, book: SignUpBook) -> None:
    book.wait = timedelta(seconds=90)
    often = sent(client, GOOD)
    assert (often.status_code, often.json()["status"], often.headers["retry-after"]) == (429, "often", "90")
    assert "Retry-After" in often.headers["access-control-expose-headers"]
    book.broken = True
    down = sent(client, GOOD)
    assert (down.status_code, down.json()["status"]) == (503, "down")


def test_a_script_is_told_what_there_is_to_choose_and_to_agree_to(client: httpx.Client) -> None:
    answer = client.get("/subscribe?lang=en", headers={"Accept": "application/json", "Origin": OWN_SITE})
    told = answer.json()
    assert told["tags"] == {"housing": "Housing", "traffic": "교통"}
    assert told["languages"] == ["ko", "en", "zh-Hant"]
    assert told["texts"]["consent"] == {"label": "consent: I agree", "details": ["consent 1", "consent 2"]}
    assert answer.headers[ALLOWED] == OWN_SITE
