"""The one way in which whatever goes out and comes back is signed, and read with any of the keys. Touches: nothing."""

import hashlib
import hmac
from collections.abc import Sequence
from functools import cached_property

from itsdangerous import Signer
from itsdangerous.signer import SigningAlgorithm

SIGNATURE_SIZE = 18
"""Bytes: 24 characters of base64 without a spare bit, so that a signature has exactly one spelling."""


class _ShortHmac(SigningAlgorithm):
    """HMAC-SHA-256 cut to 144 bits (RFC 2104 section 5 allows down to half), for short links."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha256")[:SIGNATURE_SIZE]


class _Signer(Signer):
    """Derives the key of a secret once: a page reads a token at each click."""

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        secret = self.secret_keys[-1] if secret_key is None else secret_key
        if secret not in self._derived:
            self._derived[secret] = super().derive_key(secret)
        return self._derived[secret]

    @cached_property
    def _derived(self) -> dict[str | bytes, bytes]:
        return {}


def signer_for(keys: Sequence[bytes], salt: bytes) -> Signer:
    """Signs with the last key and reads with all. What another salt signed is not read: one for each purpose."""
    return _Signer(list(keys), salt=salt, key_derivation="hmac", digest_method=hashlib.sha256, algorithm=_ShortHmac())
