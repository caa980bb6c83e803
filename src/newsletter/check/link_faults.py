"""What is wrong with a link: its address cannot work, or its words say nothing. Touches: nothing."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsletter.catalogue import Said, phrase
from newsletter.issue.addresses import is_telephone, telephone_number, with_scheme
from newsletter.issue.texts import SCHEMES

EXAMPLE_HOST = re.compile(r"(?:.*\.)?example(?:\.(?:com|net|org))?", re.ASCII)
"""Stands for an address that was to be filled in (RFC 2606)."""
OWN_MACHINE = re.compile(r"localhost|.*\.localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0", re.ASCII)
"""Where the writer alone gets to."""
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_ANY = "https://www.example.org/page"
_BARE = re.compile(
    r"(?:여기|이곳|저기|링크)(?:를|을|로|에서|에)?(?:\s?(?:클릭|누르|보|확인)\S{0,4})?"
    r"|(?:지금\s?)?(?:클릭|누르기|보기|확인)(?:하기|하세요|해\s?주세요)?"
    r"|(?:더|자세히|자세한\s?내용)\s?(?:보기|읽기|알아\s?보기|보러\s?가기|보세요)?"
    r"|바로\s?가기|보러\s?가기|읽기|이동|다운로드|내려받기"
    r"|(?:click\s)?(?:here|this|link|this\slink)|click|(?:read|see|learn|find\sout|view)?\s?more|(?:more\s)?details"
    r"|continue(?:\sreading)?|read\son|go|open|view|download"
)
_SIGNS = " .!?…→›»>▶▸➔↗⟶·[]()"


@dataclass(frozen=True, slots=True)
class AddressFault:
    """What is wrong with an address, to stand behind the link, and what to write instead where that can be known."""

    says: Said
    instead: str = ""
    anchor: bool = False
    """It points into the letter itself."""
    number: str = ""
    """It is a telephone number, which is written as text."""


def fault_of(address: str) -> AddressFault | None:
    """None for a whole https:, http:, mailto: or tel: address; merge fields in it are taken as they are."""
    address = address.strip()
    if address in {"", "#", "/"}:
        return AddressFault(phrase("check.link_faults.no_address"))
    if address.startswith("#"):
        return AddressFault(phrase("check.link_faults.into_the_letter"), anchor=True)
    if (match := _SCHEME.match(address)) and "." not in match[1] and match[1].lower() != "localhost":
        return _of_scheme(match[1].lower(), address)
    instead = with_scheme(address)
    if not instead:
        return AddressFault(phrase("check.link_faults.file_beside"))
    if instead.startswith("mailto:"):
        return AddressFault(phrase("check.link_faults.needs_mailto"), instead)
    if instead.startswith("tel:"):
        return AddressFault(phrase("check.link_faults.needs_tel"), instead)
    return AddressFault(phrase("check.link_faults.needs_https"), instead)


def _of_scheme(scheme: str, address: str) -> AddressFault | None:
    if scheme not in SCHEMES:
        says = phrase("check.link_faults.refused_scheme", scheme=scheme)
        return AddressFault(says, with_scheme(address), number=telephone_number(address))
    if scheme == "tel" and "{{" not in address and not is_telephone(address):
        return AddressFault(phrase("check.link_faults.not_whole"), with_scheme(address))
    if scheme == "tel":
        return None
    try:
        whole = "@" in address or "{{" in address if scheme == "mailto" else bool(urlsplit(address).hostname)
    except ValueError:
        whole = False
    return None if whole else AddressFault(phrase("check.link_faults.not_whole"), with_scheme(address))


def line_to_write(words: str, address: str) -> str:
    """The link as Markdown; an address with a space or a bracket needs the angle brackets."""
    words = words or "…"
    needs_angles = re.search(r"[\s()]", address)
    return f"[{words}](<{address}>)" if needs_angles else f"[{words}]({address or _ANY})"


def text_to_write(words: str, number: str) -> str:
    """A telephone number instead of a link to it, behind the words that are no number themselves."""
    words = telephone_number(words) or words
    return words if re.search(r"\d{3}", words) or not words else f"{words} {number}"


def says_nothing(words: str) -> bool:
    """“여기”, “더보기 →”, “Click here”: out of its sentence, such a link may go anywhere."""
    return bool(_BARE.fullmatch(words[:40].strip(_SIGNS).casefold()))
