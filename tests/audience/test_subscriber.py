"""What of a subscriber can be merged."""

import pytest

from newsletter.audience.subscriber import Subscriber


def test_values_are_found_by_the_key_of_their_field() -> None:
    hong = Subscriber("hong@example.com", "hong@example.com", name="홍길동", fields={"소속": "서울시", "빈칸": ""})
    assert hong.values() == {"email": "hong@example.com", "name": "홍길동", "fields.소속": "서울시"}


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\ufeff\u00a0", "\u3000", "\u202e\u200f", "\x07"])
def test_a_cell_in_which_nothing_can_be_seen_is_a_missing_one(name: str) -> None:
    assert "name" not in Subscriber("hong@example.com", "hong@example.com", name=name).values()


@pytest.mark.parametrize("name", ["홍", "\u200b홍", "-", "\u1112\u1169", "👩‍👩‍👧‍👦", "\u0301"])
def test_whatever_can_be_seen_is_a_value(name: str) -> None:
    assert Subscriber("hong@example.com", "hong@example.com", name=name).values()["name"] == name
