"""One Chromium, and one tab of it, for the tests of a file."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import chromium

HANGING = 60_000
"""Milliseconds after which something is taken to hang: nothing here is about speed, and the first page of the studio
takes 6 seconds where 17 processes share two cores."""

expect.set_options(timeout=HANGING)


# Not for the whole session: Playwright's event loop stays running in the thread of the tests, and no other can start.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def _tab(browser: Browser) -> Page:
    context = browser.new_context(locale="ko-KR")
    context.set_default_timeout(HANGING)
    return context.new_page()


@pytest.fixture
def page(_tab: Page) -> Iterator[Page]:
    """A page in Korean, as if of a fresh profile: each site has a port, and so a storage, of its own."""
    _tab.set_viewport_size({"width": 1280, "height": 900})
    _tab.emulate_media(color_scheme="null")
    yield _tab
    for other in _tab.context.pages:
        if other != _tab:
            other.close()
    _tab.unroute_all()
    _tab.goto("about:blank")
    _tab.context.clear_cookies()
