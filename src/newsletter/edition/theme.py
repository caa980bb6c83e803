"""`[theme]` of the settings -> what templates see: colours, widths, sizes and their line heights. Touches: nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.settings.model import ThemeTable
from newsletter.settings.palette import palette_of

_SIDES = 64
"""CSS pixels that the column of text leaves free: 32 at each side."""
_LARGER = 6
_SIDE = 0.42
"""Of the column."""
_GUTTER = 24
_HEADLINE_LEADING, _HEADING_LEADING, _BODY_LEADING = 1.25, 1.45, 1.75
"""Line height by size. Body text in Korean wants 1.6 to 1.75; large type less."""


@dataclass(frozen=True, slots=True)
class ThemeView:
    """The look of the letter; all numbers are CSS pixels."""

    palette: Mapping[str, str]
    """Colours by name: `ink`, `dark_ink`; six digits."""
    width: int
    """The whole letter."""
    column: int
    """The text in it, and the pictures of sections."""
    headline: int
    headline_leading: int
    """Line height of a headline; likewise the next ones."""
    heading: int
    heading_leading: int
    lead_heading: int
    """The headline of a story that leads the letter."""
    lead_heading_leading: int
    side: int
    """A picture beside a text."""
    gutter: int
    """The room between them."""
    body: int
    body_leading: int
    lead: int
    """The introduction, one larger than the body."""
    lead_leading: int


def theme_view(theme: ThemeTable) -> ThemeView:
    """What the templates see of the settings, whose values were judged when they were loaded."""
    lead, lead_heading, column = theme.body + 1, theme.heading + _LARGER, theme.width - _SIDES
    return ThemeView(
        palette=palette_of(theme.colours),
        width=theme.width,
        column=column,
        headline=theme.headline,
        headline_leading=round(theme.headline * _HEADLINE_LEADING),
        heading=theme.heading,
        heading_leading=round(theme.heading * _HEADING_LEADING),
        lead_heading=lead_heading,
        lead_heading_leading=round(lead_heading * _HEADLINE_LEADING),
        side=round(column * _SIDE) - _GUTTER,
        gutter=_GUTTER,
        body=theme.body,
        body_leading=int(theme.body * _BODY_LEADING),
        lead=lead,
        lead_leading=int(lead * _BODY_LEADING),
    )
