"""A font that a picture's words can be drawn with: a file that is named, else one that the system has.

Touches: fontconfig's `fc-match`, font files. None comes with the tool, since one with Hangul has some megabytes.
Limits: a machine without fontconfig has none unless a file is named; letters from the right need Pillow with Raqm.
"""

import re
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont, features

from .directions import runs_right

_SECONDS = 10
_TAG = re.compile(r"[A-Za-z0-9-]+")
_NOBODYS = "\U0010ffff"
"""No font has it: it looks like every letter that a font lacks."""
_ANY_SIZE = 24


@dataclass(frozen=True, slots=True)
class CardFont:
    """A font file, and which of its faces, from 0."""

    path: Path
    face: int = 0
    octets: int = 0
    """Of the file: another one that takes its name is another font."""

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        return _loaded(self, size)

    def drawable(self, text: str) -> str | None:
        """The text without the signs that the font lacks, such as emoji; None where it lacks a letter or its order."""
        if runs_right(text) and not features.check("raqm"):
            return None
        lacking = {character for character in text if not character.isspace() and not _has(self, character)}
        if any(character.isalnum() for character in lacking):
            return None
        return " ".join("".join(character for character in text if character not in lacking).split())


def font_in(path: Path, face: int = 0) -> CardFont | None:
    """The font in a file; None where it is none."""
    try:
        font = CardFont(path, face, path.stat().st_size)
        font.at(_ANY_SIZE)
    except (OSError, ValueError):
        return None
    return font


@lru_cache(maxsize=32)
def system_font(language: str) -> CardFont | None:
    """The bold face that the system shows a language in; None where it cannot tell."""
    if not _TAG.fullmatch(language):
        return None
    wanted = f"sans-serif:bold:lang={language.lower()}"
    call = ["fc-match", "--format", "%{file}\\n%{index}", wanted]
    try:
        told = subprocess.run(call, capture_output=True, timeout=_SECONDS, check=True).stdout  # noqa: S603
        path, index = told.decode().split("\n")
        face = int(index) & 0xFFFF  # its high half says which cut of a variable font
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return font_in(Path(path), face)


@lru_cache(maxsize=64)
def _loaded(font: CardFont, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font.path), size, index=font.face)


@lru_cache(maxsize=20_000)
def _has(font: CardFont, character: str) -> bool:
    drawn, missing = (font.at(_ANY_SIZE).getmask(one) for one in (character, _NOBODYS))
    return (drawn.size, bytes(drawn)) != (missing.size, bytes(missing))
