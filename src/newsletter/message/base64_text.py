"""Base64 of a long text with holes, made once and filled per message by copying. Touches: nothing.

Base64 turns three octets into four characters, so a fixed piece of text looks different in each of the three phases it
can begin in. All three are made ahead, broken into lines; only the values and up to two octets on either side of them
are encoded per message: 60 KB in microseconds instead of a quarter of a millisecond. RFC 2045 6.8 lets lines be shorter
than 76 characters, so a line may end anywhere between groups of four.
"""

import binascii
from collections.abc import Sequence

_OCTETS_A_LINE = 57  # 76 characters, RFC 2045 6.8


def wrapped(data: bytes) -> bytes:
    """`data` in base64, lines of at most 76 characters, each ended by CRLF; nothing for nothing."""
    if len(data) <= _OCTETS_A_LINE:
        return binascii.b2a_base64(data, newline=False) + b"\r\n" if data else b""
    lines = (data[start : start + _OCTETS_A_LINE] for start in range(0, len(data), _OCTETS_A_LINE))
    return b"\r\n".join([*(binascii.b2a_base64(line, newline=False) for line in lines), b""])


class Base64Text:
    """The octets between the holes, one more than there are holes."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = [_Piece(piece) for piece in pieces]

    def fill(self, values: Sequence[bytes]) -> list[bytes]:
        """The encoded lines, in order, with `values` between the pieces."""
        written: list[bytes] = []
        carried = b""
        for index, piece in enumerate(self._pieces):
            missing = -len(carried) % 3
            if len(piece.octets) <= missing:
                carried += piece.octets
            else:
                written.append(wrapped(carried + piece.octets[:missing]))
                written.append(piece.encoded[missing])
                carried = piece.rest[missing]
            if index < len(values):
                carried += values[index]
        written.append(wrapped(carried))
        return written


class _Piece:
    """Fixed octets, encoded three ways: without the first 0, 1 or 2, which complete a group begun before them."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        cuts = [len(octets) - (len(octets) - skipped) % 3 for skipped in range(3)]
        self.encoded = [wrapped(octets[skipped:cut]) for skipped, cut in enumerate(cuts)]
        self.rest = [octets[cut:] for cut in cuts]
