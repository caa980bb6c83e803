"""The header fields of a foreign mail, read leniently and within bounds. Touches: nothing.

Not with the standard library's header parser, whose time grows with the square of a hostile field (CPython issues
87075, 136063) and which raises on some of what Exchange writes. Limits: `_MOST_FIELDS` fields, of each
`_LONGEST_VALUE` octets; the rest is not looked at.
"""

import binascii
import re
import string
from collections.abc import Iterable, Iterator, Mapping

from newsletter.printable import one_line

from .charsets import text_of

_MOST_FIELDS = 500
_LONGEST_VALUE = 16 * 1024
_LONGEST_PARAMETERS = 4 * 1024
_FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]*:(.*)", re.DOTALL)
_FOLD = re.compile(rb"\n[ \t]*")
_LINE_START = re.compile(rb"\n(?![ \t])")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bq])\?([^?]*)\?=", re.IGNORECASE)
_PARAMETER = re.compile(r';\s*([\w*.-]{1,40})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))')
_ADDRESS = re.compile(
    r"(?<![\w.!#$%&*+/=?^`{|}~-])[\w.!#$%&*+/=?^`{|}~-]{1,128}"
    r"@(?:(?:[a-z0-9-]{1,63}\.){1,20}[a-z]{2,63}(?![a-z0-9-])|(?:[\w-]{1,63}\.){1,20}[\w-]{2,63})",
    re.IGNORECASE,
)
"""In Korean a particle follows without a blank: `user@example.com으로`."""
_MESSAGE_ID = re.compile(r"<([^<>\s@]{1,250}@[^<>\s@]{1,250})>")


class Fields:
    """Fields by their names in lower case, in the order in which they stand."""

    def __init__(self, pairs: Iterable[tuple[str, bytes]]) -> None:
        self._values: dict[str, list[bytes]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> Iterable[str]:
        return self._values.keys()

    def raw(self, name: str) -> str:
        """The first field of this name, unfolded, its encoded words as they are; empty where there is none."""
        return next(self.all_raw(name), "")

    def all_raw(self, name: str) -> Iterator[str]:
        return (text_of(value).strip() for value in self._values.get(name, ()))

    def text(self, name: str) -> str:
        """The first field of this name for people: decoded, on one line."""
        return one_line(decoded_words(self.raw(name)))

    def addresses(self, name: str) -> list[str]:
        """The addresses in all fields of this name."""
        return [address for value in self.all_raw(name) for address in addresses_in(decoded_words(value))]


def parse_fields(block: bytes) -> Fields:
    """Of a header without the empty line; `block` has lines that end in LF."""
    return Fields(_pairs(block))


def _pairs(block: bytes) -> Iterator[tuple[str, bytes]]:
    start = 0
    for _ in range(_MOST_FIELDS):
        end = _LINE_START.search(block, start)
        line = block[start : end.start() if end else len(block)]
        if field := _FIELD.match(line[:_LONGEST_VALUE]):
            yield field[1].decode("ascii").lower(), _FOLD.sub(b" ", field[2]).strip()
        if end is None:
            return
        start = end.end()


def parameters(value: str) -> tuple[str, Mapping[str, str]]:
    """`multipart/report; report-type=delivery-status` as its value in lower case, and the parameters by name."""
    value = value[:_LONGEST_PARAMETERS]
    found: dict[str, str] = {}
    for name, quoted, plain in _PARAMETER.findall(value):
        found.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", quoted) or plain)
    return value.partition(";")[0].strip().lower(), found


def decoded_words(value: str) -> str:
    """RFC 2047, leniently: words within words, and characters that were cut between two words."""
    if "=?" not in value:
        return value
    pieces: list[str] = []
    waiting, label = b"", ""
    place = 0
    for word in _ENCODED_WORD.finditer(value):
        between = value[place : word.start()]
        if waiting and (between.strip() or word[1].lower() != label):
            pieces.append(text_of(waiting, label))
            waiting = b""
        if between.strip() or not place:
            pieces.append(between)
        waiting += _octets(word[2].lower(), word[3])
        label = word[1].partition("*")[0].lower()
        place = word.end()
    return "".join([*pieces, text_of(waiting, label), value[place:]])


def _octets(encoding: str, text: str) -> bytes:
    if encoding == "q":
        return binascii.a2b_qp(text.encode("utf-8", "replace"), header=True)
    return base64_octets(text.encode("utf-8", "replace"))


_NOT_BASE64 = bytes(set(range(256)) - set(string.ascii_letters.encode() + string.digits.encode() + b"+/"))


def base64_octets(encoded: bytes) -> bytes:
    """What can be read of base64: blanks, foreign characters and a missing end are passed over."""
    clean = encoded.translate(None, _NOT_BASE64)
    usable = clean[: len(clean) - (len(clean) % 4 == 1)]
    return binascii.a2b_base64(usable + b"=" * (-len(usable) % 4))


def addresses_in(text: str) -> list[str]:
    """What looks like an address, in the order in which it stands, as it is written."""
    return _ADDRESS.findall(text) if "@" in text else []


def message_ids_in(text: str) -> list[str]:
    """Message-IDs without their angle brackets."""
    return _MESSAGE_ID.findall(text) if "@" in text else []
