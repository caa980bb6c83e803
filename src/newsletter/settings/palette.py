"""The letter's colours: one accent, one ink, white paper on a soft ground, and the same again for the dark.

Touches: nothing. Limits: six digits only, since some clients drop `#abc`, `rgba()` and CSS variables. Templates read
them as `palette.ink`, and the dark ones as `palette.dark_ink`. Every text colour has 4.5:1 (WCAG 2.1, 1.4.3) or more on
each of ground, paper and tint, in light, in dark and after a full inversion; tests/letter measures it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from .colours import READABLE, contrast, least_contrast, mixed, nearest_colour

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

DARK = "dark_"
PALETTE: Mapping[str, str] = MappingProxyType({**_LIGHT, **{DARK + name: colour for name, colour in _DARK.items()}})

PAIRS = (
    ("ink", "paper"),
    ("ink", "tint"),
    ("muted", "paper"),
    ("muted", "tint"),
    ("muted", "ground"),
    ("accent", "paper"),
    ("accent", "tint"),
    ("on_accent", "accent"),
)
"""Which text stands on which surface; each again in the dark."""

_TINT = 0.07
"""How much of the accent a tint takes on: enough to be seen beside the paper, too little to tire the eye."""
_CLEAR = 8.0
"""The contrast of the default accent in the dark, kept for others."""


def palette_of(given: Mapping[str, str], base: Mapping[str, str] = PALETTE) -> Mapping[str, str]:
    """The whole palette from the colours that somebody chose; `base` is that of the preset.

    With an accent of their own, its companions come from it, unless they are given too: the tint, the text on a
    button, and all of these in the dark. Every other colour is that of `base`.
    """
    palette = {**base, **given}
    if "accent" in given:
        for prefix in ("", DARK):
            for name, colour in _companions(palette, prefix, base).items():
                palette[name] = given.get(name, colour)
    return MappingProxyType(palette)


def _companions(palette: Mapping[str, str], prefix: str, base: Mapping[str, str]) -> dict[str, str]:
    """What goes with the accent of `palette`, in light (`""`) or in the dark."""
    paper, ink, accent = (palette[prefix + name] for name in ("paper", "ink", "accent"))
    if accent == base["dark_accent"]:
        accent = nearest_colour(palette["accent"], lambda colour: contrast(colour, paper) >= _CLEAR) or accent
    tint = next(
        tint
        for share in (_TINT, _TINT / 2, 0.0)
        if (tint := mixed(paper, accent, share)) == paper or _carries(tint, (ink, accent, palette[f"{prefix}muted"]))
    )
    on_accent = max((base["on_accent"], base["dark_on_accent"]), key=lambda colour: least_contrast(colour, accent))
    return {f"{prefix}accent": accent, f"{prefix}tint": tint, f"{prefix}on_accent": on_accent}


def _carries(surface: str, texts: tuple[str, ...]) -> bool:
    return all(least_contrast(text, surface) >= READABLE for text in texts)
