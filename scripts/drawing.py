"""The hand that draws the letter's pictures: a sheet, its colours, its one line weight. Touches: the file it saves.

Limits: flat colour only; eight colours and the steps between them.
"""

import itertools
import math
from collections.abc import Callable, Iterable
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw

Point = tuple[float, float]

DEEP = "#0d3d35"
RIDGE = "#155347"
SLOPE = "#114a40"
PINE = "#0b6655"
LEAF = "#7fb9a4"
MINT = "#b5d4c6"
PALE = "#d9e8e0"
SPOT = "#e9763d"

LINE = 5
"""Pixels of the finished picture, 2.5 on the page: the pictures are shown at half their size."""
OVERSAMPLING = 4
"""Pillow draws without antialiasing, so everything is drawn this many times larger and scaled down."""
STEPS = 4
"""Shades between two neighbouring flat colours, all that antialiased edges need; keeps a picture near 20 KB."""


class Sheet:
    """A sheet to draw on, `width` x `height` units; the finished picture is twice `shown` pixels wide."""

    def __init__(self, width: int, height: int, ground: str, *, shown: int) -> None:
        self.size = (2 * shown, round(2 * shown * height / width))
        self._unit = self.size[0] / width * OVERSAMPLING
        self._image = Image.new("RGB", (self.size[0] * OVERSAMPLING, self.size[1] * OVERSAMPLING), ground)
        self._draw = ImageDraw.Draw(self._image)

    def line(self, points: Iterable[Point], colour: str = DEEP, weight: int = LINE) -> None:
        """A line with round joints and round ends, `weight` finished pixels wide."""
        path = [self._at(point) for point in points]
        self._draw.line(path, fill=colour, width=weight * OVERSAMPLING, joint="curve")
        reach = weight * OVERSAMPLING / 2
        for x, y in (path[0], path[-1]):
            self._draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=colour)

    def shape(self, points: Iterable[Point], fill: str, outline: str | None = DEEP) -> None:
        """A filled polygon; `outline` None leaves it without an edge."""
        corners = list(points)
        self._draw.polygon([self._at(corner) for corner in corners], fill=fill)
        if outline:
            self.line([*corners, corners[0], corners[1]], outline)

    def disc(self, centre: Point, radius: float, fill: str | None, outline: str | None = None) -> None:
        (x, y), reach = self._at(centre), radius * self._unit
        box = (x - reach, y - reach, x + reach, y + reach)
        self._draw.ellipse(box, fill=fill, outline=outline, width=LINE * OVERSAMPLING)

    def block(
        self, corner: Point, opposite: Point, fill: str | None, outline: str | None = None, radius: float = 0
    ) -> None:
        """A rectangle between two corners, rounded by `radius`."""
        box = (*self._at(corner), *self._at(opposite))
        edge = LINE * OVERSAMPLING
        self._draw.rounded_rectangle(box, radius * self._unit, fill=fill, outline=outline, width=edge)

    def save(self, path: Path) -> None:
        small = self._image.resize(self.size, Image.Resampling.LANCZOS)
        small.quantize(palette=_palette(), dither=Image.Dither.NONE).save(path, optimize=True)

    def _at(self, point: Point) -> Point:
        return point[0] * self._unit, point[1] * self._unit


def _palette() -> Image.Image:
    """The eight colours and the steps between each two of them: a palette of its own would lose the small warm spot."""
    flat = [ImageColor.getrgb(c) for c in (DEEP, SLOPE, RIDGE, PINE, LEAF, MINT, PALE, SPOT)]
    mixed = [
        round(a + (b - a) * step / (STEPS + 1))
        for first, second in itertools.combinations(flat, 2)
        for step in range(1, STEPS + 1)
        for a, b in zip(first[:3], second[:3], strict=True)
    ]
    holder = Image.new("P", (1, 1))
    holder.putpalette([*itertools.chain.from_iterable(colour[:3] for colour in flat), *mixed])
    return holder


def curve(function: Callable[[float], float], start: float, end: float, step: float = 3) -> list[Point]:
    """The points of y = function(x) from `start` to `end`."""
    count = max(2, round((end - start) / step))
    return [(x, function(x)) for x in (start + (end - start) * i / count for i in range(count + 1))]


def hexagon(centre: Point, radius: float) -> list[Point]:
    x, y = centre
    return [(x + radius * math.sin(a), y - radius * math.cos(a)) for a in (math.pi / 3 * k for k in range(6))]
