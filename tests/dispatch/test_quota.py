"""Runs against relays whose hour or day is used up, and receivers that do not know the sender: nobody loses by it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.dispatch.domain_limits import MOST_HELD
from newsletter.dispatch.reply_meanings import meaning_of
from newsletter.dispatch.stop import StopKind
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import PlannedDelivery, State
from tests.support.books import NOW, hash_of, planned, tally
from tests.support.smtp_receiver import receiving
from tests.support.smtp_runs import Sending, log_of, policy
from tests.support.smtp_script import scripted

HOUR = timedelta(hours=1)
USED_UP = "550 Domain example.org has exceeded the max emails per hour (100/100 (100%)) allowed. Message discarded."
UNKNOWN = "550 5.7.26 This mail has been blocked because the sender is unauthenticated."


def audience(*domains: str) -> list[PlannedDelivery]:
    keys = [f"reader{number}@{domain}" for number, domain in enumerate(domains)]
    return [PlannedDelivery(key, key, hash_of(key), "ko", {"email": key}, 2) for key in keys]


class Hourly(dict[str, str]):
    """Replies to RCPT of a relay that takes so many, and then says so."""

    def __init__(self, most: int, says: str) -> None:
        super().__init__()
        self.left, self._says = most, says
        self.asked_in_vain = 0

    def __bool__(self) -> bool:
        return True

    def get(self, recipient: str, default: str | None = None) -> str:  # type: ignore[override]
        if recipient == "*":
            return default or ""
        if self.left > 0:
            self.left -= 1
            return "250 2.1.5 ok"
        self.asked_in_vain += 1
        return self._says


def tries(ledger: Ledger, dispatch: int) -> set[int]:
    """Tries of those who have not got it."""
    return {one.attempts for one in ledger.deliveries(dispatch) if one.state is not State.SENT}


@pytest.mark.parametrize(
    ("says", "rest"),
    [
        (USED_UP, HOUR),
        ("451 4.7.1 Hourly limit exceeded", HOUR),
        ("550 send spam mail rejected: exceeded hour limit", HOUR),
        ("452 Too many e-mails", HOUR),
        ("550 5.4.5 Daily user sending quota exceeded.", 24 * HOUR),
        ("554 일일 발송량을 초과하였습니다", 24 * HOUR),
    ],
)
def test_a_quota_that_is_used_up_ends_the_run_and_costs_nobody(
    ledger: Ledger, tmp_path: Path, says: str, rest: timedelta
) -> None:
    dispatch = planned(ledger, audience(*["example.com", "naver.com", "gmail.com"] * 10))
    quota = Hourly(10, says)
    with receiving(log_of(tmp_path), replies=quota) as relay:
        job = Sending(ledger, dispatch, policy(relay.port, connections=2))
        report = job.run()
        assert report.stopped is not None
        assert (report.stopped.kind, report.stopped.exit_code) == (StopKind.QUOTA, 75)
        assert report.rests_until == NOW + rest
        counts = tally(ledger, dispatch)
        # one may have been taken back, between its RCPT and its dot, when the other connection heard of it
        assert counts["sent"] in (9, 10)
        assert counts["sent"] + counts["planned"] + counts["deferred"] == 30
        # Three in a row say it, while each of the two connections may have two envelopes on their way; words that may
        # be about a session are asked about once more by each.
        assert quota.asked_in_vain <= 3 + 2 * 2 + (2 if "Too many" in says else 0)
        assert tries(ledger, dispatch) == {0}
        # within that time the relay is not even called
        commands, quota.left = len(relay.commands), 10
        again = replace(job, now=NOW + rest / 2).run()
        assert again.stopped is not None
        assert (again.stopped.kind, again.rests_until) == (StopKind.QUOTA, NOW + rest)
        assert len(relay.commands) == commands
        # unless somebody wants it
        replace(job, now=NOW + rest / 2, policy=replace(job.policy, retry_now=True)).run()
        assert tally(ledger, dispatch)["sent"] >= counts["sent"] + 9
        quota.left = 20
        end = replace(job, now=NOW + 2 * rest).run()
    assert (end.stopped, end.rests_until) == (None, None)
    assert tally(ledger, dispatch) == {"sent": 30}


@pytest.mark.parametrize("stage", ["banner", "mail"])
def test_before_there_is_a_recipient_one_word_of_a_quota_is_enough(ledger: Ledger, stage: str) -> None:
    with scripted(always={stage: "421 4.7.1 Hourly limit exceeded"}) as script:
        report = Sending(ledger, planned(ledger, 3), policy(script.port, connections=1)).run()
    assert report.stopped is not None
    assert (report.stopped.kind, report.rests_until) == (StopKind.QUOTA, NOW + HOUR)


def test_a_day_of_four_hundred_readers_within_fifty_an_hour(ledger: Ledger, tmp_path: Path) -> None:
    dispatch = planned(ledger, audience(*["naver.com", "example.com"] * 200))
    quota = Hourly(0, USED_UP)
    with receiving(log_of(tmp_path), replies=quota) as relay:
        job = Sending(ledger, dispatch, policy(relay.port, connections=4))
        for number in range(24 * 12):  # cron, every five minutes
            if number % 12 == 0:
                quota.left = 50
            replace(job, now=NOW + timedelta(minutes=5 * number)).run()
            if tally(ledger, dispatch) == {"sent": 400}:
                break
    assert tally(ledger, dispatch) == {"sent": 400}
    assert number <= 8 * 12
    assert quota.asked_in_vain <= 9 * (3 + 4)


def test_one_receiver_that_says_so_of_itself_does_not_hold_up_the_others(ledger: Ledger, tmp_path: Path) -> None:
    """Behind a relay that passes on what receivers say, it may be anybody's limit."""
    rows = audience("full.example.net", *["example.com"] * 30, "full.example.net")
    dispatch = planned(ledger, rows)
    replies = {row.key: USED_UP for row in rows if row.key.endswith("full.example.net")}
    with receiving(log_of(tmp_path), replies=replies) as relay:
        report = Sending(ledger, dispatch, policy(relay.port, connections=1)).run()
    assert report.stopped is None
    assert tally(ledger, dispatch) == {"sent": 30, "deferred": 2}
    assert tries(ledger, dispatch) == {0}


