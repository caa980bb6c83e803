"""Replies that arrive in any pieces, and what is no reply."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.smtp.reply_parser import LinkLostError, RawReply, ReplyParser

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
    read: list[RawReply] = []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        read += parser.feed(stream[start:end])
    assert read == [RawReply(code, "\n".join(lines)) for code, lines in replies]


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
        list(ReplyParser().feed(garbage))


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_reply_or_end_the_link(data: bytes) -> None:
    try:
        for reply in ReplyParser().feed(data):
            assert 200 <= reply.code < 600
    except LinkLostError:
        pass
