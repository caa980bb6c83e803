"""Whether the text can be read: contrast, font-min. Touches: nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.catalogue import Said, phrase
from newsletter.check.css.cascade import ComputedStyle, DisplayMode, computed_styles
from newsletter.check.material import Material, Sheet
from newsletter.check.page import StartTag, collapsed
from newsletter.check.rule import Found, warning
from newsletter.excerpt import shortened
from newsletter.settings.colours import READABLE, contrast, inverted

_READABLE_LARGE = 3.0
_LARGE, _LARGE_BOLD = 24.0, 18.66  # CSS pixels: 18 and 14 points (WCAG 2.2, “large scale”)
_SMALLEST = 13.0  # CSS pixels, as the notes of our own templates
_SHOWN = 30
_ROUNDED = 0.005
_WHERE = {
    DisplayMode.LIGHT: phrase("check.legibility.contrast.in_light"),
    DisplayMode.DARK: phrase("check.legibility.contrast.in_the_dark"),
    DisplayMode.OUTLOOK_DARK: phrase("check.legibility.contrast.in_outlook_dark"),
}
_INVERTED = phrase("check.legibility.contrast.inverted")


@dataclass(frozen=True, slots=True)
class _Faint:
    """Two colours that are too near each other, where, and how near."""

    colour: str
    ground: str
    ratio: float
    wanted: float
    where: Said

    @property
    def pair(self) -> tuple[str, str, float]:
        return self.colour, self.ground, self.wanted


@warning("contrast", "WCAG 2.2, 1.4.3 https://www.w3.org/TR/WCAG22/#contrast-minimum")
def contrast_rule(material: Material) -> Iterator[Found]:
    """Text that hardly differs from its ground: in light, in the dark, or once Gmail has inverted the letter."""
    told: dict[tuple[str, str, float], Said] = {}
    for sheet in material.sheets:
        of_sheet = set()
        for tag, words, faint in _faint(sheet):
            if faint.pair not in of_sheet:
                of_sheet.add(faint.pair)
                yield Found(told.setdefault(faint.pair, _told(words, faint)), tag=tag, sheet=sheet)


@warning(
    "font-min",
    "Style Campaign, small text in email http://stylecampaign.com/blog/2018/08/small-text-and-accessibility-in-email/"
    "; the limit is ours",
)
def font_min(material: Material) -> Iterator[Found]:
    """Text under 13 pixels is hard to read on a phone."""
    told: dict[float, Said] = {}
    for sheet in material.sheets:
        of_sheet = set()
        for tag, words, style in _read(sheet, DisplayMode.LIGHT):
            size = round(style.size, 1)
            small = 1 < size < _SMALLEST and tag.name not in {"sub", "sup"}
            if small and size not in of_sheet:
                of_sheet.add(size)
                says = phrase("check.legibility.font-min.found", size=f"{size:g}", words=words)
                yield Found(told.setdefault(size, says), tag=tag, sheet=sheet)


def _read(sheet: Sheet, mode: DisplayMode) -> Iterator[tuple[StartTag, str, ComputedStyle]]:
    """The texts that somebody is meant to read, with how they style."""
    styles = computed_styles(sheet.page, mode)
    for tag, text in sheet.page.texts:
        words = collapsed(text)
        if any(char.isalnum() for char in words) and not styles[tag.index].hidden:
            yield tag, shortened(words, _SHOWN), styles[tag.index]


def _faint(sheet: Sheet) -> Iterator[tuple[StartTag, str, _Faint]]:
    for mode, where in _WHERE.items():
        for tag, words, style in _read(sheet, mode):
            if style.colour is None or style.ground is None or style.size <= 1:
                continue
            large = style.size >= _LARGE or (style.bold and style.size >= _LARGE_BOLD)
            wanted = _READABLE_LARGE if large else READABLE
            ratio = contrast(style.colour, style.ground)
            if ratio < wanted - _ROUNDED:
                yield tag, words, _Faint(style.colour, style.ground, ratio, wanted, where)
            elif mode is DisplayMode.LIGHT:
                ratio = contrast(inverted(style.colour), inverted(style.ground))
                if ratio < wanted - _ROUNDED:
                    yield tag, words, _Faint(style.colour, style.ground, ratio, wanted, _INVERTED)


def _told(words: str, faint: _Faint) -> Said:
    return phrase(
        "check.legibility.contrast.found",
        where=faint.where,
        words=words,
        colour=faint.colour,
        ground=faint.ground,
        ratio=f"{faint.ratio:.2f}",
        wanted=f"{faint.wanted:g}",
    )


RULES = (
    contrast_rule,
    font_min,
)
