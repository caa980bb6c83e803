"""What an address of a link was meant to be where it lacks its scheme. Touches: nothing."""

import re

_HOST = re.compile(r"(?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d+)?(?:[/?#].*)?", re.DOTALL)
_MAILBOX = re.compile(r"[^\s@/:]+@[\w-]+(?:\.[\w-]+)+")
_FILE = re.compile(
    r"[^/?#]+\.(?:pdf|hwpx?|docx?|xlsx?|pptx?|txt|csv|zip|html?|png|jpe?g|gif|svg|mp[34])", re.IGNORECASE
)
_BROKEN_SCHEME = re.compile(r"h?t{1,2}ps?(?:[:;]/{0,3}|/{1,3})(?=[\w-]+\.)", re.IGNORECASE)
_NUMBER = re.compile(r"(?:tel|sms|callto):\s*(.+)", re.IGNORECASE | re.DOTALL)


def with_scheme(address: str) -> str:
    """`example.org/a` -> `https://example.org/a`, `a@example.org` -> `mailto:a@example.org`; empty for anything else.

    A broken one is mended, too: `https:/example.org`, `ttps://example.org`.
    """
    address = address.strip()
    if address.startswith("//"):
        return f"https:{address}"
    if broken := _BROKEN_SCHEME.match(address):
        return f"https://{address[broken.end() :]}"
    if _MAILBOX.fullmatch(address):
        return f"mailto:{address}"
    return f"https://{address}" if _HOST.fullmatch(address) and not _FILE.fullmatch(address) else ""


def telephone_number(address: str) -> str:
    """The number of `tel:02-2149-1234`, as typed; empty where it is none."""
    match = _NUMBER.fullmatch(address.strip())
    return match[1] if match else ""
