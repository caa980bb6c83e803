"""Runs against relays that pass on what receivers say: limits by domain, domains that rest, what is remembered."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newsletter.dispatch import run
from newsletter.dispatch.clock import REAL_TIME
from newsletter.dispatch.domain_limits import DomainLimits
from newsletter.dispatch.learned_pace import LearnedPace
from newsletter.dispatch.refusals import Refusals
from newsletter.dispatch.share import Share
from newsletter.dispatch.throttle import Limit, Throttle
from newsletter.ledger.leases import Lease
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import Claim, Learned, PlannedDelivery, State
from newsletter.message.message import Message
from tests.support.books import NOW, hash_of, planned, tally
from tests.support.smtp_receiver import receiving
from tests.support.smtp_runs import Hasty, Sending, compose, log_of, policy
from tests.support.smtp_script import scripted

pytestmark = pytest.mark.usefixtures("each_way")

SLOW = "421 4.3.1 You send too many messages."


def audience(*domains: str) -> list[PlannedDelivery]:
    keys = [f"reader{number}@{domain}" for number, domain in enumerate(domains)]
    return [PlannedDelivery(key, key, hash_of(key), "ko", {"email": key}, 2) for key in keys]


def test_a_limited_domain_does_not_hold_up_the_others(ledger: Ledger, tmp_path: Path) -> None:
    """Fifty for naver.com stand first in the file; at one a second they would keep everybody waiting for a minute."""
    hasty, begun = Hasty(), list[tuple[float, str]]()

    dispatch = planned(ledger, audience(*["naver.com"] * 50, *["example.com"] * 50))
    limits = {"naver.com": Limit(connections=1, rate=1.0)}
    with receiving(log_of(tmp_path)) as relay:
        relay.at_dot = lambda address: begun.append((hasty.seconds, address.rpartition("@")[2]))
        job = Sending(ledger, dispatch, policy(relay.port, connections=4, per_domain=limits))
        report = job.run(timer=hasty.timer)
    assert (report.stopped, tally(ledger, dispatch)) == (None, {"sent": 100})
    assert max(at for at, domain in begun if domain == "example.com") < 10
    naver = [at for at, domain in begun if domain == "naver.com"]
    assert max(naver) - min(naver) >= 48


class SlowLedger(Ledger):
    """A book of so many rows that it takes five seconds to find that there is none for another domain."""

    hasty: Hasty
    in_vain = 0

    def claim(
        self,
        dispatch: int,
        lease: Lease,
        limit: int,
        now: datetime,
        *,
        retry_now: bool = False,
        without: Collection[str] = (),
    ) -> list[Claim]:
        claims = super().claim(dispatch, lease, limit, now, retry_now=retry_now, without=without)
        if not claims:
            self.in_vain += 1
            self.hasty.seconds += 5
        return claims


def test_a_long_search_in_vain_is_not_begun_again_at_once(ledger: Ledger, tmp_path: Path) -> None:
    """While all that is left waits for one domain, the ledger is asked for others only now and then."""
    slow = SlowLedger(ledger._database, ledger._leases)
    slow.hasty = Hasty()
    dispatch = planned(slow, audience(*["naver.com"] * 60))
    with receiving(log_of(tmp_path)) as relay:
        limits = {"naver.com": Limit(connections=1, rate=0.2)}
        job = Sending(slow, dispatch, policy(relay.port, connections=1, per_domain=limits))
        job.run(timer=slow.hasty.timer)
    assert tally(slow, dispatch) == {"sent": 60}
    assert slow.in_vain <= 300 / (20 * 5) + 3  # twenty times as long as it takes goes by between two


def test_a_domain_that_keeps_asking_for_patience_rests_and_everybody_else_gets_it(
    ledger: Ledger, tmp_path: Path
) -> None:
    rows = audience(*["naver.com"] * 40, *["example.com"] * 40)
    replies = {row.key: SLOW for row in rows if row.key.endswith("naver.com")}
    dispatch = planned(ledger, rows)
    with receiving(log_of(tmp_path), replies=replies) as relay:
        job = Sending(ledger, dispatch, policy(relay.port, connections=2, retry=timedelta(minutes=5)))
        report = job.run()
        assert report.stopped is None
        (rest,) = report.resting
        assert (rest.domain, rest.reply is not None) == ("naver.com", True)
        assert NOW < rest.until <= NOW + timedelta(minutes=10)
        counts = tally(ledger, dispatch)
        assert counts["sent"] == 40
        assert counts["deferred"] <= 12  # those who were asked; the others are untouched
        assert counts["planned"] == 40 - counts["deferred"]
        # the next run knows it, and does not even try
        again = replace(job, now=NOW + timedelta(minutes=1)).run()
        assert (again.attempted, [one.domain for one in again.resting]) == (0, ["naver.com"])
        relay.replies = {}
        later = replace(job, now=NOW + timedelta(hours=5)).run()
    assert (later.attempted, later.resting) == (40, ())
    assert tally(ledger, dispatch) == {"sent": 80}


def test_with_retry_now_nobody_waits_for_the_end_of_a_rest(ledger: Ledger, tmp_path: Path) -> None:
    dispatch = planned(ledger, audience(*["naver.com"] * 5))
    with receiving(log_of(tmp_path)) as relay:
        job = Sending(ledger, dispatch, policy(relay.port))
        ledger.learn(f"127.0.0.1:{relay.port}", [Learned("naver.com", 1.0, 12, NOW + timedelta(hours=4))], NOW)
        assert job.run().attempted == 0
        assert replace(job, policy=replace(job.policy, retry_now=True)).run().attempted == 5


def test_the_relays_own_pace_is_remembered_for_a_day(ledger: Ledger) -> None:
    with scripted(always={"mail": "451 4.3.0 slower"}) as script:
        report = Sending(ledger, planned(ledger, 3), policy(script.port, connections=4)).run()
    assert report.stopped is not None
    relay = f"127.0.0.1:{script.port}"
    (lesson,) = ledger.learned(relay, NOW)
    assert (lesson.domain, lesson.window) == ("", 1.0)
    throttle = Throttle(4, None)
    limits = DomainLimits({}, 4, lambda _number: 60.0)
    LearnedPace(relay, throttle, limits, Refusals(4), honours_rests=True).recall([lesson], NOW, 0.0)
    assert throttle.open_connections == 1
    assert ledger.learned(relay, NOW + timedelta(days=1)) == []
    assert ledger.learned("another:25", NOW) == []


def test_a_relay_that_took_everything_leaves_nothing_to_remember(ledger: Ledger, tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        Sending(ledger, planned(ledger, 3), policy(relay.port)).run()
        assert ledger.learned(f"127.0.0.1:{relay.port}", NOW) == []


def test_while_something_else_is_due_the_deferred_are_tried_again_in_the_same_run(
    ledger: Ledger, tmp_path: Path
) -> None:
    """The clock of this run goes on a minute with each message, so what was deferred becomes due while others wait."""
    minutes = iter(range(10_000))

    def once_greylisted(claim: Claim) -> Message:
        job.now = NOW + timedelta(minutes=next(minutes))
        if claim.attempts:
            relay.replies = {}
        return compose(claim)

    dispatch = planned(ledger, 60)
    with receiving(log_of(tmp_path), replies={"reader0@example.com": "451 4.7.1 greylisted"}) as relay:
        job = Sending(ledger, dispatch, policy(relay.port, connections=1, retry=timedelta(minutes=5)))
        job.compose = once_greylisted
        report = job.run()
    assert (report.attempted, tally(ledger, dispatch)) == (61, {"sent": 60})
    assert relay.recipients().index("reader0@example.com") < 50
    senders = {line for line in relay.commands if line.upper().startswith("MAIL FROM:<NO-REPLY@NEWS.EXAMPLE.ORG>")}
    assert senders == {line for line in relay.commands if line.upper().startswith("MAIL")}
    (first,) = [row for row in ledger.deliveries(dispatch, [State.SENT]) if row.key == "reader0@example.com"]
    assert first.attempts == 2


def test_a_domain_whose_process_ends_meanwhile_is_gone_on_with(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other looked for the last time when this one had not put it back yet, and has the domain until it is gone."""
    monkeypatch.setattr(run, "_LOOK_AGAIN", 0.0)
    other = ledger.lease(NOW)
    domain = next(name for name in map("d{}.example.com".format, range(99)) if _is_of_first(name, other.id))
    dispatch = planned(ledger, audience(*[domain] * 4, "example.com"))
    with receiving(log_of(tmp_path)) as relay:
        job = Sending(ledger, dispatch, policy(relay.port, per_domain={domain: Limit(connections=1)}))
        ledger.ask_part(job.policy.shared_as, other)
        ledger.know_sharers(other, 1_000)
        looked, has_free = [], ledger.has_free

        def watched(*args: object, **how: object) -> bool:
            found = has_free(*args, **how)  # type: ignore[arg-type]
            looked.append(found)
            other.close()
            return found

        monkeypatch.setattr(ledger, "has_free", watched)
        report = job.run(timer=REAL_TIME)
    assert (report.stopped, tally(ledger, dispatch)) == (None, {"sent": 5})
    assert looked[0] is True
    assert looked[-1] is False


def _is_of_first(name: str, first: int) -> bool:
    return Share(first, (first, first + 1)).part(1, name) == 1


@pytest.mark.parametrize("lot", [1, 20])
def test_there_is_nothing_free_but_in_domains_that_rest(ledger: Ledger, lot: int) -> None:
    dispatch = planned(ledger, audience("example.com", "sub.example.com", "a_b.example.net"), lot=lot)
    with ledger.lease(NOW) as lease:
        assert ledger.has_free(dispatch, lease, NOW, retry_now=False, without=["example.com"])
        assert ledger.has_free(dispatch, lease, NOW, retry_now=False, without=["example.com", "aXb.example.net"])
        assert not ledger.has_free(dispatch, lease, NOW, retry_now=False, without=["a_b.example.net", "example.com"])
