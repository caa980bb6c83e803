"""Bytes: dot-stuffing, line ends, and replies that arrive in any pieces."""

import smtplib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.dispatch.wire import LinkLostError, ReplyParser, WireReply, on_the_wire

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


@given(st.lists(st.sampled_from(["a", ".", "\r\n", "\n", "\r"]), max_size=30).map("".join))
def test_it_agrees_with_the_standard_library(text: str) -> None:
    theirs = smtplib._quote_periods(smtplib._fix_eols(text).encode())  # type: ignore[attr-defined]
    assert on_the_wire(text.encode()) == (theirs if theirs.endswith(b"\r\n") else theirs + b"\r\n")


REPLIES = st.lists(
    st.tuples(st.integers(200, 599), st.lists(st.text("abc 가.", max_size=8), min_size=1, max_size=4)), max_size=5
)


@given(REPLIES, st.data())
def test_replies_do_not_depend_on_how_they_are_cut(replies: list[tuple[int, list[str]]], data: st.DataObject) -> None:
    stream = b"".join(
        f"{code}{' ' if n == len(lines) - 1 else '-'}{line}\r\n".encode()
        for code, lines in replies
        for n, line in enumerate(lines)
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    parser = ReplyParser()
    read = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        read += parser.feed(stream[start:end])
    assert read == [WireReply(code, "\n".join(lines)) for code, lines in replies]


@pytest.mark.parametrize(
    "garbage",
    [
        b"hello\r\n",
        b"25\r\n",
        b"2500 ok\r\n",
        b"650 ok\r\n",
        b"100 ok\r\n",
        b"250-a\r\n550 b\r\n",
        b"\r\n",
        b"250" + b"x" * 5000,
        b"250 " + b"x" * 5000 + b"\r\n",
        b"250-x\r\n" * 40_000,
    ],
)
def test_what_is_not_a_reply_ends_the_link(garbage: bytes) -> None:
    with pytest.raises(LinkLostError):
        ReplyParser().feed(garbage)


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_reply_or_end_the_link(data: bytes) -> None:
    try:
        for reply in ReplyParser().feed(data):
            assert 200 <= reply.code < 600
    except LinkLostError:
        pass
