"""One address at the door: strict, so that nobody behind it has to look again.

Touches: nothing (no DNS). Limits: no quoted local parts, no non-ASCII local parts (they need SMTPUTF8, RFC 6531, which
relays seldom offer), no domain literals, no special-use domains. email-validator judges each domain once; it takes 29 s
for a million addresses otherwise.
"""

import re
import unicodedata
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from newsletter.catalogue import Said, phrase
from newsletter.errors import InputError

# What spreadsheets leave round an address: blanks, line ends of a quoted cell, no-break and ideographic space, BOM.
_BLANKS = " \t\r\n\u00a0\u3000\ufeff"
# RFC 5321 4.1.2 Dot-string; obs-local-part and Quoted-string are left out on purpose.
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
# What nearly all addresses are: a local part as above and an ASCII domain, with nothing round them.
_PLAIN = re.compile(rf"({_LOCAL_PART.pattern})@([A-Za-z0-9.-]+)", re.ASCII)
_SEVERAL = re.compile(r"@[^@\x00-\x1f]*[,;/| ][^@\x00-\x1f]*@")
_LONGEST_LOCAL_PART = 64  # octets, RFC 5321 4.5.3.1.1
_LONGEST_ADDRESS = 254  # octets: a path of 256 with its angle brackets, RFC 5321 4.5.3.1.3
# RFC 6761 and RFC 9476; email-validator's own list has gaps. example.com, .net and .org stay good (docs/design.md 4.3).
_SPECIAL_USE = frozenset({"alt", "arpa", "example", "invalid", "local", "localhost", "onion", "test"})
_DOMAINS_REMEMBERED = 65_536
_NOT_VALID = phrase("audience.address.domain_is_not_valid")
# All that email-validator tells is an English sentence, so what it says of a domain is known by how that begins.
_FOREIGN = (
    ("There must be something after", phrase("audience.address.domain_is_empty")),
    ("An email address cannot have two periods in a row", phrase("audience.address.has_two_periods")),
    ("An email address cannot end with a period", phrase("audience.address.ends_with_period")),
    ("An email address cannot", phrase("audience.address.domain_has_misplaced_sign")),
    (
        "The part after the @-sign is not valid. It should have a period",
        phrase("audience.address.domain_has_no_period"),
    ),
    ("The part after the @-sign is not valid. It is not within", phrase("audience.address.domain_has_no_end")),
    ("The part after the @-sign contains invalid characters", phrase("audience.address.domain_holds_bad_characters")),
    ("The email address contains", phrase("audience.address.domain_holds_bad_characters")),
    ("The part after the @-sign is a special-use", phrase("audience.address.domain_is_special")),
    ("The email address is too long", phrase("audience.address.domain_is_too_long")),
    ("After the @-sign, periods cannot be separated", phrase("audience.address.domain_is_too_long")),
    ("A bracketed IP address", phrase("audience.address.domain_is_ip_address")),
)


class AddressError(InputError):
    """Not an address a letter can go to; `reason` does not repeat the address, so it may be shown anywhere."""

    def __init__(self, reason: Said) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_address(text: str) -> tuple[str, str]:
    """The address as written (NFC, trimmed) and the key that is compared: A-label domain, case-folded.

    Raises AddressError with a reason that names no address.
    """
    if plain := _PLAIN.fullmatch(text):  # the long look costs three times as much, and says the same: a test compares
        local, domain = plain.groups()
        ascii_domain, reason = _judge_domain(domain)
        if reason is None and len(local) <= _LONGEST_LOCAL_PART and len(local) + len(ascii_domain) < _LONGEST_ADDRESS:
            return text, f"{local}@{ascii_domain}".lower()
    return _parse_any(text)


def _parse_any(text: str) -> tuple[str, str]:
    """The same for any text."""
    email = unicodedata.normalize("NFC", text.strip(_BLANKS))
    if not email:
        raise AddressError(phrase("audience.address.is_empty"))
    if "<" in email or ">" in email:
        raise AddressError(phrase("audience.address.holds_name"))
    if email.count("@") > 1 and _SEVERAL.search(email):
        raise AddressError(phrase("audience.address.is_several"))
    _refuse_odd_characters(email)
    local, at, domain = email.rpartition("@")
    if not at:
        raise AddressError(phrase("audience.address.has_no_at"))
    _judge_local_part(local)
    ascii_domain, reason = _judge_domain(domain)
    if reason is not None:
        raise AddressError(reason)
    if len(local) + 1 + len(ascii_domain) > _LONGEST_ADDRESS:
        raise AddressError(phrase("audience.address.is_too_long", most=_LONGEST_ADDRESS))
    return email, f"{local}@{ascii_domain}".casefold()


def spellings(email: str, key: str) -> frozenset[str]:
    """Every way in which this address is written, but for case: as given, and its domain as A-labels and in words."""
    local, _, domain = key.rpartition("@")
    in_words = validate_email(f"a@{domain}", check_deliverability=False).domain
    return frozenset({email, key, f"{local}@{in_words}"})


def envelope_address(email: str, key: str) -> str:
    """The address as it goes to the relay: the local part as written, the domain as A-labels."""
    return f"{email.rpartition('@')[0]}@{key.rpartition('@')[2]}"


def _refuse_odd_characters(email: str) -> None:
    # Nearly all addresses are plain ASCII; the long look costs 10 µs each, ten seconds in a million.
    plain = email.isascii() and email.isprintable() and " " not in email
    for char in "" if plain else email:
        category = unicodedata.category(char)
        if category in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
            named = f"U+{ord(char):04X}"
            raise AddressError(phrase("audience.address.holds_invisible_character", character=named))
        if char.isspace():
            raise AddressError(phrase("audience.address.holds_space"))


def _judge_local_part(local: str) -> None:
    if not local.isascii():
        raise AddressError(phrase("audience.address.local_part_is_not_ascii"))
    if local.startswith('"'):
        raise AddressError(phrase("audience.address.local_part_is_quoted"))
    if len(local) > _LONGEST_LOCAL_PART:
        raise AddressError(phrase("audience.address.local_part_is_too_long", most=_LONGEST_LOCAL_PART))
    if local.lower().startswith("mailto:"):
        raise AddressError(phrase("audience.address.begins_with_mailto"))
    if not _LOCAL_PART.fullmatch(local):
        raise AddressError(phrase("audience.address.local_part_is_not_valid"))


@lru_cache(maxsize=_DOMAINS_REMEMBERED)
def _judge_domain(domain: str) -> tuple[str, Said | None]:
    """The domain as A-labels in lower case, or an empty domain and the reason why not."""
    try:
        found = validate_email(f"a@{domain}", check_deliverability=False).ascii_domain
    except EmailNotValidError as error:
        return "", _said_of(error)
    ascii_domain = found.lower()
    if ascii_domain.rpartition(".")[2] in _SPECIAL_USE:
        return "", phrase("audience.address.domain_is_special")
    return ascii_domain, None


def _said_of(error: EmailNotValidError) -> Said:
    words = str(error)
    return next((said for start, said in _FOREIGN if words.startswith(start)), _NOT_VALID)
