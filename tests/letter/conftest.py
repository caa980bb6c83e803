"""Each test of the letter runs on the example and on a letter with every kind of section."""

from collections.abc import Iterator

import pytest

from tests.support.browser import Window, chromium
from tests.support.finished import ISSUES


@pytest.fixture(params=sorted(ISSUES))
def name(request: pytest.FixtureRequest) -> str:
    """Which letter."""
    return str(request.param)


# For all these files, and no longer: its event loop keeps other tests from starting theirs.
@pytest.fixture(scope="package")
def window() -> Iterator[Window]:
    with chromium() as running:
        yield Window(running)
