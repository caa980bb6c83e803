"""One browser for the tests of this folder, and in it one page with a text field; each test opens the field anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as with_default

import pytest
from playwright.sync_api import Browser

from tests.support.browser import chromium
from tests.web.conftest import HANGING
from tests.web.studio.desk.field_page import WATCH, Field, field_site


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Not one for each file, as elsewhere: a start of Chromium takes as long as a dozen of these tests."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="package")
def field_url() -> Iterator[str]:
    with field_site() as url:
        yield url


@dataclass(frozen=True)
class _Tab:
    field: Field
    failures: list[str] = with_default(default_factory=list)


@pytest.fixture(scope="package")
def _field_tab(browser: Browser) -> Iterator[_Tab]:
    context = browser.new_context(locale="ko-KR")
    context.set_default_timeout(HANGING)
    page = context.new_page()
    page.add_init_script(WATCH)
    tab = _Tab(Field(page, context.new_cdp_session(page)))
    page.on("pageerror", lambda error: tab.failures.append(str(error)))
    yield tab
    context.close()


@pytest.fixture
def field(field_url: str, _field_tab: _Tab) -> Iterator[Field]:
    """Nothing that the page's policy forbids was tried, and no script failed."""
    page = _field_tab.field.page
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="null")
    if page.url != f"{field_url}/":
        page.goto(field_url)
    _field_tab.failures.clear()
    yield _field_tab.field
    assert page.evaluate("violations") == []
    assert _field_tab.failures == []
