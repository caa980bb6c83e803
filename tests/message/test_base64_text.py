"""Pieces encoded ahead and values encoded late make the same octets as encoding the whole."""

import base64
import re

from hypothesis import given
from hypothesis import strategies as st

from newsletter.message.base64_text import Base64Text, wrapped

PIECES = st.lists(st.one_of(st.binary(max_size=3), st.binary(max_size=400)), min_size=1, max_size=8)


@given(PIECES, st.data())
def test_any_pieces_and_values_decode_to_their_concatenation(pieces: list[bytes], data: st.DataObject) -> None:
    values = data.draw(st.lists(st.binary(max_size=200), min_size=len(pieces) - 1, max_size=len(pieces) - 1))
    encoded = b"".join(Base64Text(pieces).fill(values))
    whole = b"".join(part for pair in zip(pieces, [*values, b""], strict=True) for part in pair)
    for line in encoded.split(b"\r\n")[:-1]:
        assert re.fullmatch(
            rb"(?:[A-Za-z0-9+/]{4}){1,19}|(?:[A-Za-z0-9+/]{4}){0,18}[A-Za-z0-9+/]{2}[A-Za-z0-9+/=]=", line
        )
    assert base64.b64decode(encoded.replace(b"\r\n", b""), validate=True) == whole


@given(st.binary(max_size=500))
def test_lines_are_full_but_for_the_last(data: bytes) -> None:
    lines = wrapped(data).split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) == 76 for line in lines[:-2])
    assert base64.b64decode(b"".join(lines), validate=True) == data


@given(PIECES, st.binary(min_size=1), st.binary(min_size=1))
def test_what_goes_round_it_stays_as_it_is(pieces: list[bytes], before: bytes, after: bytes) -> None:
    values = [b"x"] * (len(pieces) - 1)
    bare, framed = Base64Text(pieces), Base64Text(pieces, before=before, after=after)
    assert b"".join(framed.fill(values)) == b"".join([before, *bare.fill(values), after])


def test_the_same_template_can_be_filled_again() -> None:
    template = Base64Text([b"ab", b"cd"])
    assert template.fill([b"x"]) == template.fill([b"x"])
