"""Pictures of an issue: checked, turned upright, resized to twice the width shown, named by content. Touches: files.

The type is told by content, never by name: PNG, JPEG and GIF. A GIF that moves travels as it is up to 1 MB; of a larger
one the first frame does, as PNG. Metadata, such as the place a photo was taken, is dropped; colours become sRGB;
nothing is enlarged. Limits: 20 MB and 40 million pixels a picture, refused before it is decoded; no WebP or SVG, which
mail clients do not show; what is written in a GIF that moves stays in it.
"""

import hashlib
import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError

from newsletter.catalogue import phrase

from .picture_files import MAX_MOVING, PictureError, picture_stem, read_picture
from .picture_pixels import is_lost_in_the_dark, plain_pixels
from .picture_shape import WHOLE, Shape, cut, marked

MAX_PIXELS = 40_000_000
"""A 12 to 40 megapixel camera picture; decoded it takes up to 160 MB for a moment."""

_SHARPNESS = 2
"""File pixels per shown pixel, for dense screens."""
_JPEG_QUALITY = 82
_RECIPE, _LATER_RECIPE, _QUICK = "1", "2", " quick"
"""Part of every name; another where the same file is encoded in another way than by the versions before."""
_FORMATS = ("PNG", "JPEG", "GIF")
_DAMAGED = (
    Image.DecompressionBombError,
    OSError,
    SyntaxError,
    ValueError,
    LookupError,
    EOFError,
    struct.error,
    zlib.error,
)
"""What Pillow raises where a file ends too soon or is not what it says."""
_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}


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


def load_picture(
    path: Path, slot: int, *, shape: Shape = WHOLE, ground: str = "", if_lost: str = "", quickly: bool = False
) -> Encoded:
    """The picture in `path`, for a place `slot` pixels wide; with a `ground`, on that colour where it is transparent.

    `if_lost` is the ground of a picture that has dark things on nothing, which are lost where the page behind is dark.
    `quickly`: a PNG is made in a quarter of the time and has 2 % more octets, where it is read on a page and does not
    travel to every subscriber. Raises PictureError when it cannot be read, is too large or no picture.
    """
    return _encode(read_picture(path), slot, shape, ground, if_lost, picture_stem(path.name), quickly=quickly)


@dataclass(frozen=True, slots=True)
class FitPicture:
    """A picture in a file of its own; its size in the file's pixels."""

    data: bytes
    suffix: str
    width: int
    height: int


def fit_picture(data: bytes, most_wide: int) -> FitPicture:
    """Whatever Pillow reads of the kinds here and WebP, at most so many pixels wide, upright and encoded anew.

    Raises PictureError.
    """
    whole, _ = _decode(data, formats=(*_FORMATS, "WEBP"))
    if len(data) <= MAX_MOVING and _is_moving(data):
        return FitPicture(data, "gif", whole.width, whole.height)
    sized = _sized(whole, -(-most_wide // _SHARPNESS))
    is_photo = data.startswith(b"\xff\xd8") or (data[8:12] == b"WEBP" and sized.mode != "RGBA")
    media_type = "image/jpeg" if is_photo else "image/png"
    return FitPicture(_bytes(sized, media_type, quickly=False), _SUFFIXES[media_type], sized.width, sized.height)


def moves(path: Path) -> bool:
    """Whether the file is a GIF of several frames. Raises PictureError like `load_picture`."""
    return _is_moving(read_picture(path))


@lru_cache(maxsize=32)
def _encode(
    data: bytes, slot: int, shape: Shape, ground: str, if_lost: str, stem: str, *, quickly: bool = False
) -> Encoded:
    """Cached: the variants of an issue and the reloads of the preview share their pictures."""
    whole, recipe = _decode(data)
    part = cut(whole, shape)
    picture, shown = _sized(part, slot), min(slot, part.width)
    if is_lost_in_the_dark(picture):
        ground = ground or if_lost
    height = max(1, round(picture.height * shown / picture.width))
    if shape == WHOLE and len(data) <= MAX_MOVING and _is_moving(data):
        media_type, recipe, ground = "image/gif", _LATER_RECIPE, ""
    else:
        media_type = "image/jpeg" if data.startswith(b"\xff\xd8") else "image/png"
        picture = _on_ground(picture, ground)
        picture = marked(picture, picture.width / shown) if shape.play else picture
    made = f"{recipe}{ground}{shape.name}{_QUICK if quickly else ''}".encode()
    name = hashlib.sha256(b"\0".join([made, str(slot).encode(), data])).hexdigest()[:32]
    return Encoded(
        name=name,
        filename=f"{stem}-{name[:8]}.{_SUFFIXES[media_type]}",
        media_type=media_type,
        data=data if media_type == "image/gif" else _bytes(picture, media_type, quickly=quickly),
        width=shown,
        height=height,
    )


def _sized(picture: Image.Image, slot: int) -> Image.Image:
    wide = _SHARPNESS * slot
    if wide >= picture.width:
        return picture
    return picture.resize((wide, max(1, round(picture.height * wide / picture.width))), Image.Resampling.LANCZOS)


def _decode(data: bytes, formats: tuple[str, ...] = _FORMATS) -> tuple[Image.Image, str]:
    """The pixels of the first frame, upright, and the recipe by which they were made."""
    with _opened(data, formats) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise PictureError(phrase("edition.picture.has_too_many_pixels", most=MAX_PIXELS // 1_000_000))
        upright = ImageOps.exif_transpose(opened)
    known = upright.mode in {"RGB", "CMYK"} or not (upright.mode.startswith("I") or upright.info.get("icc_profile"))
    return plain_pixels(upright), _RECIPE if known else _LATER_RECIPE


def _is_moving(data: bytes) -> bool:
    if not data.startswith(b"GIF8"):
        return False
    with _opened(data) as opened:
        return bool(getattr(opened, "is_animated", False))


@contextmanager
def _opened(data: bytes, formats: tuple[str, ...] = _FORMATS) -> Iterator[Image.Image]:
    """To be read inside. Raises PictureError for whatever is wrong with the file."""
    try:
        with Image.open(io.BytesIO(data), formats=formats) as opened:
            yield opened
    except UnidentifiedImageError as error:
        raise PictureError(phrase("edition.picture.is_of_no_known_kind")) from error
    except _DAMAGED as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(phrase("edition.picture.is_damaged", why=str(error))) from error


def _on_ground(picture: Image.Image, ground: str) -> Image.Image:
    if not ground or picture.mode != "RGBA":
        return picture
    whole = Image.new("RGBA", picture.size, ground)
    whole.alpha_composite(picture)
    return whole.convert("RGB")


def _bytes(picture: Image.Image, media_type: str, *, quickly: bool) -> bytes:
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    out = io.BytesIO()
    if media_type == "image/jpeg":
        bare.convert("RGB").save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True, progressive=True)
    else:
        _fewer_bits(bare).save(out, "PNG", optimize=not quickly)
    return out.getvalue()


def _fewer_bits(picture: Image.Image) -> Image.Image:
    """The same pixels by number where 256 colours are enough: half the bytes of a drawing, times every subscriber."""
    if picture.mode != "RGB" or picture.getcolors(256) is None:
        return picture
    numbered = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    same = ImageChops.difference(numbered.convert("RGB"), picture).getbbox() is None
    return numbered if same else picture
