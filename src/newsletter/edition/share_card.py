"""The picture that others show beside a link: 1200 x 630, in the theme's colours, with the words of an issue.

Touches: the font's file. Half of it is the issue's picture where there is one. Without a font for its letters a card
has no words: colours and the picture; the words stand in the page's `og:title` anyway. Limits: the same bytes for the
same input on one machine; another font, or another version of Pillow, draws others.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont, ImageOps
from PIL import __version__ as _pillow

from .card_font import CardFont
from .directions import runs_right

CARD_SIZE = (1200, 630)
DRAWN_WITH = f"Pillow {_pillow}"
"""Another version draws other bytes."""
_MARGIN = 72
_BAND = 20
"""Of the accent, along the side where reading begins."""
_PICTURE = 500
"""How wide the picture is, over the whole height."""
_SMALL = 34
_TITLES = (76, 66, 58, 50)
"""Sizes to try: the first in which the title fits."""
_MOST_LINES = 4
_LEADING = 1.28
_JPEG_QUALITY = 88


@dataclass(frozen=True, slots=True)
class CardWords:
    """What a card says from above; any may be empty."""

    above: str
    title: str
    below: str


def draw_card(words: CardWords, palette: Mapping[str, str], picture: bytes | None, fonts: Sequence[CardFont]) -> bytes:
    """JPEG with a picture, else PNG; each text in the first of the fonts that has its letters, or left out."""
    card = Image.new("RGB", CARD_SIZE, palette["paper"])
    pen = ImageDraw.Draw(card)
    from_right = runs_right(words.title)
    if picture is not None:
        card.paste(_filling(picture, palette["tint"]), (0 if from_right else CARD_SIZE[0] - _PICTURE, 0))
    room = CARD_SIZE[0] - (_PICTURE if picture is not None else 0)
    left = CARD_SIZE[0] - room if from_right else 0
    begin = CARD_SIZE[0] - _BAND if from_right else 0
    pen.rectangle((begin, 0, begin + _BAND - 1, CARD_SIZE[1]), fill=palette["accent"])
    _write(pen, words, palette, fonts, (left + _MARGIN, left + room - _MARGIN), from_right=from_right)
    out = io.BytesIO()
    if picture is None:
        card.save(out, "PNG")
    else:
        card.save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return out.getvalue()


def _filling(picture: bytes, ground: str) -> Image.Image:
    """The picture cut to its part of the card; where it is transparent, on a colour."""
    with Image.open(io.BytesIO(picture)) as opened:
        whole = opened.convert("RGBA")
    cut = ImageOps.fit(whole, (_PICTURE, CARD_SIZE[1]), Image.Resampling.BICUBIC)
    below = Image.new("RGBA", cut.size, ground)
    below.alpha_composite(cut)
    return below.convert("RGB")


def _write(
    pen: ImageDraw.ImageDraw,
    words: CardWords,
    palette: Mapping[str, str],
    fonts: Sequence[CardFont],
    across: tuple[int, int],
    *,
    from_right: bool,
) -> None:
    """The newsletter above, the title in the middle, the number below."""
    left, right = across
    edge, side = (right, "r") if from_right else (left, "l")
    for text, height, anchor, colour in (
        (words.above, _MARGIN, "a", palette["accent"]),
        (words.below, CARD_SIZE[1] - _MARGIN, "d", palette["muted"]),
    ):
        font, shown = _drawable(text, fonts)
        if font and shown:
            small = font.at(_SMALL)
            first = next(_lines(shown, small, right - left))
            pen.text((edge, height), first, fill=colour, font=small, anchor=side + anchor)
    font, title = _drawable(words.title, fonts)
    if not font or not title:
        return
    face, lines = _fitting(title, font, right - left)
    step = round(face.size * _LEADING)
    top = (CARD_SIZE[1] - step * len(lines)) // 2
    for place, line in enumerate(lines):
        pen.text((edge, top + place * step), line, fill=palette["ink"], font=face, anchor=f"{side}a")


def _drawable(text: str, fonts: Sequence[CardFont]) -> tuple[CardFont | None, str]:
    """The first font that has the letters of a text, and what it can draw of it."""
    found = ((font, font.drawable(text)) for font in fonts)
    return next(((font, shown) for font, shown in found if shown is not None), (None, ""))


def _fitting(title: str, font: CardFont, width: int) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest size in which the title takes few lines, and the lines; one that is too long ends in an ellipsis."""
    for size in _TITLES:
        face = font.at(size)
        lines = list(_lines(title, face, width))
        if len(lines) <= _MOST_LINES:
            return face, lines
    last = lines[_MOST_LINES - 1]
    while last and face.getlength(f"{last}…") > width:
        last = last[:-1].rstrip()
    return face, [*lines[: _MOST_LINES - 1], f"{last}…"]


def _lines(text: str, face: ImageFont.FreeTypeFont, width: int) -> Iterator[str]:
    """Broken between words, as Korean is; within one only where it is wider than the line, as Japanese is."""
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if face.getlength(joined) <= width:
            line = joined
            continue
        if line:
            yield line
        line = ""
        for character in word:
            if line and face.getlength(line + character) > width:
                yield line
                line = ""
            line += character
    if line:
        yield line
