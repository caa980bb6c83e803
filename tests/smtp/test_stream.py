"""Messages as a stream: the same conversation as one after the other, and it ends where anything is not as expected."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

import pytest

from newsletter.message.message import Message
from newsletter.smtp.client import Lost, SMTPClient, TransactionResult
from newsletter.smtp.failpoints import Failpoint, OnFailpoint, no_failpoint
from newsletter.smtp.pipelined import Pipelining
from newsletter.smtp.reply import Reply
from newsletter.smtp.server import Timeouts
from tests.support.smtp_runs import address, message_to
from tests.support.smtp_script import CLOSE, EARLY, HANG, LEAVE, SPLIT, Faults, Script, scripted

OFFERS = ("PIPELINING", "8BITMIME")
SHORT = Timeouts(mail=0.3, rcpt=0.3, data=0.3, block=0.3, dot=0.3, reset=0.3)
QUEUED = Reply("dot", 250, "2.0.0", "queued")
NAMES = ("one", "two", "three", "four")
STAGES = ("mail", "rcpt", "data", "dot")
FAULTS = (
    "450 4.2.0 later",
    "550 5.7.1 no",
    "550-5.7.1 no\r\n550 5.7.1 never",
    "251 2.0.0 elsewhere",
    "250",
    "250-2.0.0 taken\r\n250 2.0.0 twice",
    f"{LEAVE}421 4.7.0 too much",
    "421 4.7.0 too much",
    "354 go on",
    "whatever you say",
    f"250 2.0.0 {'x' * 5000}",
    SPLIT,
    f"{SPLIT}554 5.0.0 in pieces",
    CLOSE,
    HANG,
)


class Feed:
    """A run without a ledger: messages, whose marks are made when `agree` says so, and the answers."""

    def __init__(
        self, messages: Sequence[Message], agree: Callable[[Message], bool | None] = lambda _one: True
    ) -> None:
        self.waiting = deque(messages)
        self.begun = deque([self.waiting.popleft()])
        self.answers: list[TransactionResult] = []
        self.streamed = 0
        self.then: Callable[[], None] = lambda: None
        self._agree = agree

    def accepted(self, reply: Reply) -> bool:
        self.begun.popleft()
        self.answers.append(reply)
        self.streamed += 1
        return True

    def agreed(self, then: Callable[[], None]) -> bool | None:
        self.then = then
        return self._agree(self.begun[0])

    def following(self) -> Message | None:
        if len(self.begun) == 1 and self.waiting:
            self.begun.append(self.waiting.popleft())
        return self.begun[1] if len(self.begun) > 1 else None


class Told:
    """What one conversation came to."""

    def __init__(self, script: Script, feed: Feed, pipelining: Pipelining, *, is_left: bool) -> None:
        self.answers = feed.answers
        self.commands = script.commands
        self.bodies = script.bodies
        self.is_left = is_left
        """The link was dropped before everybody had an answer, or with the last one."""
        self.out_of_step = pipelining.out_of_step
        self.streamed = feed.streamed


async def _yes() -> bool:
    return True


async def _talk(script: Script, *, streams: bool, timeouts: Timeouts) -> Told:
    """Each of them is answered, or found the connection gone."""
    pipelining = Pipelining(wanted=True)
    relay = SMTPClient(address(script.port), timeouts, pipelining=pipelining)
    await relay.connect()
    feed = Feed([message_to(f"{name}@example.com") for name in NAMES])
    while feed.begun and (relay.is_open or relay.has_begun(feed.begun[0])):
        if streams:
            await relay.stream(feed.begun[0], feed)
            if not feed.begun:
                break
        if streams and relay.dot_written:
            answer: object = await relay.end_of_data()
        else:
            answer = await relay.send(feed.begun[0], _yes, feed.following)
        assert isinstance(answer, Reply | Lost)
        feed.begun.popleft()
        feed.answers.append(answer)
        if feed.begun and not relay.has_begun(feed.begun[0]):
            feed.waiting.appendleft(feed.begun.popleft())
        if not feed.begun and feed.waiting:
            await relay.tidy()
            feed.begun.append(feed.waiting.popleft())
    is_left = not relay.is_open
    await relay.quit()
    return Told(script, feed, pipelining, is_left=is_left)


def talk(faults: Faults, *, streams: bool) -> Told:
    hangs = any(HANG in told for told in faults.values())
    with scripted(faults, offers=OFFERS) as script:
        return asyncio.run(_talk(script, streams=streams, timeouts=SHORT if hangs else Timeouts()))


def test_all_of_them_go_in_one_stretch() -> None:
    told = talk({}, streams=True)
    assert told.answers == [QUEUED] * 4
    assert told.streamed == 4
    assert [line.partition(" ")[0] for line in told.commands] == ["EHLO", *["MAIL", "RCPT", "DATA"] * 4, "QUIT"]
    assert [body.count(b"Message-ID: <") for body in told.bodies] == [1] * 4


@pytest.mark.parametrize("before", [0, 1])
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault[:24])
def test_whatever_the_relay_says_it_is_as_one_after_the_other(stage: str, fault: str, before: int) -> None:
    faults = {stage: [*[""] * before, fault]}
    one_by_one, streamed = talk(faults, streams=False), talk(faults, streams=True)
    assert streamed.answers == one_by_one.answers
    assert streamed.bodies == one_by_one.bodies
    assert (streamed.is_left, streamed.out_of_step) == (one_by_one.is_left, one_by_one.out_of_step)
    # Of what was written before a link was dropped, the relay may read less.
    least = min(len(streamed.commands), len(one_by_one.commands)) if streamed.is_left else None
    assert streamed.commands[:least] == one_by_one.commands[:least]
    assert streamed.streamed >= before


@pytest.mark.parametrize("stage", STAGES)
def test_after_what_was_not_expected_it_goes_on_as_a_stream(stage: str) -> None:
    told = talk({stage: ["", "450 4.2.0 later"]}, streams=True)
    assert [answer.code for answer in told.answers if isinstance(answer, Reply)] == [250, 450, 250, 250]
    assert told.streamed >= 2


def carried(script: Script, feed: Feed, on_failpoint: OnFailpoint = no_failpoint) -> SMTPClient:
    """The first stretch; afterwards the connection is dropped."""

    async def go() -> SMTPClient:
        relay = SMTPClient(address(script.port), Timeouts(), on_failpoint, Pipelining(wanted=True))
        await relay.connect()
        await relay.stream(feed.begun[0], feed)
        relay.close()
        return relay

    return asyncio.run(go())


def test_no_dot_before_the_ledger_has_agreed() -> None:
    """It is asked when the envelope is taken; its word comes from another call."""
    one, two = message_to("one@example.com"), message_to("two@example.com")
    known = {one.envelope.rcpt_to}
    asked: list[int] = []

    def agree(message: Message) -> bool | None:
        if message.envelope.rcpt_to in known:
            return True
        if not asked:
            asyncio.get_running_loop().call_later(0.05, late)
        asked.append(len(script.bodies))
        return None

    def late() -> None:
        asked.append(len(script.bodies))
        known.add(two.envelope.rcpt_to)
        feed.then()

    with scripted(offers=OFFERS) as script:
        feed = Feed([one, two], agree)
        carried(script, feed)
    assert feed.streamed == 2
    assert set(asked) == {1}


def test_where_the_ledger_does_not_agree_the_stretch_ends_without_a_dot() -> None:
    with scripted(offers=OFFERS) as script:
        feed = Feed(
            [message_to(f"{name}@example.com") for name in NAMES],
            lambda one: not one.envelope.rcpt_to.startswith("two"),
        )
        relay = carried(script, feed)
    assert (feed.streamed, len(script.bodies), relay.dot_written) == (1, 1, False)


def test_a_body_too_large_for_one_write_is_not_streamed() -> None:
    large = message_to("two@example.com", b"Subject: large\r\n\r\n" + b"x\r\n" * 100_000)
    with scripted({"dot": ["", f"{EARLY}552 5.3.4 too big"]}, offers=OFFERS) as script:
        feed = Feed([message_to("one@example.com"), large])
        carried(script, feed)
    assert (feed.streamed, len(script.bodies)) == (1, 1)


def test_each_moment_at_which_a_process_may_die_is_told_for_each_message() -> None:
    moments: list[Failpoint] = []
    with scripted(offers=OFFERS) as script:
        carried(script, Feed([message_to(f"{name}@example.com") for name in NAMES]), moments.append)
    each = [Failpoint.AFTER_INTENT, Failpoint.AFTER_BODY, Failpoint.AFTER_DOT, Failpoint.AFTER_REPLY]
    assert moments == each * 4


def test_what_goes_wrong_inside_is_raised_by_whoever_waits_and_the_link_is_dropped() -> None:
    def fail(_message: Message) -> bool:
        raise ValueError("a bug")

    with scripted(offers=OFFERS) as script, pytest.raises(ValueError, match="a bug"):
        carried(script, Feed([message_to("one@example.com")], fail))
    assert script.bodies == []
