"""How large a file is that xz has packed, without unpacking it. Touches: the file, reading its end.

The .xz file format, 1.2.1 (tukaani.org/xz/xz-file-format.txt): behind the data stands an index (4), and behind that a
footer which says how long the index is (2.1.2). Limits: of several streams in one file only the last is counted.
"""

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

_FOOTER = 12
_LARGEST = 1 << 20
"""Octets of an index that is read: one of a file in many thousand blocks."""


def xz_size(packed: BinaryIO) -> int | None:
    """Octets of what was packed; None where that cannot be read."""
    end = packed.seek(0, 2)
    if end < _FOOTER:
        return None
    packed.seek(end - _FOOTER)
    footer = packed.read(_FOOTER)
    length = (int.from_bytes(footer[4:8], "little") + 1) * 4
    if not footer.endswith(b"YZ") or length > min(end - _FOOTER, _LARGEST):
        return None
    packed.seek(end - _FOOTER - length)
    index = packed.read(length)
    numbers = _numbers(index[1:])
    count = next(numbers, 0)
    if index[0] or count > length:
        return None
    return sum(islice(numbers, 1, 2 * count, 2))  # of each block its size in the file, then its own


def _numbers(octets: bytes) -> Iterator[int]:
    """Integers of seven bits an octet, the lowest first, until one has more than 63 bits (1.2)."""
    number = shift = 0
    for octet in octets:
        number |= (octet & 0x7F) << shift
        shift += 7
        if shift > 63:
            return
        if octet < 0x80:
            yield number
            number = shift = 0
