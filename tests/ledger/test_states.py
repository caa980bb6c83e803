"""The named sets of states: together all ten, and each what its name says."""

from newsletter.ledger.states import (
    ATTENTION,
    HELD,
    NEVER_REACHED,
    OPEN,
    REACHED,
    READY,
    REVISABLE,
    SETTLED,
    TRIED,
    UNFINISHED,
    WAITING,
    WENT_OUT,
    DispatchStatus,
    State,
)


def test_every_state_is_open_or_at_an_end() -> None:
    assert len(State) == 10
    assert {*OPEN, State.SENT, *NEVER_REACHED} == set(State)
    assert set(OPEN).isdisjoint({State.SENT, *NEVER_REACHED})


def test_a_message_that_can_be_corrected_has_reached_nobody() -> None:
    assert set(REVISABLE).isdisjoint({*REACHED, *NEVER_REACHED})
    assert {*REVISABLE, *REACHED, *NEVER_REACHED} == set(State)


def test_no_set_has_a_state_twice() -> None:
    for states in (
        *(WAITING, HELD, READY, UNFINISHED, OPEN, REVISABLE, WENT_OUT, REACHED),
        *(SETTLED, TRIED, ATTENTION, NEVER_REACHED),
    ):
        assert len(set(states)) == len(states)


def test_a_dispatch_that_is_being_planned_has_a_status_like_any_other() -> None:
    assert [status.value for status in DispatchStatus] == ["staging", "running", "paused", "cancelled"]
