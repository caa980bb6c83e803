"""The letter's colours: one accent, one ink, white paper on a soft ground, and the same again for the dark.

Touches: nothing. Limits: six digits only, since some clients drop `#abc`, `rgba()` and CSS variables. Templates read
them as `palette.ink`, and the dark ones as `palette.dark_ink`. Every text colour has 4.5:1 (WCAG 2.1, 1.4.3) or more on
each of ground, paper and tint, in light, in dark and after a full inversion; tests/letter measures it.
"""

from collections.abc import Mapping
from types import MappingProxyType

_LIGHT = {
    "ground": "#eceeea",
    "paper": "#ffffff",
    "tint": "#edf4f0",
    "rule": "#d3dad6",
    "ink": "#1c2422",
    "muted": "#57625e",
    "accent": "#0b6655",
    "on_accent": "#ffffff",
}

# A warm near-black, never pure: pure black smears on OLED screens and makes white text glare.
_DARK = {
    "ground": "#131210",
    "paper": "#1d1b18",
    "tint": "#272622",
    "rule": "#3d3a34",
    "ink": "#ebe6dd",
    "muted": "#aca69b",
    "accent": "#86d3bd",
    "on_accent": "#12211c",
}

PALETTE: Mapping[str, str] = MappingProxyType({**_LIGHT, **{f"dark_{name}": colour for name, colour in _DARK.items()}})
