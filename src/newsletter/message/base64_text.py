"""Base64 of a long text with holes, made once and filled per message by copying. Touches: nothing.

Base64 turns three octets into four characters, so a fixed piece of text looks different in each of the three phases it
can begin in. All three are made ahead, broken into lines; only the values and up to two octets on either side of them
are encoded per message: 60 KB in microseconds instead of a quarter of a millisecond. RFC 2045 6.8 lets lines be shorter
than 76 characters, so a line may end anywhere between groups of four.
"""

import binascii
from collections.abc import Sequence
from typing import NamedTuple

_OCTETS_A_LINE = 57
_CHARACTERS_A_LINE = 76  # RFC 2045 6.8


def wrapped(data: bytes) -> bytes:
    """`data` in base64, lines of at most 76 characters, each ended by CRLF; nothing for nothing."""
    encoded = binascii.b2a_base64(data, newline=False)
    if len(encoded) <= _CHARACTERS_A_LINE:
        return encoded + b"\r\n" if data else b""
    starts = range(0, len(encoded), _CHARACTERS_A_LINE)
    return b"\r\n".join([encoded[start : start + _CHARACTERS_A_LINE] for start in starts]) + b"\r\n"


class Base64Text:
    """The octets between the holes, one more than there are holes. `before` and `after` go round all as they are."""

    def __init__(self, pieces: Sequence[bytes], *, before: bytes = b"", after: bytes = b"") -> None:
        *unfinished, last = pieces
        phases = [*(_phases(piece) for piece in unfinished), _last_phases(last, after)]
        first = phases[0][0]
        self._first = before + (first.encoded or b"")
        self._carried = first.rest
        self._following = phases[1:]

    def fill(self, values: Sequence[bytes]) -> list[bytes]:
        """The encoded lines, in order, with `values` between the pieces."""
        written = [self._first]
        carried = self._carried
        for value, phases in zip(values, self._following, strict=True):
            carried += value
            completing, encoded, rest = phases[len(carried) % 3]
            carried += completing
            if encoded is not None:
                written += (wrapped(carried), encoded)
                carried = rest
        return written


class _Phase(NamedTuple):
    """What a piece of fixed octets does after so many octets, modulo 3, that are carried over from before it."""

    completing: bytes
    """Up to two octets that complete the group begun before it; all of a piece that is too short for more."""
    encoded: bytes | None
    """Its whole groups; None where it is too short, so that everything is carried on."""
    rest: bytes
    """Up to two octets that begin a group."""


_Phases = tuple[_Phase, _Phase, _Phase]


def _phases(octets: bytes) -> _Phases:
    return _phase(octets, 0), _phase(octets, 1), _phase(octets, 2)


def _phase(octets: bytes, carried: int) -> _Phase:
    missing = -carried % 3
    if len(octets) <= missing:
        return _Phase(octets, None, b"")
    end = len(octets) - (len(octets) - missing) % 3
    return _Phase(octets[:missing], wrapped(octets[missing:end]), octets[end:])


def _last_phases(octets: bytes, after: bytes) -> _Phases:
    """The same where nothing is carried on."""
    first, second, third = (
        _Phase(phase.completing, (phase.encoded or b"") + wrapped(phase.rest) + after, b"") for phase in _phases(octets)
    )
    return first, second, third
