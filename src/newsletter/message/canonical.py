"""Make any octets fit for DATA: CRLF only, dots stuffed. Touches: nothing.

What the package composes is made that way once for an edition (base64_text.py, header_encoding.py) and never looked
through again; this is for messages that come from elsewhere.
"""

import re

_BARE = re.compile(rb"\r\n|\r|\n")


def on_the_wire(data: bytes) -> bytes:
    """A message as DATA wants it, without the final dot: CRLF only, ending in one, dots stuffed (RFC 5321 4.5.2).

    A bare CR or LF would let a receiver see an end of data that we did not write (SMTP smuggling). Counting costs 10 µs
    for 60 KB where a regular expression costs 400, and messages come with CRLF already.
    """
    pairs = data.count(b"\r\n")
    if pairs != data.count(b"\n") or pairs != data.count(b"\r"):
        data = _BARE.sub(b"\r\n", data)
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    if data.startswith(b"."):
        data = b"." + data
    return data.replace(b"\r\n.", b"\r\n..")


def off_the_wire(data: bytes) -> bytes:
    """The same without the dots that were put before dots."""
    return data.removeprefix(b".").replace(b"\r\n.", b"\r\n")
