"""Addresses in a line of text, found from the at sign outwards, so that no line takes long. Touches: nothing.

In Korean a particle follows without a blank (`user@example.com으로`), so an address is ASCII here;
RFC 6533 has the others.
"""

import string
from collections.abc import Iterator
from dataclasses import dataclass

_LOCAL = frozenset(string.ascii_letters + string.digits + "!#$%&'*+/=?^_`{|}~.-")
_DOMAIN = frozenset(string.ascii_letters + string.digits + ".-")
_LONGEST_LOCAL, _LONGEST_DOMAIN = 128, 253
"""RFC 5321 4.5.3.1 says 64; VERP makes them longer."""
_DAEMONS = frozenset({"mailer-daemon", "postmaster", "abuse", "mailerdaemon", "mail-daemon", "hostmaster"})
_LABELS = frozenset({"smtp", "to", "from", "rcpt", "recipient", "email", "mail", "addr", "address", "user", "orcpt"})
"""Before an equals sign, which may stand in an address too: `RCPT=jane@example.com`, `bounce+jane=example.com@`."""
_LEADING = " \t<([\"'*>-+•·○●▶▷■□◆◇▪※◦ㆍ∙#~_"


@dataclass(frozen=True, slots=True)
class AddressInLine:
    """An address in a line."""

    address: str
    start: int
    end: int


def addresses_in_line(line: str) -> Iterator[AddressInLine]:
    """In the order in which they stand; those of mail systems themselves are left out."""
    at = line.find("@")
    while at >= 0:
        if found := _around(line, at):
            yield found
        at = line.find("@", at + 1)


def begins_with_address(line: str) -> bool:
    """Nothing but a bracket, a bullet or blanks stands before it."""
    first = next(addresses_in_line(line), None)
    return first is not None and not line[: first.start].strip(_LEADING)


def _around(line: str, at: int) -> AddressInLine | None:
    start = at
    while start and at - start < _LONGEST_LOCAL and line[start - 1] in _LOCAL:
        start -= 1
    end = at + 1
    while end < len(line) and end - at <= _LONGEST_DOMAIN and line[end] in _DOMAIN:
        end += 1
    written = line[start:at]
    local = written.lstrip("'`*/.-=|{")
    label, mark, value = local.partition("=")
    if mark and label.lower() in _LABELS:
        local = value
    domain = line[at + 1 : end].rstrip(".-")
    is_address = local and ".." not in local + domain and "." in domain and domain[0].isalnum()
    if not is_address or not domain.rpartition(".")[2][:1].isalpha() or local.lower() in _DAEMONS:
        return None
    return AddressInLine(f"{local}@{domain}", at - len(local), at + 1 + len(domain))
