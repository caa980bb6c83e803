"""What is made of a picture besides its size: the part that is shown, and a mark to be pressed. Touches: nothing.

The mark is drawn into the pixels, since no mail program lays one thing over another: a dark disc with a light ring, so
that it is seen on anything, in the light and in the dark.
"""

from dataclasses import dataclass

from PIL import Image, ImageDraw

_INK, _PAPER = (18, 18, 18, 190), (255, 255, 255, 255)
_MARK = 64
"""CSS pixels of the mark's disc: somewhat more than a finger."""
_MOST = 0.4
"""Of the picture's shorter side, where that is small."""
_FINER = 4
"""Times as large it is drawn, to have smooth edges."""


@dataclass(frozen=True, slots=True)
class Shape:
    """`crop` is width to height, None for the whole picture, and `focus` what stays in the middle, in percent."""

    crop: tuple[int, int] | None = None
    focus: tuple[int, int] = (50, 50)
    play: bool = False

    @property
    def name(self) -> str:
        """Another one for every picture that would look different; empty where nothing is changed."""
        cut = "{}:{} {} {}".format(*self.crop, *self.focus) if self.crop else ""
        return f"{cut}{' play' if self.play else ''}"


WHOLE = Shape()


def shape_of(crop: str, focus: str, *, play: bool = False) -> Shape:
    """As an issue says it: `16:9`, `50 30`; empty for the whole, the middle."""
    across, down = focus.split() if focus else (50, 50)
    wide, high = crop.split(":") if crop else ("", "")
    return Shape((int(wide), int(high)) if crop else None, (int(across), int(down)), play)


def cut(picture: Image.Image, shape: Shape) -> Image.Image:
    """The largest part of this ratio whose middle is as near to the focus as the edges allow."""
    if shape.crop is None:
        return picture
    ratio = shape.crop[0] / shape.crop[1]
    wide = min(picture.width, max(1, round(picture.height * ratio)))
    high = min(picture.height, max(1, round(picture.width / ratio)))
    left, top = (
        min(max(round(whole * focus / 100 - part / 2), 0), whole - part)
        for whole, part, focus in zip(picture.size, (wide, high), shape.focus, strict=True)
    )
    return picture.crop((left, top, left + wide, top + high))


def marked(picture: Image.Image, sharpness: float) -> Image.Image:
    """With the mark in its middle; `sharpness` are the picture's pixels for one that is shown."""
    side = max(1, round(min(_MARK * sharpness, _MOST * min(picture.size))))
    whole = picture.convert("RGBA")
    whole.alpha_composite(_mark(side), ((picture.width - side) // 2, (picture.height - side) // 2))
    return whole if picture.mode == "RGBA" else whole.convert("RGB")


def _mark(side: int) -> Image.Image:
    fine = side * _FINER
    drawn = Image.new("RGBA", (fine, fine), (*_PAPER[:3], 0))
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((0, 0, fine - 1, fine - 1), fill=_PAPER)
    edge = fine * 0.05
    pen.ellipse((edge, edge, fine - 1 - edge, fine - 1 - edge), fill=_INK)
    # Its middle of gravity is that of the disc, so that it does not look pushed to the left.
    pen.polygon([(fine * x, fine * y) for x, y in ((0.39, 0.29), (0.39, 0.71), (0.74, 0.5))], fill=_PAPER)
    return drawn.resize((side, side), Image.Resampling.LANCZOS)
