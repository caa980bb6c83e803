"""A relay that offers DSN (RFC 3461) learns which delivery a report is about; one that refuses then is not asked."""

import asyncio
from dataclasses import replace

import pytest

from newsletter.message.message import Message
from newsletter.smtp.client import SMTPClient, TransactionResult, Withheld
from newsletter.smtp.pipelined import Pipelining
from newsletter.smtp.reply import Reply
from newsletter.smtp.server import Timeouts
from tests.support.smtp_runs import address, message_to
from tests.support.smtp_script import Script, scripted

QUEUED = Reply("dot", 250, "2.0.0", "queued")
PLAIN, PIPELINED = ("DSN",), ("PIPELINING", "DSN")
MAIL = "MAIL FROM:<no-reply@news.example.org>"


async def _agreed() -> bool:
    return True


def carried(script: Script, *messages: Message) -> list[TransactionResult | Withheld]:
    async def go() -> list[TransactionResult | Withheld]:
        relay = SMTPClient(address(script.port), Timeouts(), pipelining=Pipelining(wanted=True))
        await relay.connect()
        answers = []
        for message in messages:
            await relay.tidy()
            answers.append(await relay.send(message, _agreed))
        await relay.quit()
        return answers

    return asyncio.run(go())


def mails(script: Script) -> list[str]:
    return [line.removeprefix(MAIL).strip() for line in script.commands if line.startswith("MAIL")]


@pytest.mark.parametrize("offers", [PLAIN, PIPELINED])
def test_the_message_id_goes_with_the_envelope(offers: tuple[str, ...]) -> None:
    with scripted(offers=offers) as script:
        assert carried(script, message_to("one@example.com"), message_to("two@example.com")) == [QUEUED, QUEUED]

    assert mails(script) == [
        "RET=HDRS ENVID=one.example.com@news.example.org",
        "RET=HDRS ENVID=two.example.com@news.example.org",
    ]
    assert [line for line in script.commands if line.startswith("RCPT")] == [
        "RCPT TO:<one@example.com>",
        "RCPT TO:<two@example.com>",
    ]


def test_nothing_is_said_where_it_is_not_offered() -> None:
    with scripted(offers=("PIPELINING",)) as script:
        assert carried(script, message_to("one@example.com")) == [QUEUED]

    assert mails(script) == [""]


@pytest.mark.parametrize(
    "message_id", ["<a+b@example.org>", "<a=b@example.org>", f"<{'a' * 90}@example.org>", "<a b>", ""]
)
def test_what_is_no_xtext_of_its_length_is_not_sent(message_id: str) -> None:
    with scripted(offers=PLAIN) as script:
        assert carried(script, replace(message_to("one@example.com"), message_id=message_id)) == [QUEUED]

    assert mails(script) == ["RET=HDRS"]


@pytest.mark.parametrize("offers", [PLAIN, PIPELINED])
@pytest.mark.parametrize(
    "refusal", ["555 5.5.4 Unsupported option: RET=HDRS", "501 Parameter RET not recognised", "504 no"]
)
def test_a_relay_that_offers_and_refuses_gets_the_letter_without(refusal: str, offers: tuple[str, ...]) -> None:
    with scripted({"mail": [refusal]}, offers=offers) as script:
        assert carried(script, message_to("one@example.com"), message_to("two@example.com")) == [QUEUED, QUEUED]

    assert mails(script) == ["RET=HDRS ENVID=one.example.com@news.example.org", "", ""]
    assert script.recipients == ["one@example.com", "two@example.com"]


@pytest.mark.parametrize("offers", [PLAIN, PIPELINED])
def test_a_refusal_that_stays_without_them_is_the_answer(offers: tuple[str, ...]) -> None:
    refusal = "501 5.1.7 bad sender"
    with scripted({"mail": [refusal, refusal]}, offers=offers) as script:
        answers = carried(script, message_to("one@example.com"))

    assert answers == [Reply("mail", 501, "5.1.7", "bad sender")]
    assert len(mails(script)) == 2


@pytest.mark.parametrize("offers", [PLAIN, PIPELINED])
def test_another_refusal_is_not_asked_for_again(offers: tuple[str, ...]) -> None:
    with scripted({"mail": ["550 5.7.1 not you"]}, offers=offers) as script:
        answers = carried(script, message_to("one@example.com"))

    assert answers == [Reply("mail", 550, "5.7.1", "not you")]
    assert len(mails(script)) == 1
