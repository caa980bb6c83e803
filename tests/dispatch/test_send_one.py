"""One message without a ledger: the relay's reply, or an error with the right exit code."""

import asyncio
from pathlib import Path

import pytest

from newsletter.dispatch.send_one import deliver
from newsletter.errors import NewsletterError, RefusedError, UnavailableError
from newsletter.smtp.reply import Reply
from newsletter.smtp.server import Timeouts
from tests.support.smtp_receiver import receiving
from tests.support.smtp_runs import address, log_of, message_to
from tests.support.smtp_script import CLOSE, scripted


def test_a_proof_arrives_and_the_relay_is_quoted(tmp_path: Path) -> None:
    with receiving(log_of(tmp_path)) as relay:
        reply = asyncio.run(deliver(message_to("reader@example.com"), address(relay.port)))
        assert relay.recipients() == ["reader@example.com"]
    assert reply == Reply("dot", 250, "2.0.0", "kept")


@pytest.mark.parametrize(
    ("stage", "said", "error", "words"),
    [
        ("banner", "554 5.7.1 not you", UnavailableError, "the relay is not available: 554 5.7.1 not you"),
        ("mail", "550 5.1.8 unknown sender", RefusedError, "550 5.1.8 unknown sender (at MAIL FROM)"),
        ("rcpt", "550 5.1.1 who?", RefusedError, "550 5.1.1 who? (at RCPT TO)"),
        ("dot", "451 4.3.0 later", RefusedError, "451 4.3.0 later (at the end of data)"),
        ("data", CLOSE, UnavailableError, "the connection to the relay was lost"),
        ("dot", CLOSE, UnavailableError, "it may have arrived"),
    ],
)
def test_what_goes_wrong_is_said(stage: str, said: str, error: type[NewsletterError], words: str) -> None:
    with scripted({stage: [said]}) as script, pytest.raises(error) as caught:
        asyncio.run(deliver(message_to("reader@example.com"), address(script.port), Timeouts(dot=1)))
    assert words in str(caught.value)
