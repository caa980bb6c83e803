"""When a run stops because too many are refused, or the relay is away; and whom it suppresses by then."""

from dataclasses import replace

import pytest

from newsletter.catalogue import Phrase
from newsletter.dispatch.circuit_breaker import CircuitBreaker
from newsletter.dispatch.decide import Decision, decide
from newsletter.dispatch.policy import Policy
from newsletter.dispatch.reply_meanings import meaning_of
from newsletter.dispatch.stop import Stop, StopKind
from newsletter.ledger.states import Claim, Outcome, State
from newsletter.smtp.reply import reply_of
from tests.support.books import NOW
from tests.support.smtp_runs import address

POLICY = Policy(address(1025))
GOOD, BAD, SPAM, GREY = "dot 250 2.0.0 ok", "rcpt 550 5.1.1 who?", "dot 550 5.7.1 spam", "rcpt 451 4.7.1 later"
REFUSED = reply_of("connect", 0, "Connection refused")
BUSY = reply_of("connect", 421, "4.3.2 too many connections")
LOST = reply_of("dot", 0, "gone")


def decision(number: int, said: str) -> Decision:
    key = f"reader{number}@example.com"
    stage, code, text = said.split(" ", 2)
    claim = Claim(number, 1, key, key, "ko", {}, 0, None)
    return decide(reply_of(stage, int(code), text), claim, NOW, POLICY, any_accepted=True)


class Run:
    """Feeds a circuit breaker as a run does, until it trips."""

    def __init__(self) -> None:
        self.breaker = CircuitBreaker(4)
        self.suppressed: list[int] = []
        self.stop: Stop | None = None

    def see(self, *said: str) -> "Run":
        for each in said:
            if self.stop is None:
                self.stop = self.breaker.see(decision(self.breaker.attempted, each))
                self._release(at_end=False)
        return self

    def end(self) -> "Run":
        self._release(at_end=True)
        return self

    def _release(self, *, at_end: bool) -> None:
        self.suppressed += [claim.delivery for claim in self.breaker.release(at_end=at_end).bad]


def test_a_bad_address_among_good_ones_is_suppressed_at_the_end() -> None:
    run = Run().see(*[GOOD] * 5, BAD, *[GOOD] * 5)
    assert run.suppressed == []
    assert run.end().suppressed == [5]
    assert run.stop is None


def test_a_small_list_may_have_twenty_bad_addresses() -> None:
    run = Run().see(*([BAD, *[GOOD] * 9] * 20)).end()
    assert run.stop is None
    assert len(run.suppressed) == 20


def test_one_more_stops_the_run_and_suppresses_none() -> None:
    run = Run().see(*([BAD, *[GOOD] * 9] * 21)).end()
    assert run.stop is not None
    assert (run.stop.kind, run.stop.exit_code) == (StopKind.BAD_ADDRESSES, 77)
    assert run.suppressed == []


def test_a_large_list_may_have_two_percent_and_lets_them_go_in_tranches() -> None:
    run = Run().see(*([*[GOOD] * 49, BAD] * 60))
    assert run.stop is None
    assert len(run.suppressed) == 60
    assert run.suppressed[-1] == 2999


def test_a_relay_that_turns_in_the_middle_harms_nobody() -> None:
    run = Run().see(*([BAD, *[GOOD] * 99] * 10), *[BAD] * 100).end()
    assert run.stop is not None
    assert len(run.suppressed) == 10
    assert max(run.suppressed) < 1000
    assert run.breaker.attempted < 1025


@pytest.mark.parametrize("said", [[BAD], [BAD] * 20, [BAD, BAD, GOOD]])
def test_up_to_twenty_bad_addresses_may_be_all_there_are(said: list[str]) -> None:
    run = Run().see(*said).end()
    assert run.stop is None
    assert len(run.suppressed) == said.count(BAD)


def test_more_than_twenty_of_the_last_hundred_refused_alike_stop_the_run() -> None:
    assert Run().see(*[SPAM] * 20).stop is None
    stop = Run().see(*[SPAM] * 21).stop
    assert stop is not None
    assert (stop.kind, stop.kind.pauses, stop.exit_code) == (StopKind.REFUSALS, True, 77)
    assert "5.7.1 spam" in str(stop.reason)
    assert stop.meaning is not None, "without it somebody would only be told to go on"
    assert "block list" in str(stop.meaning.remedy)


def test_twenty_of_every_hundred_go_on_for_ever() -> None:
    assert Run().see(*([SPAM, *[GOOD] * 4] * 200)).stop is None


def test_refusals_of_different_kinds_are_not_added_up() -> None:
    assert Run().see(*["dot 550 5.7.1 spam", "dot 554 who knows"] * 20).stop is None


