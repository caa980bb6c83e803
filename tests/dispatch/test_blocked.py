"""A few readers at the head of the file never hold up all the others, whatever their receiver says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.dispatch.stop import StopKind
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import PlannedDelivery, State
from tests.support.books import NOW, hash_of, planned, tally
from tests.support.limited_relay import Judge, in_all, limited
from tests.support.smtp_runs import Sending, policy

pytestmark = pytest.mark.usefixtures("each_way")

HOUR = timedelta(hours=1)


def audience(**domains: int) -> Iterator[PlannedDelivery]:
    """So many readers at each of these domains (under example.net), one domain after the other."""
    line = 1
    for domain, count in domains.items():
        for number in range(count):
            key = f"reader{number}@{domain}.example.net"
            line += 1
            yield PlannedDelivery(key, key, hash_of(key), "ko", {"email": key}, line)


def refuses(domain: str, reply: str, stage: str = "rcpt") -> Judge:
    """One receiver, whose words the relay passes on."""
    return lambda now: reply if now.stage == stage and now.recipient.endswith(f"@{domain}.example.net") else ""


@pytest.mark.parametrize("connections", [1, 4])
@pytest.mark.parametrize("stage", ["rcpt", "dot"])
@pytest.mark.parametrize(
    "reply",
    [
        "450 4.1.2 Domain not found",
        "451 4.7.1 Greylisting in action, please come back later",
        "550 we do not talk to you",
    ],
)
def test_a_receiver_that_refuses_all_its_readers_is_not_the_relay(
    ledger: Ledger, reply: str, stage: str, connections: int
) -> None:
    with limited(refuses("odd", reply, stage)) as relay:
        dispatch = planned(ledger, audience(first=10, odd=18, others=30))
        job = Sending(ledger, dispatch, policy(relay.port, connections=connections))
        for run in range(3):
            job = replace(job, now=NOW + run * HOUR)
            job.run()
    counts = tally(ledger, dispatch)
    assert counts.pop("sent") == 40
    assert sum(counts.values()) == 18


@pytest.mark.parametrize("connections", [1, 4])
@pytest.mark.parametrize("reply", ["450 4.7.1 try again later", "550 we do not talk to you"])
def test_readers_of_the_last_domain_are_asked_and_wait_as_usual(ledger: Ledger, reply: str, connections: int) -> None:
    with limited(refuses("odd", reply)) as relay:
        dispatch = planned(ledger, audience(first=10, odd=15))
        job = Sending(ledger, dispatch, policy(relay.port, connections=connections))
        assert job.run().stopped is None
        assert tally(ledger, dispatch) == {"sent": 10, "deferred": 15}
        relay.judge = lambda _now: ""
        assert replace(job, now=NOW + HOUR).run().stopped is None
    assert tally(ledger, dispatch) == {"sent": 25}


@pytest.mark.parametrize("connections", [1, 4])
@pytest.mark.parametrize("reply", ["450 4.7.1 try again later", "550 we do not talk to you"])
def test_a_relay_that_refuses_everybody_is_asked_about_in_some_domains(
    ledger: Ledger, reply: str, connections: int
) -> None:
    with limited(in_all(10, "rcpt", reply)) as relay:
        dispatch = planned(ledger, audience(first=30, second=30, third=30, fourth=30, fifth=30))
        job = Sending(ledger, dispatch, policy(relay.port, connections=connections))
        stopped = job.run().stopped
        assert stopped is not None
        assert stopped.kind is StopKind.RELAY
        taken = len(relay.accepted)
        assert tally(ledger, dispatch) == {"sent": taken, "planned": 150 - taken}
        assert relay.mails <= taken + 12 * connections
        assert {row.attempts for row in ledger.deliveries(dispatch, (State.PLANNED,))} == {0}
        relay.judge = lambda _now: ""
        assert replace(job, now=NOW + HOUR).run().stopped is None
    assert tally(ledger, dispatch) == {"sent": 150}


@pytest.mark.parametrize("connections", [1, 4])
@pytest.mark.parametrize(
    "reply",
    ["452 4.7.1 hourly sending limit exceeded", "550 5.7.1 hourly sending limit exceeded", "452 Too many e-mails"],
)
def test_a_receivers_quota_without_end_holds_up_nobody_else(ledger: Ledger, reply: str, connections: int) -> None:
    """No rule knows its domain, so it sounds like the relay's own."""
    with limited(refuses("odd", reply)) as relay:
        dispatch = planned(ledger, audience(odd=6, others=30))
        job = Sending(ledger, dispatch, policy(relay.port, connections=connections))
        for run in range(4):
            job = replace(job, now=NOW + run * 2 * HOUR)
            last = job.run()
        assert tally(ledger, dispatch) == {"sent": 30, "deferred": 6}
        # The next issue is not kept waiting for them either.
        assert (last.stopped, last.rests_until) == (None, None)
        assert {row.attempts for row in ledger.deliveries(dispatch, (State.DEFERRED,))} == {0}
