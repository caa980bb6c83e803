"""Header fields as they go on the wire: encoded-words, display names, folding. Touches: nothing.

CPython's EmailMessage loses spaces of Korean subjects and glues encoded-words together; `email.header.Header` does
neither (0 of 2,000 wrong), so what it would write is written here (encoded_word.py). A line with an encoded-word has at
most 76 characters (RFC 2047 section 2); what cannot be folded, an address or a URL, may be longer, up to 998 (RFC 5322
2.1.1).
"""

import re
from typing import NamedTuple

from .encoded_word import encoded_words
from .escape import clean

_LONGEST_LINE = 76  # characters without CRLF: RFC 2047 2, and within RFC 5322's 78
# Printable ASCII with single blanks inside, which no reader changes when it unfolds or trims.
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
# RFC 5322 3.2.5 phrase of atoms; anything else in ASCII is quoted.
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_QUOTABLE = re.compile(r"[ -~]+")


class Field(NamedTuple):
    """One header field; `wire` is the whole field with its name, folds and final CRLF, `text` what it says."""

    name: str
    text: str
    wire: bytes


def unstructured(name: str, text: str) -> Field:
    """A field of free text, such as Subject. Every space of `text` survives."""
    text = clean(text)
    return _field(name, text, [_encoded(name, text, len(name) + 2)])


def mailbox(name: str, display_name: str, address: str) -> Field:
    """A field with one mailbox, such as From; `address` is an addr-spec in ASCII."""
    display_name = clean(display_name)
    if not display_name.strip():
        return structured(name, [address])
    return _field(name, f"{display_name} <{address}>", [_phrase(name, display_name), f"<{address}>"])


def identified(name: str, phrase: str, identifier: str) -> Field:
    """List-Id: a phrase and the identifier in angle brackets (RFC 2919 3)."""
    return mailbox(name, phrase, identifier) if clean(phrase).strip() else structured(name, [f"<{identifier}>"])


def structured(name: str, tokens: list[str]) -> Field:
    """A field of ready ASCII tokens; folded between them where a line would get too long."""
    return _field(name, " ".join(tokens), tokens)


def _field(name: str, text: str, tokens: list[str]) -> Field:
    return Field(name, text, f"{_folded(f'{name}:', tokens)}\r\n".encode("ascii"))


def _folded(start: str, tokens: list[str]) -> str:
    """`start` and the tokens with a blank before each; a token may hold folds of its own."""
    whole = f"{start} {' '.join(tokens)}"
    if len(whole) <= _LONGEST_LINE and "\r\n" not in whole:
        return whole
    written = start
    for position, token in enumerate(tokens):
        first_line = token.partition("\r\n")[0]
        line = len(written) - (written.rfind("\n") + 1)
        fits = line + 1 + len(first_line) <= _LONGEST_LINE
        written += f" {token}" if fits or position == 0 else f"\r\n {token}"
    return written


def _encoded(name: str, text: str, used: int) -> str:
    # An ASCII text with `=?` in it would be taken for an encoded-word and decoded.
    if _PLAIN.fullmatch(text) and "=?" not in text and used + len(text) <= _LONGEST_LINE:
        return text
    return encoded_words(name, text)


def _phrase(name: str, text: str) -> str:
    """A display name: atoms, a quoted-string (RFC 5322 3.2.4) or encoded-words."""
    short = len(name) + 4 + len(text) <= _LONGEST_LINE
    if short and text.isascii() and "=?" not in text:
        if _ATOMS.fullmatch(text):
            return text
        quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
        if _QUOTABLE.fullmatch(text) and len(name) + 2 + len(quoted) <= _LONGEST_LINE:
            return quoted
    return encoded_words(name, text)
