"""Each domain at its own pace: its limits, its words, its rest; nobody waits for another domain."""

import math

from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch.domain_limits import PATIENCE, DomainLimits
from newsletter.dispatch.throttle import Limit
from newsletter.ledger.states import Claim
from newsletter.smtp.reply import reply_of

BUSY = reply_of("rcpt", 421, "4.3.1 You send too many messages.")


def claim(number: int, domain: str = "naver.com") -> Claim:
    key = f"reader{number}@{domain}"
    return Claim(number, 1, key, key, "ko", {}, 0, None)


def limited_to(**limits: Limit) -> DomainLimits:
    return DomainLimits(
        {name.replace("_", "."): limit for name, limit in limits.items()}, 4, lambda number: 300.0 * number
    )


def taken(found: DomainLimits, now: float = 0.0) -> list[int]:
    numbers = []
    while (one := found.next(now)) is not None:
        numbers.append(one.delivery)
    return numbers


def test_without_limits_they_go_in_their_order() -> None:
    free = limited_to()
    free.put([claim(1), claim(2, "example.com"), claim(3)], 0.0)
    assert taken(free) == [1, 2, 3]
    assert free.wait(0.0) is None


def test_at_its_limit_a_domain_waits_and_the_others_pass() -> None:
    limited = limited_to(naver_com=Limit(connections=2))
    claims = [claim(n) for n in range(4)]
    limited.put([*claims, claim(8, "example.com"), claim(9, "mail.naver.com")], 0.0)
    assert taken(limited) == [0, 1, 8]
    assert limited.wait(0.0) == math.inf
    limited.end(claims[0])
    assert taken(limited) == [2]
    limited.end(claims[1])
    limited.end(claims[2])
    assert taken(limited) == [3, 9]


def test_a_rate_of_a_domain_is_kept() -> None:
    limited = limited_to(naver_com=Limit(rate=2.0))
    limited.put((claim(n) for n in range(4)), 0.0)
    assert taken(limited, 10.0) == [0]
    assert limited.wait(10.0) == 0.5
    assert taken(limited, 10.4) == []
    assert taken(limited, 10.5) == [1]


def test_the_star_is_each_other_domain_for_itself() -> None:
    limited = limited_to(**{"*": Limit(connections=1), "naver_com": Limit(connections=2)})
    limited.put([claim(n) for n in range(3)] + [claim(n, f"{'ab'[n % 2]}.example.com") for n in range(4, 8)], 0.0)
    assert taken(limited) == [0, 1, 4, 5]


def test_a_domain_that_is_done_with_takes_no_room() -> None:
    limited = limited_to(**{"*": Limit(connections=1)})
    for number in range(1000):
        limited.put([claim(number, f"d{number}.example.com")], 0.0)
        assert taken(limited) == [number]
        limited.end(claim(number, f"d{number}.example.com"))
    assert not limited._domains


def test_with_a_rate_of_its_own_a_domain_takes_room_until_the_next_may_start() -> None:
    limited = limited_to(**{"*": Limit(rate=1.0)})
    for number in range(1000):
        limited.put([claim(number, f"d{number}.example.com")], number / 100)
        assert taken(limited, number / 100) == [number]
        limited.end(claim(number, f"d{number}.example.com"))
        limited.put([claim(5000 + number, f"d{number}.example.com")], number / 100)
        assert taken(limited, number / 100) == []
        assert len(limited.release()) == 1
    assert len(limited._domains) <= 101


def test_of_a_domain_that_has_enough_waiting_no_more_are_claimed() -> None:
    limited = limited_to(naver_com=Limit(connections=1))
    limited.put((claim(n) for n in range(30)), 0.0)
    assert limited.closed(0.0) == ()
    assert taken(limited) == [0]
    assert limited.closed(0.0) == ("naver.com",)


def test_one_that_is_given_back_is_the_next_again() -> None:
    limited = limited_to(naver_com=Limit(connections=1))
    limited.put([claim(1), claim(2)], 0.0)
    assert taken(limited) == [1]
    limited.give_back(claim(1))
    assert taken(limited) == [1]