def test_a_receiver_that_a_rule_knows_by_its_domain_rests_alone(ledger: Ledger, tmp_path: Path) -> None:
    rows = audience(*["outlook.com"] * 20, *["example.com"] * 20)
    dispatch = planned(ledger, rows)
    says = "421 RP-001 Please try again. We have limits for how many messages can be sent per hour and per day."
    replies = {row.key: says for row in rows if row.key.endswith("outlook.com")}
    with receiving(log_of(tmp_path), replies=replies) as relay:
        report = Sending(ledger, dispatch, policy(relay.port, connections=2)).run()
    assert (report.stopped, report.rests_until) == (None, None)
    assert [(one.domain, one.until) for one in report.resting] == [("outlook.com", NOW + HOUR)]
    assert tally(ledger, dispatch)["sent"] == 20
    assert tries(ledger, dispatch) == {0}


@pytest.mark.parametrize(
    "says",
    [
        UNKNOWN,
        "421 4.7.27 Your email has been rate limited because SPF authentication didn't pass",
        "550 5.7.515 Access denied, sending domain does not meet the required authentication level",
        "450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]",
    ],
)
def test_a_domain_that_takes_us_for_somebody_else_is_held_at_once_until_it_is_mended(
    ledger: Ledger, tmp_path: Path, says: str
) -> None:
    rows = audience(*["company.example.net"] * 30, *["example.com"] * 30)
    dispatch = planned(ledger, rows)
    with receiving(log_of(tmp_path), replies={row.key: says for row in rows[:30]}) as relay:
        job = Sending(ledger, dispatch, policy(relay.port, connections=2))
        report = job.run()
        assert report.stopped is None
        assert [(one.domain, one.until) for one in report.resting] == [("company.example.net", NOW + 4 * HOUR)]
        counts = tally(ledger, dispatch)
        assert (counts["sent"], counts["planned"] + counts["deferred"]) == (30, 30)
        assert counts["deferred"] <= 2
        assert tries(ledger, dispatch) == {0}
        asked = len(relay.commands)
        again = replace(job, now=NOW + HOUR).run()
        assert ([one.domain for one in again.resting], len(relay.commands)) == (["company.example.net"], asked)
        relay.replies = {}
        replace(job, now=NOW + 4 * HOUR).run()
    assert tally(ledger, dispatch) == {"sent": 60}


def test_where_it_is_so_everywhere_the_run_stops(ledger: Ledger, tmp_path: Path) -> None:
    dispatch = planned(ledger, audience(*(f"company{number}.example.net" for number in range(100))))
    with receiving(log_of(tmp_path), replies={"*": UNKNOWN}) as relay:
        report = Sending(ledger, dispatch, policy(relay.port, connections=2)).run()
        asked = [command for command in relay.commands if command.startswith("RCPT")]
    assert report.stopped is not None
    assert (report.stopped.kind, report.stopped.exit_code) == (StopKind.UNAUTHENTICATED, 77)
    assert report.stopped.meaning == meaning_of("unauthenticated", "unauthenticated")
    assert len(asked) <= 10 + 2
    assert tries(ledger, dispatch) == {0}


def test_of_very_many_such_domains_each_reader_is_asked_once(ledger: Ledger, tmp_path: Path) -> None:
    """Each domain that is held makes the ledger's search longer, so that not more than some are."""
    held = MOST_HELD + 10

    def domains() -> Iterator[str]:
        for number in range(held):
            yield from [f"company{number}.example.net", "example.com"]
        yield from (f"company{number}.example.net" for number in range(held))

    rows = audience(*domains())
    dispatch = planned(ledger, rows)
    with receiving(log_of(tmp_path), replies={row.key: UNKNOWN for row in rows if "company" in row.key}) as relay:
        report = Sending(ledger, dispatch, policy(relay.port, connections=1)).run()
    assert len(report.resting) == MOST_HELD
    counts = tally(ledger, dispatch)
    assert counts["sent"] == held
    assert tries(ledger, dispatch) == {0}


@pytest.mark.parametrize("says", ["554 5.7.25 no reverse DNS for 192.0.2.1", "421 4.7.23 no PTR record"])
def test_a_relay_that_wants_a_record_before_a_message_stops_the_run(ledger: Ledger, says: str) -> None:
    with scripted(always={"banner": says}) as script:
        report = Sending(ledger, planned(ledger, 3), policy(script.port, connections=1)).run()
    assert report.stopped is not None
    assert report.stopped.kind is StopKind.UNAUTHENTICATED
    assert report.stopped.meaning == meaning_of("unauthenticated-ptr", "unauthenticated")
