"""What is wrong with the address of a link, in words for the person who typed it. Touches: nothing."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsletter.issue.texts import SCHEMES

EXAMPLE_HOST = re.compile(r"(?:.*\.)?example(?:\.(?:com|net|org))?", re.ASCII)
"""Stands for an address that was to be filled in (RFC 2606)."""
OWN_MACHINE = re.compile(r"localhost|.*\.localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0", re.ASCII)
"""Where the writer alone gets to."""
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST = re.compile(r"(?:localhost|[\w-]+(?:\.[\w-]+)+)(?::\d+)?(?:[/?#].*)?", re.DOTALL)
_MAILBOX = re.compile(r"[^\s@/:]+@[\w-]+(?:\.[\w-]+)+")
_FILE = re.compile(
    r"[^/?#]+\.(?:pdf|hwpx?|docx?|xlsx?|pptx?|txt|csv|zip|html?|png|jpe?g|gif|svg|mp[34])", re.IGNORECASE
)
_ANY = "https://www.example.org/page"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, as a whole sentence about “it”, and the address to write instead where that can be known."""

    ko: str
    en: str
    instead: str = ""
    anchor: bool = False
    """It points into the letter itself."""


def fault_of(address: str) -> Fault | None:
    """None for a whole https:, http: or mailto: address; merge fields in it are taken as they are."""
    address = address.strip()
    if address in {"", "#", "/"}:
        return Fault("링크에 주소가 없습니다", "leads nowhere")
    if address.startswith("#"):
        return Fault(
            "편지 안의 자리로 가는 링크는 열리지 않습니다", "points into the letter, which does not work", "", True
        )
    if address.startswith("//"):
        return _without_scheme(f"https:{address}")
    if (match := _SCHEME.match(address)) and "." not in match[1] and match[1].lower() != "localhost":
        return _of_scheme(match[1].lower(), address)
    if _MAILBOX.fullmatch(address):
        return Fault(
            "메일 주소 앞에 mailto: 가 있어야 합니다", "is a mail address and needs mailto:", f"mailto:{address}"
        )
    if _FILE.fullmatch(address) or not _HOST.fullmatch(address):
        return Fault(
            "https:// 로 시작하는 온전한 주소가 아닙니다. 편지에는 파일이나 상대 주소를 걸 수 없습니다",
            "is no whole address that begins with https://; a letter cannot link to a file beside it",
        )
    return _without_scheme(f"https://{address}")


def _without_scheme(instead: str) -> Fault:
    return Fault("주소 앞에 https:// 가 있어야 합니다", "needs https:// before it", instead)


def _of_scheme(scheme: str, address: str) -> Fault | None:
    if scheme not in SCHEMES:
        return Fault(
            f"{scheme}: 주소는 쓸 수 없습니다. https:, http:, mailto: 만 됩니다",
            f"begins with {scheme}:, and only https:, http: and mailto: are allowed",
        )
    try:
        whole = "@" in address or "{{" in address if scheme == "mailto" else bool(urlsplit(address).hostname)
    except ValueError:
        whole = False
    return None if whole else Fault("온전한 주소가 아닙니다", "is no whole address")


def line_to_write(words: str, address: str) -> str:
    """The link as Markdown; an address with a space or a bracket needs the angle brackets."""
    needs_angles = re.search(r"[\s()]", address)
    return f"[{words}](<{address}>)" if needs_angles else f"[{words}]({address or _ANY})"
