"""Read a delivery status notification (RFC 3464; with addresses in UTF-8, RFC 6533). Touches: nothing.

Limits: `MOST_RECIPIENTS` of one notification are told; our messages have one each.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.printable import one_line

from .fields import Fields, addresses_in, decoded_words, parse_fields
from .mime import MimePart
from .model import Kind
from .plain import saying

_STATUS_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
MOST_RECIPIENTS = 100
_MOST_GROUPS = 1000
_GROUP_END = re.compile(rb"\n[ \t]*\n")
_NAMES = ("original-recipient", "final-recipient")
_OF_A_RECIPIENT = frozenset({*_NAMES, "action", "status", "diagnostic-code", "x-actual-recipient"})
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"(?:^|[\s;:(<\[#])([245]\d\d)(?=[\s\-:#,;)]|$)")
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
"""RFC 6533 3."""
_ACTIONS = {
    "failed": Kind.BOUNCE,
    "failure": Kind.BOUNCE,
    "error": Kind.BOUNCE,
    "delayed": Kind.DELAY,
    "delivered": Kind.DELIVERED,
    "relayed": Kind.DELIVERED,
    "expanded": Kind.DELIVERED,
}
"""RFC 3464 2.3.3; OpenSMTPD writes `error`, others `failure`."""
_KIND_BY_STATUS = {"5": Kind.BOUNCE, "4": Kind.DELAY, "2": Kind.DELIVERED}


@dataclass(frozen=True, slots=True)
class Status:
    """What a notification says of one recipient."""

    kind: Kind
    addresses: tuple[str, ...]
    """Original-Recipient, then Final-Recipient."""
    code: int
    enhanced: str
    text: str


@dataclass(frozen=True, slots=True)
class Notification:
    envelope_id: str
    """Original-Envelope-Id: the ENVID we gave (RFC 3461 4.4); empty where there is none."""
    statuses: tuple[Status, ...]


def read_notification(message: MimePart) -> Notification | None:
    """What the first delivery-status part says; None where there is none that says anything."""
    for part in message.walk():
        if part.content_type in _STATUS_TYPES:
            groups = list(_groups(part.octets))
            statuses = tuple(_status(group) for group in _recipients(groups))
            if statuses:
                return Notification(next((_envelope_id(group) for group in groups), ""), statuses)
    return None


def _groups(octets: bytes) -> Iterator[Fields]:
    for block in _GROUP_END.split(octets.strip(b"\n"), _MOST_GROUPS)[:_MOST_GROUPS]:
        yield parse_fields(block.strip(b"\n"))


def _envelope_id(group: Fields) -> str:
    return one_line(group.raw("original-envelope-id"))


def _recipients(groups: list[Fields]) -> list[list[Fields]]:
    """Each recipient's groups: some systems put an empty line between the fields of one recipient."""
    found: list[list[Fields]] = []
    for group in groups:
        if _OF_A_RECIPIENT.isdisjoint(group.names()):
            continue
        named = any(name in group for name in _NAMES)
        if not found or (named and any(name in earlier for earlier in found[-1] for name in _NAMES)):
            if len(found) == MOST_RECIPIENTS:
                break
            found.append([])
        found[-1].append(group)
    return found


def _status(groups: list[Fields]) -> Status:
    diagnostic = _joined(groups, "diagnostic-code")
    text = _said(diagnostic)
    stated = _STATUS.search(_joined(groups, "status"))
    enhanced = _more_exact(stated[1] if stated else "", text)
    return Status(
        _kind(_joined(groups, "action"), enhanced),
        tuple(_addresses(groups)),
        code_in(text),
        enhanced,
        saying(text or _joined(groups, "status")),
    )


def _joined(groups: list[Fields], name: str) -> str:
    return next((one_line(decoded_words(group.raw(name))) for group in groups if name in group), "")


def _said(diagnostic: str) -> str:
    """Without its type: `smtp; 550 …`."""
    kind, _, rest = diagnostic.partition(";")
    return rest.strip() if rest and re.fullmatch(r"[\w.+-]{1,40}", kind.strip()) else diagnostic


def code_in(text: str) -> int:
    """The first SMTP reply code in it, 0 where there is none."""
    found = _CODE.search(text)
    return int(found[1]) if found else 0


def _more_exact(stated: str, text: str) -> str:
    """Many write Status: 5.0.0 and have the true one in the reply."""
    if stated and not stated.endswith(".0.0"):
        return stated
    said = _STATUS.search(text)
    return said[1] if said and (not stated or said[1][0] == stated[0]) else stated


def _kind(action: str, enhanced: str) -> Kind:
    word = re.match(r"[a-z]+", action.lower())
    return _ACTIONS.get(word[0] if word else "", _KIND_BY_STATUS.get(enhanced[:1], Kind.UNKNOWN))


def _addresses(groups: list[Fields]) -> Iterator[str]:
    for name in (*_NAMES, "x-actual-recipient"):
        for group in groups:
            if name in group and (address := typed_address(group.raw(name))):
                yield address


def typed_address(value: str) -> str:
    """The address of `rfc822; user@example.com` or of `utf-8; …`; empty for an X.400 name and the like."""
    value = _ESCAPED.sub(lambda found: _character(found[1]), one_line(decoded_words(value)))
    bare = value.rpartition(";")[2].strip().strip("<>")
    if bare.count("@") == 1 and not re.search(r"[\s<>()]", bare) and not bare.startswith(("@", "/")):
        return bare.rstrip(".")
    return next(iter(addresses_in(value)), "")


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if 0x20 < number < 0x110000 and not 0xD800 <= number < 0xE000 else ""
