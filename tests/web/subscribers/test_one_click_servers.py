"""`newsletter one-click`'s files in the real nginx, Apache and PHP: only a POST is a click, in a line of its own."""

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from newsletter.audience.links import Links
from newsletter.errors import UsageError
from newsletter.web.page_templates import Publisher
from newsletter.web.subscribers.one_click import OneClickFiles, Server
from tests.support.repository import ROOT
from tests.support.web_servers import WebServer, apache, nginx, php, readable_folder

_TOKEN = Links((b"a secret of thirty-two bytes....",), "issue-curator.news.example.org").token("hong@example.com")
_START = {"nginx": nginx, "apache": apache, "php": php}
_BODY = {"List-Unsubscribe": "One-Click"}
_PUBLISHER = Publisher("서울<이슈>큐레이터", "서울연구원", "ko")


def _files(folder: Path) -> OneClickFiles:
    return OneClickFiles(_PUBLISHER, "https://news.example.org", str(folder / "pages"), str(folder / "clicks/one.log"))


@pytest.fixture(scope="module", params=get_args(Server))
def server(request: pytest.FixtureRequest) -> Iterator[WebServer]:
    with readable_folder() as folder:
        files = _files(folder)
        (folder / "pages").mkdir()
        (folder / "clicks").mkdir()
        for name, content in files.pages().items():
            (folder / "pages" / name).write_bytes(content)
        _, text = files.settings_of(request.param)
        with _START[request.param](folder, text, folder / "clicks/one.log") as running:
            yield running


def _new_lines(server: WebServer, before: int) -> list[dict[str, object]]:
    return [json.loads(line) for line in server.clicks()[before:]]


