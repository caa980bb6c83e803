"""One page with a text field for the tests of a file; each test opens the field anew."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.web.studio.desk.field_page import WATCH, Field, field_site


@pytest.fixture(scope="module")
def field_url() -> Iterator[str]:
    with field_site() as url:
        yield url


@pytest.fixture
def field(field_url: str, page: Page) -> Iterator[Field]:
    page.add_init_script(WATCH)
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.goto(field_url)
    hands = page.context.new_cdp_session(page)
    yield Field(page, hands)
    hands.detach()
    assert page.evaluate("violations") == []
    assert failures == []
