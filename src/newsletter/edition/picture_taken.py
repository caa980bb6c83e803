"""A picture from a document or somebody's desk -> a file fit to lie beside an issue. Touches: nothing.

Told by content, never by name: PNG, JPEG, GIF and WebP. It is turned upright, at most twice as wide as the letter, in
sRGB, and encoded anew without anything else that was in the file, such as the place a photo was taken. A GIF that
moves stays as it is up to 1 MB. Limits: 20 MB and 40 million pixels, refused before it is decoded; no SVG, which can
hold scripts and which mail programs do not show.
"""

import re

from newsletter.catalogue import phrase

from .picture_files import MAX_BYTES, PictureError
from .pictures import FitPicture, fit_picture

MOST_WIDE = 1200
"""Pixels: twice the 600 of the letter, for dense screens."""
_SVG = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s/>]", re.DOTALL | re.IGNORECASE)
_HEAD = 10_000
"""Octets in which an SVG says that it is one."""


def taken_picture(data: bytes) -> FitPicture:
    """Raises PictureError with why it cannot be taken."""
    if len(data) > MAX_BYTES:
        raise PictureError(phrase("edition.picture.is_too_large", most=MAX_BYTES // 1_000_000))
    if _SVG.match(data[:_HEAD].removeprefix(b"\xef\xbb\xbf")):
        raise PictureError(phrase("edition.picture.is_svg"))
    return fit_picture(data, MOST_WIDE)
