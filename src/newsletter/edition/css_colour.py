"""Read a CSS colour as `#rrggbb` and how opaque it is. Touches: nothing. Only this stage knows tinycss2."""

from functools import lru_cache

CURRENT = "currentcolor"
_LONGEST = 200


@lru_cache(maxsize=1024)
def colour_of(value: str) -> tuple[str, float] | None:
    """`white` is ("#ffffff", 1.0), `transparent` has 0.0; (CURRENT, 1.0) means the text's; None is no colour at all."""
    from tinycss2.color4 import parse_color

    # The parser calls itself for each bracket; no colour needs more than one.
    if len(value) > _LONGEST or value.count("(") > 1:
        return None
    try:
        colour = parse_color(value)
        if isinstance(colour, str):
            return CURRENT, 1.0
        red, green, blue, alpha = colour.to("srgb") if colour else (None, None, None, None)
    except (NotImplementedError, ValueError, TypeError, ZeroDivisionError, OverflowError):
        return None
    parts = [part for part in (red, green, blue) if part is not None]
    if len(parts) < 3 or any(part != part for part in parts):
        return None
    return "#" + "".join(f"{_octet(part):02x}" for part in parts), min(max(float(alpha or 0), 0.0), 1.0)


def _octet(part: float) -> int:
    return round(min(max(part, 0.0), 1.0) * 255)
