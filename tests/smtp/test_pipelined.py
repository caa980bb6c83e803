"""Messages whose envelope is written behind the dot of the one before: what goes wrong stays with whom it is about."""

import asyncio
from collections.abc import Sequence

import pytest

from newsletter.catalogue import SILENCE
from newsletter.message.message import Message
from newsletter.smtp.client import Lost, SMTPClient, TransactionResult, Withheld
from newsletter.smtp.pipelined import Pipelining
from newsletter.smtp.reply import Reply
from newsletter.smtp.server import Timeouts
from tests.support.smtp_runs import address, message_to
from tests.support.smtp_script import CLOSE, HANG, LEAVE, RESET, SPLIT, Faults, Script, scripted

SHORT = Timeouts(mail=0.5, rcpt=0.5, data=0.5, block=0.5, dot=0.5, reset=0.5)
LONG = Timeouts()
OFFERS = ("PIPELINING", "8BITMIME")
QUEUED = Reply("dot", 250, "2.0.0", "queued")
GARBAGE = "whatever you say"
ENVELOPE = ("mail", "rcpt", "data")


class Conversation:
    """Messages one after the other over one connection, each begun behind the dot of the one before."""

    def __init__(self, script: Script, timeouts: Timeouts = LONG) -> None:
        self.pipelining = Pipelining(wanted=True)
        self.relay = SMTPClient(address(script.port), timeouts, pipelining=self.pipelining)

    async def _agreed(self) -> bool:
        return True

    async def _go(self, names: Sequence[str]) -> list[TransactionResult | Withheld | None]:
        await self.relay.connect()
        messages = [message_to(f"{name}@example.com") for name in names]
        answers: list[TransactionResult | Withheld | None] = []
        waiting: list[Message] = [*messages[1:]]
        for message in messages:
            if message in waiting:
                waiting.remove(message)
            if not self.relay.is_open and not self.relay.has_begun(message):
                answers.append(None)
                continue
            if not self.relay.has_begun(message):
                await self.relay.tidy()
            answers.append(await self.relay.send(message, self._agreed, lambda: waiting[0] if waiting else None))
        await self.relay.quit()
        return answers

    def answers(self, *names: str) -> list[TransactionResult | Withheld | None]:
        """None for a message that found the connection gone."""
        return asyncio.run(self._go(names))


def talk(
    faults: Faults, *names: str, lenient: bool = False
) -> tuple[list[TransactionResult | Withheld | None], Conversation, Script]:
    with scripted(faults, offers=OFFERS, lenient=lenient) as script:
        hangs = any(HANG in told for told in faults.values())
        conversation = Conversation(script, SHORT if hangs else LONG)
        answers = conversation.answers(*(names or ("one", "two", "three")))
    return answers, conversation, script


def verbs(script: Script) -> str:
    return " ".join(line.partition(" ")[0] for line in script.commands)


def test_everybody_is_served_in_turn() -> None:
    answers, conversation, script = talk({})
    assert answers == [QUEUED] * 3
    assert verbs(script) == "EHLO MAIL RCPT DATA MAIL RCPT DATA MAIL RCPT DATA QUIT"
    assert len(script.bodies) == 3
    assert all(body.count(b"Message-ID: <") == 1 for body in script.bodies)
    assert conversation.pipelining.stepwise_because is SILENCE


@pytest.mark.parametrize("stage", [*ENVELOPE, "dot"])
@pytest.mark.parametrize("words", ["450 4.2.0 later", "550 5.7.1 no", f"{SPLIT}554-5.0.0 in\r\n554 5.0.0 pieces"])
def test_a_refusal_is_the_second_ones_own(stage: str, words: str) -> None:
    answers, conversation, script = talk({stage: ["", words]})
    assert answers[0] == answers[2] == QUEUED
    assert isinstance(answers[1], Reply)
    assert (answers[1].stage, answers[1].code) == (stage, int(words.removeprefix(SPLIT)[:3]))
    assert len(script.bodies) == 2 + (stage == "dot")
    assert conversation.pipelining.stepwise_because is SILENCE


@pytest.mark.parametrize("stage", [*ENVELOPE, "dot"])
@pytest.mark.parametrize("words", [f"{LEAVE}421 4.7.0 too much", "421 4.7.0 too much"])
def test_421_ends_the_connection_and_not_the_message_before(stage: str, words: str) -> None:
    answers, conversation, _ = talk({stage: ["", words]})
    assert answers == [QUEUED, Reply(stage, 421, "4.7.0", "too much"), None]
    assert conversation.pipelining.stepwise_because is SILENCE


@pytest.mark.parametrize("stage", [*ENVELOPE, "dot"])
@pytest.mark.parametrize("fault", [CLOSE, RESET])
def test_a_link_that_ends_is_no_reason_to_go_plain(stage: str, fault: str) -> None:
    (first, second, third), conversation, script = talk({stage: ["", fault]})
    assert (first, third) == (QUEUED, None) or (fault == RESET and isinstance(first, Lost) and first.in_doubt)
    if second is not None:
        assert isinstance(second, Lost)
        assert (second.stage, second.in_doubt) == (stage, stage == "dot") or fault == RESET
    assert conversation.pipelining.stepwise_because is SILENCE
    assert len(script.bodies) == 1 + (stage == "dot")


