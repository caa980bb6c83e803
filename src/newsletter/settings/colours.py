"""Colours as numbers: contrast as WCAG 2.1 measures it, mixing, inverting. Touches: nothing.

A colour is `#rrggbb`, in lower case.
"""

from collections.abc import Callable
from functools import lru_cache

READABLE = 4.5
"""The least ratio for text of ordinary size (WCAG 2.1, 1.4.3)."""
BLACK, WHITE = "#000000", "#ffffff"
_STEPS = 100


@lru_cache(maxsize=1024)
def contrast(one: str, other: str) -> float:
    """The ratio of two colours, from 1 to 21 (WCAG 2.1, contrast ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(one: str, other: str) -> float:
    """The ratio of two colours as shown or, if that is less, after full inversion."""
    return min(contrast(one, other), contrast(inverted(one), inverted(other)))


@lru_cache(maxsize=1024)
def inverted(colour: str) -> str:
    """What full inversion makes of it, as Gmail on iOS does in the dark."""
    return _hex(tuple(255 - part for part in _parts(colour)))


def mixed(colour: str, with_colour: str, share: float) -> str:
    """`colour` with a `share` (0 to 1) of `with_colour` in it."""
    pairs = zip(_parts(colour), _parts(with_colour), strict=True)
    return _hex(tuple(round(one + (other - one) * share) for one, other in pairs))


def nearest_colour(colour: str, fits: Callable[[str], bool]) -> str | None:
    """The colour that differs least from `colour`, towards black or white, and that `fits`; None if none does."""
    for step in range(_STEPS + 1):
        for end in (BLACK, WHITE):
            changed = mixed(colour, end, step / _STEPS)
            if fits(changed):
                return changed
    return None


def _luminance(colour: str) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    # sRGB (IEC 61966-2-1) turns at 0.04045; WCAG 2.1 has 0.03928, between which there is no 8-bit value.
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def _hex(parts: tuple[int, ...]) -> str:
    return "#" + "".join(f"{part:02x}" for part in parts)
