"""Pictures of an issue: checked, turned upright, resized to twice the width shown, named by content. Touches: files.

The type is told by content, never by name: PNG, JPEG and GIF (its first frame, as PNG). Metadata, such as the place a
photo was taken, is dropped; colours become sRGB; nothing is enlarged. Limits: 20 MB and 40 million pixels a picture,
refused before it is decoded; no WebP or SVG, which mail clients do not show.
"""

import hashlib
import io
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageChops, ImageCms, ImageOps, UnidentifiedImageError

from newsletter.catalogue import Said, phrase
from newsletter.settings.system_reason import system_reason

MAX_BYTES = 20_000_000
MAX_PIXELS = 40_000_000
"""A 12 to 40 megapixel camera picture; decoded it takes up to 160 MB for a moment."""

_SHARPNESS = 2
"""File pixels per shown pixel, for dense screens."""
_JPEG_QUALITY = 82
_RECIPE = "1"
"""Part of every name; to be raised when the same file is encoded in another way."""
_FORMATS = ("PNG", "JPEG", "GIF")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture ready to travel, and the size in CSS pixels at which it is shown.

    `name` is a hash of the file it was made from and of how: unlike the bytes, it is the same with every version of
    Pillow and zlib, so that upgrading one does not turn an approved edition into a changed one.
    """

    name: str
    filename: str
    media_type: str
    data: bytes
    width: int
    height: int


class PictureError(ValueError):
    """Why a file is no picture for a letter."""

    def __init__(self, why: Said) -> None:
        super().__init__(why)
        self.why = why
        """The end of a sentence that begins with the picture's name."""


def load_picture(path: Path, slot: int, *, ground: str = "") -> Encoded:
    """The picture in `path`, for a place `slot` pixels wide; with a `ground`, on that colour where it is transparent.

    Raises PictureError when it cannot be read, is too large or no picture.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise PictureError(phrase("edition.picture.is_too_large", most=MAX_BYTES // 1_000_000))
        data = path.read_bytes()
    except OSError as error:
        raise PictureError(phrase("edition.picture.cannot_be_read", why=system_reason(error))) from error
    return _encode(data, slot, ground, picture_stem(path.name))


@lru_cache(maxsize=32)
def _encode(data: bytes, slot: int, ground: str, stem: str) -> Encoded:
    """Cached: the variants of an issue and the reloads of the preview share their pictures."""
    picture = _on_ground(_decode(data), ground)
    shown = min(slot, picture.width)
    wide = _SHARPNESS * slot
    if wide < picture.width:
        high = max(1, round(picture.height * wide / picture.width))
        picture = picture.resize((wide, high), Image.Resampling.LANCZOS)
    media_type = "image/jpeg" if data.startswith(b"\xff\xd8") else "image/png"
    name = hashlib.sha256(b"\0".join([f"{_RECIPE}{ground}".encode(), str(slot).encode(), data])).hexdigest()[:32]
    suffix = "jpg" if media_type == "image/jpeg" else "png"
    return Encoded(
        name=name,
        filename=f"{stem}-{name[:8]}.{suffix}",
        media_type=media_type,
        data=_bytes(picture, media_type),
        width=shown,
        height=max(1, round(picture.height * shown / picture.width)),
    )


def _decode(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise PictureError(phrase("edition.picture.has_too_many_pixels", most=MAX_PIXELS // 1_000_000))
            opened.load()
            return _plain(_to_srgb(ImageOps.exif_transpose(opened)))
    except UnidentifiedImageError as error:
        raise PictureError(phrase("edition.picture.is_of_no_known_kind")) from error
    except (Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(phrase("edition.picture.is_damaged", why=str(error))) from error


def _to_srgb(picture: Image.Image) -> Image.Image:
    """Colours as the profile in the file means them; a profile that is broken is ignored, as browsers do."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return picture
    return converted or picture


def _plain(picture: Image.Image) -> Image.Image:
    """In a mode that resizes smoothly and that both encoders take: grey, RGB, or RGBA where it is transparent."""
    transparent = "transparency" in picture.info or picture.mode in ("RGBA", "LA", "PA", "RGBa", "La")
    if picture.mode == "RGBA" or (picture.mode in ("L", "RGB") and not transparent):
        return picture
    return picture.convert("RGBA" if transparent else "RGB")


def _on_ground(picture: Image.Image, ground: str) -> Image.Image:
    if not ground or picture.mode != "RGBA":
        return picture
    whole = Image.new("RGBA", picture.size, ground)
    whole.alpha_composite(picture)
    return whole.convert("RGB")


def _bytes(picture: Image.Image, media_type: str) -> bytes:
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    if media_type == "image/jpeg":
        bare.convert("RGB").save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True, progressive=True)
    else:
        _fewer_bits(bare).save(out, "PNG", optimize=True)
    return out.getvalue()


def _fewer_bits(picture: Image.Image) -> Image.Image:
    """The same pixels by number where 256 colours are enough: half the bytes of a drawing, times every subscriber."""
    if picture.mode != "RGB" or picture.getcolors(256) is None:
        return picture
    numbered = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    same = ImageChops.difference(numbered.convert("RGB"), picture).getbbox() is None
    return numbered if same else picture


def picture_stem(src: str) -> str:
    """The name a reader sees when saving the picture: ASCII, short."""
    return re.sub(r"[^a-z0-9]+", "-", Path(src).stem.lower()).strip("-")[:40] or "picture"