def test_those_who_are_asked_to_wait_are_not_refused() -> None:
    assert Run().see(*[GREY] * 500).stop is None


def test_when_the_run_stops_for_refusals_bad_addresses_are_not_suppressed_either() -> None:
    assert Run().see(BAD, GOOD, *[SPAM] * 21).end().suppressed == []


def test_full_mailboxes_wait_with_the_bad_addresses_and_are_dropped_with_them() -> None:
    full = replace(decision(0, "rcpt 552 5.2.2 full"), outcome=Outcome(decision(0, GOOD).outcome.claim, State.FAILED))
    calm, alarmed = CircuitBreaker(4), Run().see(*[SPAM] * 20).breaker
    assert calm.see(full) is None
    assert [claim.delivery for claim in calm.release(at_end=True).full] == [0]
    alarmed.see(full)
    alarmed.see(decision(21, SPAM))
    assert alarmed.release(at_end=True).full == ()


def test_a_relay_that_was_never_there_ends_the_run_at_once() -> None:
    stop = CircuitBreaker(4).not_connected(REFUSED)
    assert stop is not None
    assert (stop.kind, stop.exit_code) == (StopKind.RELAY, 69)
    assert "Connection refused" in str(stop.reason)


def test_a_relay_that_goes_away_is_waited_for() -> None:
    breaker = CircuitBreaker(1)
    breaker.connected()
    assert [breaker.not_connected(REFUSED) is None for _ in range(5)] == [True] * 4 + [False]


def test_a_busy_relay_is_waited_for_even_at_the_start() -> None:
    breaker = CircuitBreaker(1)
    assert [breaker.trouble(BUSY) is None for _ in range(5)] == [True] * 4 + [False]
    assert CircuitBreaker(1).not_connected(BUSY) is None


def test_a_wrong_login_is_not_tried_twice() -> None:
    breaker = CircuitBreaker(4)
    breaker.connected()
    stop = breaker.not_connected(reply_of("auth", 535, "5.7.8 wrong"))
    assert stop is not None
    assert stop.kind is StopKind.LOGIN


def test_one_decision_about_a_letter_ends_the_row_of_troubles() -> None:
    breaker = CircuitBreaker(1)
    for _ in range(50):
        assert breaker.trouble(LOST) is None
        assert breaker.trouble(LOST) is None
        breaker.relay_is_well()


def test_why_it_tripped_is_told_in_either_language_also_from_what_the_ledger_keeps() -> None:
    stop = Run().see(*[SPAM] * 21).stop
    assert stop is not None
    kept = Phrase.from_json(stop.reason.to_json())
    english = "21 of the last 21 attempts were refused in the same way (policy), the last one with: 550 5.7.1 spam"
    korean = "최근 21번 가운데 21번이 같은 이유로 거부되었습니다(정책상 거부). 마지막 응답: 550 5.7.1 spam"
    assert stop.reason.in_language("en") == kept.in_language("en") == english
    assert stop.reason.in_language("ko") == kept.in_language("ko") == korean


HOURLY, UNKNOWN = "dot 550 exceeded hour limit", "dot 550 5.7.26 who are you?"


def test_a_quota_is_the_relays_when_three_in_a_row_meet_it() -> None:
    assert Run().see(HOURLY, HOURLY, GOOD, HOURLY, HOURLY, GOOD).stop is None
    stop = Run().see(*[GOOD] * 5, HOURLY, HOURLY, HOURLY).stop
    assert stop is not None
    assert (stop.kind, stop.rest.total_seconds()) == (StopKind.QUOTA, 3600)
    assert stop.meaning == meaning_of("quota-hour", "quota")


def test_one_domain_that_does_not_know_us_stops_nothing_and_ten_in_a_row_do() -> None:
    assert Run().see(*[UNKNOWN] * 50).stop is None
    breaker, stop = CircuitBreaker(4), None
    for number in range(10):
        assert stop is None
        key = f"reader@company{number}.example.net"
        claim = Claim(number, 1, key, key, "ko", {}, 0, None)
        reply = reply_of("dot", 550, "5.7.26 who are you?")
        stop = breaker.see(decide(reply, claim, NOW, POLICY, any_accepted=True))
    assert stop is not None
    assert stop.kind is StopKind.UNAUTHENTICATED


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("421 4.7.1 hourly limit exceeded", StopKind.QUOTA),
        ("554 5.7.1 no reverse DNS", StopKind.UNAUTHENTICATED),
        ("421 4.7.25 no", StopKind.UNAUTHENTICATED),
    ],
)
def test_a_quota_and_a_missing_record_are_known_before_there_is_a_message(said: str, kind: StopKind) -> None:
    code, _, text = said.partition(" ")
    stop = CircuitBreaker(4).not_connected(reply_of("connect", int(code), text))
    assert stop is not None
    assert stop.kind is kind
