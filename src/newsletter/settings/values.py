"""The values a setting may have: text as a person writes it -> a value nobody needs to check again.

Touches: the time zone database. Limits: mailboxes and host names are ASCII (a Korean domain is written as `xn--…`).
"""

import os.path
import re
import shlex
import unicodedata
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from pathlib import PurePath
from typing import Annotated
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, SecretStr

from newsletter.catalogue import phrase

from .explain import WrongValueError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(?:\d{1,9}[smhd])+", re.ASCII)
_LONGEST = timedelta(days=3660)
_RATE = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*/\s*([smh])", re.ASCII)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,3})?)\s*%", re.ASCII)
_SIX_DIGITS = re.compile(r"#[0-9a-f]{6}", re.ASCII)
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", re.ASCII)
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*", re.ASCII)


def length_of_time(value: object) -> timedelta:
    """`90s`, `1h30m`, `2d`; at most ten years. WrongValueError."""
    if isinstance(value, timedelta):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if not _DURATION.fullmatch(text):
        raise WrongValueError(phrase("settings.value.must_be_length_of_time"))
    length = timedelta(seconds=sum(int(n) * _UNITS[unit] for n, unit in re.findall(r"(\d+)([smhd])", text)))
    if not timedelta(0) < length <= _LONGEST:
        raise WrongValueError(phrase("settings.value.must_be_sane_length_of_time"))
    return length


def _optional_length(value: object) -> timedelta | None:
    is_empty = value is None or (isinstance(value, str) and not value.strip())
    return None if is_empty else length_of_time(value)


def _rate(value: str) -> str:
    text = value.strip()
    if text and per_second(text) is None:
        raise WrongValueError(phrase("settings.value.must_be_rate"))
    return text


def per_second(rate: str) -> float | None:
    """Messages per second of a `Rate`; None: as fast as the relay takes them."""
    match = _RATE.fullmatch(rate.strip())
    number = float(match[1]) / _UNITS[match[2]] if match else 0.0
    return number or None


def _percent(value: object) -> object:
    match = _PERCENT.fullmatch(value.strip()) if isinstance(value, str) else None
    share = float(match[1]) / 100 if match else -1.0
    if not 0 <= share <= 1:
        raise WrongValueError(phrase("settings.value.must_be_share"))
    return share


def _line(value: str) -> str:
    """One line of text: what may stand in a header or a heading."""
    text = unicodedata.normalize("NFC", value).strip()
    if any(unicodedata.category(char) in {"Cc", "Zl", "Zp"} for char in text):
        raise WrongValueError(phrase("settings.value.must_be_plain_line"))
    return text


def parse_list_id(value: str) -> str:
    """As settings, the ledger and the command line compare it; WrongValueError where it is none."""
    # RFC 2919: at most 255 characters, dots inside, compared without regard to case; the ledger compares exactly.
    text = value.strip().lower()
    if not _LOCAL.fullmatch(text) or "." not in text or len(text) > 255:
        raise WrongValueError(phrase("settings.value.must_be_list_id"))
    return text


def _mailbox(value: str) -> str:
    # RFC 5321 4.5.3.1: 64 octets of local part, 254 of address.
    text = value.strip()
    local, at, domain = text.rpartition("@")
    if "<" in text or ">" in text:
        raise WrongValueError(phrase("settings.value.must_be_bare_address"))
    if not (at and _LOCAL.fullmatch(local) and _HOST.fullmatch(domain) and len(local) <= 64 and len(text) <= 254):
        raise WrongValueError(phrase("settings.value.is_no_mail_address"))
    return f"{local}@{domain.lower()}"


