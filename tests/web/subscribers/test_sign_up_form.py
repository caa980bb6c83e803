"""The form to sign up: what is wrong stands at its field, and whoever asks is told the same."""

from datetime import timedelta
from html import escape, unescape
from urllib.parse import urlencode

import httpx
import pytest

from newsletter.audience.sign_up import Asker, Wish
from newsletter.web.guard import MAX_BODY
from tests.support.sign_up_book import ADDRESS, FRESH, GONE, OLD, SignUpBook, sign_up_site
from tests.support.web import answered, connected

TICKED = {"consent": "yes", "over_14": "yes"}
GOOD = {"email": "hong@example.com", "form": OLD, **TICKED}
ASKED = "메일함을 확인해 주세요"


def test_the_form_can_be_filled_in_by_browsers_and_says_what_is_agreed_to(client: httpx.Client) -> None:
    page = client.get("/subscribe").text
    assert '<input type="email" id="email" name="email" value="" autocomplete="email"' in page
    assert '<label for="email">메일 주소</label>' in page
    for words in (
        "consent: 동의합니다",
        "consent 1",
        "over_14: 동의합니다",
        "over_14 2",
        "주거",
        "교통",
        "한국어",
        "繁體中文",
    ):
        assert words in page
    assert "advertising" not in page
    assert f'name="form" value="{FRESH}"' in page
    assert "<script" not in page
    assert " checked" not in page


def test_the_form_speaks_the_language_of_the_link_and_of_the_browser(client: httpx.Client) -> None:
    for answer in (
        client.get("/subscribe?lang=en"),
        client.get("/subscribe", headers={"Accept-Language": "en-GB, ko;q=0.5"}),
    ):
        assert '<html lang="en">' in answer.text
        assert "consent: I agree" in answer.text
        assert "Accept-Language" in answer.headers["vary"]


def test_looking_at_the_form_asks_nobody_and_sets_no_cookie(client: httpx.Client, book: SignUpBook) -> None:
    for method in ("GET", "HEAD"):
        answer = client.request(method, "/subscribe")
        assert answer.status_code == 200
        assert not answer.cookies
        assert answer.headers["cache-control"] == "no-store"
        assert "script-src" not in answer.headers["content-security-policy"]
    assert book.asked == []


@pytest.mark.parametrize("way", ["urlencoded", "multipart"])
def test_a_good_form_asks_with_all_that_was_written(client: httpx.Client, book: SignUpBook, way: str) -> None:
    fields = [*GOOD.items(), ("name", "홍길동"), ("language", "zh-Hant"), ("lang", "en")]
    fields += [("tags", "housing"), ("tags", "traffic")]
    if way == "urlencoded":
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = client.post("/subscribe", content=urlencode(fields), headers=kind)
    else:
        answer = client.post("/subscribe", files=[(name, (None, value.encode())) for name, value in fields])
    assert answer.status_code == 200
    assert "Please check your mailbox" in answer.text
    wish = Wish("hong@example.com", "hong@example.com", "홍길동", "zh-Hant", frozenset({"housing", "traffic"}), "en")
    assert book.asked == [(wish, Asker("127.0.0.0/24", f"{ADDRESS}/subscribe"))]


