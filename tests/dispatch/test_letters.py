"""Messages made ahead: each once, in the words of its edition, and what cannot be made is no matter of the others."""

import asyncio
from dataclasses import replace

import pytest

from newsletter.dispatch.letters import Letters
from newsletter.ledger.states import Claim
from newsletter.message.message import Message
from tests.support.smtp_runs import message_to


def claim(number: int) -> Claim:
    address = f"reader{number}@example.com"
    return Claim(number, 1, address, address, "ko", {}, 0, None, 1)


def test_what_cannot_be_made_is_told_when_its_turn_comes() -> None:
    made: list[int] = []

    def compose(claim: Claim) -> Message:
        made.append(claim.delivery)
        if claim.delivery == 2:
            raise ZeroDivisionError("made for a test")
        return message_to(claim.key)

    letters = Letters(compose)
    claims = [claim(number) for number in (1, 2, 3)]
    asyncio.run(letters.make(claims))
    assert [letters.of(one).message_id for one in (claims[0], claims[2])] == [
        message_to(one.key).message_id for one in (claims[0], claims[2])
    ]
    with pytest.raises(ZeroDivisionError):
        letters.of(claims[1])
    assert made == [1, 2, 3], "nobody's is made twice"


def test_who_has_gone_back_or_gets_other_words_has_a_message_made_anew() -> None:
    made: list[tuple[int, int]] = []

    def compose(claim: Claim) -> Message:
        made.append((claim.delivery, claim.edition))
        return message_to(claim.key)

    letters = Letters(compose)
    asyncio.run(letters.make([claim(1), claim(2)]))
    letters.forget([claim(1)])
    letters.of(claim(1))
    letters.of(replace(claim(2), edition=2))
    assert made == [(1, 1), (2, 1), (1, 1), (2, 2)]
