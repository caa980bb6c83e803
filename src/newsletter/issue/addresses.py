"""Telephone numbers as links, and what an address was meant to be that lacks its scheme. Touches: nothing."""

import re

_HOST = re.compile(r"(?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d+)?(?:[/?#].*)?", re.DOTALL)
_MAILBOX = re.compile(r"[^\s@/:]+@[\w-]+(?:\.[\w-]+)+")
_FILE = re.compile(
    r"[^/?#]+\.(?:pdf|hwpx?|docx?|xlsx?|pptx?|txt|csv|zip|html?|png|jpe?g|gif|svg|mp[34])", re.IGNORECASE
)
_BROKEN_SCHEME = re.compile(r"h?t{1,2}ps?(?:[:;]/{0,3}|/{1,3})(?=[\w-]+\.)", re.IGNORECASE)
_NUMBER = re.compile(r"sms:\s*(.+)", re.IGNORECASE | re.DOTALL)
_TELEPHONE = re.compile(r"tel:\+?\(?\d[\d\-.()]*\d(?:;ext=\d+)?", re.IGNORECASE | re.ASCII)
_TYPED_NUMBER = re.compile(r"(?:(?:tel|callto):\s*)?(\+?\(?\d[\d\s\-.()]*\d)", re.IGNORECASE | re.ASCII)
_FEWEST, _FEWEST_ALONE = 3, 8
"""Digits of a telephone number: 120, 02-120; and of one without a scheme, so that no date is taken for one."""


def is_telephone(address: str) -> bool:
    """Whether it is `tel:` with a number (RFC 3966)."""
    return bool(_TELEPHONE.fullmatch(address)) and _digits(address) >= _FEWEST


def with_scheme(address: str) -> str:
    """`example.org/a` -> `https://example.org/a`, `a@example.org` -> `mailto:a@example.org`; empty for anything else.

    A broken one is mended, too: `https:/example.org`, `ttps://example.org`, `tel: 02 2149 1234`.
    """
    address = address.strip()
    if address.startswith("//"):
        return f"https:{address}"
    if broken := _BROKEN_SCHEME.match(address):
        return f"https://{address[broken.end() :]}"
    if number := _TYPED_NUMBER.fullmatch(address):
        enough = _digits(number[1]) >= (_FEWEST if ":" in address else _FEWEST_ALONE)
        return "tel:" + re.sub(r"\s+", "-", number[1]) if enough and "." not in number[1] else ""
    if _MAILBOX.fullmatch(address):
        return f"mailto:{address}"
    return f"https://{address}" if _HOST.fullmatch(address) and not _FILE.fullmatch(address) else ""


def telephone_number(address: str) -> str:
    """The number of `sms:02-2149-1234`, as typed, which no letter links to; empty where it is none."""
    match = _NUMBER.fullmatch(address.strip())
    return match[1] if match else ""


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)
