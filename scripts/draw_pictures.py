"""Draw the pictures of the example issue, `issues/assets/2021-07/*.png`, with one hand.

Touches: files of that folder. Limits: each picture has exactly one warm spot, the new growth engine that the letter is
about. The same run gives the same pixels. The pictures are in the public domain (CC0 1.0).
"""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

from drawing import DEEP, LEAF, LINE, MINT, PALE, PINE, RIDGE, SLOPE, SPOT, Point, Sheet, curve, hexagon

FOLDER = Path(__file__).resolve().parent.parent / "issues" / "assets" / "2021-07"

HERO, STORY = 600, 536
"""CSS pixels: as wide as the letter, and as wide as its text."""


def hero() -> Sheet:
    """Seoul between its mountains and its river; a line grows out of the city into a point of light."""
    sheet = Sheet(1200, 560, DEEP, shown=HERO)
    water = 468

    def far(x: float) -> float:
        peaks = ((180, 120, 120), (330, 185, 90), (470, 120, 110), (1010, 90, 190))
        return water - 60 - sum(height * math.exp(-(((x - at) / reach) ** 2)) for at, height, reach in peaks)

    def near(x: float) -> float:
        peaks = ((40, 60, 150), (620, 105, 150), (1150, 110, 130))
        return water - 18 - sum(height * math.exp(-(((x - at) / reach) ** 2)) for at, height, reach in peaks)

    sheet.disc((850, 262), 186, RIDGE)
    for ridge, colour in ((far, SLOPE), (near, RIDGE)):
        sheet.shape([*curve(ridge, 0, 1200), (1200, water), (0, water)], colour, None)
    _tower_on_the_hill(sheet, 620, near(620))
    sheet.line(curve(lambda x: 430 - 335 * (max(x - 60, 0) / 1030) ** 2.6, -10, 1072), PALE)
    for left, width, height, floors in (
        (300, 54, 96, 3), (362, 40, 150, 5), (410, 66, 112, 3), (484, 38, 74, 2), (700, 52, 128, 4),
        (760, 40, 190, 6), (808, 62, 104, 3), (958, 48, 142, 4), (1014, 66, 92, 2), (1088, 40, 64, 2),
    ):  # fmt: skip
        _building(sheet, left, water, width, height, floors)
    sheet.shape([(884, water), (893, 268), (911, 196), (929, 268), (938, water)], DEEP, MINT)
    sheet.line([(911, 232), (911, water - 26)], LEAF)
    _gate(sheet, 196, water)
    sheet.line([(0, water), (1200, water)], MINT)

    def ripple(x: float) -> float:
        return water + 24 + 4 * math.sin(x / 15)

    for row, strokes in enumerate(
        (((70, 380), (470, 560), (640, 1010)), ((190, 270), (390, 820), (930, 1120)), ((90, 210), (520, 700)))
    ):
        for start, end in strokes:
            sheet.line([(x, y + 24 * row) for x, y in curve(ripple, start, end)], PINE)
    sheet.disc((1090, 92), 40, DEEP)
    sheet.disc((1090, 92), 34, None, MINT)
    sheet.disc((1090, 92), 17, SPOT)
    return sheet


def _building(sheet: Sheet, left: float, ground: float, width: float, height: float, floors: int) -> None:
    sheet.shape(
        [(left, ground), (left, ground - height), (left + width, ground - height), (left + width, ground)], DEEP, MINT
    )
    for floor in range(floors):
        y = ground - height + 22 + floor * (height - 40) / max(floors - 1, 1)
        sheet.line([(left + 15, y), (left + width - 15, y)], LEAF)


def _tower_on_the_hill(sheet: Sheet, x: float, ground: float) -> None:
    sheet.line([(x, ground - 116), (x, ground - 150)], MINT)
    sheet.shape([(x - 8, ground + 6), (x - 5, ground - 84), (x + 5, ground - 84), (x + 8, ground + 6)], DEEP, MINT)
    sheet.block((x - 19, ground - 116), (x + 19, ground - 84), DEEP, MINT, radius=8)


def _gate(sheet: Sheet, x: float, ground: float) -> None:
    """A city gate with two roofs, their eaves turned up."""
    sheet.shape([(x - 66, ground), (x - 58, ground - 46), (x + 58, ground - 46), (x + 66, ground)], DEEP, MINT)
    sheet.line(
        [
            (x - 17, ground),
            (x - 17, ground - 14),
            *curve(lambda t: ground - 14 - math.sqrt(max(0, 289 - (t - x) ** 2)), x - 17, x + 17, 1),
            (x + 17, ground),
        ],
        MINT,
    )
    for half, low in ((76, 58), (60, 92)):
        sheet.block((x - half + 26, ground - low - 10), (x + half - 26, ground - low + 14), DEEP, MINT)
        eave = [(x + half * t, y + ground - low) for t, y in curve(lambda t: -10 * t**4, -1, 1, 0.05)]
        sheet.shape([*eave, (x + half - 30, ground - low - 22), (x - half + 30, ground - low - 22)], DEEP, MINT)


