"""The part of a picture that is shown, and the mark in its middle."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from newsletter.edition.picture_shape import Shape, cut, shape_of
from newsletter.edition.pictures import load_picture
from tests.edition.test_picture_pixels import decoded, moving, saved


@pytest.mark.parametrize(
    ("crop", "focus", "box"),
    [
        ("1:1", "", (50, 0, 150, 100)),
        ("1:1", "0 0", (0, 0, 100, 100)),
        ("1:1", "100 50", (100, 0, 200, 100)),
        ("1:1", "40 0", (30, 0, 130, 100)),
        ("4:1", "50 30", (0, 5, 200, 55)),
        ("4:1", "50 90", (0, 50, 200, 100)),
        ("2:1", "10 10", (0, 0, 200, 100)),
    ],
)
def test_the_focus_stays_as_near_to_the_middle_as_the_edges_allow(
    crop: str, focus: str, box: tuple[int, int, int, int]
) -> None:
    wide = Image.merge("RGB", [Image.linear_gradient("L").resize((200, 100)).rotate(turn) for turn in (0, 90, 180)])
    assert cut(wide, shape_of(crop, focus)).tobytes() == wide.crop(box).tobytes()


@settings(max_examples=60, deadline=None)
@given(
    size=st.tuples(st.integers(1, 400), st.integers(1, 400)),
    crop=st.tuples(st.integers(1, 100), st.integers(1, 100)),
    focus=st.tuples(st.integers(0, 100), st.integers(0, 100)),
)
def test_every_ratio_is_cut_out_of_every_picture(
    size: tuple[int, int], crop: tuple[int, int], focus: tuple[int, int]
) -> None:
    part = cut(Image.new("L", size), Shape(crop, focus))
    assert part.width == size[0] or part.height == size[1]
    exact = min(size[0], size[1] * crop[0] / crop[1]), min(size[1], size[0] * crop[1] / crop[0])
    assert part.size == pytest.approx([max(1, one) for one in exact], abs=0.51)


@pytest.mark.parametrize("ground", [(0, 0, 0), (255, 255, 255), (128, 128, 128), (255, 0, 0, 0)])
@pytest.mark.parametrize("size", [(800, 450), (90, 60), (3, 3)])
def test_the_mark_stands_in_the_middle_and_differs_from_whatever_is_there(
    tmp_path: Path, ground: tuple[int, ...], size: tuple[int, int]
) -> None:
    plain = Image.new("RGBA" if len(ground) == 4 else "RGB", size, ground)
    (tmp_path / "a.png").write_bytes(saved(plain))
    whole, marked = (load_picture(tmp_path / "a.png", 400, shape=Shape(play=play)) for play in (False, True))
    assert (marked.width, marked.height) == (whole.width, whole.height)
    assert marked.name != whole.name
    changed = ImageChops.difference(*(decoded(one).convert("RGBA").convert("RGB") for one in (whole, marked))).getbbox()
    assert changed
    left, top, right, bottom = changed
    assert (left + right, top + bottom) == pytest.approx(size, abs=3)
    assert right - left <= max(1, 0.4 * min(size)) + 1
    assert right - left <= 128  # 64 pixels shown
    seen = decoded(marked).convert("RGBA").crop((left, top, right, bottom)).convert("L").tobytes()
    assert size == (3, 3) or (min(seen) < 90 and max(seen) > 200)  # dark and light, whatever is behind


def test_a_gif_that_moves_stands_still_where_it_is_cut_or_marked(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(moving(3, 64))
    still = load_picture(tmp_path / "a.gif", 64, shape=Shape((2, 1), play=True))
    assert (still.media_type, still.width, still.height) == ("image/png", 64, 32)
