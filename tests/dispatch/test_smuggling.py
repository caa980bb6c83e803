"""Whatever stands in whatever field, every receiver sees the messages that were sent and not one more.

A strict receiver, one that takes a bare LF and one that takes a bare CR for the end of a line, each step by step
and pipelined.
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.catalogue import SILENCE, Said
from newsletter.edition.edition import Picture
from newsletter.errors import InputError
from newsletter.message.merge import Composer
from newsletter.message.message import Envelope, Message
from newsletter.smtp.client import SMTPClient, TransactionResult, Withheld
from newsletter.smtp.pipelined import Pipelining
from newsletter.smtp.reply import Reply
from newsletter.smtp.server import Timeouts
from tests.support.editions import HTML, LINKS, PIXEL, TEXT, edition, head
from tests.support.smtp_lines import Lines, receivers
from tests.support.smtp_runs import address

SENDER = "no-reply@news.example.org"
SMUGGLED = "MAIL FROM:<evil@example.com>\r\nRCPT TO:<reader@example.com>\r\nDATA\r\nSubject: smuggled\r\n\r\nx"
CRLF = "\r\n"
_ENDS = ["\r\n.\r\n", "\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", "\r.\n", "\r\n.\r", "\n.\r"]
_PIECES = [*_ENDS, "\r", "\n", "\r\n", ".", "..", SMUGGLED, " ", "=?utf-8?q?=0D=0A=2E=0D=0A?=", "홍길동", "\0"]
_PIECES += ["\x0b", "\x0c", "\x85", "\u2028", "\u2029", ","]
WILD = st.lists(st.sampled_from(_PIECES) | st.characters(exclude_categories=["Cs"]), max_size=12).map("".join)
OCTETS = st.lists(st.sampled_from([piece.encode() for piece in _PIECES]) | st.binary(max_size=3), max_size=20).map(
    b"".join
)
SEVERAL = settings(max_examples=60)

KEPT = Reply("dot", 250, "2.0.0", "kept")


class Everybody:
    """All receivers, and one loop to send to them."""

    def __init__(self, kinds: dict[tuple[str, bool], Lines], runner: asyncio.Runner) -> None:
        self.kinds = kinds
        self._runner = runner
        self.stepwise_because: Said = SILENCE
        """Of the last conversation."""

    def assert_they_see_just(self, *messages: Message, contents: list[bytes] | None = None) -> None:
        wanted = [message.data for message in messages] if contents is None else contents
        recipients = [message.envelope.rcpt_to for message in messages]
        for (name, grouped), kind in self.kinds.items():
            answers = self._runner.run(self._send(kind.port, messages))
            assert answers == [KEPT] * len(messages), name
            assert kind.messages == list(zip(recipients, wanted, strict=True)), name
            verbs = [line.partition(b" ")[0] for line in kind.commands]
            assert verbs == [b"EHLO", *[b"MAIL", b"RCPT", b"DATA"] * len(messages), b"QUIT"], name
            bare = re.search(rb"\r(?!\n)|(?<!\r)\n", kind.raw)
            assert bare is None, name
            assert (self.stepwise_because is SILENCE) == grouped

    async def _send(self, port: int, messages: tuple[Message, ...]) -> list[TransactionResult | Withheld]:
        pipelining = Pipelining(wanted=True)
        relay = SMTPClient(address(port), Timeouts(), pipelining=pipelining)
        waiting = list(messages)
        answers = []

        async def agreed() -> bool:
            return True

        await relay.connect()
        while waiting:
            message = waiting.pop(0)
            answers.append(await relay.send(message, agreed, lambda: waiting[0] if waiting else None))
        await relay.quit()
        self.stepwise_because = pipelining.stepwise_because
        return answers


@pytest.fixture(scope="module")
def everybody() -> Iterator[Everybody]:
    with receivers() as kinds, asyncio.Runner() as runner:
        yield Everybody(kinds, runner)


def lines_of(data: bytes) -> bytes:
    """Octets as mail has them: each line end a CRLF, the last line ended."""
    text = re.sub(rb"\r\n|\r|\n", b"\r\n", data)
    return text if text.endswith(b"\r\n") else text + b"\r\n"


def to(recipient: str, data: bytes) -> Message:
    return Message.of(Envelope(SENDER, recipient), f"<{recipient}>", data)


@SEVERAL
@given(OCTETS, OCTETS)
@example(b".", b".\r\n")
@example(b"", b"\r\n.\r\n")
@example(f"\n.\r\n{SMUGGLED}".encode(), b"\r.\r\n..\n.")
def test_octets_from_elsewhere_are_one_message_each(everybody: Everybody, first: bytes, second: bytes) -> None:
    messages = [to("one@example.com", first), to("two@example.com", second)]
    everybody.assert_they_see_just(*messages, contents=[lines_of(first), lines_of(second)])


@pytest.mark.parametrize("size", [60_000, 200_000])
def test_large_ones_with_dots_at_every_line_as_well(everybody: Everybody, size: int) -> None:
    data = (b".\r\n..\n.\r" + b"x" * 50) * (size // 60)
    message = to("one@example.com", data)
    everybody.assert_they_see_just(message, message, contents=[lines_of(data)] * 2)


@SEVERAL
@given(st.fixed_dictionaries(dict.fromkeys(("name", "fields.소속", "fields.word", "fields.page"), WILD)), WILD)
def test_a_subscribers_columns_stay_inside_the_one_message(
    everybody: Everybody, values: dict[str, str], more: str
) -> None:
    composer = Composer({"ko": edition()}, head(archive_url="https://news.example.org/archive"), LINKS)
    one = composer.compose("one@example.com", "one@example.com", "ko", values)
    two = composer.compose("two@example.com", "two@example.com", "ko", {"name": more})
    everybody.assert_they_see_just(one, two)


@SEVERAL
@given(subject=WILD, html=WILD, text=WILD, filename=WILD, picture=st.binary(max_size=40), name=WILD, sender=WILD)
def test_the_words_of_an_issue_and_of_the_settings_do_as_well(
    everybody: Everybody, subject: str, html: str, text: str, filename: str, picture: bytes, name: str, sender: str
) -> None:
    wild = edition(
        subject=f"{subject} mergea0q",
        html=HTML + html,
        text=text + TEXT,
        pictures=(Picture("abc123@letter", filename, "image/png", PIXEL + picture),),
    )
    composer = Composer({"ko": wild}, head(newsletter=name, sender_name=sender), LINKS)
    message = composer.compose("one@example.com", "one@example.com", "ko", {"name": name})
    everybody.assert_they_see_just(message, message)


@SEVERAL
@given(WILD, st.sampled_from(["rcpt_to", "mail_from"]))
@example("reader@example.com>\r\nRCPT TO:<other@example.com", "rcpt_to")
@example("reader@example.com> SIZE=1", "mail_from")
def test_an_address_is_one_word_or_refused(everybody: Everybody, wild: str, which: str) -> None:
    usual = Envelope(SENDER, "one@example.com")
    try:
        envelope = replace(usual, **{which: wild})
    except InputError:
        return
    everybody.assert_they_see_just(Message.of(envelope, "<one@example.com>", b"Subject: x\r\n\r\n."))


def test_these_receivers_would_see_a_smuggled_message(everybody: Everybody) -> None:
    """The proof of the proof: octets that nobody put right are more than one message to the lax."""
    seen = {}
    for name, end in (("strict", "\r\n"), ("bare LF", "\n"), ("bare CR", "\r")):
        raw = f"Subject: x\r\n\r\nx{end}.{end}{SMUGGLED.replace(CRLF, end)}\r\n".encode()
        kind = everybody.kinds[name, True]
        everybody._runner.run(everybody._send(kind.port, (replace(to("one@example.com", b""), wire=(raw,)),)))
        kind.over.wait()
        seen[name] = [recipient for recipient, _ in kind.messages]
    assert list(seen.values()) == [["one@example.com", "reader@example.com"]] * 3
