"""When a run stops because too many are refused, and whom it suppresses by then."""

from dataclasses import replace

import pytest

from newsletter.dispatch.circuit_breaker import CircuitBreaker
from newsletter.dispatch.decide import Decision, decide
from newsletter.dispatch.policy import Policy
from newsletter.dispatch.stop import Stop, StopKind
from newsletter.ledger.states import Claim, Outcome, State
from newsletter.smtp.reply import reply_of
from tests.support.books import NOW
from tests.support.smtp_runs import address

POLICY = Policy(address(1025))
GOOD, BAD, SPAM, GREY = "dot 250 2.0.0 ok", "rcpt 550 5.1.1 who?", "dot 550 5.7.1 spam", "rcpt 451 4.7.1 later"


def decision(number: int, said: str) -> Decision:
    key = f"reader{number}@example.com"
    stage, code, text = said.split(" ", 2)
    claim = Claim(number, 1, key, key, "ko", {}, 0, None)
    return decide(reply_of(stage, int(code), text), claim, NOW, POLICY, any_accepted=True)


class Run:
    """Feeds brakes as a run does, until they are pulled."""

    def __init__(self) -> None:
        self.brakes = CircuitBreaker()
        self.suppressed: list[int] = []
        self.stop: Stop | None = None

    def see(self, *said: str) -> "Run":
        for each in said:
            if self.stop is None:
                self.stop = self.brakes.see(decision(self.brakes.attempted, each))
                self._let_go(at_end=False)
        return self

    def end(self) -> "Run":
        self._let_go(at_end=True)
        return self

    def _let_go(self, *, at_end: bool) -> None:
        self.suppressed += [claim.delivery for claim in self.brakes.let_go(at_end=at_end).bad]


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
    assert run.brakes.attempted < 1025


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
    assert "5.7.1 spam" in stop.reason


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
    calm, alarmed = CircuitBreaker(), Run().see(*[SPAM] * 20).brakes
    assert calm.see(full) is None
    assert [claim.delivery for claim in calm.let_go(at_end=True).full] == [0]
    alarmed.see(full)
    alarmed.see(decision(21, SPAM))
    assert alarmed.let_go(at_end=True).full == ()
