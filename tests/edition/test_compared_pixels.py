"""Where two photographs of a page differ: what moved is the same, what changed is framed, and nothing is missed."""

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw

from newsletter.edition.compared_pixels import PixelDifference, compared_pixels

FRAME = (214, 0, 108)
PAPER = (250, 250, 248)
LINES = 20
Paint = Callable[[ImageDraw.ImageDraw], None]


def png(page: Image.Image) -> bytes:
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def page(paint: Paint | None = None, *, without: int | None = None, pushed: int = 0) -> bytes:
    """Twenty lines of a text on paper, of which no two are the same; `pushed` down by so many pixels."""
    sheet = Image.new("RGB", (200, LINES * 30 + pushed - (0 if without is None else 30)), PAPER)
    draw = ImageDraw.Draw(sheet)
    top = pushed
    for number in range(LINES):
        if number != without:
            for letter in range(20):
                draw.rectangle((10 + 8 * letter, top + 8, 14 + 8 * letter, top + 12 + (number * letter) % 7), "black")
            top += 30
    if paint:
        paint(draw)
    return png(sheet)


def compared(before: bytes, after: bytes) -> PixelDifference:
    return compared_pixels([before], [after])


def sizes(found: PixelDifference) -> list[tuple[int, int]]:
    shown = [(Image.open(io.BytesIO(one.before)), Image.open(io.BytesIO(one.after))) for one in found.places]
    return [(before.height, after.height) for before, after in shown]


def test_the_same_page_differs_in_nothing() -> None:
    assert compared(page(), page()) == PixelDifference(0, ())


@pytest.mark.parametrize("at", [(0, 0), (199, 599), (100, 307)])
def test_one_pixel_is_seen(at: tuple[int, int]) -> None:
    found = compared(page(), page(lambda draw: draw.point(at, (250, 250, 249))))
    assert (found.changed, len(found.places)) == (1, 1)


def test_what_changed_is_framed_on_both_sides_with_some_of_what_is_around() -> None:
    found = compared(page(), page(lambda draw: draw.rectangle((50, 310, 60, 314), "red")))
    [place] = found.places
    for data in (place.before, place.after):
        shown = Image.open(io.BytesIO(data)).convert("RGB")
        frame = [at for at in ((x, y) for y in range(shown.height) for x in range(200)) if shown.getpixel(at) == FRAME]
        assert (min(x for x, _ in frame), max(x for x, _ in frame)) == (46, 64)
        assert 90 < shown.height < 130


def test_what_only_stands_elsewhere_is_the_same() -> None:
    found = compared(page(), page(pushed=100))
    assert len(found.places) == 1
    assert sizes(found)[0][0] < 100


@pytest.mark.parametrize(("pushed", "places"), [(0, 1), (100, 1)])
def test_a_seam_of_the_browsers_tiles_is_a_difference_only_where_nothing_moved(pushed: int, places: int) -> None:
    seam = page(lambda draw: draw.point((16, 310 + pushed), (245, 245, 243)), pushed=pushed)
    assert len(compared(page(), seam).places) == places


def test_a_line_less_is_one_place() -> None:
    found = compared(page(), page(without=10))
    assert len(found.places) == 1
    assert found.changed > 0


def test_places_that_are_far_apart_are_shown_apart_and_near_ones_together() -> None:
    def with_red_at(*tops: int) -> bytes:
        def paint(draw: ImageDraw.ImageDraw) -> None:
            for top in tops:
                draw.rectangle((20, top, 40, top + 4), "red")

        return page(paint)

    assert len(compared(page(), with_red_at(40, 500)).places) == 2
    assert len(compared(page(), with_red_at(40, 75)).places) == 1


def test_a_page_of_another_colour_differs_everywhere() -> None:
    dark = Image.new("RGB", (200, 600), "black")
    assert compared(page(), png(dark)).changed > 100_000


def test_a_tall_page_comes_in_strips() -> None:
    whole = Image.open(io.BytesIO(page()))
    strips = [png(whole.crop((0, top, 200, top + 200))) for top in range(0, 600, 200)]
    assert compared_pixels(strips, [page()]).changed == 0
