"""What becomes of a delivery, as tables: one answer in, exactly one outcome out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.catalogue import phrase
from newsletter.dispatch.decide import Decision, decide
from newsletter.dispatch.policy import Policy
from newsletter.dispatch.stop import StopKind
from newsletter.ledger.lots import OF_SENDER
from newsletter.ledger.states import Claim, State
from newsletter.smtp.client import Lost, TransactionResult
from newsletter.smtp.reply import reply_of
from tests.support.books import NOW
from tests.support.smtp_runs import address

POLICY = Policy(address(1025))
GONE = phrase("smtp.lost.closed_by_relay")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def claim(attempts: int = 0, trying: timedelta | None = None, domain: str = "example.com") -> Claim:
    key = f"reader@{domain}"
    return Claim(1, 1, key, key, "ko", {}, attempts, None if trying is None else NOW - trying)


def decided(
    answer: TransactionResult | str, stage: str = "rcpt", *, of: Claim | None = None, any_accepted: bool = False
) -> Decision:
    if isinstance(answer, str):
        code, _, text = answer.partition(" ")
        answer = reply_of(stage, int(code), text)
    return decide(answer, of or claim(), NOW, POLICY, any_accepted=any_accepted)


@pytest.mark.parametrize(
    ("stage", "said", "state", "attempted"),
    [
        ("dot", "250 2.0.0 ok", State.SENT, True),
        ("rcpt", "451 4.7.1 greylisted", State.DEFERRED, True),
        ("rcpt", "421 4.7.0 slower", State.DEFERRED, True),
        ("mail", "421 4.7.0 slower", State.PLANNED, False),
        ("mail", "451 4.3.0 later", State.PLANNED, False),
        ("rcpt", "452 4.2.2 full", State.DEFERRED, True),
        ("rcpt", "550 5.1.1 who?", State.FAILED, True),
        ("dot", "550 listed by spamhaus", State.FAILED, True),
        ("dot", "550 5.7.1 spam", State.DEFERRED, False),
        ("rcpt", "571 no", State.DEFERRED, False),
        ("mail", "550 5.1.8 you?", State.PLANNED, False),
        ("mail", "530 5.7.0 log in", State.PLANNED, False),
        ("dot", "552 5.3.4 big", State.PLANNED, False),
        ("rcpt", "554 5.7.1 relay access denied", State.PLANNED, False),
    ],
)
def test_the_state_after_a_reply(stage: str, said: str, state: State, attempted: bool) -> None:
    outcome = decided(said, stage).outcome
    assert (outcome.state, outcome.attempted) == (state, attempted)
    assert (outcome.due_at is not None) == (state is State.DEFERRED)


@pytest.mark.parametrize(
    ("stage", "said", "kind", "code"),
    [
        ("mail", "550 5.7.1 you?", StopKind.SENDER, 77),
        ("rcpt", "550 5.1.7 you?", StopKind.SENDER, 77),
        ("mail", "530 5.7.0 log in", StopKind.LOGIN, 69),
        ("rcpt", "554 5.7.1 relay access denied", StopKind.LOGIN, 69),
        ("mail", "552 5.3.4 big", StopKind.CONTENT, 77),
        ("dot", "554 5.6.0 what is this", StopKind.CONTENT, 77),
    ],
)
def test_what_is_nobodys_fault_stops_the_run_with_the_relays_words(
    stage: str, said: str, kind: StopKind, code: int
) -> None:
    stop = decided(said, stage).stop
    assert stop is not None
    assert (stop.kind, stop.exit_code) == (kind, code)
    assert said in str(stop.reason)


def test_one_receivers_dislike_of_the_letter_is_his_own_when_others_took_it() -> None:
    for said in ("554 5.6.0 what is this", "552 5.3.4 big"):
        decision = decided(said, "dot", any_accepted=True)
        assert decision.stop is None
        assert (decision.outcome.state, decision.is_unforeseen) == (State.DEFERRED, True)
        assert not decision.is_bad_address


@pytest.mark.parametrize("said", ["550 no", "554 5.0.0 who knows", "571 5.7.1 not you", "552 5.3.4 big"])
def test_a_refusal_in_words_nobody_foresaw_is_final_the_second_time(said: str) -> None:
    first = decided(said, "dot", any_accepted=True)
    assert (first.outcome.state, first.outcome.attempted, first.refused) == (State.DEFERRED, False, True)
    again = decided(said, "dot", of=replace(claim(), refused_with=first.refusal), any_accepted=True)
    assert (again.outcome.state, again.outcome.attempted, again.is_unforeseen) == (State.FAILED, True, False)
    other = decided(said, "dot", of=replace(claim(), refused_with="550  others"), any_accepted=True)
    assert (other.outcome.state, other.outcome.attempted) == (State.DEFERRED, True)


@pytest.mark.parametrize(
    ("stage", "said", "kind", "hours"),
    [
        ("mail", "550 5.4.5 Daily user sending limit exceeded.", StopKind.QUOTA, 24),
        ("mail", "450 4.2.1 Peak SMTP relay limit exceeded for this customer.", StopKind.QUOTA, 1),
        ("mail", "550 5.7.26 This mail is unauthenticated", StopKind.UNAUTHENTICATED, 0),
    ],
)
def test_before_there_is_a_recipient_a_limit_and_a_missing_record_are_the_relays_word(
    stage: str, said: str, kind: StopKind, hours: int
) -> None:
    decision = decided(said, stage)
    assert decision.stop is not None
    assert (decision.stop.kind, decision.stop.rest) == (kind, hours * HOUR)
    assert (decision.outcome.state, decision.outcome.attempted) == (State.PLANNED, False)


@pytest.mark.parametrize("tries", [0, 9])
@pytest.mark.parametrize("stage", ["rcpt", "data", "dot"])
@pytest.mark.parametrize("said", ["550 5.4.5 Daily user sending limit exceeded.", "421 4.7.26 unauthenticated"])
def test_a_limit_and_a_missing_record_cost_nobody_a_try(stage: str, said: str, tries: int) -> None:
    decision = decided(said, stage, of=claim(tries, 99 * HOUR))
    assert (decision.outcome.state, decision.outcome.attempted) == (State.DEFERRED, False)
    assert decision.outcome.due_at == NOW + decision.rest > NOW
    assert decision.stop is None
    assert decision.holds_domain == ("4.7.26" in said)


@pytest.mark.parametrize(
    ("trying", "state"),
    [(None, State.DEFERRED), (47 * HOUR, State.DEFERRED), (48 * HOUR, State.EXPIRED), (99 * HOUR, State.EXPIRED)],
)
def test_trying_ends_after_give_up_after(trying: timedelta | None, state: State) -> None:
    for answer in ("451 4.3.0 later", "421 4.7.0 slower", Lost("rcpt", GONE, in_doubt=False)):
        assert decided(answer, of=claim(3, trying)).outcome.state is state


@pytest.mark.parametrize(("attempts", "state"), [(0, State.DEFERRED), (1, State.DEFERRED), (2, State.FAILED)])
def test_a_full_mailbox_is_tried_three_times(attempts: int, state: State) -> None:
    decision = decided("552 5.2.2 full", "dot", of=claim(attempts, HOUR))
    assert decision.outcome.state is state
    assert not decision.is_bad_address


def test_after_the_dot_a_lost_link_is_in_doubt_and_never_expires() -> None:
    outcome = decided(Lost("dot", GONE, in_doubt=True), of=claim(9, 99 * HOUR)).outcome
    assert (outcome.state, outcome.attempted, outcome.due_at) == (State.IN_DOUBT, True, None)


def test_before_the_dot_a_lost_link_is_tried_again_later() -> None:
    outcome = decided(Lost("dot", GONE, in_doubt=False)).outcome
    assert (outcome.state, outcome.attempted, outcome.due_at) == (State.DEFERRED, True, NOW + 5 * MINUTE)


def test_an_idle_connection_that_was_closed_costs_nobody_a_try() -> None:
    outcome = decided(Lost("mail", GONE, in_doubt=False, idle=True)).outcome
    assert (outcome.state, outcome.attempted) == (State.PLANNED, False)


@given(
    st.sampled_from(["mail", "rcpt", "data", "dot"]),
    st.integers(200, 599),
    st.one_of(st.just(""), st.builds("{}.{}.{}".format, st.integers(2, 5), st.integers(0, 7), st.integers(0, 30))),
    st.booleans(),
)
@example("rcpt", 400, "4.7.20", False)
def test_whatever_is_said_there_is_one_outcome_and_only_a_bad_address_suppresses(
    stage: str, code: int, enhanced: str, any_accepted: bool
) -> None:
    decision = decide(reply_of(stage, code, f"{enhanced} said"), claim(), NOW, POLICY, any_accepted=any_accepted)
    outcome = decision.outcome
    assert outcome.state in {State.SENT, State.FAILED, State.DEFERRED, State.PLANNED}
    assert (outcome.state is State.SENT) == (stage == "dot" and code < 300)
    assert not outcome.attempted or outcome.state is not State.PLANNED
    waits_for_the_sender = outcome.state is State.DEFERRED and outcome.reply_class in OF_SENDER
    assert outcome.attempted or decision.is_unforeseen or outcome.state is State.PLANNED or waits_for_the_sender
    if decision.is_bad_address:
        assert outcome.state is State.FAILED
        assert stage == "rcpt"
        assert code >= 500
        assert enhanced in {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"}
    if decision.stop:
        assert outcome.state is State.PLANNED
