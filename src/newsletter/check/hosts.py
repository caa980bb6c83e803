"""The host of a link: whose it is, and whether it only looks like another. Touches: nothing.

A label may mix scripts as Unicode UTS #39 5.2, level 3 ("highly restrictive") allows: Latin with Hangul and Han, or
with Japanese; never Latin with Cyrillic or Greek. Limits: which ends of names are public is a short list for Korea and
a rule of thumb for other countries.
"""

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import unquote, urlsplit

_DOTS = re.compile("[\u3002\uff0e\uff61]")
# Second levels under a country's end that belong to nobody: KISA's for Korea, and those that other countries share.
_SHARED_ENDS = frozenset(
    {"ac", "co", "com", "edu", "es", "gen", "go", "gov", "gr", "hs", "kg", "mil", "ms", "ne", "net", "nhs", "nom", "or"}
    | {"org", "pe", "re", "sc", "busan", "chungbuk", "chungnam", "daegu", "daejeon", "gangwon", "gwangju", "gyeongbuk"}
    | {"gyeonggi", "gyeongnam", "incheon", "jeju", "jeonbuk", "jeonnam", "seoul", "ulsan"}
)
_RENTED = frozenset(
    {"blogspot.com", "cafe24.com", "github.io", "gitlab.io", "modoo.at", "netlify.app", "notion.site", "pages.dev"}
    | {"tistory.com", "vercel.app", "web.app", "wordpress.com"}
)
"""Under these every name is somebody else's."""
_EAST_ASIAN = (
    frozenset({"LATIN", "HANGUL", "CJK"}),
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)
# From confusables.txt of Unicode UTS #39, version 15.1, for single lower-case letters that look like a-z or 6.
# Copyright Unicode, Inc., under the Unicode License v3, https://www.unicode.org/license.txt. Behind each `+` our own:
# letters that look alike in the fonts of mail programs.
_LOOK = str.maketrans(
    "асԁеҽһіꙇӏјорԛгѕѵѡԝхуүб" + "кпь" + "αιϳοσρᴦυνγ" + "ηκτω" + "քցհոռօգզսա" + "ჿყ" + "ⲥⲟⲣⲅ"
    "ɑᴄꬲꬵꞙẝɡᶃƍıɪɩǀᴏᴑꬽꭇꭈꜱƽꞟᴜꭎꭒʋᴠɯᴡɣᶌʏỿꭚᴢ",
    "acdeehiiijopqrsvwwxyy6" + "knb" + "aijoopruvy" + "nktw" + "fghnnoqquw" + "oy" + "copr"
    "acefffgggiiilooorrssuuuuuvwwyyyyyz",
)
_KOREAN = re.compile(r"\.([^.]+\.(?:ac|co|go|or|re)\.kr)\.")
"""A whole Korean name with something behind it: `si.re.kr.evil.net`."""
_KNOWN = (
    *("naver.com", "daum.net", "kakao.com", "google.com", "youtube.com", "facebook.com", "instagram.com"),
    *("github.com", "korea.kr", "seoul.go.kr"),
)
"""Hosts that readers know and that others pretend to be, besides the newsletter's own."""


def host_of(address: str) -> str:
    """The host of a web address, or the domain of a `mailto:`, as people read it; empty where there is none."""
    try:
        parts = urlsplit(address.strip())
        if parts.scheme == "mailto":
            host = unquote(parts.path).partition("?")[0].rpartition("@")[2]
        else:
            host = parts.hostname or "" if parts.scheme in {"http", "https"} else ""
    except ValueError:
        return ""
    return readable_host(unquote(host))


def readable_host(host: str) -> str:
    """In lower case, with letters for `xn--`."""
    labels = _DOTS.sub(".", host.lower()).strip(".").split(".")
    return unicodedata.normalize("NFKC", ".".join(map(_decoded, labels)))


def wire_host(host: str) -> str:
    """As it goes over the wire: `xn--` for labels that are not ASCII."""
    return ".".join(
        label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in host.split(".")
    )


def owner_of(host: str) -> str:
    """The name that somebody registered: `si.re.kr` of `www.si.re.kr`."""
    labels = host.split(".")
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED_ENDS
    rented = ".".join(labels[-2:]) in _RENTED
    return ".".join(labels[-3:] if shared or rented else labels[-2:])


def is_same_owner(one: str, other: str) -> bool:
    return owner_of(one) == owner_of(other)


def strange_letters(host: str) -> tuple[str, ...]:
    """Letters of a host that look like others, or stand beside a script they do not go with; at most three."""
    labels = host.split(".")
    end = _scripts(labels[-1])
    found = [char for label in labels for char in _strange_in(label, end)]
    return tuple(dict.fromkeys(found))[:3]


def odd_signs(host: str) -> tuple[str, ...]:
    """Signs that no host has, such as a slash of another kind."""
    signs = (char for char in host if char not in ".-_" and not _is_of_a_word(char))
    return tuple(dict.fromkeys(signs))[:3]


def pretends_to_be(host: str, own: Collection[str]) -> str:
    """The known host that this one looks like, or begins with, without being it; empty where there is none."""
    owner = owner_of(host)
    looks = _look_of(owner)
    known = [owner_of(one) for one in own if one] + list(_KNOWN)
    if owner in known:
        return ""
    begins = _KOREAN.search(f".{host}")
    likely = next((one for one in known if _look_of(one) == looks or f".{one}." in f".{host}"), "")
    return likely or (begins[1] if begins else "")


def _strange_in(label: str, end: set[str]) -> list[str]:
    letters = [char for char in label if not char.isascii() and char.isalpha()]
    scripts = _scripts(label)
    if "LATIN" in scripts and len(scripts) > 1 and not any(scripts <= allowed for allowed in _EAST_ASIAN):
        return [char for char in letters if _script(char) != "LATIN"]
    if len(scripts) > 1 and not any(scripts <= allowed for allowed in _EAST_ASIAN):
        return letters
    alike = [char for char in letters if ord(char) in _LOOK]
    # A whole label of such letters, as in аррӏе.com; under an end of its own script it is a word (Chrome does so, too).
    is_whole = len(alike) == len([char for char in label if char.isalpha()]) and not scripts & end
    return alike if scripts == {"LATIN"} or is_whole else []


def _look_of(host: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFD", host) if not unicodedata.combining(char))
    looks = bare.translate(_LOOK).translate(str.maketrans("01", "ol"))
    return looks.replace("rn", "m").replace("vv", "w")


def _scripts(label: str) -> set[str]:
    return {_script(char) for char in label if char.isalpha()} - {"MODIFIER"}


def _script(char: str) -> str:
    """The first word of its name, which for letters of hosts is the script."""
    word = "LATIN" if char.isascii() else re.split("[ -]", unicodedata.name(char, "UNKNOWN"))[0]
    return "CJK" if word == "IDEOGRAPHIC" else word


def _is_of_a_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return label
