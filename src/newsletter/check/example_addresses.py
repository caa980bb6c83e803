"""Settings whose address belongs to nobody: example.org and its like (RFC 2606, RFC 6761). Touches: nothing."""

import re
from collections.abc import Iterator
from operator import attrgetter
from urllib.parse import urlsplit

from newsletter.settings.model import Settings

from .link_faults import EXAMPLE_HOST

_RESERVED = re.compile(r"(?:.*\.)?(?:test|invalid|localhost)", re.ASCII)
_KEYS = (
    "newsletter.list_id",
    "sender.address",
    "sender.reply_to",
    "sender.bounce_address",
    "sender.cfbl_address",
    "institute.website",
    "links.pages_url",
    "links.archive_url",
    "links.unsubscribe_mailto",
)


def example_addresses(settings: Settings) -> Iterator[tuple[str, str]]:
    """`sender.address` and the like, with the address that stands there."""
    for key in _KEYS:
        address = attrgetter(key)(settings)
        if address and is_example(_host(address)):
            yield key, address


def is_example(host: str) -> bool:
    """Whether a host is nobody's: example.org and its like with what is under them, .test, .invalid, .localhost."""
    name = host.lower().rstrip(".")
    return bool(EXAMPLE_HOST.fullmatch(name) or _RESERVED.fullmatch(name))


def _host(address: str) -> str:
    """Of a web address, of a mailbox, or the list id itself, which is like a host's name (RFC 2919)."""
    if "://" in address:
        return urlsplit(address).hostname or ""
    return address.rpartition("@")[2]
