"""A strict reader of RFC 2047 header fields: what a careful mail program accepts, and nothing else.

Unlike `email.header.decode_header` it refuses what some receivers refuse or spoil: encoded-words over 75 characters,
lines over 76, words glued together, characters cut in two by a word, unencoded octets, spaces inside a word.
"""

import base64
import re

_WORD = re.compile(r"=\?([^?]*)\?([^?]*)\?([^?]*)\?=")
_PHRASE_Q = re.compile(r"(?:[A-Za-z0-9!*+/_-]|=[0-9A-F]{2})*")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_FOLD = re.compile(r"\r\n(?=[ \t])")


class NotStrictError(AssertionError):
    """The field breaks a rule; the message says which."""


def decode_field(wire: bytes) -> tuple[str, str]:
    """Name and text of one whole field, folds and final CRLF included; for unstructured fields and phrases."""
    field = _lines_checked(wire)
    name, colon, value = field.partition(": ")
    if not colon or not re.fullmatch(r"[!-9;-~]+", name):
        raise NotStrictError(f"no field name: {field!r}")
    return name, decode(value)


def decode(value: str) -> str:
    """Unfolded text with its encoded-words decoded; blanks between two of them are dropped (RFC 2047 6.2)."""
    pieces = re.split(r"([ \t]+)", value)
    said = ""
    after_word = False
    blank = ""
    for index, piece in enumerate(pieces):
        if index % 2:
            blank = piece
            continue
        is_word = "=?" in piece
        said += "" if is_word and after_word else blank
        said += _word(piece) if is_word else piece
        after_word, blank = is_word, ""
    return said


def decode_mailbox(wire: bytes) -> tuple[str, str]:
    """Display name and addr-spec of a field with one mailbox."""
    field = _lines_checked(wire)
    value = field.partition(": ")[2]
    if not value.endswith(">"):
        return "", value
    phrase, _, address = value[:-1].rpartition(" <")
    if phrase.startswith('"'):
        if not re.fullmatch(r'"(?:[^"\\]|\\.)*"', phrase):
            raise NotStrictError(f"a broken quoted-string: {phrase!r}")
        return re.sub(r"\\(.)", r"\1", phrase[1:-1]), address
    bare = _WORD.sub("", phrase)
    if re.search(r'[()<>\[\]:;@\\,."]', bare):
        raise NotStrictError(f"a phrase with specials that is not quoted: {phrase!r}")
    return decode(phrase), address


def _lines_checked(wire: bytes) -> str:
    field = wire.decode("ascii")
    if not field.endswith("\r\n"):
        raise NotStrictError("no final CRLF")
    for line in field[:-2].split("\r\n"):
        if "=?" in line and len(line) > 76:
            raise NotStrictError(f"a line of {len(line)} characters with an encoded-word: {line!r}")
        if len(line) > 998 or not line.strip():
            raise NotStrictError(f"a line too long or blank: {line!r}")
    unfolded = _FOLD.sub("", field[:-2])
    if "\r" in unfolded or "\n" in unfolded:
        raise NotStrictError("a line break that is no fold")
    return unfolded


def _word(piece: str) -> str:
    match = _WORD.fullmatch(piece)
    if match is None:
        raise NotStrictError(f"not one encoded-word: {piece!r}")
    if len(piece) > 75:
        raise NotStrictError(f"an encoded-word of {len(piece)} characters")
    charset, encoding, text = match.groups()
    if charset.lower() != "utf-8":
        raise NotStrictError(f"the charset {charset!r}")
    return _octets(encoding.lower(), text).decode("utf-8")


def _octets(encoding: str, text: str) -> bytes:
    if encoding == "b":
        if not _BASE64.fullmatch(text):
            raise NotStrictError(f"not base64: {text!r}")
        return base64.b64decode(text, validate=True)
    if encoding == "q":
        if not _PHRASE_Q.fullmatch(text):
            raise NotStrictError(f"not Q encoding as a phrase allows it: {text!r}")
        return re.sub(rb"=(..)", lambda m: bytes.fromhex(m[1].decode()), text.replace("_", "=20").encode("ascii"))
    raise NotStrictError(f"the encoding {encoding!r}")
