"""Show a letter as in the light, in the dark, or with its colours turned round, whatever the browser itself prefers.

Touches: nothing. Light and dark are decided in the letter's own media queries. Limits: turning colours round is what
some applications (Gmail on iOS) do to letters, and nobody has published how; here each colour keeps its hue and changes
its lightness for the opposite one, and pictures stay as they are.
"""

import colorsys
import re
from typing import Literal

ColourScheme = Literal["light", "dark", "inverted"]

_PREFERS = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)
_TRUE, _FALSE = "(min-width:0)", "(max-width:0)"
_KNOWS_DARK = re.compile(r"color-scheme[^;}>]{0,80}\bdark\b", re.IGNORECASE)
_COLOUR = re.compile(
    r"#(?:[0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-z_-])"
    r"|\brgba?\(\s*(\d{1,3})\s*[,\s]\s*(\d{1,3})\s*[,\s]\s*(\d{1,3})(?=\s*[,/)])"
    r"|(?<![\w#.-])(?:white|black)(?![\w-])",
    re.IGNORECASE,
)
_NAMED = {"white": "ffffff", "black": "000000"}
_TURNED = ":root{background:#000000;color:#ffffff}"


def forced_style(html: str, look: ColourScheme) -> str:
    """A style sheet that goes before all others of the letter."""
    if look == "dark":
        # A letter that says nothing of the dark stays on white in every program that leaves colours alone.
        return ":root{color-scheme:dark!important}" if _KNOWS_DARK.search(html) else ""
    return ":root{color-scheme:light!important}" + (_TURNED if look == "inverted" else "")


def looked_at(css: str, look: ColourScheme) -> str:
    """A style sheet, a style attribute or a media query for that look."""
    decided = _PREFERS.sub(lambda found: _TRUE if (found[1].lower() == "dark") == (look == "dark") else _FALSE, css)
    return turned(decided) if look == "inverted" else decided


def turned(css: str) -> str:
    """Every colour in it with its lightness turned round; other ways of writing one stay."""
    return _COLOUR.sub(_turned, css)


def _turned(found: re.Match[str]) -> str:
    word = found[0].lower()
    if word.startswith("rgb"):
        red, green, blue = (min(255, int(part)) for part in found.group(1, 2, 3))
        return f"{word.partition('(')[0]}({','.join(map(str, _opposite(red, green, blue)))}"
    digits = _NAMED.get(word) or (word[1:] if len(word) == 7 else "".join(2 * digit for digit in word[1:]))
    red, green, blue = bytes.fromhex(digits)
    return f"#{bytes(_opposite(red, green, blue)).hex()}"


def _opposite(red: int, green: int, blue: int) -> tuple[int, int, int]:
    hue, lightness, saturation = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
    back = colorsys.hls_to_rgb(hue, 1 - lightness, saturation)
    return round(255 * back[0]), round(255 * back[1]), round(255 * back[2])
