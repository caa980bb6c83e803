"""One connection, one message: every stage of SMTP against every way of going wrong."""

import asyncio
from dataclasses import replace

import pytest

from newsletter.catalogue import phrase
from newsletter.message.message import Message
from newsletter.smtp.client import Lost, SMTPClient, TransactionResult, Withheld
from newsletter.smtp.pipelined import Pipelining
from newsletter.smtp.reply import Reply
from newsletter.smtp.server import Timeouts
from tests.support.smtp_runs import address, message_to
from tests.support.smtp_script import CLOSE, EARLY, HANG, LEAVE, RESET, SPLIT, Script, scripted

SHORT = Timeouts(mail=0.5, rcpt=0.5, data=0.5, block=0.5, dot=0.5, reset=0.5)
LONG = Timeouts(connect=5, greeting=5, mail=5, rcpt=5, data=5, block=5, dot=5, reset=5)
pytestmark = pytest.mark.usefixtures("each_way")

STAGES = ("mail", "rcpt", "data", "dot")
GARBAGE = "whatever you say"


async def agreed() -> bool:
    return True


async def _sent(script: Script, timeouts: Timeouts, message: Message) -> tuple[TransactionResult | Withheld, bool]:
    relay = SMTPClient(address(script.port), timeouts, pipelining=Pipelining(wanted=True))
    await relay.connect()
    try:
        return await relay.send(message, agreed), relay.is_open
    finally:
        relay.close()


def send(
    script: Script, timeouts: Timeouts = LONG, message: Message | None = None
) -> tuple[TransactionResult | Withheld, bool]:
    """The answer, and whether the connection could be used again."""
    return asyncio.run(_sent(script, timeouts, message or message_to("reader@example.com")))


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    ("told", "code", "enhanced", "text"),
    [
        ("450 4.2.0 come back later", 450, "4.2.0", "come back later"),
        ("550 5.7.1 we do not want this", 550, "5.7.1", "we do not want this"),
        ("550-5.7.1 first\r\n550 5.7.1 second", 550, "5.7.1", "first second"),
        (f"{SPLIT}554-5.0.0 in\r\n554 5.0.0 pieces", 554, "5.0.0", "in pieces"),
        ("550", 550, "", ""),
    ],
)
def test_a_refusal_keeps_its_words_and_the_connection(
    stage: str, told: str, code: int, enhanced: str, text: str
) -> None:
    with scripted({stage: [told]}) as script:
        assert send(script) == (Reply(stage, code, enhanced, text), True)
    assert len(script.bodies) == (stage == "dot")


@pytest.mark.parametrize("stage", STAGES)
def test_421_closes_the_connection_at_any_stage(stage: str) -> None:
    with scripted({stage: [f"{LEAVE}421 4.7.0 too much"]}) as script:
        assert send(script) == (Reply(stage, 421, "4.7.0", "too much"), False)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("fault", [CLOSE, RESET, HANG, GARBAGE, "250-one code\r\n550 and another", "199 never", "2"])
def test_a_link_lost_is_in_doubt_after_the_dot_only(stage: str, fault: str) -> None:
    with scripted({stage: [fault]}) as script:
        answer, usable = send(script, SHORT if fault == HANG else LONG)
    assert isinstance(answer, Lost)
    assert (answer.stage, answer.in_doubt, usable) == (stage, stage == "dot", False)
    assert len(script.bodies) == (stage == "dot")


@pytest.mark.parametrize("stage", STAGES)
def test_each_step_has_a_time_of_its_own(stage: str) -> None:
    with scripted({stage: [HANG]}) as script:
        answer, _ = send(script, replace(Timeouts(), **{stage: 0.2}))
    assert isinstance(answer, Lost)
    assert (answer.stage, str(answer.reason)) == (stage, "no reply from the relay for 0.2 seconds")


@pytest.mark.parametrize(("stage", "reply"), [("mail", "354 go on"), ("rcpt", "354"), ("data", "250"), ("dot", "354")])
def test_a_reply_that_answers_something_else_is_a_lost_link(stage: str, reply: str) -> None:
    with scripted({stage: [reply]}) as script:
        answer, usable = send(script)
    assert isinstance(answer, Lost)
    assert (answer.stage, answer.in_doubt, usable) == (stage, stage == "dot", False)


def early(reply: str) -> tuple[TransactionResult | Withheld, Script]:
    """The answer of a relay that says this in the middle of the body."""

    async def go(script: Script) -> TransactionResult | Withheld:
        relay = SMTPClient(address(script.port), LONG, pipelining=Pipelining(wanted=True))
        await relay.connect()
        assert relay._session is not None
        protocol = relay._session.protocol

        async def as_soon_as_it_came() -> bool:
            if not protocol.has_reply:
                await protocol._wait(5, lambda _seconds: phrase("smtp.lost.not_open"))
            return True

        # Too large to go in one write with its dot.
        large = message_to("reader@example.com", b"Subject: large\r\n\r\n" + b"x\r\n" * 100_000)
        return await relay.send(large, as_soon_as_it_came)

    with scripted({"dot": [f"{EARLY}{reply}"]}) as script:
        return asyncio.run(go(script)), script


