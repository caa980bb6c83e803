"""The system's Chromium, driven by Playwright. A missing browser is a failure, never a skipped test."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-features=IsolateSandboxedIframes",  # a process of its own for each frame is a third of the time
    "--disable-background-networking",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; AssertionError where the machine has none."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path, f"These tests need Chromium: none of {', '.join(NAMES)} is on the PATH."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Window:
    """One page that shows letter after letter: a new page takes ten times as long as what is looked at in it."""

    def __init__(self, browser: Browser) -> None:
        self._page = browser.new_page()

    def show(self, html: str, width: int = 640, *, height: int = 900, dark: bool = False, paper: bool = False) -> Page:
        """A new document in a window of that size; it is there until the next one is shown."""
        self._page.goto("about:blank")
        self._page.set_viewport_size({"width": width, "height": height})
        self._page.emulate_media(color_scheme="dark" if dark else "light", media="print" if paper else "screen")
        self._page.set_content(html)
        return self._page


def accessibility_findings(page: Page) -> list[str]:
    """What axe-core finds in the page, as `rule: element`. It is not in the frames, and waits for none to answer."""
    violations = Axe().run(page, options={"resultTypes": ["violations"], "iframes": False}).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in violations for node in rule["nodes"]]
