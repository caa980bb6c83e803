"""In which language the pages answer: what was asked for, what is known, then the header Accept-Language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from newsletter.web.subscribers.languages import page_language, spoken, wished


def request(query: str = "", accept: str = "") -> Request:
    headers = [(b"accept-language", accept.encode("latin-1"))] if accept else []
    return Request({"type": "http", "method": "GET", "query_string": query.encode(), "headers": headers})


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "ko"),
        ("en", "en"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("KO", "ko"),
        ("ko;q=0.2, en;q=0.7", "en"),
        ("en;q=0.7, ko;q=0.7", "en"),
        ("en;Q=1 ; ,ko ; q=0.1", "ko"),
        ("en-GB;q=0.9, en;q=0.1, ko;q=0.5", "en"),
        ("ja,en;q=0.5", "en"),
        ("ja,zh;q=0.5", "ko"),
        ("ja, *;q=0.1", "ko"),
        ("en;q=0.1, *;q=0.5", "ko"),
        ("ko;q=0, *", "en"),
        ("*, ko;q=0", "en"),
        ("ko;q=0", "en"),
        ("ko;q=0, en;q=0", "ko"),
        ("en;q=2, en;q=x, en;level=1, en;q=nan, en;q=-1", "ko"),
        ("english, korean, kok", "ko"),
        (",,;;=,q=1", "ko"),
        ("\xff\x00", "ko"),
    ],
)
def test_the_language_that_a_browser_wants_most(header: str, language: str) -> None:
    assert wished(header, "ko") == language


def test_nobody_waits_for_a_header_of_a_thousand_languages() -> None:
    assert wished(",".join(["ja"] * 8000) + ",en", "ko") == "ko"


@given(header=st.text(max_size=80), default=st.sampled_from(["ko", "en"]))
def test_any_header_is_answered_in_a_language_we_speak(header: str, default: str) -> None:
    assert wished(header, default) in {"ko", "en"}


@pytest.mark.parametrize(
    ("query", "known", "accept", "language"),
    [
        ("lang=en", "ko", "ko", "en"),
        ("lang=ko", "en", "en", "ko"),
        ("lang=fr", "en", "ko", "en"),
        ("lang=fr", "ja", "en", "en"),
        ("", "en-GB", "ko", "en"),
        ("", "", "en", "en"),
        ("", "", "", "ko"),
        ("lang=", "", "en", "en"),
        ("lang=%00&lang=en", "", "", "en"),
        ("LANG=en", "", "", "ko"),
    ],
)
def test_what_is_asked_for_wins_then_what_is_known(query: str, known: str, accept: str, language: str) -> None:
    assert page_language(request(query, accept), known=known, default="ko") == language


@pytest.mark.parametrize(("tag", "meant"), [("en_US", "en"), (" KO ", "ko"), ("kor", ""), ("", ""), ("-", "")])
def test_the_language_of_a_tag(tag: str, meant: str) -> None:
    assert spoken(tag) == meant