def test_the_answer_says_nothing_of_who_asked(client: httpx.Client) -> None:
    answers = [client.post("/subscribe", data={**GOOD, "email": f"reader{number}@example.com"}) for number in range(3)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert "reader" not in answers[0].text


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("email", "hong@", "@ 뒤에 아무것도 없습니다"),
        ("email", "", "메일 주소가 비어 있습니다"),
        ("email", "a@example.com\r\nBcc: b@example.com", "보이지 않는 글자"),
        ("email", '"><script>alert(1)</script>@example.com', "꺾쇠괄호"),
        ("email", "a@example.com, b@example.com", "주소가 둘 이상"),
        ("name", "Ms. http://evil.example", "이름만 적어 주세요"),
        ("name", "x\r\nBcc: b@example.com", "이름만 적어 주세요"),
        ("name", "x" * 61, "60자까지"),
        ("language", "fr", "이 언어로는"),
        ("tags", "tax", "고를 수 있는 항목이 아닙니다"),
        ("consent", "", "동의하지 않으시면"),
        ("over_14", "", "만 14세 이상만"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_written_stays(
    client: httpx.Client, book: SignUpBook, field: str, value: str, said: str
) -> None:
    answer = client.post("/subscribe", data={**GOOD, "name": "김영희", field: value})
    assert answer.status_code == 422
    fault = answer.text.partition(f'id="wrong-{field}">')[2].partition("</p>")[0]
    assert said in unescape(fault)
    assert 'role="alert"' in answer.text
    assert f'value="{OLD}"' in answer.text, "the time goes on"
    if field in ("email", "name") and "\r" not in value:
        assert f'value="{escape(value, quote=True).replace("&quot;", "&#34;")}"' in answer.text
    assert "<script>" not in answer.text
    assert book.asked == []


def test_a_form_of_another_site_is_shown_here_first_with_the_words(client: httpx.Client, book: SignUpBook) -> None:
    headers = {"Origin": "https://blog.example.net", "Sec-Fetch-Site": "cross-site"}
    answer = client.post("/subscribe", data={"email": "hong@example.com", **TICKED}, headers=headers)
    assert answer.status_code == 200
    assert 'value="hong@example.com"' in answer.text
    assert "consent: 동의합니다" in answer.text
    assert book.asked == []


@pytest.mark.parametrize(("stamp", "kept"), [(FRESH, FRESH), (GONE, FRESH), ("forged", FRESH)])
def test_who_is_too_fast_or_too_late_presses_once_more(
    client: httpx.Client, book: SignUpBook, stamp: str, kept: str
) -> None:
    answer = client.post("/subscribe", data={**GOOD, "form": stamp, "name": "김영희"})
    assert answer.status_code == 422
    assert "단추를 다시 눌러 주세요" in answer.text
    assert 'value="김영희"' in answer.text
    assert f'name="form" value="{kept}"' in answer.text
    assert book.asked == []


def test_who_fills_in_what_nobody_sees_is_counted_and_told_the_same(client: httpx.Client, book: SignUpBook) -> None:
    good = client.post("/subscribe", data=GOOD)
    trapped = client.post("/subscribe", data={**GOOD, "website": "https://spam.example", "form": ""})
    assert trapped.text == good.text
    assert [wish is None for wish, _ in book.asked] == [False, True]


def test_too_many_are_told_when_to_come_again_whoever_they_are(client: httpx.Client, book: SignUpBook) -> None:
    book.wait = timedelta(minutes=12, milliseconds=1)
    answers = [client.post("/subscribe", data={**GOOD, "email": f"r{number}@example.com"}) for number in range(2)]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert answers[0].headers["retry-after"] == "721"
    assert answers[0].text == answers[1].text
    assert ASKED not in answers[0].text


def test_a_ledger_that_cannot_be_written_is_never_called_done(client: httpx.Client, book: SignUpBook) -> None:
    book.broken = True
    answer = client.post("/subscribe", data=GOOD)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert ASKED not in answer.text


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"x" * (MAX_BODY + 1), "application/x-www-form-urlencoded", 413),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"email=a%ff%40example.com", "application/x-www-form-urlencoded", 400),
        (b"&".join([b"tags=housing"] * 200), "application/x-www-form-urlencoded", 400),
        (b"hello", "text/plain", 400),
        (b"no boundary", "multipart/form-data", 400),
        (b"--x\r\n\r\nnothing\r\n--x--\r\n", "multipart/form-data; boundary=x", 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n\xff\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            400,
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="email"; filename="a"\r\n\r\na@example.com\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            400,
        ),
    ],
)
def test_what_is_no_form_changes_nothing(
    client: httpx.Client, book: SignUpBook, content: bytes, media_type: str, status: int
) -> None:
    answer = client.post("/subscribe", content=content, headers={"Content-Type": media_type})
    assert answer.status_code == status
    assert "<html" in answer.text
    assert book.asked == []


def test_a_form_that_does_not_come_is_not_waited_for(
    client: httpx.Client, book: SignUpBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.web.guard.BODY_SECONDS", 0.2)
    half = b"POST /subscribe HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\nemail="
    with connected(client.base_url.port or 0, half) as slow:
        assert answered(slow).decode().startswith("HTTP/1.1 408 ")
    assert book.asked == []


def test_nobody_is_sent_anywhere_else(client: httpx.Client) -> None:
    fields = {**GOOD, "next": "https://evil.example", "redirect": "//evil.example", "return_to": "/\\evil.example"}
    answer = client.post("/subscribe?next=https://evil.example", data=fields, headers={"Host": "evil.example"})
    assert answer.status_code == 200
    assert "location" not in answer.headers
    assert "evil" not in answer.text


def test_advertising_is_agreed_to_on_its_own() -> None:
    book = SignUpBook()
    with sign_up_site(book, advertising=True) as client:
        assert "advertising: 동의합니다" in client.get("/subscribe").text
        answer = client.post("/subscribe", data=GOOD)
        assert answer.status_code == 422
        assert 'id="wrong-advertising"' in answer.text
        assert client.post("/subscribe", data={**GOOD, "advertising": "yes"}).status_code == 200
    assert len(book.wishes()) == 1
