"""Who makes room on a full server: whoever waits, the longest wait first, and never who is being answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.web.crowd import Crowd, origin_of


def come(crowd: Crowd[str], names: str, origin: str = "192.0.2.1") -> list[str | None]:
    """Who has to go for each of these, one letter each."""
    gone = []
    for name in names:
        crowd.wait(name, origin)
        gone.append(crowd.who_goes(origin))
        if gone[-1]:
            crowd.leave(gone[-1])
    return gone


def test_who_has_waited_longest_goes_when_all_places_are_taken() -> None:
    crowd: Crowd[str] = Crowd(most=3, waiting_of_one=9)
    assert come(crowd, "abc") == [None, None, None]
    assert come(crowd, "a") == [None], "it waits anew"
    assert come(crowd, "d") == ["b"]


def test_a_whole_request_keeps_its_place() -> None:
    crowd: Crowd[str] = Crowd(most=2, waiting_of_one=9)
    come(crowd, "a")
    crowd.be_busy("a")
    assert come(crowd, "bc") == [None, "b"]
    crowd.be_busy("c")
    assert not crowd.may_be_busy
    assert come(crowd, "d") == ["d"], "all others are being answered"


def test_an_address_with_many_loses_its_own_and_nobody_elses() -> None:
    crowd: Crowd[str] = Crowd(most=99, waiting_of_one=2)
    assert come(crowd, "x", "198.51.100.7") == [None]
    assert come(crowd, "abc") == [None, None, "a"]


def test_behind_a_proxy_on_this_machine_all_may_come_from_one_address() -> None:
    crowd: Crowd[str] = Crowd(most=99, waiting_of_one=2)
    assert come(crowd, "abcdefgh", origin_of("127.0.0.1")) == [None] * 8


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
            origin = f"192.0.2.{member % 3}"
            crowd.wait(member, origin)
            while (goes := crowd.who_goes(origin)) is not None:
                assert here.pop(goes) == "waits"
                crowd.leave(goes)
        elif step == "be_busy" and member in here:
            here[member] = "busy"
            crowd.be_busy(member)
        elif step == "leave":
            here.pop(member, None)
            crowd.leave(member)
        assert len(here) <= 4
        for third in range(3):
            assert sum(how == "waits" and one % 3 == third for one, how in here.items()) <= 2