def media() -> Sheet:
    """Smart media: waves of light round a screen that is about to play."""
    sheet = Sheet(1120, 400, PALE, shown=STORY)
    for row in range(-5, 6):

        def wave(x: float, row: int = row) -> float:
            swell = math.exp(-(((x - 560) / 300) ** 2))
            return 200 + 21 * row * (1 + 0.4 * swell) + (13 + 20 * swell) * math.sin(x / 74 + row * 0.55)

        sheet.line(curve(wave, -10, 1130), PINE if row % 5 == 0 else (MINT, LEAF, MINT)[row % 3])
    sheet.disc((560, 200), 124, PALE)
    sheet.disc((560, 200), 106, DEEP)
    sheet.disc((560, 200), 78, None, LEAF)
    sheet.shape([(542, 164), (604, 200), (542, 236)], SPOT, SPOT)
    return sheet


def software() -> Sheet:
    """Three clusters of software firms: one grown by itself, one round a core, one laid out by plan."""
    sheet = Sheet(1120, 400, PALE, shown=STORY)
    pitch = 66
    rise = pitch * math.sqrt(3) / 2

    def cells(origin: Point, columns: Sequence[str]) -> list[tuple[Point, str]]:
        """Each letter is a hexagon and its colour, a dot an empty place; every second row is shifted by half."""
        return [
            ((origin[0] + (column + row % 2 / 2) * pitch, origin[1] + (row - 2) * rise), letter)
            for row, line in enumerate(columns)
            for column, letter in enumerate(line)
            if letter != "."
        ]

    for side in (-1, 1):
        for row in (-2, 0, 2):
            sheet.line([(560, 200 + row * rise / 2), (560 + side * 330, 200 + row * rise)], LEAF)
    colours = {"o": PALE, "m": MINT, "l": LEAF, "p": PINE, "s": SPOT}
    grown = cells((74, 200), (".om.", "ol.o", ".pom", "o.l.", ".mo."))
    core = cells((494, 200), ("", "ml", "oso", "lp", ""))
    planned = cells((815, 200), ("oomo", "omoo", "mooo", "oool", "oolp"))
    for centre, letter in [*grown, *core, *planned]:
        sheet.shape(hexagon(centre, 34), colours[letter], DEEP)
    return sheet


def bio() -> Sheet:
    """A double helix that lies on its side; sprouts grow from its crests."""
    sheet = Sheet(1120, 400, PALE, shown=STORY)
    period, height, middle = 320.0, 76.0, 222.0

    def strand(side: int) -> Callable[[float], float]:
        return lambda x: middle - side * height * math.cos(2 * math.pi * (x - 560) / period)

    for number in range(-17, 18):
        x = 560 + number * 32
        if abs(strand(1)(x) - strand(-1)(x)) > height:
            sheet.line([(x, strand(1)(x)), (x, strand(-1)(x))], LEAF)
    for side, colour in ((1, DEEP), (-1, PINE)):
        sheet.line(curve(strand(side), -10, 1130), colour)
    for crossing in range(-4, 4):
        at = 560 + (crossing + 0.5) * period / 2
        side, colour = ((1, DEEP), (-1, PINE))[crossing % 2]
        sheet.line(curve(strand(side), at - 18, at + 18), PALE, LINE * 4)
        sheet.line(curve(strand(side), at - 40, at + 40), colour)
    for crest in (-1, 0, 1):
        _sprout(sheet, (560 + crest * period, middle - height), 62 if crest == 0 else 44, SPOT if crest == 0 else PALE)
    return sheet


def _sprout(sheet: Sheet, foot: Point, height: float, bud: str) -> None:
    x, y = foot
    sheet.line([(x, y), (x, y - height)], DEEP)
    tip = height * 0.95
    for side, fill in ((-1, LEAF), (1, MINT)):
        upper = curve(lambda t: y - height * 0.32 - t * 0.62 - 11 * math.sin(math.pi * t / tip), 0, tip)
        lower = curve(lambda t: y - height * 0.32 - t * 0.62 + 11 * math.sin(math.pi * t / tip), 0, tip)
        sheet.shape([(x + side * t, v) for t, v in [*upper, *reversed(lower)]], fill, DEEP)
    sheet.disc((x, y - height), 15, bud, DEEP)


def ai_iot() -> Sheet:
    """A chip in the middle of the city's grid; its signals reach the things around it."""
    sheet = Sheet(1120, 400, PALE, shown=STORY)
    for column in range(28):
        for row in range(10):
            sheet.disc((20 + 40 * column, 20 + 40 * row), 3.5, MINT)
    for number in range(4):
        x = 515 + 30 * number
        sheet.line([(x, 88), (x, 312)], DEEP)
    ends = ((-1, (230, 96, 300, 180, 60, 250)), (1, (860, 1010, 800, 1060, 930, 850)))
    for side, stops in ends:
        for number, stop in enumerate(stops):
            pin, goal = 135 + 26 * number, 50 + 60 * number
            bend = 560 + side * 116
            sheet.line([(560, pin), (bend, pin), (bend + side * abs(goal - pin), goal), (stop, goal)], PINE)
            sheet.disc((stop, goal), 19, (MINT, PALE, LEAF)[number % 3], DEEP)
            sheet.disc((stop, goal), 5, DEEP)
    sheet.block((478, 118), (642, 282), DEEP, radius=24)
    sheet.block((504, 144), (616, 256), None, LEAF, radius=12)
    sheet.disc((560, 200), 22, SPOT)
    return sheet


PICTURES: dict[str, Callable[[], Sheet]] = {
    "hero": hero,
    "media": media,
    "software": software,
    "bio": bio,
    "ai-iot": ai_iot,
}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, draw in PICTURES.items():
        path = FOLDER / f"{name}.png"
        draw().save(path)
        print(f"{path.relative_to(FOLDER.parents[2])}  {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