def is_loopback(host: str) -> bool:
    """Whether what we say to `host` never leaves the machine: localhost (RFC 6761 6.3), 127.0.0.0/8, ::1."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name.strip("[]"))
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _split(text: str) -> SplitResult | None:
    """The parts of an http(s) address with a sane host and port, else None."""
    if re.search(r"[\s\x00-\x20\x7f\"<>\\^`{|}]", text):
        return None
    try:
        parts = urlsplit(text)
        sane = parts.port is None or parts.port > 0
    except ValueError:
        return None
    return parts if sane and parts.scheme in {"http", "https"} and parts.hostname else None


def website(value: str) -> str:
    text = value.strip()
    if text and _split(text) is None:
        raise WrongValueError(phrase("settings.value.must_be_web_address"))
    return text


def _pages_url(value: str) -> str:
    text = value.strip()
    if not text:
        return ""
    parts = _split(text)
    if parts is None or parts.query or parts.fragment or parts.username is not None:
        raise WrongValueError(phrase("settings.value.must_be_public_address"))
    # RFC 8058 3.1 demands https; http is for trying it out on this machine.
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise WrongValueError(phrase("settings.value.must_begin_with_https"))
    return text.rstrip("/")


def secret_url(value: str) -> str:
    """A web address whose path may be a secret: nobody else reads it on its way."""
    text = value.strip()
    parts = _split(text) if text else None
    if text and (parts is None or parts.fragment or parts.username is not None or not text.isascii()):
        raise WrongValueError(phrase("settings.value.must_be_web_address"))
    if parts is not None and parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise WrongValueError(phrase("settings.value.must_begin_with_https"))
    return text


def _domain(value: str) -> str:
    text = value.strip().lower()
    if text != "*" and not ("." in text and _HOST.fullmatch(text)):
        raise WrongValueError(phrase("settings.value.is_no_domain"))
    return text


def _relay_url(value: str) -> str:
    text = value.strip()
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or parts.path.strip("/") or parts.query or parts.fragment or re.search(r"\s", text):
        raise WrongValueError(phrase("settings.value.must_be_relay_url"))
    if parts.password is not None:
        raise WrongValueError(phrase("settings.value.must_not_carry_password", variable="NEWSLETTER_SMTP__PASSWORD"))
    return text


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongValueError(phrase("settings.value.is_no_time_zone")) from None
    return value


def six_digits(value: str) -> str:
    """A colour as every mail program reads it, in lower case. Raises WrongValueError."""
    # Outlook knows no #abc, and Gmail drops a style with a colour it cannot read.
    text = value.strip().lower()
    if not text or _SIX_DIGITS.fullmatch(text):
        return text
    digits = text.removeprefix("#")
    short = re.fullmatch(r"[0-9a-f]{3}", digits)
    whole = "".join(2 * digit for digit in digits) if short else digits
    guess = f"#{whole}" if _SIX_DIGITS.fullmatch(f"#{whole}") else "#0b6655"
    raise WrongValueError(phrase("settings.value.must_be_colour", example=guess))


def _command(value: str) -> str:
    try:
        words = shlex.split(value)
    except ValueError:
        raise WrongValueError(phrase("settings.value.has_open_quote")) from None
    if any(not word.isprintable() for word in words):
        raise WrongValueError(phrase("settings.value.has_control_character"))
    return value.strip()


_OWN_FOLDERS = frozenset({"..", ".newsletter", ".git", "issues", "templates"})


def _folder_of_its_own(value: str) -> str:
    """Inside the workspace, and not where it has files of its own; or anywhere, by its absolute path."""
    text = value.strip()
    parts = PurePath(os.path.normpath(text)).parts
    if not text.isprintable() or parts in {(), ("/",), ("build",)} or parts[0] in _OWN_FOLDERS:
        raise WrongValueError(phrase("settings.value.must_be_folder_of_its_own"))
    return text


class Password(SecretStr):
    """A secret that prints as `***`, whatever its length."""

    def _display(self) -> str:
        return "***"


ProgramCall = Annotated[str, AfterValidator(_command)]
FolderOfItsOwn = Annotated[str, AfterValidator(_folder_of_its_own)]
Duration = Annotated[timedelta, BeforeValidator(length_of_time)]
OptionalDuration = Annotated[timedelta | None, BeforeValidator(_optional_length)]
"""Empty is None."""
Rate = Annotated[str, AfterValidator(_rate)]
Percent = Annotated[float, BeforeValidator(_percent)]
Line = Annotated[str, AfterValidator(_line)]
ListId = Annotated[str, AfterValidator(parse_list_id)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
OptionalMailbox = Annotated[str, AfterValidator(lambda value: _mailbox(value) if value.strip() else "")]
Website = Annotated[str, AfterValidator(website)]
PagesUrl = Annotated[str, AfterValidator(_pages_url)]
SecretUrl = Annotated[str, AfterValidator(secret_url)]
Domain = Annotated[str, AfterValidator(_domain)]
RelayUrl = Annotated[str, AfterValidator(_relay_url)]
Colour = Annotated[str, AfterValidator(six_digits)]
Zone = Annotated[str, AfterValidator(_zone)]
