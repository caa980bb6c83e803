"""The files of pictures as octets, for whoever needs no pixels of them: those are made in pictures.py.

Touches: files. Nothing here needs Pillow, which `send` of an approved letter never loads.
"""

import re
from pathlib import Path

from newsletter.catalogue import Said, phrase
from newsletter.settings.system_reason import system_reason

MAX_BYTES = 20_000_000
MAX_MOVING = 1_000_000
"""Octets of a GIF that travels as it is, for every subscriber."""


class PictureError(ValueError):
    """Why a file is no picture for a letter."""

    def __init__(self, why: Said) -> None:
        super().__init__(why)
        self.why = why
        """The end of a sentence that begins with the picture's name."""


def read_picture(path: Path) -> bytes:
    """All of the file. Raises PictureError where it cannot be read or is too large."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PictureError(phrase("edition.picture.is_too_large", most=MAX_BYTES // 1_000_000))
        return path.read_bytes()
    except OSError as error:
        raise PictureError(phrase("edition.picture.cannot_be_read", why=system_reason(error))) from error


def picture_stem(src: str) -> str:
    """The name a reader sees when saving the picture: ASCII, short."""
    return picture_words(src) or "picture"


def picture_words(name: str) -> str:
    """What of a file's name can stand in another: `Han River (2).JPG` -> `han-river-2`; empty for nothing."""
    return re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-")[:40]
