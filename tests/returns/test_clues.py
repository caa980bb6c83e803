"""Who a return may be about: every place in which systems leave a mark of ours, the strongest first."""

import base64
import quopri

import pytest

from newsletter.message.message_id import message_ids
from newsletter.returns.clues import tokens_in
from newsletter.returns.read import read_return
from tests.support.editions import LINKS, head

from .shapes import LETTER_HEAD, MESSAGE_ID, OURS, READER, TOKEN, report
from .test_dsn import POSTFIX

OTHER = LINKS.token("other@example.com")


def test_what_looks_like_a_token_is_what_the_links_make() -> None:
    tokens = [LINKS.token(f"reader-{number}@example.com") for number in range(200)]

    found = tokens_in(" ".join(f"bounce+{token}@x https://x.example/u/{token}?a=3D{token}\n" for token in tokens))

    assert found == [token for token in tokens for _ in range(3)]
    assert tokens_in(f"{TOKEN}y {TOKEN[:-1]} {TOKEN[1:]}") == []


@pytest.mark.parametrize(
    "field",
    [
        "Delivered-To: bounce+{}@news.example.org",
        "X-Original-To: <bounce+{}@news.example.org>",
        "Envelope-To: bounce+{}@news.example.org",
        "X-Envelope-To: <bounce+{}@news.example.org>",
        "X-Delivered-To: bounce+{}@news.example.org",
        "To: <bounce+{}@news.example.org>",
        'To: "bounce+{}@news.example.org" <bounce+{}@news.example.org>',
        "Received: from mx.example.net ([192.0.2.1])\n\tby mail.example.org\n\tfor <bounce+{}@news.example.org>; x",
    ],
)
def test_the_address_a_bounce_was_sent_to_comes_first(field: str) -> None:
    (found,) = read_return(report(POSTFIX, head=field.replace("{}", OTHER) + "\n"), OURS)

    assert found.clues.tokens == (OTHER, TOKEN)


@pytest.mark.parametrize("encoding", ["7bit", "base64", "quoted-printable"])
def test_a_link_in_the_returned_letter_bears_the_token(encoding: str) -> None:
    body = f'<p>서울</p><a href="https://news.example.org/u/{OTHER}">수신거부</a>'.encode()
    encoded = {"7bit": body, "base64": base64.encodebytes(body), "quoted-printable": quopri.encodestring(body)}[
        encoding
    ]
    returned = f"Subject: x\nContent-Type: text/html\nContent-Transfer-Encoding: {encoding}\n\n{encoded.decode()}"

    (found,) = read_return(report(POSTFIX, returned=returned, returned_type="message/rfc822"), OURS)

    assert found.clues.tokens == (OTHER,)


def test_a_letter_in_the_words_of_a_notice_bears_the_token_and_the_message_id() -> None:
    words = f"--- Below this line is a copy of the message.\n\n{LETTER_HEAD}"

    (found,) = read_return(report(POSTFIX, words=words, returned="Subject: x\n"), OURS)

    assert (found.clues.tokens, found.clues.message_ids) == ((TOKEN,), (MESSAGE_ID,))


@pytest.mark.parametrize("encoded", [MESSAGE_ID, f"<{MESSAGE_ID}>", MESSAGE_ID.replace("-", "+2D")])
def test_an_envelope_id_names_the_delivery(encoded: str) -> None:
    status = f"Reporting-MTA: dns; x\nOriginal-Envelope-Id: {encoded}\n\n{POSTFIX.partition(chr(10) * 2)[2]}"

    (found,) = read_return(report(status, returned="Subject: x\n"), OURS)

    assert found.clues.message_ids == (MESSAGE_ID,)


def test_our_own_addresses_are_never_whom_it_is_about() -> None:
    status = POSTFIX.replace(READER, OURS[1].upper())

    (found,) = read_return(report(status), OURS)

    assert found.clues.addresses == (READER,)


def test_our_message_id_is_found_as_it_is_made() -> None:
    made = message_ids(head(), LINKS)("reader@example.com")

    (found,) = read_return(report(POSTFIX, returned=f"Message-Id:\n {made}\n"), OURS)

    assert found.clues.message_ids == (made.strip("<>"),)


def test_a_forged_header_does_not_reach_a_log() -> None:
    """A line end, a colour or a turned direction in an address stays out of what is said of it."""
    recipient, said = "utf-8; a\\x{202E}\\x{1B}[31m@example.com", "x; 550 \x1b[31m\u202ered"
    status = f"Final-Recipient: {recipient}\nAction: failed\nDiagnostic-Code: {said}\n"

    (found,) = read_return(report(status, returned="Subject: x\n"), OURS)

    assert all(address.isprintable() for address in found.clues.addresses)
    assert found.text.isprintable()
