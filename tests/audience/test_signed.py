"""Signed values: they come back as they went out, for their purpose and their newsletter alone, and age."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.audience.links import Links
from newsletter.audience.signed import MAX_DATA, Signed, SignedValue

OLD, NEW = b"the oldest secret of the keys...", b"the newest secret of the keys..."
LIST_ID = "issue-curator.news.example.org"
AT = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
CONFIRM = Signed((OLD, NEW), LIST_ID, "confirm")


@given(data=st.binary(max_size=MAX_DATA))
@settings(max_examples=40)
def test_what_was_signed_comes_back(data: bytes) -> None:
    text = CONFIRM.sign(data, AT)
    assert CONFIRM.read(text, AT) == SignedValue(data, AT)
    assert text.isascii()
    assert text[-1].isalnum(), "a mail program leaves other signs out of a link"


def test_it_is_good_for_its_purpose_and_its_newsletter_alone() -> None:
    text = CONFIRM.sign(b"7", AT)
    others = (
        Signed((OLD, NEW), LIST_ID, "form"),
        Signed((OLD, NEW), f"x.{LIST_ID}", "confirm"),
        # Neither may take a letter from the other.
        Signed((OLD, NEW), LIST_ID, "confirm\0"),
        Signed((b"another secret of so many octets",), LIST_ID, "confirm"),
    )
    assert [other.read(text, AT) for other in others] == [None] * 4
    links = Links((OLD, NEW), LIST_ID)
    assert links.read(text) is None
    assert CONFIRM.read(links.token("hong@example.com"), AT) is None


def test_a_key_that_is_still_there_reads() -> None:
    before = Signed((OLD,), LIST_ID, "confirm").sign(b"7", AT)
    assert CONFIRM.read(before, AT) == SignedValue(b"7", AT)
    assert Signed((NEW,), LIST_ID, "confirm").read(before, AT) is None
    assert Signed((NEW,), LIST_ID, "confirm").read(CONFIRM.sign(b"7", AT), AT), "the newest key signs"


def test_it_ages() -> None:
    text, day = CONFIRM.sign(b"7", AT), timedelta(days=1)
    assert CONFIRM.read(text, AT + day, max_age=day)
    assert CONFIRM.read(text, AT + day + timedelta(microseconds=1), max_age=day) is None
    assert CONFIRM.read(text, AT + 3650 * day), "without a limit it is good for ever"


@given(place=st.integers(min_value=0), sign=st.sampled_from("ABab01_-.x= \n\0é"))
@settings(max_examples=60)
def test_not_one_character_may_be_another(place: int, sign: str) -> None:
    text = CONFIRM.sign(b"a sign-up", AT)
    place %= len(text) + 1
    for changed in (text[:place] + sign + text[place + 1 :], text[:place] + sign + text[place:], text[:place]):
        assert changed == text or CONFIRM.read(changed, AT) is None


def test_too_much_is_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        CONFIRM.sign(bytes(MAX_DATA + 1), AT)
