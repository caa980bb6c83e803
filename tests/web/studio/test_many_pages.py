"""Many pages at once, two studios at once, and an end while they are open."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from newsletter.web.live import MAX_STREAMS, Hub
from newsletter.web.server import GRACE
from tests.web.studio.studio_site import StudioSite, make_workspace, studio_site
from tests.web.studio.test_serve import PROGRAM

TABS = 40


@pytest.fixture
def site(tmp_path: Path) -> Iterator[StudioSite]:
    with studio_site(tmp_path / "workspace") as running:
        yield running


def test_forty_pages_at_once_are_answered(site: StudioSite) -> None:
    with ExitStack() as stack:
        for _ in range(TABS):
            client = stack.enter_context(httpx.Client(trust_env=False, timeout=60))
            events = stack.enter_context(client.stream("GET", f"{site.url}/events"))
            assert events.status_code == 200

        def look(number: int) -> tuple[int, ...]:
            with httpx.Client(base_url=site.url, trust_env=False, timeout=60) as client:
                paths = ("/", f"/?as={number}", "/panel/findings", "/panel/sizes", "/panel/audience", "/panel/issues")
                return tuple(client.get(path).status_code for path in paths)

        with ThreadPoolExecutor(TABS) as threads:
            assert set(threads.map(look, range(TABS))) == {(200,) * 6}


def test_the_pages_that_asked_last_are_followed_and_the_others_rest() -> None:
    async def follow() -> tuple[list[str], list[str]]:
        hub = Hub()
        streams = [hub.response().body_iterator for _ in range(MAX_STREAMS + 2)]  # type: ignore[attr-defined]
        for stream in streams:
            assert "event: hello" in await anext(stream)
        first = [await anext(stream) for stream in streams[:2]]
        hub.notify()
        last = [await anext(stream) for stream in streams[2:]]
        for stream in streams:
            await stream.aclose()
        assert not hub.is_followed
        return first, last

    first, last = asyncio.run(follow())
    assert first == ["event: rest\ndata:\n\n"] * 2
    assert last == ["event: changed\ndata:\n\n"] * MAX_STREAMS


def test_nine_tabs_of_one_browser_all_load_and_a_resting_one_wakes(site: StudioSite, page: Page) -> None:
    tabs = [page, *(page.context.new_page() for _ in range(8))]
    for tab in tabs:
        tab.goto(site.url)
        expect(tab.frame_locator("#letter").locator("h1")).to_have_text("신성장동력")
    site.edit("title: 신성장동력", "title: 새 제목")
    expect(tabs[-1].frame_locator("#letter").locator("h1")).to_have_text("새 제목")
    first = tabs[0]
    assert first.frame_locator("#letter").locator("h1").text_content() == "신성장동력"
    assert "lost" not in (first.locator("body").get_attribute("class") or "")
    first.keyboard.press("Shift")
    expect(first.frame_locator("#letter").locator("h1")).to_have_text("새 제목")


def start(root: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(root)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_two_studios_of_one_workspace_have_ports_and_tokens_of_their_own(tmp_path: Path) -> None:
    make_workspace(tmp_path / "workspace")
    with ExitStack() as stack:
        running = [stack.enter_context(start(tmp_path / "workspace")) for _ in range(2)]
        for process in running:
            stack.callback(process.kill)
        urls = [process.stdout.readline().strip() for process in running if process.stdout]
        assert len({url.split("/")[2] for url in urls}) == 2
        assert len({url.split("/")[3] for url in urls}) == 2
        for url, other in (urls, urls[::-1]):
            assert httpx.get(url, trust_env=False, timeout=60).status_code == 200
            strange = "/".join([*other.split("/")[:3], *url.split("/")[3:]])
            assert httpx.get(strange, trust_env=False, timeout=60).status_code == 403


def test_ctrl_c_ends_it_while_pages_listen(tmp_path: Path) -> None:
    make_workspace(tmp_path / "workspace")
    with start(tmp_path / "workspace") as process, ExitStack() as stack:
        stack.callback(process.kill)
        assert process.stdout
        url = process.stdout.readline().strip()
        for _ in range(8):
            client = stack.enter_context(httpx.Client(trust_env=False, timeout=60))
            events = stack.enter_context(client.stream("GET", f"{url}events"))
            assert events.status_code == 200
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in err


def test_ctrl_c_does_not_wait_for_a_long_count(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace")
    rows = "".join(f"reader{number}@example.com,독자,ko\n" for number in range(600_000))
    workspace.csv.write_text(f"email,name,language\n{rows}", encoding="utf-8")
    with start(workspace.root) as process, ThreadPoolExecutor(1) as threads:
        try:
            assert process.stdout
            url = process.stdout.readline().strip()
            counting = threads.submit(httpx.get, f"{url}panel/audience", trust_env=False, timeout=300)
            assert httpx.get(url, trust_env=False, timeout=60).status_code == 200
            process.send_signal(signal.SIGINT)
            process.wait(timeout=GRACE + 15)
            # Else it was done before, and this has tried nothing.
            assert counting.exception() or counting.result().status_code != 200
        finally:
            process.kill()
    assert process.returncode == 0
