"""Contrast of two colours (WCAG 2.1, 1.4.3), and full inversion as Gmail on iOS does it. Touches: nothing."""

READABLE = 4.5
"""The least ratio for text of ordinary size."""


def contrast(one: str, other: str) -> float:
    """The ratio of two colours `#rrggbb`, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def inverted(colour: str) -> str:
    """The opposite of `#rrggbb`."""
    return "#" + "".join(f"{255 - int(colour[place : place + 2], 16):02x}" for place in (1, 3, 5))


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
