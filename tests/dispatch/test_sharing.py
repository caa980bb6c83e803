"""Commands that send one issue at the same time have one rate, and one number of connections, together."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from newsletter.dispatch.throttle import MOST_LATE, Limit
from newsletter.ledger.leases import Lease
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import Claim, State
from tests.support.books import planned, tally, workspace_at
from tests.support.postgres import cluster
from tests.support.sharing_commands import Commands, in_any, readers_at, times_of
from tests.support.smtp_receiver import Receiver, receiving
from tests.support.smtp_runs import log_of, sending

RATE, SLOW = 60.0, 12.0
"""Messages a second: of all, and to the domain that has a rate of its own."""
SLOW_DOMAIN = "slow.example.com"
SLOWER, MORE_THAN_ENOUGH = 40.0, 2_000
"""A rate, and so many readers that the others are still at it when they see that one is gone, however slow."""
SECONDS = 1.5
READERS = 240
"""Three commands with a rate each would be through with them in less than that."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "sqlite":
        yield "sqlite:///.newsletter/ledger.db"
        return
    with cluster() as server:
        yield server.schema()


@pytest.fixture
def book(tmp_path: Path, url: str) -> Iterator[Ledger]:
    with open_ledger(workspace_at(tmp_path, url), Purpose.SENDING) as opened:
        yield opened


def assert_never_faster(relay: Receiver, rate_of_all: float = RATE) -> None:
    """A late start is made up for, within limits; and what is on its way over each connection comes when it comes."""
    for rate, domain in ((rate_of_all, ""), (SLOW, SLOW_DOMAIN)):
        most = in_any(SECONDS, times_of(relay.received(), domain))[1]
        assert most <= rate * (SECONDS + MOST_LATE) + relay.most_at_once


def test_three_commands_have_one_rate_and_one_rate_for_a_domain(book: Ledger, tmp_path: Path, url: str) -> None:
    dispatch = planned(book, readers_at(SLOW_DOMAIN, *["example.com"] * 4, count=READERS), lot=10)
    with receiving(log_of(tmp_path)) as relay:
        commands = Commands(tmp_path, url, dispatch, relay.port, connections=6, rate=RATE)
        commands.start(3, per_domain={SLOW_DOMAIN: Limit(rate=SLOW)})
        commands.join()
    assert tally(book, dispatch) == {"sent": READERS}
    assert max(Counter(relay.recipients()).values()) == 1
    assert relay.most_at_once <= 6
    assert len(commands.who_sent(book)) == 3
    assert_never_faster(relay)


def test_the_part_of_one_that_is_killed_is_the_others(book: Ledger, tmp_path: Path, url: str) -> None:
    """With two connections the third command stands by, and has that of the first when it is dead."""
    dispatch = planned(book, MORE_THAN_ENOUGH, lot=5)
    with receiving(log_of(tmp_path)) as relay:
        commands = Commands(tmp_path, url, dispatch, relay.port, connections=2, rate=SLOWER)
        commands.start(3)
        commands.wait_until(lambda: len(commands.who_sent(book)) == 2 and len(book.workers(dispatch)) == 3)
        commands.kill_one_that_sent(book)
        commands.wait_until(lambda: len(commands.who_sent(book)) == 3)
        commands.stop()
        commands.join(75)
    assert book.counts(dispatch)[State.IN_DOUBT] <= 2 * 2
    found = tally(book, dispatch)
    assert sum(found.values()) == MORE_THAN_ENOUGH
    assert found.keys() <= {"sent", "in_doubt", "planned"}
    assert max(Counter(relay.recipients()).values()) == 1
    assert relay.most_at_once <= 2
    assert_never_faster(relay, SLOWER)


@pytest.mark.parametrize(("rate", "most"), [(None, 40), (15.0, 30), (1.0, 10)])
def test_at_a_rate_nobody_claims_more_than_goes_out_in_two_seconds(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rate: float | None, most: int
) -> None:
    """Forty in advance for two connections would wait at 1/s while others have nothing left to do."""
    claim, asked = ledger.claim, []

    def watched(
        dispatch: int, lease: Lease, limit: int, now: datetime, *, retry_now: bool, without: tuple[str, ...]
    ) -> list[Claim]:
        asked.append(limit)
        return claim(dispatch, lease, limit, now, retry_now=retry_now, without=without)

    monkeypatch.setattr(ledger, "claim", watched)
    with receiving(log_of(tmp_path)) as relay:
        sending(ledger, 50, relay.port, rate=rate).run()
    assert max(asked) == most
    assert tally(ledger, 1) == {"sent": 50}