def test_a_receiver_that_throttles_is_slowed_alone_even_without_a_limit() -> None:
    free = limited_to()
    assert free.slower(claim(0), BUSY, 100.0) == []
    free.put([claim(1), claim(2, "example.com")], 0.0)
    assert taken(free, 100.0) == [2]
    assert free.wait(100.0) == 1.0
    assert taken(free, 101.0) == [1]
    free.well(claim(1), accepted=True)
    assert list(free.changed(101.0)) == []


def test_after_so_many_in_a_row_the_domain_rests_and_longer_each_time() -> None:
    free = limited_to()
    free.put((claim(n) for n in range(20)), 0.0)
    now = 0.0
    for number in range(PATIENCE - 1):
        assert free.slower(claim(100 + number), BUSY, now) == []
        taken(free, now)
    back = free.slower(claim(200), BUSY, now)
    assert {one.delivery for one in back} == set(range(20))
    assert free.closed(now) == ("naver.com",)
    assert [(one.name, one.rests_until, one.reply) for one in free.resting(now)] == [("naver.com", 300.0, BUSY)]
    assert list(free.resting(301.0)) == []
    free.put([claim(1), claim(2)], 301.0)
    assert taken(free, 301.0) == [1]  # one connection is the first to try again
    free.slower(claim(1), BUSY, 301.0)
    assert [domain.rests_until for domain in free.resting(301.0)] == [901.0]


def test_what_was_on_its_way_when_the_rest_began_does_not_make_it_longer() -> None:
    """With 30 connections a moment in which a receiver is busy would else cost its readers four hours."""
    wide = DomainLimits({}, 30, lambda number: 300.0 * 2**number)
    wide.put([claim(n) for n in range(60)], 0.0)
    assert len(taken(wide)) == 60
    for number in range(31):
        assert wide.slower(claim(number), BUSY, 0.0) == []
        assert list(wide.resting(0.0)) == []  # all connections at once say nothing yet about the try after the pause
    for number in range(31, 60):
        wide.slower(claim(number), BUSY, 1.0)
    assert [domain.rests_until for domain in wide.resting(1.0)] == [601.0]


def test_whoever_is_claimed_while_its_domain_begins_to_rest_goes_back_too() -> None:
    """Else the run would wait for the end of the rest, with nothing else to do."""
    free = limited_to()
    free.put([claim(1), claim(2, "example.com")], 0.0)  # nobody has looked at them yet
    back = [one for _ in range(PATIENCE) for one in free.slower(claim(0), BUSY, 0.0)]
    assert [one.delivery for one in back] == [1]
    assert [one.delivery for one in free.put([claim(3), claim(4, "example.com")], 1.0)] == [3]
    assert taken(free, 1.0) == [2, 4]
    assert free.wait(1.0) is None


def test_what_was_learned_before_holds_within_the_limits_of_today() -> None:
    limited = limited_to(naver_com=Limit(connections=2))
    limited.recall("naver.com", 8.0, 3, -math.inf)
    limited.recall("daum.net", 1.5, PATIENCE, 60.0)
    back = limited.put([claim(n) for n in range(3)] + [claim(9, "daum.net")], 0.0)
    assert ([one.delivery for one in back], taken(limited)) == ([9], [0, 1])
    assert limited.closed(0.0) == ("daum.net",)
    limited.put(back, 60.0)
    assert taken(limited, 60.0) == [9]


@given(st.lists(st.tuples(st.sampled_from(["naver.com", "daum.net", "example.com"]), st.booleans()), max_size=60))
def test_nobody_is_lost_and_no_limit_is_passed(steps: list[tuple[str, bool]]) -> None:
    limited = limited_to(**{"naver_com": Limit(connections=1), "*": Limit(connections=2)})
    on_the_way: list[Claim] = []
    put, gone = 0, 0
    for domain, ends in steps:
        limited.put([claim(put, domain)], 0.0)
        put += 1
        while (one := limited.next(0.0)) is not None:
            on_the_way.append(one)
        for name, most in (("naver.com", 1), ("daum.net", 2), ("example.com", 2)):
            assert sum(one.key.endswith(f"@{name}") for one in on_the_way) <= most
        if ends and on_the_way:
            limited.end(on_the_way.pop())
            gone += 1
    assert put == gone + len(on_the_way) + len(limited)
    assert len(limited.release()) + len(on_the_way) + gone == put
