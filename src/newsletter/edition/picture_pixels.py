"""Whatever a picture file holds -> pixels of eight bits in sRGB: grey, RGB, or RGBA where it is transparent.

Touches: nothing. Limits: a profile that is broken, or is for other colours than the file has, is ignored, as browsers
do.
"""

import io

from PIL import Image, ImageChops, ImageCms

_TRANSPARENT = ("RGBA", "LA", "PA", "RGBa", "La")
_GREY = ("1", "L", "LA", "La")
_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}
"""Of pixels, by the colour space that a profile is for."""
_FITTING = {"CMYK": ("CMYK",), "L": _GREY, "RGB": (*_GREY, "RGB", "P")}
"""Of files, by the mode in which a profile wants their pixels."""

_CLEAR = 128
"""Alpha below which a pixel shows more of what is behind it than of itself."""
_LOST = 100
"""Brightness, of 255, under which a colour has less than 3:1 to a page in the dark (WCAG 2.2, 1.4.11)."""
_FEWEST_CLEAR = 0.1
"""Of all pixels: a photo with rounded corners has less, a drawing on nothing far more."""
_FEWEST_LOST = 0.01
"""Of those that are seen: the words in a coloured chart."""


def plain_pixels(picture: Image.Image) -> Image.Image:
    """In a mode that resizes smoothly and that both encoders take; colours as the profile in the file means them."""
    picture = _eight_bits(picture)
    profile = picture.info.get("icc_profile")
    if not is_transparent(picture):
        return _opaque(picture, profile)
    clear = picture if picture.mode == "RGBA" else picture.convert("RGBA")
    if not profile:
        return clear
    base = clear.convert("L" if picture.mode in _GREY else "RGB")
    whole = _opaque(base, profile).convert("RGB")
    whole.putalpha(clear.getchannel("A"))
    return whole


def is_transparent(picture: Image.Image) -> bool:
    return "transparency" in picture.info or picture.mode in _TRANSPARENT


def is_lost_in_the_dark(picture: Image.Image) -> bool:
    """Whether dark things stand on nothing in it, so that nobody sees them where the page behind is dark."""
    if picture.mode != "RGBA":
        return False
    seen = picture.getchannel("A").point(lambda alpha: 255 if alpha >= _CLEAR else 0)
    all_pixels, visible = picture.width * picture.height, seen.histogram()[255]
    dark = sum(picture.convert("RGB").convert("L").histogram(seen)[:_LOST])
    return visible <= all_pixels * (1 - _FEWEST_CLEAR) and visible > 0 and dark >= visible * _FEWEST_LOST


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Grey of 16 bits by the upper eight of them; Pillow's own conversion makes everything but the darkest white."""
    if not picture.mode.startswith("I"):
        return picture
    pairs = picture.convert("I;16").tobytes()  # little-endian
    upper, lower = (Image.frombytes("L", picture.size, pairs[first::2]) for first in (1, 0))
    clear = picture.info.get("transparency")
    if isinstance(clear, int):
        # The one tone that is not shown (PNG, tRNS): a pixel is seen where either of its bytes is another.
        seen = (
            half.point([0 if tone == of else 255 for tone in range(256)]) for half, of in _halves(upper, lower, clear)
        )
        upper = Image.merge("LA", (upper, ImageChops.lighter(*seen)))
    if profile := picture.info.get("icc_profile"):
        upper.info["icc_profile"] = profile
    return upper


def _halves(upper: Image.Image, lower: Image.Image, tone: int) -> tuple[tuple[Image.Image, int], ...]:
    return (upper, tone >> 8), (lower, tone & 255)


def _opaque(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """In sRGB, grey where it was; without a profile it is taken to be in it."""
    plain = picture if picture.mode in {"L", "RGB"} else picture.convert("RGB")
    if not profile:
        return plain
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = _MODES.get(source.profile.xcolor_space.strip(), "")
        if picture.mode not in _FITTING.get(mode, ()):
            return plain
        given = picture if picture.mode == mode else plain.convert(mode)
        converted = ImageCms.profileToProfile(given, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return plain
    if converted is None:
        return plain
    return converted.convert("L") if picture.mode in _GREY else converted
