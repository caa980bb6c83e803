"""Whom a refusal is about: a session's limit, greylisting, the whole relay, a reader in words nobody foresaw."""

from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.dispatch.reply_rules import merged
from newsletter.dispatch.rule_file import read_rules
from newsletter.dispatch.stop import StopKind
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.states import State
from tests.support.books import NOW, planned, tally
from tests.support.limited_relay import Judge, Moment, a_session, in_all, limited
from tests.support.smtp_runs import Sending, policy, sending

pytestmark = pytest.mark.usefixtures("each_way")

LIMIT = "451 Mails per session limit exceeded. Try again later"
STRANGE = "550 no more of this for now"
LATER = NOW + timedelta(hours=2)


def everybody(count: int) -> list[str]:
    return sorted(f"reader{number}@example.com" for number in range(count))


@pytest.mark.parametrize(("connections", "count"), [(1, 80), (4, 100)])
@pytest.mark.parametrize(
    ("stage", "reply"),
    [
        ("mail", LIMIT),
        ("rcpt", LIMIT),
        ("dot", LIMIT),
        ("mail", "452 4.3.1 session quota"),
        ("rcpt", "452 4.5.3 Too many recipients"),
        ("rcpt", "450 4.7.1 come back on a new connection"),
        ("rcpt", STRANGE),
        ("dot", "554 5.7.1 enough for one visit"),
        ("dot", "552 5.3.4 this visit has been long enough"),
        ("mail", "550 5.7.1 too many messages in one session"),
        ("rcpt", "421 4.4.5 Max message per connection reached, closing transmission channel"),
        ("dot", "421 Max message per connection reached, closing transmission channel"),
        ("rcpt", "451 4.7.1 too many messages, slow down"),
        ("dot", "452 4.3.1 too many messages, slow down"),
        ("rcpt", "550 세션당 발송 건수를 초과했습니다"),
        ("mail", "452 Too many e-mails"),
        ("rcpt", "452 4.5.3 too many emails"),
        ("dot", "550 too many emails"),
    ],
)
def test_a_sessions_limit_is_learned_and_costs_nobody_a_try(
    ledger: Ledger, stage: str, reply: str, connections: int, count: int
) -> None:
    with limited(a_session(10, stage, reply)) as relay:
        job = sending(ledger, count, relay.port, connections=connections)
        report = job.run()
        assert report.stopped is None
        assert tally(ledger, job.dispatch) == {"sent": count}
        assert sorted(relay.accepted) == everybody(count)
        assert report.session_limit == 10
        assert {row.attempts for row in ledger.deliveries(job.dispatch)} == {1}
        # Each connection may run into it once; from then on none does.
        assert relay.mails <= count + 6 * connections
        mails = relay.mails
        another = Sending(ledger, planned(ledger, count // 3, "2021-08"), job.policy)
        again = another.run()
        assert (again.stopped, again.session_limit) == (None, None)
        assert relay.mails - mails == count // 3
    assert tally(ledger, another.dispatch) == {"sent": count // 3}


def test_a_reader_who_waited_before_keeps_the_tries_of_then(ledger: Ledger) -> None:
    def greylists_one(now: Moment) -> str:
        if now.stage == "rcpt" and now.recipient == "reader5@example.com" and now.asked == 0:
            return "451 4.7.1 Greylisted"
        return "451 4.3.0 not now" if now.stage == "rcpt" and now.total >= 12 else ""

    def tries() -> list[int]:
        return [row.attempts for row in ledger.deliveries(job.dispatch) if row.key == "reader5@example.com"]

    with limited(greylists_one) as relay:
        job = sending(ledger, 30, relay.port, connections=1)
        for now in (NOW, LATER):
            job = replace(job, now=now)
            stopped = job.run().stopped
            assert stopped is not None
            assert stopped.kind is StopKind.RELAY
            assert (tally(ledger, job.dispatch), tries()) == ({"sent": 12, "deferred": 1, "planned": 17}, [1])
        relay.judge = lambda _now: ""
        assert replace(job, now=LATER).run().stopped is None
    assert tally(ledger, job.dispatch) == {"sent": 30}
    assert tries() == [2]


def test_greylisting_is_about_readers_and_they_wait(ledger: Ledger) -> None:
    def greylists(now: Moment) -> str:
        number = int(now.recipient.removeprefix("reader").partition("@")[0] or 0)
        return "451 4.7.1 Greylisted, try again" if now.stage == "rcpt" and number % 10 > 5 else ""

    with limited(greylists) as relay:
        job = sending(ledger, 60, relay.port, connections=1)
        report = job.run()
        relay.judge = lambda _now: ""
        assert (report.stopped, report.session_limit) == (None, None)
        # The third of the first four was asked for twice; nobody else was.
        assert sorted(relay.named.values())[-2:] == [1, 2]
        counts = tally(ledger, job.dispatch)
        assert counts["sent"] + counts["deferred"] == 60
        assert replace(job, now=LATER).run().stopped is None
    assert tally(ledger, job.dispatch) == {"sent": 60}


@pytest.mark.parametrize(
    ("stage", "reply"),
    [
        *(("mail", reply) for reply in (LIMIT, "451 4.3.0 not now")),  # a 5xx there stops the run at once
        *((stage, reply) for stage in ("rcpt", "dot") for reply in (LIMIT, STRANGE, "550 5.7.1 that will do")),
    ],
)
def test_a_relay_that_refuses_everybody_stops_the_run_and_nobody_has_lost_a_try(
    ledger: Ledger, stage: str, reply: str
) -> None:
    with limited(in_all(30, stage, reply)) as relay:
        job = sending(ledger, 100, relay.port, connections=1)
        report = job.run()
        assert report.stopped is not None
        assert (report.stopped.kind, report.stopped.exit_code) == (StopKind.RELAY, 69)
        assert reply in str(report.stopped.reason)
        assert tally(ledger, job.dispatch) == {"sent": 30, "planned": 70}
        assert relay.mails <= 30 + 10
        assert {row.attempts for row in ledger.deliveries(job.dispatch, (State.PLANNED,))} == {0}
        relay.judge = lambda _now: ""
        assert job.run().stopped is None
    assert tally(ledger, job.dispatch) == {"sent": 100}
    assert sorted(relay.accepted) == everybody(100)


def refuses(*numbers: int, reply: str = STRANGE) -> Judge:
    names = {f"reader{number}@example.com" for number in numbers}
    return lambda now: reply if now.stage == "rcpt" and now.recipient in names else ""


def test_an_unforeseen_refusal_is_believed_when_somebody_else_is_accepted_after_it(ledger: Ledger) -> None:
    with limited(refuses(3, 7, 8)) as relay:
        job = sending(ledger, 20, relay.port, connections=1)
        report = job.run()
    assert report.stopped is None
    assert tally(ledger, job.dispatch) == {"sent": 17, "failed": 3}
    assert (report.outcomes[State.FAILED], report.outcomes[State.DEFERRED]) == (3, 0)
    assert {row.attempts for row in ledger.deliveries(job.dispatch)} == {1}


def test_the_last_ones_wait_and_a_second_equal_refusal_is_final(ledger: Ledger) -> None:
    with limited(refuses(18, 19)) as relay:
        job = sending(ledger, 20, relay.port, connections=1)
        assert job.run().deferred_left == 2
        assert {row.attempts for row in ledger.deliveries(job.dispatch, (State.DEFERRED,))} == {0}
        relay.judge = refuses(19)
        assert replace(job, now=LATER).run().stopped is None
    assert tally(ledger, job.dispatch) == {"sent": 19, "failed": 1}


def test_a_policy_of_one_or_two_receivers_is_final_at_the_end(ledger: Ledger) -> None:
    with limited(refuses(18, 19, reply="550 5.7.1 not wanted here")) as relay:
        job = sending(ledger, 20, relay.port, connections=1)
        assert job.run().deferred_left == 0
    assert tally(ledger, job.dispatch) == {"sent": 18, "failed": 2}


def test_bad_addresses_are_failed_at_once(ledger: Ledger) -> None:
    with limited(refuses(17, 18, 19, reply="550 5.1.1 no such user")) as relay:
        job = sending(ledger, 20, relay.port, connections=1)
        job.run()
    assert tally(ledger, job.dispatch) == {"sent": 17, "failed": 3}


@pytest.mark.parametrize("reply", [STRANGE, "554 5.7.1 we have had enough of you"])
def test_when_the_brake_is_pulled_nobody_has_failed_and_they_come_last(ledger: Ledger, reply: str) -> None:
    """Every third is refused, so each is believed at first, until they are too many for that."""
    thirds = refuses(*range(0, 90, 3), reply=reply)
    with limited(thirds) as relay:
        job = sending(ledger, 90, relay.port, connections=1)
        report = job.run()
        assert report.stopped is not None
        assert report.stopped.kind is StopKind.REFUSALS
        counts = tally(ledger, job.dispatch)
        assert counts.get("failed", 0) == 0
        assert counts["deferred"] >= 21
        relay.judge = lambda _now: ""
        relay.accepted.clear()
        ledger.resume(job.dispatch, LATER)
        assert replace(job, now=LATER).run().stopped is None
        waited = [f"reader{number}@example.com" for number in range(0, 90, 3)][: counts["deferred"]]
        assert sorted(relay.accepted[-len(waited) :]) == sorted(waited)
    assert tally(ledger, job.dispatch) == {"sent": 90}


def test_after_the_brake_a_second_equal_refusal_is_final(ledger: Ledger) -> None:
    with limited(refuses(*range(30))) as relay:
        job = sending(ledger, 60, relay.port, connections=1)
        stopped = job.run().stopped
        assert stopped is not None
        assert stopped.kind is StopKind.REFUSALS
        assert tally(ledger, job.dispatch).get("failed", 0) == 0
        for times in (1, 2, 3):  # these are so many that the brake is pulled again
            job = replace(job, now=NOW + times * timedelta(hours=2))
            ledger.resume(job.dispatch, job.now)
            job.run()
    assert tally(ledger, job.dispatch) == {"sent": 30, "failed": 30}
    assert set(relay.named.values()) == {1, 2}


def test_a_reader_refused_in_other_words_each_time_gives_up_after_the_usual_time(ledger: Ledger) -> None:
    times = iter(range(1, 1000))
    with limited(lambda now: f"550 5.0.{next(times)} strange" if now.stage == "rcpt" else "") as relay:
        job = sending(ledger, 1, relay.port, connections=1)
        for day in range(6):
            job = replace(job, now=NOW + timedelta(days=day))
            job.run()
    assert tally(ledger, job.dispatch) == {"expired": 1}


def test_a_relay_that_names_a_limit_before_it_took_anything_ends_the_run(ledger: Ledger) -> None:
    with limited(lambda now: LIMIT if now.stage == "mail" else "") as relay:
        job = sending(ledger, 20, relay.port, connections=2)
        report = job.run()
    assert report.stopped is not None
    assert (report.stopped.kind, tally(ledger, job.dispatch)) == (StopKind.RELAY, {"planned": 20})
    assert relay.mails < 20


def test_an_own_rule_can_name_a_sessions_limit_or_say_that_it_is_vague(ledger: Ledger) -> None:
    own = merged(
        read_rules(
            '[[rule]]\nid = "our-turn"\nclass = "session_limit"\npattern = "your turn is over"\n'
            '[[rule]]\nid = "our-no"\nclass = "policy"\nvague = true\npattern = "we would rather not"\n',
            "replies.toml",
            own=True,
        )
    )

    def judge(now: Moment) -> str:
        if now.stage == "rcpt" and now.recipient == "reader29@example.com":
            return "550 we would rather not"
        return "421 your turn is over" if now.stage == "dot" and now.session >= 10 else ""

    with limited(judge) as relay:
        job = sending(ledger, 30, relay.port, connections=1, rules=own)
        report = job.run()
    assert (report.stopped, report.session_limit) == (None, 10)
    # One that a receiver's policy refused is what it seems, when the run ends.
    assert tally(ledger, job.dispatch) == {"sent": 29, "failed": 1}


def test_a_canary_that_runs_into_a_sessions_limit_is_complete(ledger: Ledger) -> None:
    with limited(a_session(5, "rcpt", LIMIT)) as relay:
        job = sending(ledger, 40, relay.port, connections=1, first=12)
        report = job.run()
    assert report.stopped is None
    assert len(relay.accepted) == 12
    assert policy(relay.port).connections == 2


def test_a_relay_that_was_unwell_for_a_moment_has_no_limit_of_three(ledger: Ledger) -> None:
    refused: list[str] = []

    def unwell_for_a_moment(now: Moment) -> str:
        if now.stage == "rcpt" and now.total == 3 and len(refused) < 3:
            refused.append(now.recipient)
            return "451 4.3.0 local problem"
        return ""

    with limited(unwell_for_a_moment) as relay:
        job = sending(ledger, 30, relay.port, connections=1)
        report = job.run()
    assert (report.stopped, report.session_limit, relay.sessions) == (None, None, 2)
    assert tally(ledger, job.dispatch) == {"sent": 30}


def test_a_limit_of_one_a_session_is_learned_too(ledger: Ledger) -> None:
    with limited(a_session(1, "mail", LIMIT)) as relay:
        job = sending(ledger, 20, relay.port, connections=1)
        report = job.run()
    assert (report.stopped, report.session_limit) == (None, 1)
    assert tally(ledger, job.dispatch) == {"sent": 20}
