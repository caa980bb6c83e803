"""What a link says of a subscriber without saying who it is: a signed keyed hash. Touches: nothing.

The contract is docs/design.md 4.7. A token is read with nothing but the keys; it needs no look-up and outlives a lost
ledger. Everything is salted with the newsletter's list_id, so what was made under a former one is read with that one.
Limits: whoever holds a link can use it; the oldest key must be kept as long as suppressions made with it shall
hold.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from itsdangerous import BadSignature, Signer

from newsletter.catalogue import phrase
from newsletter.errors import SettingsError

from .keyed_hash import KeyedHash
from .signer import SIGNATURE_SIZE, signer_for

_HASH_SIZE = 16  # bytes: 40,000 subscribers collide with a chance of 2^-98
_VERSION = 1
_PROOF = 1
_SAID, _SAID_BY_PROOF = bytes([_VERSION, 0]), bytes([_VERSION, _PROOF])
# 18 bytes before the signature and 18 of it are 24 + 24 base64 characters without a spare bit, so that exactly one
# spelling of a token is good, and `bounce+<token>` stays under the 64 octets of a local part (RFC 5321 4.5.3.1.1).
# Mail programs that make links of plain text leave a final `-` out, so a token ends with a letter.
_END = "x"
TOKEN_PATTERN = rf"[A-Za-z0-9_-]{{24}}\.[A-Za-z0-9_-]{{24}}{_END}"
"""What every token looks like, in regular expressions of any make; whether it is one, `Links.read` says."""
_TOKEN = re.compile(TOKEN_PATTERN, re.ASCII)
TOKEN_LENGTH = 24 + 1 + 24 + len(_END)
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648 6, in lower case
_TAG_SIZE = 15  # bytes: 24 characters of 5 bits
# Ten bits at a time: `base64.b32encode` takes three times as long.
_PAIRS = [first + second for first in _BASE32 for second in _BASE32]
_PAIR_PLACES = range(_TAG_SIZE * 8 - 10, -1, -10)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Token:
    """What a good token says. A proof's changes nothing."""

    address_hash: bytes
    proof: bool
    list_id: str
    """Of the newsletter whose letter it stands in, as it was called then."""


class Links:
    """Makes the tokens of one newsletter, and reads them and those of its `former` list_ids.

    `keys` are the secrets, newest last.
    """

    def __init__(self, keys: tuple[bytes, ...], list_id: str, former: Collection[str] = ()) -> None:
        if not keys:
            raise SettingsError(phrase("audience.link.no_key"))
        self._keys = {_key_id(key): key for key in keys}
        self._newest = _key_id(keys[-1])
        self._list_id = list_id
        self._former = tuple(Links(keys, one) for one in dict.fromkeys(former) if one != list_id)
        self._addresses = self._hash(keys[0], b"address")
        self._seals = {key_id: KeyedHash(self._signer([key]).derive_key()) for key_id, key in self._keys.items()}

    @property
    def key_id(self) -> str:
        """Names the newest key without telling it; a plan freezes it."""
        return self._newest

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Of all keys, the oldest first, which makes the hashes."""
        return tuple(self._keys)

    def address_hash(self, key: str) -> bytes:
        """16 bytes for a subscriber's key. Made with the oldest secret, so a suppression survives a new one."""
        return self._addresses.digest(key.encode())[:_HASH_SIZE]

    def all_hashes(self, key: str) -> tuple[bytes, ...]:
        """Today's hash, then what a link of an earlier letter may have left behind: one for each former list_id."""
        return self.address_hash(key), *(links.address_hash(key) for links in self._former)

    def token(self, key: str, *, key_id: str | None = None, proof: bool = False) -> str:
        """The token for a subscriber's key: 50 characters, safe in a URL and in a local part.

        Raises SettingsError where the secret of that `key_id` is no longer there.
        """
        said = base64.urlsafe_b64encode((_SAID_BY_PROOF if proof else _SAID) + self.address_hash(key))
        seal = self._of(self._seals, key_id).digest(said)[:SIGNATURE_SIZE]
        return f"{said.decode('ascii')}.{base64.urlsafe_b64encode(seal).decode('ascii')}{_END}"

    def read(self, token: str) -> Token | None:
        """What a token says, whichever of the keys signed it; None for anything that is not exactly one of ours."""
        if not _TOKEN.fullmatch(token):
            return None
        try:
            said = base64.urlsafe_b64decode(self._reader.unsign(token.removesuffix(_END)))
        except BadSignature:
            return next((read for links in self._former if (read := links.read(token))), None)
        if said[0] != _VERSION or said[1] not in (0, _PROOF):
            return None
        return Token(said[2:], said[1] == _PROOF, self._list_id)

    def message_tags(self, slug: str, key_id: str | None = None) -> Callable[[str], str]:
        """What gives 24 lower-case letters and digits to a subscriber's key, for the Message-ID of this issue.

        Raises SettingsError where the secret of that `key_id` is no longer there.
        """
        tags = self._hash(self._of(self._keys, key_id), b"message\0" + slug.encode())

        def tag(key: str) -> str:
            bits = int.from_bytes(tags.digest(key.encode())[:_TAG_SIZE], "big")
            return "".join([_PAIRS[bits >> place & 0x3FF] for place in _PAIR_PLACES])

        return tag

    @cached_property
    def _reader(self) -> Signer:
        return self._signer(list(self._keys.values()))

    def _signer(self, keys: list[bytes]) -> Signer:
        return signer_for(keys, b"newsletter.link\0" + self._list_id.encode())

    def _hash(self, secret: bytes, purpose: bytes) -> KeyedHash:
        return KeyedHash(secret, b"\0".join([b"newsletter", purpose, self._list_id.encode(), b""]))

    def _of(self, by_key_id: dict[str, _T], key_id: str | None) -> _T:
        try:
            return by_key_id[key_id or self._newest]
        except KeyError:
            raise SettingsError(
                phrase("audience.link.key_is_gone", key=str(key_id)),
                hint=phrase("audience.link.put_it_back"),
            ) from None


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"newsletter key id\0" + key).hexdigest()[:12]
