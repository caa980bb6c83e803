"""Who may open the studio: only who has the address with the start token, on this machine, under its own name."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from newsletter.web.guard import new_token, own_post, same
from tests.web.studio.studio_site import TOKEN, StudioSite, studio_site

PATHS = [
    "",
    "events",
    "readers?words=h",
    "panel/audience",
    "message.eml",
    "standalone.html",
    "assets/layout.css",
    "letter/x",
    "proof",
]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StudioSite]:
    with studio_site(tmp_path / "workspace") as running:
        yield running


@pytest.fixture
def client(site: StudioSite) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"http://127.0.0.1:{site.port}", trust_env=False) as opened:
        yield opened


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("token", ["", "wrong", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "%00", "..", "시작"])
def test_without_the_right_token_nothing_is_there(client: httpx.Client, token: str, path: str) -> None:
    for method in ("GET", "POST"):
        answer = client.request(method, f"/{token}/{path}" if token else f"/{path}")
        assert answer.status_code == 403
        assert "`newsletter preview` printed" in answer.text
        assert "터미널에 적어 준 주소" in answer.text
        assert TOKEN not in answer.text


def test_the_token_alone_leads_to_the_page(client: httpx.Client) -> None:
    answer = client.get(f"/{TOKEN}")
    assert answer.status_code == 308
    assert answer.headers["location"] == f"/{TOKEN}/"
    assert client.get(f"/{TOKEN}/").status_code == 200


def test_another_host_is_refused_before_the_token_is_looked_at(site: StudioSite, client: httpx.Client) -> None:
    for host in ("evil.example.com", f"evil.example.com:{site.port}", "127.0.0.1", f"127.0.0.1:{site.port + 1}", ""):
        for path in (f"/{TOKEN}/", "/wrong/"):
            assert client.get(path, headers={"Host": host}).status_code in (400, 421)


def test_the_token_stands_in_no_page(client: httpx.Client) -> None:
    for path in (
        "",
        "?view=headers",
        "?view=source",
        "?view=message",
        "panel/findings",
        "panel/issues",
        "assets/studio.js",
    ):
        answer = client.get(f"/{TOKEN}/{path}")
        assert answer.status_code == 200
        assert TOKEN not in answer.text
        assert TOKEN not in str(answer.headers)


def test_no_answer_tells_another_site_where_it_came_from(client: httpx.Client) -> None:
    for path in ("", "panel/sizes", "letter/x", "nothing"):
        headers = client.get(f"/{TOKEN}/{path}").headers
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]


def test_an_asset_is_one_of_ours_and_never_a_path(client: httpx.Client) -> None:
    assert client.get(f"/{TOKEN}/assets/layout.css").headers["content-type"].startswith("text/css")
    assert client.get(f"/{TOKEN}/assets/studio.js").headers["content-type"].startswith("text/javascript")
    for name in (
        "words.toml",
        "inbox.js",
        "studio.html",
        "_ground.css",
        "..%2fapp.py",
        "%2e%2e%2fserver.py",
        "layout.css%00",
        "x.js",
    ):
        assert client.get(f"/{TOKEN}/assets/{name}").status_code == 404


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 32 for token in tokens)


def test_secrets_are_compared_whatever_is_given() -> None:
    assert same("abc", "abc")
    for other in ("", "ab", "abcd", "ABC", "시작", "\N{NULL}"):
        assert not same(other, "abc")


OWN = {"origin": "http://127.0.0.1:8025"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "https://127.0.0.1:8025"},
        {"origin": "http://127.0.0.1:8026"},
        {"origin": "http://127.0.0.1"},
        {"origin": "http://127.0.0.1:8025.evil.example.com"},
        {"origin": "http://evil.example.com:8025"},
        {**OWN, "sec-fetch-site": "cross-site"},
        {**OWN, "sec-fetch-site": "same-site"},
        {**OWN, "sec-fetch-site": "none"},
    ],
)
def test_a_post_of_another_page_is_foreign(headers: dict[str, str]) -> None:
    assert not own_post(headers, 8025)


def test_a_post_of_our_page_is_our_own() -> None:
    assert own_post(OWN, 8025)
    assert own_post({**OWN, "sec-fetch-site": "same-origin"}, 8025)
    assert own_post({"origin": "http://localhost:8025"}, 8025)
