"""Sign messages with DKIM (RFC 6376; Ed25519 by RFC 8463). Touches: a key file, when it is loaded.

Signed are the fields that readers and filters go by, one-click (RFC 8058 4) and CFBL-Address (RFC 9477) among them,
each once more than it is there, so that none can be added. Not Message-ID, which some relays replace. There is no time
in a signature: a resumed run sends the same octets.

Limits: the body is taken as it is, so it has to be canonical already: 7-bit, CRLF, no blanks at the end of a line nor
two in a row, one line end at its end. That is what `mime.frame` makes (a test holds it against dkimpy's own reading).
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from newsletter.catalogue import phrase
from newsletter.errors import SettingsError
from newsletter.settings.system_reason import system_reason

from .header_encoding import structured

_SIGNED = (
    *(b"from", b"to", b"subject", b"date", b"reply-to", b"mime-version", b"content-type"),
    *(b"list-id", b"list-unsubscribe", b"list-unsubscribe-post", b"cfbl-address"),
)
"""RFC 6376 5.4.1, RFC 8058 4, RFC 9477."""
_FIELD_END = re.compile(rb"\r\n(?![ \t])")
_LEAST_BITS = 2048
"""RFC 8301 3.2: signers should, and verifiers must take 1024 to 4096."""
_CHUNK = 64


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, and where the public one is found: `selector._domainkey.domain`."""

    domain: str
    selector: str
    key: RSAPrivateKey | Ed25519PrivateKey

    @property
    def algorithm(self) -> str:
        return "rsa-sha256" if isinstance(self.key, RSAPrivateKey) else "ed25519-sha256"

    @property
    def signature_size(self) -> int:
        """Octets: as many as the modulus has, or the 64 of RFC 8032."""
        return (self.key.key_size + 7) // 8 if isinstance(self.key, RSAPrivateKey) else 64

    def signature(self, signed: bytes) -> bytes:
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(signed, PKCS1v15(), SHA256())
        # RFC 8463 3: what Ed25519 signs is the SHA-256 of it.
        return self.key.sign(hashlib.sha256(signed).digest())


def load_signing_key(file: Path, domain: str, selector: str) -> SigningKey:
    """Read a private key in PEM. Raises SettingsError that says what is wrong and what to do, never what is in it."""
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except OSError as error:
        raise SettingsError(
            phrase("message.dkim.cannot_be_read", file=str(file), why=system_reason(error)),
            hint=phrase("message.dkim.name_its_file"),
        ) from None
    except TypeError:
        raise SettingsError(phrase("message.dkim.has_password", file=str(file))) from None
    except (ValueError, UnsupportedAlgorithm):
        raise SettingsError(
            phrase("message.dkim.is_no_private_key", file=str(file)),
            hint=phrase("message.dkim.make_one", file=str(file)),
        ) from None
    if isinstance(key, RSAPrivateKey) and key.key_size >= _LEAST_BITS:
        return SigningKey(domain, selector, key)
    if isinstance(key, Ed25519PrivateKey):
        return SigningKey(domain, selector, key)
    raise SettingsError(phrase("message.dkim.is_of_no_known_kind", file=str(file), bits=_LEAST_BITS))


class Signer:
    """Signs with every key it has: receivers that do not know Ed25519 yet go by RSA."""

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        self._keys = tuple(keys)
        self._forms: dict[tuple[bytes, ...], list[_Form]] = {}

    def sign(self, head: bytes, body_hash: bytes) -> bytes:
        """The fields to put before the header `head` (whole fields, each with its CRLF).

        `body_hash` is the SHA-256 of the body, which follows the empty line. Some 0.3 ms for RSA-2048.
        """
        found: dict[bytes, list[bytes]] = {name: [] for name in _SIGNED}
        for field in _FIELD_END.split(head)[:-1]:
            name = field.partition(b":")[0].strip().lower()
            if name in found:
                found[name].append(relaxed(field))
        names: list[bytes] = []
        signed = b""
        for name, lines in found.items():
            names += [name] * (len(lines) + 1)
            # Fields of one name are signed from the last to the first (RFC 6376 5.4.2).
            signed += b"".join(reversed(lines))
        return b"".join(form.filled(signed, body_hash) for form in self._forms_for(tuple(names)))

    def _forms_for(self, names: tuple[bytes, ...]) -> "list[_Form]":
        if names not in self._forms:
            self._forms[names] = [_Form(key, [name.decode("ascii") for name in names]) for key in self._keys]
        return self._forms[names]


class _Form:
    """The field of one key over fields of these names, made once: signatures of a key, and hashes, have one length."""

    def __init__(self, key: SigningKey, names: Sequence[str]) -> None:
        *first, last = names
        tokens = [
            *("v=1;", f"a={key.algorithm};", "c=relaxed/relaxed;", f"d={key.domain};", f"s={key.selector};"),
            f"h={first[0]}:",
            *(f"{name}:" for name in first[1:]),
            f"{last};",
            f"bh={_stand_in(hashlib.sha256().digest_size)};",
        ]
        chunks = _chunks(_stand_in(key.signature_size))
        unsigned = relaxed(structured(_NAME, [*tokens, "b="]).wire.removesuffix(b"\r\n")).removesuffix(b"\r\n")
        self._key = key
        self._round_hash = _STAND_IN.split(unsigned)
        self._round_chunks = _STAND_IN.split(structured(_NAME, [*tokens, f"b={chunks[0]}", *chunks[1:]]).wire)

    def filled(self, signed: bytes, body_hash: bytes) -> bytes:
        hashed = base64.b64encode(body_hash)
        signature = self._key.signature(signed + hashed.join(self._round_hash))
        values = [hashed, *_chunks(base64.b64encode(signature)), b""]
        return b"".join(part for pair in zip(self._round_chunks, values, strict=True) for part in pair)


_NAME = "DKIM-Signature"
_STAND_IN = re.compile(rb"~+")
_Text = TypeVar("_Text", str, bytes)


def _stand_in(octets: int) -> str:
    """As long as so many octets are in base64."""
    return "~" * len(base64.b64encode(bytes(octets)))


def _chunks(value: _Text) -> list[_Text]:
    return [value[start : start + _CHUNK] for start in range(0, len(value), _CHUNK)]


def relaxed(field: bytes) -> bytes:
    """A header field without its CRLF in relaxed form, with it (RFC 6376 3.4.2)."""
    name, _, value = field.partition(b":")
    return name.strip().lower() + b":" + b" ".join(value.split()) + b"\r\n"
