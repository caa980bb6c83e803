"""A relay's words stay its own; where it said nothing, the reason is told in the reader's language, also when kept."""

import pytest

from newsletter.catalogue import phrase
from newsletter.smtp.reply import Reply, no_reply, reply_of
from newsletter.smtp.reply_parser import RawReply

SILENT = no_reply("dot", phrase("smtp.lost.silent", seconds="600"))


def kept(reply: Reply) -> Reply:
    return Reply.from_stored(reply.stage, reply.code, reply.enhanced, reply.stored_text)


def test_a_relays_words_are_the_same_in_every_language() -> None:
    reply = reply_of("rcpt", 550, "5.1.1 no such user")
    assert reply.in_language("ko") == reply.in_language("en") == str(reply) == "550 5.1.1 no such user"
    assert reply.stored_text == "no such user"


def test_a_reason_of_ours_is_told_in_the_readers_language_and_its_text_is_english() -> None:
    assert SILENT.text == str(SILENT) == "no reply from the relay for 600 seconds"
    assert SILENT.in_language("ko") == "발송 서버가 600초 동안 응답하지 않았습니다"


@pytest.mark.parametrize("reply", [SILENT, reply_of("dot", 250, "2.0.0 queued"), reply_of("connect", 0, "errno 99")])
def test_what_is_kept_is_read_again_as_it_was(reply: Reply) -> None:
    assert kept(reply) == reply


def test_what_an_earlier_version_kept_is_told_as_it_stands() -> None:
    old = Reply.from_stored("dot", 0, "", "the relay closed the connection")
    assert old == Reply("dot", 0, "", "the relay closed the connection")
    assert old.in_language("ko") == "the relay closed the connection"


def test_a_relay_cannot_speak_for_us() -> None:
    forged = reply_of("dot", 550, SILENT.stored_text)
    assert kept(forged) == forged
    assert forged.in_language("ko").startswith('550 {"code"')


def test_the_longest_reason_is_kept_whole() -> None:
    """The ledger cuts what is longer than 500 characters, and half of a reason cannot be read."""
    said = RawReply(550, '"\\' * 1000).quoted
    for reply in (
        no_reply("dot", phrase("smtp.lost.answers_before_the_dot", said=said)),
        no_reply("dot", phrase("smtp.lost.no_smtp_reply", line=repr(b"\xff" * 80))),
    ):
        assert len(reply.stored_text) <= 500


def test_a_reason_quotes_a_relay_in_one_printable_line() -> None:
    assert RawReply(250, "a\x1b[31m\nb\x00c").quoted == "250 a [31m b c"
    assert RawReply(250, "").quoted == "250"
