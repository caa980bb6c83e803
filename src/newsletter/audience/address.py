"""One address at the door: strict, so that nobody behind it has to look again.

Touches: nothing (no DNS). Limits: no quoted local parts, no non-ASCII local parts (they need SMTPUTF8, RFC 6531, which
relays seldom offer), no domain literals, no special-use domains. email-validator judges each domain once; it takes 29 s
for a million addresses otherwise.
"""

import re
import unicodedata
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from newsletter.errors import InputError

# What spreadsheets leave round an address: blanks, line ends of a quoted cell, no-break and ideographic space, BOM.
_BLANKS = " \t\r\n\u00a0\u3000\ufeff"
# RFC 5321 4.1.2 Dot-string; obs-local-part and Quoted-string are left out on purpose.
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LONGEST_LOCAL_PART = 64  # octets, RFC 5321 4.5.3.1.1
_LONGEST_ADDRESS = 254  # octets: a path of 256 with its angle brackets, RFC 5321 4.5.3.1.3
# RFC 6761 and RFC 9476; email-validator's own list has gaps. example.com, .net and .org stay good (DESIGN 4.3).
_SPECIAL_USE = frozenset({"alt", "arpa", "example", "invalid", "local", "localhost", "onion", "test"})
_DOMAINS_REMEMBERED = 65_536


class AddressError(InputError):
    """Not an address a letter can go to; `reason` does not repeat the address, so it may be shown anywhere."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_address(text: str) -> tuple[str, str]:
    """The address as written (NFC, trimmed) and the key that is compared: A-label domain, case-folded.

    Raises AddressError with a reason that names no address.
    """
    email = unicodedata.normalize("NFC", text.strip(_BLANKS))
    if not email:
        raise AddressError("the address is empty")
    _refuse_odd_characters(email)
    local, at, domain = email.rpartition("@")
    if not at:
        raise AddressError("the address has no @")
    _judge_local_part(local)
    ascii_domain, reason = _judge_domain(domain)
    if reason:
        raise AddressError(reason)
    if len(local) + 1 + len(ascii_domain) > _LONGEST_ADDRESS:
        raise AddressError(f"the address is longer than {_LONGEST_ADDRESS} octets")
    return email, f"{local}@{ascii_domain}".casefold()


def envelope_address(email: str, key: str) -> str:
    """The address as it goes to the relay: the local part as written, the domain as A-labels."""
    return f"{email.rpartition('@')[0]}@{key.rpartition('@')[2]}"


def _refuse_odd_characters(email: str) -> None:
    # Nearly all addresses are plain ASCII; the long look costs 10 µs each, ten seconds in a million.
    plain = email.isascii() and email.isprintable() and " " not in email
    for char in "" if plain else email:
        category = unicodedata.category(char)
        if category in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
            raise AddressError(f"the address contains the invisible character U+{ord(char):04X}")
        if char.isspace():
            raise AddressError("the address contains a space")
    if "<" in email or ">" in email:
        raise AddressError("a name with the address in angle brackets; the column takes the bare address")


def _judge_local_part(local: str) -> None:
    if not local.isascii():
        raise AddressError("the part before the @ has characters beyond ASCII, which relays do not take")
    if local.startswith('"'):
        raise AddressError("the part before the @ is quoted, which is not taken here")
    if len(local) > _LONGEST_LOCAL_PART:
        raise AddressError(f"the part before the @ is longer than {_LONGEST_LOCAL_PART} octets")
    if not _LOCAL_PART.fullmatch(local):
        raise AddressError("the part before the @ is not valid")


@lru_cache(maxsize=_DOMAINS_REMEMBERED)
def _judge_domain(domain: str) -> tuple[str, str]:
    """The domain as A-labels in lower case and an empty reason, or an empty domain and the reason why not."""
    try:
        found = validate_email(f"a@{domain}", check_deliverability=False).ascii_domain
    except EmailNotValidError as error:
        return "", str(error).rstrip(".")
    ascii_domain = found.lower()
    if ascii_domain.rpartition(".")[2] in _SPECIAL_USE:
        return "", "the part after the @ is a special-use domain; no mail reaches it"
    return ascii_domain, ""
