"""Who makes room on a full server: whoever waits, the longest wait first, and never who is being answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.web.crowd import Crowd, origin_of


def test_who_has_waited_longest_goes_when_all_places_are_taken() -> None:
    crowd: Crowd[str] = Crowd(most=3, waiting_of_one=9)
    assert [crowd.wait(name, f"192.0.2.{place}") for place, name in enumerate("abc")] == [None, None, None]
    assert crowd.wait("a", "192.0.2.0") is None  # it has waited anew, so b is the oldest
    assert crowd.wait("d", "192.0.2.4") == "b"


def test_a_whole_request_keeps_its_place() -> None:
    crowd: Crowd[str] = Crowd(most=2, waiting_of_one=9)
    crowd.wait("a", "192.0.2.1")
    crowd.be_busy("a")
    crowd.wait("b", "192.0.2.1")
    assert crowd.wait("c", "192.0.2.1") == "b"
    crowd.leave("b")
    crowd.be_busy("c")
    assert crowd.wait("d", "192.0.2.1") == "d", "all others are being answered"


def test_an_address_with_many_loses_its_own_and_nobody_elses() -> None:
    crowd: Crowd[str] = Crowd(most=99, waiting_of_one=2)
    crowd.wait("other", "198.51.100.7")
    assert [crowd.wait(name, "192.0.2.1") for name in "abc"] == [None, None, "a"]


def test_behind_a_proxy_on_this_machine_all_may_come_from_one_address() -> None:
    crowd: Crowd[int] = Crowd(most=99, waiting_of_one=2)
    assert [crowd.wait(number, origin_of("127.0.0.1")) for number in range(50)] == [None] * 50


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", ""),
        ("127.8.8.8", ""),
        ("::1", ""),
        ("::ffff:127.0.0.1", ""),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("/run/letter.sock", ""),
        ("", ""),
    ],
)
def test_an_origin_is_an_address_or_a_customers_network(host: str, origin: str) -> None:
    assert origin_of(host) == origin


STEPS = st.lists(st.tuples(st.sampled_from(["wait", "be_busy", "leave"]), st.integers(0, 9)), max_size=60)


@given(STEPS)
def test_never_more_than_there_is_room_for(steps: list[tuple[str, int]]) -> None:
    crowd: Crowd[int] = Crowd(most=4, waiting_of_one=2)
    here: dict[int, str] = {}
    for step, member in steps:
        if step == "wait":
            here[member] = "waits"
            leaves = crowd.wait(member, f"192.0.2.{member % 3}")
            if leaves is not None:
                assert here.pop(leaves) == "waits"
                crowd.leave(leaves)
        elif step == "be_busy" and member in here:
            here[member] = "busy"
            crowd.be_busy(member)
        elif step == "leave":
            here.pop(member, None)
            crowd.leave(member)
        assert len(here) <= 4
        for third in range(3):
            assert sum(how == "waits" and one % 3 == third for one, how in here.items()) <= 2
