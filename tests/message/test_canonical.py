"""Line ends and dots of messages that come from elsewhere."""

import smtplib

from hypothesis import given
from hypothesis import strategies as st

from newsletter.message.canonical import off_the_wire, on_the_wire
from newsletter.message.message import Envelope, Message

LINES = st.lists(st.sampled_from([b".", b"..", b"\r", b"\n", b"\r\n", b"a", b".\r\n", b"\xec\x84\x9c"]), max_size=20)


@given(LINES.map(b"".join))
def test_a_body_cannot_end_itself_and_has_no_bare_line_ends(data: bytes) -> None:
    wire = on_the_wire(data)
    assert wire.endswith(b"\r\n")
    assert b"\r\n.\r\n" not in b"\r\n" + wire
    assert wire.count(b"\r") == wire.count(b"\n") == wire.count(b"\r\n")


@given(st.lists(st.sampled_from([b".", b"..x", b"text", b"", b".."]), min_size=1))
def test_the_receiver_gets_the_lines_that_were_sent(lines: list[bytes]) -> None:
    data = b"".join(line + b"\r\n" for line in lines)
    assert [line.removeprefix(b".") for line in on_the_wire(data).split(b"\r\n")[:-1]] == lines
    assert off_the_wire(on_the_wire(data)) == data


@given(st.lists(st.sampled_from(["a", ".", "\r\n", "\n", "\r"]), max_size=30).map("".join))
def test_it_agrees_with_the_standard_library(text: str) -> None:
    theirs = smtplib._quote_periods(smtplib._fix_eols(text).encode())  # type: ignore[attr-defined]
    assert on_the_wire(text.encode()) == (theirs if theirs.endswith(b"\r\n") else theirs + b"\r\n")


def test_a_message_of_any_octets_knows_whether_it_is_seven_bit() -> None:
    envelope = Envelope("a@example.com", "b@example.com")
    assert Message.of(envelope, "<1@example.com>", b".x\n").wire == (b"..x\r\n",)
    assert Message.of(envelope, "<1@example.com>", b".x\n").data == b".x\r\n"
    assert [Message.of(envelope, "", octets).eight_bit for octets in (b"x", "가".encode())] == [False, True]
