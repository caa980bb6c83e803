"""Who a return may be about: tokens and Message-IDs of ours, then addresses. Touches: nothing.

Nothing is verified here: a token is what looks like one. Strongest first: the address it was sent to (VERP), the ENVID,
the returned letter's own fields and links, what a reply refers to.
"""

import re
from collections.abc import Iterable, Iterator

from .fields import Fields, addresses_in, decoded_words, message_ids_in
from .mime import HEADERS_ALONE, MimePart
from .plain import MOST_CHARACTERS

_TOKEN = re.compile(r"[A-Za-z0-9_-]{24}\.[A-Za-z0-9_-]{24}x(?![A-Za-z0-9_-])")
"""As audience/links.py makes them."""
_MOST = 20
_LONGEST = 500
_SENT_TO = (
    *("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-rcpt-to", "x-forwarded-to"),
    *("to", "cc", "apparently-to"),
)
_RECEIVED_FOR = re.compile(r"\bfor\s+<?([^\s<>;]{3,320})", re.IGNORECASE)
_OF_THE_LETTER = (
    "return-path",
    "list-unsubscribe",
    "x-original-return-path",
    "sender",
    "errors-to",
    "cfbl-feedback-id",
)
_REFERRING = (
    "in-reply-to",
    "references",
    "x-original-message-id",
    "original-message-id",
    "x-ms-exchange-parent-message-id",
)
_ID_IN_TEXT = re.compile(r"message[- ]?id\s{0,5}[:=]\s{0,20}(<[^<>\s]{3,500}>)", re.IGNORECASE)


def tokens_in(text: str) -> list[str]:
    return _TOKEN.findall(text)


def first_ones(found: Iterable[str]) -> tuple[str, ...]:
    """Each once, not more than anybody needs, and none that is not fit for a log."""
    kept: dict[str, None] = {}
    for one in found:
        if 0 < len(one) <= _LONGEST and one.isprintable() and len(kept) < _MOST:
            kept.setdefault(one)
    return tuple(kept)


def sent_to(fields: Fields) -> Iterator[str]:
    """What stands where the message says whom it was sent to."""
    for name in _SENT_TO:
        for value in fields.all_raw(name):
            yield decoded_words(value)
    for value in fields.all_raw("received"):
        if found := _RECEIVED_FOR.search(value):
            yield found[1]


def tokens_sent_to(message: MimePart) -> list[str]:
    return [token for value in sent_to(message.fields) for token in tokens_in(value)]


def returned_letters(message: MimePart) -> list[MimePart]:
    """The messages within: the letter that came back, or its header."""
    return [
        inner
        for part in message.walk()
        if part.content_type.startswith("message/") or part.content_type in HEADERS_ALONE
        for inner in part.parts[:1]
    ]


def tokens_of_letter(letter: MimePart) -> Iterator[str]:
    """From its fields first, then from the links in its text."""
    for name in _OF_THE_LETTER:
        for value in letter.fields.all_raw(name):
            yield from tokens_in(decoded_words(value))
    for part in letter.walk():
        if part.content_type.startswith("text/") and not part.parts:
            yield from tokens_in(part.text)


def ids_of_letter(letter: MimePart) -> list[str]:
    return [found for value in letter.fields.all_raw("message-id") for found in message_ids_in(value)]


def recipients_of_letter(letter: MimePart) -> list[str]:
    return [
        *letter.fields.addresses("x-hmxmroriginalrecipient"),
        *letter.fields.addresses("delivered-to"),
        *letter.fields.addresses("to"),
    ]


def ids_referred_to(message: MimePart) -> list[str]:
    return [found for name in _REFERRING for value in message.fields.all_raw(name) for found in message_ids_in(value)]


def ids_in_text(text: str) -> list[str]:
    return [found for shown in _ID_IN_TEXT.findall(text[:MOST_CHARACTERS]) for found in message_ids_in(shown)]


def ids_of_envelope(envelope_id: str) -> list[str]:
    """The ENVID that we give is the Message-ID without its brackets; some write it in xtext (RFC 3461 4)."""
    plain = re.sub(r"\+([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), envelope_id)
    return message_ids_in(f"<{plain.strip('<>')}>")


def envelope_sender_of(message: MimePart) -> list[str]:
    return addresses_in(message.fields.raw("return-path"))
