"""Octets of a foreign mail as text, whatever its label says. Touches: nothing.

Korean systems label CP949 as ks_c_5601-1987, euc-kr, us-ascii, iso-8859-1, utf-8 or not at all, so octets are believed
before labels: what is UTF-8 is UTF-8, and pairs that come out as Hangul are Korean. Limits: only the encodings of
`_CODECS` are ever asked for by a label; Python has others that are no text (zip) or grow with the square (punycode).
"""

import codecs
import re

_CODECS = {
    **dict.fromkeys(("ks_c_5601-1987", "ks_c_5601-1989", "ksc5601", "ksc_5601", "ks_c_5601", "korean"), "cp949"),
    **dict.fromkeys(("euc-kr", "euckr", "cp949", "uhc", "windows-949", "ms949", "x-windows-949"), "cp949"),
    **dict.fromkeys(("iso-2022-kr", "csiso2022kr"), "iso2022_kr"),
    "johab": "johab",
    **dict.fromkeys(("iso-2022-jp", "iso-2022-jp-ms", "iso-2022-jp-2"), "iso2022_jp_2"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "cp932"), "cp932"),
    **dict.fromkeys(("euc-jp", "x-euc-jp"), "euc_jp"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "cp936", "x-gbk"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cp950"), "cp950"),
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "windows-1252", "cp1252"), "cp1252"),
    **{f"iso-8859-{number}": f"iso8859_{number}" for number in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    **{f"windows-{number}": f"cp{number}" for number in (874, 1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)},
    **dict.fromkeys(("koi8-r", "koi8"), "koi8_r"),
    "koi8-u": "koi8_u",
    "utf-16": "utf_16",
    "utf-16le": "utf_16_le",
    "utf-16be": "utf_16_be",
}
_STATEFUL = {"iso2022_kr", "iso2022_jp_2", "utf_16", "utf_16_le", "utf_16_be"}
"""Their octets may all be ASCII and yet mean something else."""
_WESTERN = {"", "cp1252", "iso8859_15"}
"""They take any octets, so their label proves nothing."""
_KOREAN_ESCAPE, _JAPANESE_ESCAPE = b"\x1b$)C", re.compile(rb"\x1b\$[@B]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")


def text_of(octets: bytes, label: str = "") -> str:
    """The text; where nothing fits, with replacement characters. A last character that was cut is left out."""
    codec = _CODECS.get(label.strip(" \t\"'").lower(), "")
    if codec not in _STATEFUL:
        codec = _by_escapes(octets) or codec
    if codec in _STATEFUL:
        return _strict(octets, codec) or octets.decode(codec, "replace")
    if octets.isascii():
        return octets.decode("ascii")
    for candidate in ("utf_8", *([] if codec in _WESTERN else [codec])):
        if (text := _strict(octets, candidate)) is not None:
            return text
    korean = _strict(octets, "cp949")
    if korean is not None and _is_korean(korean):
        return korean
    return octets.decode(codec or "utf_8", "replace")


def _by_escapes(octets: bytes) -> str:
    if _KOREAN_ESCAPE in octets:
        return "iso2022_kr"
    return "iso2022_jp_2" if _JAPANESE_ESCAPE.search(octets) else ""


def _strict(octets: bytes, codec: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(codec)("strict").decode(octets)
    except UnicodeError:
        return None


def _is_korean(text: str) -> bool:
    """At least half of what is not ASCII is Hangul; German umlauts read as CP949 are none of it."""
    return len(_HANGUL.findall(text)) * 2 >= len(_NOT_ASCII.findall(text))
