"""A hash whose beginning is taken in once is HMAC, to the bit."""

import hmac

from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.audience.keyed_hash import KeyedHash


@given(st.binary(max_size=200), st.binary(max_size=200), st.lists(st.binary(max_size=200), max_size=3))
@example(b"k" * 64, b"", [b""])
@example(b"k" * 65, b"b" * 64, [b"r"])
def test_it_is_what_the_standard_library_makes_of_the_whole_text(
    key: bytes, beginning: bytes, rests: list[bytes]
) -> None:
    made = KeyedHash(key, beginning)
    assert [made.digest(rest) for rest in rests] == [hmac.digest(key, beginning + rest, "sha256") for rest in rests]
