"""The demo's inbox over HTTP: what it shows, and what a hostile mail or request cannot get from it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from newsletter.web.demo.mailbox import MAX_SIZE
from tests.support.mails import PIXEL, mail, put
from tests.web.demo.demo_site import Demo, demo_site


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    with demo_site(tmp_path / "inbox") as running:
        yield running


@pytest.fixture
def client(demo: Demo) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=demo.url, trust_env=False) as opened:
        yield opened


def test_an_empty_inbox_says_so(client: httpx.Client) -> None:
    assert "아직 도착한 편지가 없습니다" in client.get("/").text


def test_a_letter_is_listed_and_opened_with_its_parts(demo: Demo, client: httpx.Client) -> None:
    identity = demo.deliver("hong@example.com")
    page = client.get("/").text
    assert "[서울이슈큐레이터] 신성장동력" in page
    assert "홍길동" in page
    assert "첫 편지입니다." in client.get(f"/?message={identity}&view=text").text
    assert "List-Unsubscribe-Post" in client.get(f"/?message={identity}&view=headers").text
    letter = client.get(f"/message/{identity}/letter").text
    assert f'src="/message/{identity.replace("@", "%40")}/picture/picture%40example.com"' in letter
    assert client.get(f"/message/{identity}/picture/picture%40example.com").content == PIXEL


def test_the_raw_file_is_the_file(demo: Demo, client: httpx.Client) -> None:
    identity = demo.deliver("hong@example.com")
    answer = client.get(f"/message/{identity}/raw.eml")
    assert answer.content == (demo.folder / f"{identity}.eml").read_bytes()
    assert answer.headers["content-disposition"].startswith("attachment")


def test_one_click_is_offered_only_where_it_leads_here(demo: Demo, client: httpx.Client) -> None:
    identity = demo.deliver("hong@example.com")
    assert f'action="/u/{demo.links.token("hong@example.com")}"' in client.get(f"/?message={identity}").text
    other = put(demo.folder, "elsewhere", mail(leave="https://news.example.org/u/x")).stem
    assert "data-one-click" not in client.get(f"/?message={other}").text


@pytest.mark.parametrize(
    "host", ["evil.example.com", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.example.com:{port}", "", "localhost:{port}@x"]
)
def test_a_foreign_host_is_refused_everywhere(demo: Demo, client: httpx.Client, host: str) -> None:
    for path in ("/", "/events", "/healthz", "/u/x", "/message/x/letter", "/elsewhere"):
        answer = client.get(path, headers={"Host": host.format(port=demo.listener.port)})
        assert answer.status_code == 421
        assert "서울" not in answer.text


def test_its_own_names_are_answered(demo: Demo, client: httpx.Client) -> None:
    for name in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
        assert client.get("/", headers={"Host": f"{name}:{demo.listener.port}"}).status_code == 200


@pytest.mark.parametrize(
    "identity",
    ["..%2Fsecret", "%2e%2e%2fsecret", "..", "link", "%00", "hong@example.com.eml", "*", "[a-z]*", "x" * 4000],
)
def test_an_id_never_leads_out_of_the_folder(demo: Demo, client: httpx.Client, identity: str) -> None:
    demo.deliver("hong@example.com")
    secret = put(demo.folder.parent, "secret", mail(subject="secret"))
    (demo.folder / "link.eml").symlink_to(secret)
    for what in ("letter", "raw.eml", "picture/picture%40example.com"):
        assert client.get(f"/message/{identity}/{what}").status_code == 404
    assert client.get(f"/?message={identity}").status_code == 404


def test_a_picture_that_could_carry_a_script_is_not_served(demo: Demo, client: httpx.Client) -> None:
    data = mail().replace(b"image/png", b"image/svg+xml")
    identity = put(demo.folder, "svg", data).stem
    assert client.get(f"/message/{identity}/picture/picture%40example.com").status_code == 404


def test_the_letter_comes_with_a_policy_of_its_own(demo: Demo, client: httpx.Client) -> None:
    identity = demo.deliver("hong@example.com")
    policy = client.get(f"/message/{identity}/letter").headers["content-security-policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'")
    assert "script" not in policy


def test_words_of_a_mail_are_escaped_in_the_page(demo: Demo, client: httpx.Client) -> None:
    attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    identity = put(demo.folder, 'a"><script>alert(1)<', mail(subject=attack, name="x")).stem
    for view in ("letter", "text", "headers"):
        page = client.get("/", params={"message": identity, "view": view}).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff" * 500,
        b"Subject: =?utf-9?b?////?=\nContent-Type: text/html; charset=nonsense\n\n<b>x",
        b"Subject: =?utf-8?q?=ZZ?=\nTo: <<>>\nContent-Type: multipart/mixed\n\nx",
        b"To: =?utf-8?b?!?= <a@b>\nContent-Type: multipart/mixed; boundary=a\n\n--a\n--a\n--a--",
        b"Content-Transfer-Encoding: base64\nContent-Type: text/html; charset*=x'y'%ff\n\n*",
        b"Subject: " + b"x" * 200_000 + b"\n\nbody",
        b"Subject: \xec\x84\x9c\xec\x9a\xb8\n\n\xec\x84\x9c",
    ],
)
def test_a_broken_mail_breaks_nothing(demo: Demo, client: httpx.Client, data: bytes) -> None:
    identity = put(demo.folder, "broken", data).stem
    for view in ("letter", "text", "headers"):
        assert client.get(f"/?message={identity}&view={view}").status_code == 200
    assert client.get(f"/message/{identity}/letter").status_code in {200, 404}
    assert client.get(f"/message/{identity}/picture/x").status_code == 404


def test_an_oversized_mail_is_listed_and_not_opened(demo: Demo, client: httpx.Client) -> None:
    identity = put(demo.folder, "large", mail() + b"\n" * MAX_SIZE).stem
    page = client.get(f"/?message={identity}")
    assert page.status_code == 200
    assert "너무 커서" in page.text
    assert client.get(f"/message/{identity}/letter").status_code == 404


def test_nothing_but_the_subscribers_page_takes_a_post(client: httpx.Client) -> None:
    for path in ("/", "/events", "/message/x/letter", "/assets/layout.css"):
        assert client.post(path).status_code in {404, 405}