@pytest.mark.parametrize("stage", ENVELOPE)
@pytest.mark.parametrize("fault", [HANG, GARBAGE, "250-one code\r\n550 and another", "199 never"])
def test_nonsense_and_silence_inside_a_group_end_pipelining_and_cost_nobody_a_try(stage: str, fault: str) -> None:
    (first, second, third), conversation, script = talk({stage: ["", fault]})
    assert (first, third) == (QUEUED, None)
    assert isinstance(second, Lost)
    assert (second.in_doubt, second.idle) == (False, True)
    assert "out of step" in str(conversation.pipelining.stepwise_because)
    assert len(script.bodies) == 1


@pytest.mark.parametrize(
    ("faults", "lenient"),
    [
        ({"mail": ["", "503 5.5.1 bad sequence"]}, False),
        ({"mail": ["", "500 5.5.2 unrecognised"]}, False),
        ({"mail": ["", "554 5.5.0 improper use of SMTP command pipelining"]}, False),
        ({"rcpt": ["", "503 5.5.1 need MAIL"]}, False),
        ({"data": ["", "503 5.5.1 need RCPT"]}, False),
        ({"mail": ["", "550 5.1.8 no"]}, True),  # and takes a recipient for it
        ({"data": ["", "250 2.0.0 ok"]}, False),
        ({"mail": ["", "250 2.1.0 ok\r\n250 2.1.0 ok"]}, False),
        ({"rcpt": ["", "250 2.1.0 ok\r\n250 2.1.0 ok"]}, False),
        ({"dot": ["250 2.0.0 queued\r\n250 2.0.0 queued"]}, False),
        ({"dot": ["250 2.0.0 queued\r\n550 5.0.0 no"]}, True),
    ],
)
def test_replies_that_contradict_each_other_or_complain_end_pipelining(faults: Faults, lenient: bool) -> None:
    (first, second, _), conversation, script = talk(faults, lenient=lenient)
    assert first == QUEUED
    assert isinstance(second, Lost)
    assert (second.in_doubt, second.idle) == (False, True)
    assert "out of step" in str(conversation.pipelining.stepwise_because)
    assert len(script.bodies) == 1


def test_a_body_for_nobody_is_a_lone_dot() -> None:
    answers, conversation, script = talk({"rcpt": ["", "550 5.1.1 who?"]}, lenient=True)
    assert answers == [QUEUED, Reply("rcpt", 550, "5.1.1", "who?"), QUEUED]
    assert len(script.bodies) == 2
    assert verbs(script) == "EHLO MAIL RCPT DATA MAIL RCPT DATA RSET MAIL RCPT DATA QUIT"
    assert conversation.pipelining.stepwise_because is SILENCE


def test_a_relay_that_takes_a_body_for_nobody_is_not_believed_any_more() -> None:
    faults = {"rcpt": ["", "550 5.1.1 who?"], "nobody": ["250 2.0.0 queued"]}
    (first, second, third), conversation, script = talk(faults, lenient=True)
    assert (first, second) == (QUEUED, Reply("rcpt", 550, "5.1.1", "who?"))
    assert isinstance(third, Lost)
    assert third.idle
    assert "out of step" in str(conversation.pipelining.stepwise_because)
    assert len(script.bodies) == 1


def test_421_behind_a_refusal_ends_the_connection_too() -> None:
    """Replies are still owed then: the next message must not read them as its own."""
    faults = {"rcpt": ["", "550 5.1.1 who?"], "data": ["", "421 4.3.2 shutting down"]}
    answers, conversation, script = talk(faults, lenient=True)
    assert answers == [QUEUED, Reply("rcpt", 550, "5.1.1", "who?"), None]
    assert verbs(script) == "EHLO MAIL RCPT DATA MAIL RCPT DATA"
    assert conversation.pipelining.stepwise_because is SILENCE


def test_a_readers_address_is_no_complaint_about_pipelining() -> None:
    refusal = "550 5.1.1 <two@pipeline.com>: synchronise yourself"
    answers, conversation, _ = talk({"rcpt": ["", refusal]})
    assert answers[2] == QUEUED
    assert conversation.pipelining.stepwise_because is SILENCE


def test_nothing_is_grouped_where_it_is_not_offered_or_not_wanted() -> None:
    with scripted() as script:
        conversation = Conversation(script)
        assert conversation.answers("one", "two") == [QUEUED, QUEUED]
        assert str(conversation.pipelining.stepwise_because) == "the relay does not offer pipelining"
    with scripted(offers=OFFERS) as script:
        conversation = Conversation(script)
        conversation.relay = SMTPClient(address(script.port), LONG, pipelining=Pipelining(wanted=False))
        assert conversation.answers("one", "two") == [QUEUED, QUEUED]


def test_a_link_lost_after_the_dot_leaves_the_one_behind_it_untried() -> None:
    answers, conversation, script = talk({"dot": [CLOSE]})
    first, *others = answers
    assert isinstance(first, Lost)
    assert first.in_doubt
    assert others == [None, None]
    assert len(script.bodies) == 1
    assert not conversation.relay.is_open


def test_a_withheld_message_is_taken_back_by_hanging_up() -> None:
    async def go(script: Script) -> list[object]:
        relay = SMTPClient(address(script.port), LONG, pipelining=Pipelining(wanted=True))
        await relay.connect()
        first, second = message_to("one@example.com"), message_to("two@example.com")
        answers: list[object] = [await relay.send(first, yes, lambda: second), relay.has_begun(second)]
        answers.append(await relay.send(second, no))
        return [*answers, relay.is_open]

    async def yes() -> bool:
        return True

    async def no() -> bool:
        return False

    with scripted(offers=OFFERS) as script:
        assert asyncio.run(go(script)) == [QUEUED, True, Withheld(), False]
    assert len(script.bodies) == 1
