"""The parts of several processes make up the whole: connections, rate and limits are those of one run."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch.circuit_breaker import CircuitBreaker
from newsletter.dispatch.domain_limits import DomainLimits
from newsletter.dispatch.share import Share
from newsletter.dispatch.throttle import Limit, Throttle
from newsletter.ledger.states import Claim
from newsletter.smtp.reply import Reply

BUSY = Reply("rcpt", 421, "4.7.0", "slower, please")


def claim(number: int, domain: str) -> Claim:
    address = f"reader{number}@{domain}"
    return Claim(number, 1, address, address, "ko", {}, 0, None, 1)


@given(of=st.integers(1, 9), whole=st.integers(0, 60), turn=st.integers(0, 2**32))
def test_the_parts_make_up_the_whole(of: int, whole: int, turn: int) -> None:
    parts = [Share(index, of).part(whole, turn) for index in range(of)]
    assert sum(parts) == whole
    assert max(parts) - min(parts) <= 1
    assert sum(part > 0 for part in parts) == min(of, whole)


@given(of=st.integers(1, 4), slower=st.integers(0, 12), faster=st.integers(0, 12))
def test_connections_of_a_narrowed_window_are_shared_out(of: int, slower: int, faster: int) -> None:
    throttles = [Throttle(4, None, Share(index, of)) for index in range(of)]
    alone = Throttle(4, None)
    for throttle in (*throttles, alone):
        for _ in range(slower):
            throttle.slower(0.0)
        throttle.faster(faster)
    assert sum(throttle.open_connections for throttle in throttles) == alone.open_connections
    assert {throttle.window for throttle in throttles} == {alone.window}


@pytest.mark.parametrize("of", [1, 2, 3])
def test_the_rate_is_one_over_all(of: int) -> None:
    starts = []
    for index in range(of):
        throttle = Throttle(4, 12.0, Share(index, of))
        now = 0.0
        while (now := now + throttle.reserve(now)) < 10.0:
            starts.append(now)
    assert len(starts) == pytest.approx(120, abs=of)


def test_who_takes_over_the_part_of_another_has_its_connections_and_its_rate() -> None:
    share = Share(1, 2)
    throttle = Throttle(3, 1.0, share)
    assert throttle.open_connections == 1
    share.change(0, 1)
    assert throttle.open_connections == 3
    throttle.reserve(0.0)
    assert throttle.reserve(0.0) == 1.0


def test_a_domain_with_one_connection_is_one_process_s_and_the_others_leave_it_to_that() -> None:
    limits = [DomainLimits({"one.example.com": Limit(connections=1)}, 4, float, Share(index, 2)) for index in range(2)]
    owner = zlib.crc32(b"one.example.com") % 2
    for index, each in enumerate(limits):
        assert each.part() == []
        assert each.closed(0.0) == (() if index == owner else ("one.example.com",))


def test_what_waits_for_a_domain_that_has_become_another_s_goes_back() -> None:
    limits = [DomainLimits({}, 2, float, Share(index, 2)) for index in range(2)]
    waiting = [claim(number, "example.com") for number in range(3)]
    held = {}
    for index, each in enumerate(limits):
        assert each.put(waiting, 0.0) == []
        first = each.next(0.0)
        assert first is not None
        held[index] = each.slower(first, BUSY, 0.0)
    owner = zlib.crc32(b"example.com") % 2
    assert held[owner] == []
    assert held[1 - owner] == waiting[1:]
    assert limits[1 - owner].closed(0.0) == ("example.com",)
    # Another process's accepted letters bring it back.
    limits[1 - owner].accepted("example.com", 4)
    assert limits[1 - owner].closed(0.0) == ()


def test_accepted_elsewhere_ends_a_row_of_troubles_and_counts_as_attempts() -> None:
    breaker = CircuitBreaker(1)
    assert [breaker.trouble(BUSY) is None for _ in range(4)] == [True] * 4
    breaker.accepted_elsewhere(50)
    assert [breaker.trouble(BUSY) is None for _ in range(5)] == [True] * 4 + [False]
    assert (breaker.attempted, breaker.attempted_elsewhere) == (50, 50)
