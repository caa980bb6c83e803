"""Text of a header field as encoded-words (RFC 2047). Touches: nothing.

What `email.header.Header` writes, octet for octet, in a tenth of its time: it tries a line again for every character,
and names are written for every subscriber. The tests compare the two. What is shorter in the Q encoding, mostly ASCII
with an accent, is rare here and is left to `Header` itself.
"""

import binascii
from email.header import Header

_LONGEST_WORD = 75  # characters, RFC 2047 2
_CHROME = len("=?utf-8?b??=")
# Octets that stand for themselves in the Q encoding as Header writes it, and the blank, which becomes `_`.
_Q_PLAIN = b" -!*+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CONTINUED = 0b1000_0000  # a UTF-8 octet that is not the first of its character: 10xxxxxx
_CONTINUED_MASK = 0b1100_0000


def encoded_words(name: str, text: str) -> str:
    """`text`, one line without control characters, for the field `name`; folded with CRLF and a blank."""
    octets = text.encode()
    in_q = len(octets) + 2 * len(octets.translate(None, _Q_PLAIN))
    first = _room(_LONGEST_WORD - len(name) - len(": "))
    if in_q <= _in_base64(len(octets)) or first < len("\U0010ffff".encode()):
        return Header(text, "utf-8", maxlinelen=_LONGEST_WORD, header_name=name).encode(linesep="\r\n")
    if len(octets) <= first:
        return _word(octets)
    following = _room(_LONGEST_WORD - len(" "))
    words = []
    start, room = 0, first
    while start < len(octets):
        end = _end_of_character(octets, start + room)
        words.append(_word(octets[start:end]))
        start, room = end, following
    return "\r\n ".join(words)


def _word(octets: bytes) -> str:
    return f"=?utf-8?b?{binascii.b2a_base64(octets, newline=False).decode('ascii')}?="


def _room(characters: int) -> int:
    """Octets in base64 that an encoded-word on a line of that many characters can hold."""
    return max(characters - _CHROME, 0) // 4 * 3


def _in_base64(octets: int) -> int:
    return (octets + 2) // 3 * 4


def _end_of_character(octets: bytes, end: int) -> int:
    """`end`, or where the character begins that would be cut there: RFC 2047 5 has whole characters in each word."""
    while end < len(octets) and octets[end] & _CONTINUED_MASK == _CONTINUED:
        end -= 1
    return min(end, len(octets))
