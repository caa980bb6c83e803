"""`[theme]` of the settings -> what templates see: colours, widths, sizes and their line heights. Touches: nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.settings.colours import mixed
from newsletter.settings.model import ThemeTable
from newsletter.settings.palette import DARK
from newsletter.settings.presets import preset

_SIDES = 64
"""CSS pixels that the column of text leaves free: 32 at each side."""
_LARGER = 6
_SIDE = 0.42
"""Of the column."""
_GUTTER = 24
_DENSITIES = {"compact": 0.75, "normal": 1.0, "airy": 1.25}
_GAP = 16
_PALER = (0.0, 0.22, 0.42, 0.57, 0.68, 0.77)
"""How much paper is in each shade of the accent; so few can be told apart."""
_HEADLINE_LEADING, _HEADING_LEADING, _BODY_LEADING = 1.25, 1.45, 1.75
"""Line height by size. Body text in Korean wants 1.6 to 1.75; large type less."""


@dataclass(frozen=True, slots=True)
class ThemeView:
    """The look of the letter; all numbers are CSS pixels."""

    palette: Mapping[str, str]
    """Colours by name: `ink`, `dark_ink`; six digits."""
    shades: tuple[str, ...]
    """The accent and paler ones of it, for the parts of a whole."""
    dark_shades: tuple[str, ...]
    width: int
    """The whole letter."""
    column: int
    """The text in it, and the pictures of sections."""
    headline: int
    headline_leading: int
    """Line height of a headline; likewise the next ones."""
    headline_wide: int
    """The headline where there is room."""
    headline_wide_leading: int
    heading: int
    heading_leading: int
    lead_heading: int
    """The headline of a story that leads the letter."""
    lead_heading_leading: int
    side: int
    """A picture beside a text."""
    gutter: int
    """The room between them."""
    half: int
    """One of two pictures in a row, 16 apart."""
    body: int
    body_leading: int
    lead: int
    """The introduction, one larger than the body."""
    lead_leading: int
    serif: bool
    """Headings are set in a serif."""
    tight: bool
    """Headings of Hangul are set closer."""
    radius: int
    density: float
    masthead: str
    """`rule`, `centred` or `band`."""
    ordinal: str
    """`small`, `large` or `block`."""
    card: str
    """`spine`, `ruled` or `boxed`."""

    def room(self, pixels: int) -> int:
        """So much room between parts as the density makes of it, in steps of 4."""
        return round(pixels * self.density / 4) * 4


def theme_view(theme: ThemeTable) -> ThemeView:
    """What the templates see of the settings, whose values were judged when they were loaded."""
    look = preset(theme.preset)
    headline, heading, body = theme.headline or look.headline, theme.heading or look.heading, theme.body or look.body
    lead, lead_heading, column = body + 1, heading + _LARGER, theme.width - _SIDES
    wide = theme.headline or look.headline_wide
    return ThemeView(
        palette=theme.palette,
        shades=_shades(theme.palette, ""),
        dark_shades=_shades(theme.palette, DARK),
        width=theme.width,
        column=column,
        headline=headline,
        headline_leading=round(headline * _HEADLINE_LEADING),
        headline_wide=wide,
        headline_wide_leading=round(wide * _HEADLINE_LEADING),
        heading=heading,
        heading_leading=round(heading * _HEADING_LEADING),
        lead_heading=lead_heading,
        lead_heading_leading=round(lead_heading * _HEADLINE_LEADING),
        side=round(column * _SIDE) - _GUTTER,
        gutter=_GUTTER,
        half=(column - _GAP) // 2,
        body=body,
        body_leading=int(body * _BODY_LEADING),
        lead=lead,
        lead_leading=int(lead * _BODY_LEADING),
        serif=(theme.heading_font or look.heading_font) == "serif",
        tight=look.tight,
        radius=look.radius if theme.radius is None else theme.radius,
        density=_DENSITIES[theme.density or look.density],
        masthead=look.masthead,
        ordinal=look.ordinal,
        card=look.card,
    )


def _shades(palette: Mapping[str, str], prefix: str) -> tuple[str, ...]:
    return tuple(mixed(palette[f"{prefix}accent"], palette[f"{prefix}paper"], share) for share in _PALER)