def test_an_early_refusal_is_the_answer_and_no_dot_follows() -> None:
    answer, script = early("552 5.3.4 too big")
    assert answer == Reply("data", 552, "5.3.4", "too big")
    assert script.bodies == []


def test_an_early_yes_is_not_believed() -> None:
    answer, script = early("250 2.0.0 ok")
    assert isinstance(answer, Lost)
    assert not answer.in_doubt
    assert script.bodies == []


def test_a_reply_too_many_ends_the_link_before_it_can_be_taken_for_another() -> None:
    with scripted({"mail": ["250 2.1.0 ok\r\n250 2.1.5 and this for RCPT"]}) as script:
        answer, _ = send(script)
    assert isinstance(answer, Lost)
    assert not answer.in_doubt
    assert answer.stage != "dot"
    assert script.bodies == []


def test_a_relay_that_takes_no_data_is_left() -> None:
    big = message_to("reader@example.com", b"Subject: big\r\n\r\n" + b"x" * 30_000_000)
    with scripted({"dot": [f"{EARLY}{HANG}"]}) as script:
        answer, _ = send(script, SHORT, big)
    assert isinstance(answer, Lost)
    assert not answer.in_doubt
    assert "took no data" in str(answer.reason)


def test_without_the_ledgers_word_no_dot_is_written() -> None:
    async def refused() -> bool:
        return False

    async def go(script: Script) -> tuple[TransactionResult | Withheld, bool]:
        relay = SMTPClient(address(script.port), LONG, pipelining=Pipelining(wanted=True))
        await relay.connect()
        return await relay.send(message_to("reader@example.com"), refused), relay.is_open

    with scripted() as script:
        assert asyncio.run(go(script)) == (Withheld(), False)
    assert script.bodies == []


def test_a_hung_rset_does_not_hide_a_refusal() -> None:
    async def go(script: Script) -> tuple[TransactionResult | Withheld, bool]:
        relay = SMTPClient(address(script.port), replace(LONG, reset=0.2), pipelining=Pipelining(wanted=True))
        await relay.connect()
        answer = await relay.send(message_to("reader@example.com"), agreed)
        assert relay.is_open
        await relay.tidy()
        if relay.is_open:
            # In a group RSET goes ahead of the next message.
            after = await relay.send(message_to("next@example.com"), agreed)
            assert isinstance(after, Lost)
            assert after.idle
        return answer, relay.is_open

    with scripted({"rcpt": ["550 5.1.1 no such user"], "rset": [HANG]}) as script:
        answer, usable = asyncio.run(go(script))
    assert answer == Reply("rcpt", 550, "5.1.1", "no such user")
    assert not usable


def test_after_a_refusal_the_next_message_begins_clean(each_way: str) -> None:
    async def go(script: Script) -> list[object]:
        relay = SMTPClient(address(script.port), LONG, pipelining=Pipelining(wanted=True))
        await relay.connect()
        answers: list[object] = []
        for name in ("one", "two"):
            await relay.tidy()
            answers.append(await relay.send(message_to(f"{name}@example.com"), agreed))
        await relay.quit()
        return answers

    with scripted({"rcpt": ["550 5.1.1 no"]}) as script:
        answers = asyncio.run(go(script))
    assert answers == [Reply("rcpt", 550, "5.1.1", "no"), Reply("dot", 250, "2.0.0", "queued")]
    said = " ".join(line.partition(" ")[0] for line in script.commands)
    ahead = " DATA" if each_way == "pipelined" else ""
    assert said == f"EHLO MAIL RCPT{ahead} RSET MAIL RCPT DATA QUIT"


def test_a_cancelled_send_closes_the_connection_and_remembers_the_dot() -> None:
    async def go(script: Script) -> SMTPClient:
        relay = SMTPClient(address(script.port), LONG, pipelining=Pipelining(wanted=True))
        await relay.connect()
        sending = asyncio.create_task(relay.send(message_to("reader@example.com"), agreed))
        await asyncio.to_thread(script.dotted.wait)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        return relay

    with scripted({"dot": [HANG]}) as script:
        relay = asyncio.run(go(script))
    assert relay.dot_written
    assert not relay.is_open


def test_the_command_lines_say_size_and_never_smtputf8() -> None:
    message = message_to("reader@example.com")
    with scripted(offers=("SIZE 1000", "SMTPUTF8", "PIPELINING", "8BITMIME")) as script:
        send(script, message=message)
    size = len(message.data) + 1  # one dot is stuffed
    assert script.commands[1:] == [
        f"MAIL FROM:<no-reply@news.example.org> SIZE={size}",
        "RCPT TO:<reader@example.com>",
        "DATA",
    ]
    assert script.commands[0].startswith("EHLO ")
    assert script.commands[0] != "EHLO localhost"
