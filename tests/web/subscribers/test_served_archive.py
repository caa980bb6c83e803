"""The built archive under `newsletter serve`, as an operator runs it: read, counted, and counted at its end."""

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from newsletter.ledger.page_views import ArchivePage
from newsletter.ledger.people_ledger import open_people_ledger
from newsletter.ledger.records import Purpose
from tests.support.archives import archive_workspace, built, was_sent, write_issue
from tests.support.browser import chromium
from tests.support.pages import Pages, served

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
READER = (
    f"Host: news.example.org\r\nAccept: text/html\r\nAccept-Language: ko\r\nUser-Agent: {FIREFOX}\r\n\r\n"
).encode()
PROGRAM = b"Host: news.example.org\r\nUser-Agent: curl/8\r\n\r\n"
ISSUE = ArchivePage("2026-07")


def look(pages: Pages, path: str = "/archive/2026-07/", header: bytes = READER) -> str:
    answer = pages.ask(f"GET {path} HTTP/1.1\r\n".encode() + header)
    assert answer.status == 200
    return answer.text


def wait_for(pages: Pages, number: int) -> None:
    """Until the page shows it to who is not counted; at first nobody knows what the ledger says."""
    for _ in range(10_000):
        if f"<dd>{number}</dd></div>" in look(pages, header=PROGRAM):
            return
    raise AssertionError(f"never {number}")


def views(pages: Pages) -> int:
    with open_people_ledger(pages.workspace, Purpose.READ) as ledger:
        return ledger.views(pages.workspace.settings.newsletter.list_id)[ISSUE]


def test_what_readers_looked_at_is_shown_at_once_and_is_in_the_ledger_at_the_end(tmp_path: Path) -> None:
    workspace = archive_workspace(tmp_path, "2026-07")
    with served(tmp_path) as pages:
        assert pages.ask(b"GET /archive/ HTTP/1.1\r\n" + READER).status == 404
        built(workspace, workspace.archive)
        assert "2026-07/" in look(pages, "/archive/")
        wait_for(pages, 0)
        numbers = [look(pages) for _ in range(3)]
        with closing(sqlite3.connect(tmp_path / ".newsletter" / "ledger.db")) as another:
            another.execute("BEGIN IMMEDIATE")
            # Whoever reads waits for nobody who writes.
            numbers += [look(pages) for _ in range(3)]
            another.rollback()
        assert all(f"<dd>{number}</dd></div>" in text for number, text in enumerate(numbers, 1))
        wait_for(pages, 6)
        write_issue(tmp_path, "2026-08")
        was_sent(tmp_path, "2026-08")
        built(workspace, workspace.archive)
        assert "<dd>1</dd></div>" in look(pages, "/archive/2026-08/")
        pages.process.send_signal(signal.SIGTERM)
        assert pages.process.wait(20) == 0
        assert views(pages) == 6
    with served(tmp_path) as pages:
        wait_for(pages, 6)
        assert "<dd>7</dd></div>" in look(pages)
        pages.process.kill()
        pages.process.wait(20)
        assert views(pages) in {6, 7}, "at most the last seconds are lost"


def test_a_browser_shows_all_of_it_under_its_policy_and_one_without_a_head_is_no_reader(tmp_path: Path) -> None:
    workspace = archive_workspace(tmp_path, "2026-07", "2026-06")
    built(workspace, workspace.archive)
    faults: list[str] = []
    with served(tmp_path) as pages, chromium() as browser:
        address = f"http://127.0.0.1:{pages.port}/archive/"
        page = browser.new_page(locale="ko-KR")
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("response", lambda one: faults.append(f"{one.status} {one.url}") if one.status >= 400 else None)
        page.goto(address.removesuffix("/"))
        assert page.url == address
        page.get_by_role("searchbox").fill("2026-06")
        page.keyboard.press("Enter")
        page.get_by_role("status").filter(has_text="2026-06").wait_for()
        page.goto(f"{address}2026-07")
        assert page.url == f"{address}2026-07/"
        picture = page.get_by_role("img", name="강")
        assert picture.evaluate("image => image.complete && image.naturalWidth") > 0
        wait_for(pages, 0)
        reader = browser.new_page(user_agent=FIREFOX, locale="ko-KR")
        reader.goto(f"{address}2026-07/")
        reader.get_by_text("조회수").wait_for()
        assert reader.locator(".views dd").inner_text() == "1"
    assert faults == []
