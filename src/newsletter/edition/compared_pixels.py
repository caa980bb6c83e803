"""Two photographs of a page -> where they differ, framed: `compared_pixels(before, after)`. Touches: nothing.

What only stands higher or lower than before is no difference: the pages are laid beside each other band by band, as
texts are by line. Limits: where a whole stretch was replaced by one of another height, the stretch is one place.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise

from PIL import Image, ImageChops, ImageDraw

_GAP, _EDGES = 3, 6
"""Equal rows that part two bands, and how often their colour may change: more are strokes of letters, not a frame."""
_NEAR = 48
"""Pixels between two places that are shown as one, and what is shown around them."""
_APART = 12
"""Rows between two boxes: those of one line of text are one."""
_SEAM, _FAINT = 2, 16
"""Rows, and levels of 255: a browser paints in tiles, and a picture is a trace fainter where two meet; in what stands
elsewhere than before they meet elsewhere, too."""
_MARGIN = 4
_FRAME = (214, 0, 108)
_THICK = 2

_Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A stretch of the page before and after, what differs in it framed; as WebP."""

    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class PixelDifference:
    """Where two photographs differ; `changed` is how many pixels do, those counted that are on one side only."""

    changed: int
    places: tuple[ShownPlace, ...]


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows that belong together: `key` tells equal ones."""

    key: int
    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class _Place:
    before: _Box
    after: _Box
    changed: int


def compared_pixels(before: Sequence[bytes], after: Sequence[bytes]) -> PixelDifference:
    """Of two pages of one width, each one or more pictures, one under the other."""
    old, new = _page(before), _page(after)
    if old.size == new.size and old.tobytes() == new.tobytes():
        return PixelDifference(0, ())
    found = list(_places(old, new))
    shown = tuple(_shown(old, new, group) for group in _grouped(found))
    return PixelDifference(sum(place.changed for place in found), shown)


def _page(strips: Sequence[bytes]) -> Image.Image:
    pictures = [Image.open(io.BytesIO(data)).convert("RGB") for data in strips]
    page = Image.new("RGB", (pictures[0].width, sum(one.height for one in pictures)))
    top = 0
    for one in pictures:
        page.paste(one, (0, top))
        top += one.height
    return page


def _bands(page: Image.Image) -> list[_Band]:
    """Runs of equal rows, and what stands between two of them."""
    data, stride = page.tobytes(), page.width * 3
    rows = [hash(data[top : top + stride]) for top in range(0, len(data), stride)]
    runs: list[tuple[bool, int, int]] = []
    bands: list[_Band] = []
    top = 0
    for _, equal in groupby(rows):
        height = sum(1 for _ in equal)
        row = data[top * stride : (top + 1) * stride]
        runs.append((height >= _GAP and _edges(row) <= _EDGES, top, top + height))
        top += height
    for _, group in groupby(runs, key=lambda run: run[1] if run[0] else -1):
        several = list(group)
        first, last = several[0][1], several[-1][2]
        bands.append(_Band(hash(tuple(rows[first:last])), first, last))
    return bands


def _edges(row: bytes) -> int:
    pixels = [row[at : at + 3] for at in range(0, len(row), 3)]
    return sum(one != other for one, other in pairwise(pixels))


def _places(old: Image.Image, new: Image.Image) -> Iterator[_Place]:
    before, after = _bands(old), _bands(new)
    matcher = SequenceMatcher(None, [one.key for one in before], [one.key for one in after], autojunk=False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind != "equal":
            rows_old = _rows(before, i, j, old.height)
            rows_new = _rows(after, k, m, new.height)
            yield from _in_stretch(old, new, rows_old, rows_new)


def _rows(bands: Sequence[_Band], first: int, last: int, height: int) -> tuple[int, int]:
    top = bands[first].top if first < len(bands) else height
    return (top, bands[last - 1].bottom) if last > first else (top, top)


def _in_stretch(
    old: Image.Image, new: Image.Image, rows_old: tuple[int, int], rows_new: tuple[int, int]
) -> Iterator[_Place]:
    """What differs in two stretches of rows, of which one may be empty."""
    box_old, box_new = (0, rows_old[0], old.width, rows_old[1]), (0, rows_new[0], new.width, rows_new[1])
    height_old, height_new = rows_old[1] - rows_old[0], rows_new[1] - rows_new[0]
    if height_old == height_new:
        where = _where(ImageChops.difference(old.crop(box_old), new.crop(box_new)))
        for left, top, right, bottom in _apart(where):
            counts = where.crop((left, top, right, bottom)).histogram()
            if rows_old[0] != rows_new[0] and bottom - top <= _SEAM and not any(counts[_FAINT:]):
                continue
            yield _Place(
                (left, rows_old[0] + top, right, rows_old[0] + bottom),
                (left, rows_new[0] + top, right, rows_new[0] + bottom),
                sum(counts[1:]),
            )
        return
    yield _Place(_drawn(old, box_old), _drawn(new, box_new), old.width * max(height_old, height_new))


def _where(difference: Image.Image) -> Image.Image:
    """In grey: nought where the two are the same."""
    red, green, blue = difference.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _apart(where: Image.Image) -> Iterator[_Box]:
    """The boxes of what differs, parted where many rows do not."""
    _, differs = where.getprojection()
    rows = [row for row, is_other in enumerate(differs) if is_other]
    begin = 0
    for number, row in enumerate(rows):
        is_last = number + 1 == len(rows) or rows[number + 1] - row > _APART
        if is_last:
            top = rows[begin]
            left, _, right, _ = where.crop((0, top, where.width, row + 1)).getbbox() or (0, 0, where.width, 0)
            yield left, top, right, row + 1
            begin = number + 1


def _drawn(page: Image.Image, box: _Box) -> _Box:
    """Within a stretch, what is not its ground; the whole where there is nothing else, or no stretch."""
    if box[1] == box[3]:
        return box
    part = page.crop(box)
    ground = Image.new("RGB", part.size, part.getpixel((part.width // 2, 0)))
    inside = ImageChops.difference(part, ground).getbbox()
    return (inside[0], box[1] + inside[1], inside[2], box[1] + inside[3]) if inside else box


def _grouped(places: Sequence[_Place]) -> Iterator[list[_Place]]:
    """Those near each other on both sides together, in the order of the page."""
    group: list[_Place] = []
    for place in places:
        if group and (place.before[1] - group[-1].before[3] > _NEAR and place.after[1] - group[-1].after[3] > _NEAR):
            yield group
            group = []
        group.append(place)
    if group:
        yield group


def _shown(old: Image.Image, new: Image.Image, group: Sequence[_Place]) -> ShownPlace:
    return ShownPlace(
        _framed_part(old, [place.before for place in group]), _framed_part(new, [place.after for place in group])
    )


def _framed_part(page: Image.Image, boxes: Sequence[_Box]) -> bytes:
    """The stretch of the page with those boxes and some of what is around; where something came in, a line."""
    top = max(0, min(box[1] for box in boxes) - _NEAR)
    bottom = min(page.height, max(box[3] for box in boxes) + _NEAR)
    part = page.crop((0, top, page.width, max(bottom, top + 1)))
    draw = ImageDraw.Draw(part)
    for left, upper, right, lower in boxes:
        if upper == lower:
            draw.line((0, upper - top, page.width, upper - top), fill=_FRAME, width=_THICK)
            continue
        corner = (max(0, left - _MARGIN), max(0, upper - top - _MARGIN))
        other = (min(page.width, right + _MARGIN) - 1, min(part.height, lower - top + _MARGIN) - 1)
        draw.rectangle((*corner, *other), outline=_FRAME, width=_THICK)
    out = io.BytesIO()
    part.save(out, "WEBP", lossless=True, quality=40, method=2)
    return out.getvalue()
