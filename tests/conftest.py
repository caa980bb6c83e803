"""What all tests share: the golden files' switch, and time for hypothesis on a busy machine."""

import gc

import pytest
from hypothesis import settings

from tests.support.compiled import share_what_is_compiled
from tests.support.golden import Golden
from tests.support.loading import load_beginning_elsewhere
from tests.support.smtp_receiver import OFFERS

# A deadline measures the machine, not the code; eight processes on two cores would fail it.
settings.register_profile("newsletter", deadline=None)
settings.load_profile("newsletter")

share_what_is_compiled()
# What is loaded until the first test begins, stays: nothing of it is garbage.
gc.disable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew instead of comparing")
    parser.addoption("--edits", type=int, default=300, help="how many random changes of issues tests/desk tries")
    parser.addoption(
        "--looked-at", type=int, default=2, help="how many changes of a letter of each kind are photographed"
    )


def pytest_sessionstart(session: pytest.Session) -> None:
    load_beginning_elsewhere(session.config)


def pytest_collection_finish() -> None:
    """What eleven thousand tests consist of is not looked through again each time that garbage is collected."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare an output with its golden file."""
    return Golden(update=request.config.getoption("--update-golden") is True)


@pytest.fixture(params=["plain", "pipelined"])
def each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Once without and once with PIPELINING among what the relays of the test offer."""
    way: str = request.param
    monkeypatch.setattr(OFFERS, "now", OFFERS.usual + (("PIPELINING",) if way == "pipelined" else ()))
    return way
