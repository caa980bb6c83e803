"""A value that goes out into a page or a mail and must come back unchanged, with the time when it went out.

Touches: nothing. For what is no link to leave by (links.py): the link of a mail that asks for a confirmation, the time
at which a form was shown. Each purpose and each newsletter has signatures of its own, so that what was made for one is
good for no other; every key that is still there reads. Limits: it is signed and not encrypted, so it says to anybody
what it says.
"""

import base64
import binascii
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature

from .signer import signer_for

MAX_DATA = 256
"""Bytes."""
_VERSION = 1
_HEAD = struct.Struct(">BQ")
"""The version, and microseconds since 1970."""
_END = "x"
"""Mail programs that make links of plain text leave a final `-` out, so it ends with a letter."""
_TEXT = re.compile(rf"[A-Za-z0-9_-]{{12,400}}\.[A-Za-z0-9_-]{{24}}{_END}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class SignedValue:
    """What was signed, and when."""

    data: bytes
    at: datetime


class Signed:
    """Signs and reads the values of one purpose of one newsletter; `keys` are the secrets, newest last."""

    def __init__(self, keys: Sequence[bytes], list_id: str, purpose: str) -> None:
        self._signer = signer_for(keys, b"\0".join([b"newsletter.value", purpose.encode(), list_id.encode()]))

    def sign(self, data: bytes, at: datetime) -> str:
        """Text that is safe in a URL, in a form and in a local part; ValueError for more than MAX_DATA bytes."""
        if len(data) > MAX_DATA:
            raise ValueError(f"{len(data)} bytes are too many to sign")
        said = base64.urlsafe_b64encode(_HEAD.pack(_VERSION, (at - _EPOCH) // _MICROSECOND) + data)
        return self._signer.sign(said.rstrip(b"=")).decode("ascii") + _END

    def read(self, text: str, now: datetime, *, max_age: timedelta | None = None) -> SignedValue | None:
        """What it says, whichever of the keys signed it; None for whatever else, and for what is too old."""
        if not _TEXT.fullmatch(text):
            return None
        try:
            said = self._signer.unsign(text.removesuffix(_END))
            whole = base64.urlsafe_b64decode(said + b"=" * (-len(said) % 4))
            version, microseconds = _HEAD.unpack_from(whole)
        except (BadSignature, binascii.Error, struct.error):
            return None
        at = _EPOCH + microseconds * _MICROSECOND
        if version != _VERSION or (max_age is not None and now - at > max_age):
            return None
        return SignedValue(whole[_HEAD.size :], at)