@pytest.mark.parametrize(
    "body",
    [
        {"data": _BODY},
        {"files": {"List-Unsubscribe": (None, "One-Click")}},
        {},
        {"content": b"\0\xff anything"},
        {"data": _BODY, "headers": {"Range": "bytes=0-3", "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}},
    ],
    ids=["urlencoded", "multipart", "none", "strange", "conditional"],
)
def test_a_post_is_answered_200_and_is_a_line(server: WebServer, body: dict[str, object]) -> None:
    before, now = len(server.clicks()), datetime.now(UTC)
    answer = server.client.post(f"{server.link}{_TOKEN}?utm_source=x", **body)  # type: ignore[arg-type]
    assert (answer.status_code, "수신 거부가 완료되었습니다" in answer.text) == (200, True)
    (line,) = _new_lines(server, before)
    at = datetime.fromisoformat(str(line.pop("time")))
    assert line == {"method": "POST", "path": f"/u/{_TOKEN}", "status": 200}
    assert abs(at - now) < timedelta(seconds=30)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_shows_the_page_and_writes_nothing(server: WebServer, method: str) -> None:
    before = server.clicks()
    answer = server.client.request(method, f"{server.link}{_TOKEN}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "style-src 'sha256-" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert ('<form method="post">' in answer.text) is (method == "GET")
    assert server.clicks() == before


@pytest.mark.parametrize(
    "path",
    [_TOKEN[:-1], f"{_TOKEN}y", _TOKEN.replace(".", "/"), "", "x", f"{_TOKEN}/", f"{_TOKEN}%0a", "%2e%2e/u/leave.html"],
)
def test_what_has_not_the_form_of_a_link_is_404(server: WebServer, path: str) -> None:
    before = server.clicks()
    for method in ("GET", "POST"):
        answer = server.client.request(method, f"{server.link}{path}")
        assert (answer.status_code, "아무것도 바뀌지 않았습니다" in answer.text) == (404, True), method
    assert server.clicks() == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
def test_other_methods_are_refused_and_no_click(server: WebServer, method: str) -> None:
    before = server.clicks()
    assert server.client.request(method, f"{server.link}{_TOKEN}").status_code in {403, 405}
    assert server.clicks() == before


def test_the_log_knows_no_visitor(server: WebServer) -> None:
    """Neither their address nor their browser; and what is no link is another log's."""
    agent = {"User-Agent": 'a browser" 200 {"time":"', "Referer": "https://mail.example.com/inbox/7"}
    server.client.post(f"{server.link}{_TOKEN}", headers=agent)
    server.client.get(f"{server.link}{_TOKEN}", headers=agent)
    kept = "\n".join(server.clicks())
    assert not re.search(r"127\.0\.0\.1|::1|browser|mail\.example", kept)
    assert _TOKEN not in server.other_logs()
    before = server.clicks()
    assert server.client.get("/newsletter-one-click/done").status_code >= 400
    assert server.client.post("/other").status_code >= 400
    assert server.clicks() == before


def test_clicks_at_once_are_a_whole_line_each(server: WebServer) -> None:
    before = len(server.clicks())
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: server.client.post(f"{server.link}{_TOKEN}").status_code, range(40)))
    assert answers == [200] * 40
    assert len(_new_lines(server, before)) == 40


def test_a_reader_presses_the_button_in_a_browser(server: WebServer, browser: Browser) -> None:
    """The page stands under its policy: nothing is refused, and it looks as it is meant."""
    before, refused = len(server.clicks()), list[str]()
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.on("console", lambda message: refused.append(message.text))
    page.goto(str(server.client.base_url.join(f"{server.link}{_TOKEN}")))
    button = page.get_by_role("button")
    assert button.evaluate("one => getComputedStyle(one).backgroundColor") != "rgba(0, 0, 0, 0)"
    button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("수신 거부가 완료되었습니다")
    assert Axe().run(page).response["violations"] == []
    context.close()
    assert (len(_new_lines(server, before)), refused) == (1, [])


def test_php_says_503_where_it_cannot_keep_a_click() -> None:
    with readable_folder() as folder:
        files = OneClickFiles(_PUBLISHER, "", "/srv/pages", str(folder / "gone/one.log"))
        with php(folder, files.settings_of("php")[1], folder / "gone/one.log") as server:
            answer = server.client.post(f"{server.link}{_TOKEN}")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
            assert server.client.get(f"{server.link}{_TOKEN}").status_code == 200


def test_php_keeps_no_click_where_anybody_could_read_it() -> None:
    with readable_folder() as folder:
        log = folder / "web-root/clicks/one.log"
        log.parent.mkdir(parents=True)
        files = OneClickFiles(_PUBLISHER, "", "/srv/pages", str(log))
        with php(folder, files.settings_of("php")[1], log) as server:
            assert server.client.post(f"{server.link}{_TOKEN}").status_code == 503
        assert not log.exists()


def test_a_page_speaks_both_languages_without_a_script_or_a_request(tmp_path: Path) -> None:
    for name, content in _files(tmp_path).pages().items():
        text = content.decode()
        assert "서울&lt;이슈&gt;큐레이터" in text, name
        assert set(re.findall(r'<div lang="(..)">', text)) == {"ko", "en"}, name
        assert not re.search(r"<script|https?://|url\(|@import", text), name


@pytest.mark.parametrize("path", ["pages", "/srv/my pages", '/srv/"; evil', "/srv/$host", "/srv/a\nb", "/srv/%h", ""])
def test_a_path_that_means_something_to_a_server_is_refused(path: str) -> None:
    with pytest.raises(UsageError):
        OneClickFiles(_PUBLISHER, "", path)


def test_the_block_for_the_archive_works() -> None:
    """What docs/operating.md says to put into nginx."""
    text = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```nginx\n( +location /archive/ .+?)```", text, re.DOTALL)
    with readable_folder() as folder:
        archive = folder / "build/archive"
        (archive / "2026-11").mkdir(parents=True)
        (archive / "index.html").write_text("the index")
        (archive / "404.html").write_text("leads to the index")
        (archive / "2026-11/index.html").write_text("an issue")
        (archive / ".newsletter-archive.json").write_text("{}")
        site = f"server {{ listen 443 ssl;\n{block.replace('/srv/letter', str(folder))} }}"
        with nginx(folder, site, folder / "none.log") as server:
            answers = {path: server.client.get(path) for path in _ARCHIVE}
            moved = server.client.get("/archive/2026-11")
    assert {path: (answer.status_code, answer.text.strip()) for path, answer in answers.items()} == _ARCHIVE
    assert (moved.status_code, moved.headers["location"].endswith("/archive/2026-11/")) == (301, True)


_ARCHIVE = {
    "/archive/": (200, "the index"),
    "/archive/2026-11/": (200, "an issue"),
    "/archive/nothing/": (404, "leads to the index"),
    "/archive/.newsletter-archive.json": (404, "leads to the index"),
}
