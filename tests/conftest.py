"""What all tests share: the golden files' switch, and time for hypothesis on a busy machine."""

import pytest
from hypothesis import settings

from tests.support.golden import Golden

# A deadline measures the machine, not the code; eight processes on two cores would fail it.
settings.register_profile("newsletter", deadline=None)
settings.load_profile("newsletter")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew instead of comparing")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare an output with its golden file."""
    return Golden(update=request.config.getoption("--update-golden") is True)
