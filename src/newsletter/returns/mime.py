"""The parts of a foreign mail, found leniently and within bounds. Touches: nothing.

Not with the standard library's parser, which asks at each line for the boundary of each level above it and recurses
(a hostile mail of 1 MB has 16,000 levels). Here a level is one search through its octets, and levels, parts and octets
are counted. Limits: what stands beyond the bounds is not looked at; reports have what matters at their beginning.
"""

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .charsets import text_of
from .fields import Fields, base64_octets, parameters, parse_fields

MOST_OCTETS = 1024 * 1024
"""Of one message that are looked at."""
_DEEPEST = 10
_MOST_PARTS = 100
_LONGEST_HEADER = 128 * 1024
_ENVELOPES = frozenset({"message/rfc822", "message/global", "message/news"})
HEADERS_ALONE = frozenset({"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"})
"""RFC 3462, RFC 6533; the second one is a mistake that is made."""
_GUESSED_BOUNDARY = re.compile(rb"(?:\A|\n)--([^\s-][^\n]{0,99}|-{1,60}[^\s-][^\n]{0,69})\nContent-", re.IGNORECASE)
_EMPTY_LINE = re.compile(rb"\n[ \t]*\n")
_MBOX_LINE = re.compile(rb"\A>?From [^\n]*\n")


@dataclass(frozen=True, slots=True)
class MimePart:
    """A message or one part of it."""

    fields: Fields
    content_type: str
    parameters: Mapping[str, str]
    body: bytes
    """As it stands there, lines ending in LF."""
    parts: tuple["MimePart", ...] = ()
    """Of a multipart; the one message of a message/rfc822."""

    def walk(self) -> Iterator["MimePart"]:
        """This part and all within it, in the order in which they stand."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.parts))

    @property
    def octets(self) -> bytes:
        """Its content without its transfer encoding."""
        return _decoded(self.fields, self.body)

    @property
    def text(self) -> str:
        return text_of(self.octets, self.parameters.get("charset", ""))


def parse_message(data: bytes) -> MimePart:
    """The message and its parts. Anything is a message; this never raises."""
    octets = data[:MOST_OCTETS].replace(b"\0", b"")
    for line_end in (b"\r\r\n", b"\r\n", b"\r"):
        octets = octets.replace(line_end, b"\n")
    return _Parser().message(_MBOX_LINE.sub(b"", octets.lstrip(b" \t\n")), 0)


class _Parser:
    """Counts the parts of one message."""

    def __init__(self) -> None:
        self._left = _MOST_PARTS

    def message(self, octets: bytes, depth: int, default_type: str = "text/plain") -> MimePart:
        self._left -= 1
        head, body = _halves(octets)
        fields = parse_fields(head)
        content_type, found = parameters(fields.raw("content-type"))
        content_type = content_type or default_type
        return MimePart(fields, content_type, found, body, self._within(fields, content_type, found, body, depth))

    def _within(
        self, fields: Fields, content_type: str, found: Mapping[str, str], body: bytes, depth: int
    ) -> tuple[MimePart, ...]:
        if depth >= _DEEPEST:
            return ()
        if content_type.startswith("multipart/"):
            default = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
            return tuple(
                self.message(piece, depth + 1, default)
                for piece in _pieces(body, found.get("boundary", ""))
                if self._left > 0
            )
        if content_type in _ENVELOPES and self._left > 0:
            return (self.message(_decoded(fields, body).lstrip(b"\n"), depth + 1),)
        if content_type in HEADERS_ALONE and self._left > 0:
            return (self.message(_decoded(fields, body).strip(b"\n") + b"\n\n", depth + 1),)
        return ()


def _halves(octets: bytes) -> tuple[bytes, bytes]:
    if octets.startswith(b"\n"):
        return b"", octets[1:]
    end = _EMPTY_LINE.search(octets, 0, _LONGEST_HEADER)
    if end is not None:
        return octets[: end.start()], octets[end.end() :]
    return octets[:_LONGEST_HEADER], b""


def _pieces(body: bytes, boundary: str) -> Iterator[bytes]:
    """Between the boundaries; a last one that is missing is no reason to lose the part before it."""
    if not boundary or f"--{boundary}".encode("utf-8", "replace") not in body:
        guessed = _GUESSED_BOUNDARY.search(body)
        if guessed is None:
            return
        mark = guessed[1].rstrip()
    else:
        mark = boundary.encode("utf-8", "replace")
    delimiter = re.compile(rb"(?:\A|\n)--" + re.escape(mark) + rb"(--)?[ \t]*(?:\n|\Z)")
    start = None
    place = 0
    while (found := delimiter.search(body, place)) is not None:
        if start is not None:
            yield body[start : max(start, found.start())]
        if found[1]:
            return
        start = found.end()
        # The line end of this delimiter may be the one that begins the next.
        place = max(found.end() - 1, found.start() + 1)
    if start is not None:
        yield body[start:]


def _decoded(fields: Fields, body: bytes) -> bytes:
    encoding = fields.raw("content-transfer-encoding").lower()
    if encoding.startswith("base64"):
        return base64_octets(body).replace(b"\r\n", b"\n")
    if encoding.startswith("quoted-printable"):
        return binascii.a2b_qp(body).replace(b"\r\n", b"\n")
    return body
