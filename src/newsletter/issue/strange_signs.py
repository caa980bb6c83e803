"""What comes along from HWP, Word and Excel, and no reader wants: lost signs, full-width letters. Touches: nothing.

A private-use character (U+F0B7) is a picture in one program's font. Of those that Word makes of its bullets and arrows
it is known what they show (fonts Symbol and Wingdings, in its lists and by its autocorrection), of others it is not.
Full-width letters stay on a line of Japanese or Chinese, which is set with them.
"""

import re
from collections.abc import Iterator

_LOST = re.compile("[\ue000-\uf8ff\ufffc\ufffd\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ：]+")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if _WIDE.fullmatch(chr(code))}
_KANA = re.compile("[\u3040-\u30ff]")
_HAN = re.compile("[\u3400-\u9fff]")
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_LINE = re.compile(r"[^\n]+")
_ANYWHERE = {
    "\uf0b7": "•",
    "\uf0a7": "▪",
    "\uf0d8": "➢",
    "\uf076": "❖",
    "\uf0fc": "✓",
    "\uf0e0": "→",
    "\uf0df": "←",
    "\uf0e8": "➔",
    "\uf04a": "☺",
    "\uf04c": "☹",
}
_AS_BULLETS = {"\uf06c": "●", "\uf06e": "■", "\uf06f": "□", "\uf071": "❑", "\uf075": "◆", "\uf02d": "–"}
"""In the font Symbol these are Greek letters and signs, so that they are known only at the beginning of a line."""
_BEFORE_A_BULLET = re.compile(r"""[ \t>]*(?:[\w.-]+:[ \t]+|-[ \t]+)*["']?[ \t]*""")


def lost_in(text: str) -> Iterator[re.Match[str]]:
    """Each private-use character, and each that stands for a letter or a thing that was lost (U+FFFD, U+FFFC)."""
    return _LOST.finditer(text)


def shows(char: str, text: str, at: int) -> str:
    """What a private-use character was, where it stands; empty where nobody can know."""
    if char in _AS_BULLETS and text[at + 1 : at + 2] in {" ", "\t", "\u00a0"}:
        begins = text[text.rfind("\n", 0, at) + 1 : at]
        return _AS_BULLETS[char] if _BEFORE_A_BULLET.fullmatch(begins) else ""
    return _ANYWHERE.get(char, "")


def wide_in(text: str) -> Iterator[re.Match[str]]:
    """Each run of full-width letters, figures and colons."""
    for line in _LINE.finditer(text):
        if not _is_set_wide(line[0]):
            yield from _WIDE.finditer(text, line.start(), line.end())


def narrow(wide: str) -> str:
    """The same in ASCII."""
    return wide.translate(_NARROW)


def is_set_wide(language: str) -> bool:
    """Whether a language has full-width letters of its own."""
    return language.partition("-")[0] in {"ja", "zh"}


def _is_set_wide(line: str) -> bool:
    return bool(_KANA.search(line) or (_HAN.search(line) and not _HANGUL.search(line)))
