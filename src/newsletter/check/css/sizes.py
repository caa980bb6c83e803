"""CSS font sizes as pixels. Touches: nothing. Limits: what needs a calculation is taken as the size around it."""

import re

_LENGTH = re.compile(r"([+]?\d*\.?\d+)(px|pt|pc|in|cm|mm|em|rem|%|ex|ch)?", re.IGNORECASE)
_ROOT = 16.0
# CSS Values 4, 6.2: at 96 pixels to the inch.
_ABSOLUTE = {"px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "rem": _ROOT}
_RELATIVE = {"em": 1.0, "%": 0.01, "ex": 0.5, "ch": 0.5}
# CSS Fonts 4, 2.5, where medium is 16 pixels.
_NAMED = {
    "xx-small": 9.6, "x-small": 12.0, "small": 14.22, "medium": 16.0, "large": 19.2, "x-large": 24.0, "xx-large": 32.0,
}  # fmt: skip
_STEPS = {"smaller": 5 / 6, "larger": 1.2}
# HTML 15.3: what a browser gives an element without a word of CSS.
_SCALES = {
    "h1": 2.0, "h2": 1.5, "h3": 1.17, "h4": 1.0, "h5": 0.83, "h6": 0.67, "small": 5 / 6, "sub": 5 / 6, "sup": 5 / 6,
}  # fmt: skip
_LARGEST = 10_000.0


def heading_scale(name: str) -> float | None:
    """How much larger than what is around it an element of this name is by itself; None for the same."""
    return _SCALES.get(name)


def pixels(value: str, around: float, scale: float | None) -> float:
    """`13pt`, `0.9em`, `small` as pixels; `around` times `scale` where it says nothing that can be read."""
    value = value.strip().lower()
    if value in _NAMED:
        return _NAMED[value]
    if value in _STEPS:
        return around * _STEPS[value]
    match = _LENGTH.fullmatch(value[:40])
    if match is None or (match[2] is None and float(match[1])):
        return around * (scale or 1.0)
    unit = (match[2] or "px").lower()
    size = float(match[1]) * (_ABSOLUTE[unit] if unit in _ABSOLUTE else _RELATIVE[unit] * around)
    return min(size, _LARGEST)
