"""Whatever a file holds, the letter shows what its maker saw: tones, colours, what is clear and which way is up."""

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from newsletter.edition.picture_files import MAX_MOVING, PictureError
from newsletter.edition.pictures import Encoded, load_picture, moves
from tests.support.letters import picture_bytes

TINT = "#f1f0ec"
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SWAPPED = SRGB.replace(b"rXYZ", b"tttt").replace(b"bXYZ", b"rXYZ").replace(b"tttt", b"bXYZ")
"""A profile in which what is written as red is blue."""


def saved(picture: Image.Image, format_name: str = "PNG", **save: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, format_name, **save)
    return out.getvalue()


def load(folder: Path, data: bytes, slot: int = 600, if_lost: str = "") -> Encoded:
    (folder / "a.png").write_bytes(data)
    return load_picture(folder / "a.png", slot, if_lost=if_lost)


def decoded(encoded: Encoded) -> Image.Image:
    picture = Image.open(io.BytesIO(encoded.data))
    picture.load()
    return picture


def scale(mode: str) -> Image.Image:
    """256 tones from black to white."""
    if mode in {"I", "I;16"}:
        grey = Image.new("I", (256, 4))
        for x in range(256):
            grey.paste(x * 257, (x, 0, x + 1, 4))
        return grey.convert(mode)
    grey = Image.linear_gradient("L").rotate(90).resize((256, 4))
    return grey.convert(mode, dither=Image.Dither.NONE)


MODES = [
    *((mode, "PNG") for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
    *((mode, "JPEG") for mode in ("1", "L", "RGB", "CMYK", "YCbCr")),
    *((mode, "GIF") for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I", "F")),
]
"""Every mode of Pillow that a file of ours can be written from."""


@pytest.mark.parametrize(("mode", "kind"), MODES)
def test_the_tones_of_every_mode_arrive(tmp_path: Path, mode: str, kind: str) -> None:
    data = saved(scale(mode), kind)
    shown = decoded(load(tmp_path, data)).convert("RGB")
    with Image.open(io.BytesIO(data)) as opened:
        wide = opened.mode == "I;16"
        wanted = scale("L") if wide else opened.convert("RGB").convert("L")
    tones = [(shown.convert("L").getpixel((x, 1)), wanted.getpixel((x, 1))) for x in range(0, 256, 15)]
    assert [is_ for is_, _ in tones] == pytest.approx([should for _, should in tones], abs=6)


@settings(max_examples=20, deadline=None)
@given(tones=st.lists(st.integers(0, 65535), min_size=2, max_size=6), clear=st.integers(0, 5))
def test_grey_of_sixteen_bits_keeps_its_tones_and_what_is_clear(
    tmp_path_factory: pytest.TempPathFactory, tones: list[int], clear: int
) -> None:
    grey = Image.frombytes("I;16", (len(tones), 1), b"".join(tone.to_bytes(2, "little") for tone in tones))
    clear_tone = tones[clear % len(tones)]
    shown = decoded(load(tmp_path_factory.mktemp("grey"), saved(grey, transparency=clear_tone))).convert("RGBA")
    for x, tone in enumerate(tones):
        assert shown.getpixel((x, 0)) == (*[tone >> 8] * 3, 0 if tone == clear_tone else 255)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "clear P", "opaque P", "L", "LA"])
def test_the_profile_of_every_mode_counts(tmp_path: Path, mode: str) -> None:
    red = Image.new("RGBA", (8, 8), (255, 0, 0, 255))
    opaque = red.convert("RGB")
    made = (opaque if mode == "opaque P" else red).quantize() if mode.endswith("P") else red.convert(mode)
    more: dict[str, Any] = {"transparency": 7} if mode == "clear P" else {}
    shown = decoded(load(tmp_path, saved(made, icc_profile=SWAPPED, **more))).convert("RGBA")
    wanted = (0, 0, 255, 255) if mode not in {"L", "LA"} else (76, 76, 76, 255)
    assert shown.getpixel((4, 4)) == pytest.approx(wanted, abs=3)


def test_a_profile_leaves_what_is_clear_as_clear_as_it_was(tmp_path: Path) -> None:
    half = Image.new("RGBA", (8, 8), (255, 0, 0, 77))
    shown = decoded(load(tmp_path, saved(half, icc_profile=SWAPPED)))
    assert shown.getpixel((4, 4)) == pytest.approx((0, 0, 255, 77), abs=3)


@pytest.mark.parametrize("profile", [SRGB[:200], SRGB.replace(b"RGB ", b"GRAY", 1), SRGB.replace(b"RGB ", b"CMYK", 1)])
def test_a_profile_for_other_colours_takes_none_away(tmp_path: Path, profile: bytes) -> None:
    shown = decoded(load(tmp_path, saved(Image.new("RGBA", (8, 8), (200, 30, 30, 255)), icc_profile=profile)))
    assert shown.convert("RGB").getpixel((4, 4)) == (200, 30, 30)


@pytest.mark.parametrize(("orientation", "corner"), [(1, (0, 0)), (3, (39, 19)), (6, (19, 0)), (8, (0, 39))])
@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "I;16")])
def test_it_stands_upright(tmp_path: Path, kind: str, mode: str, orientation: int, corner: tuple[int, int]) -> None:
    lying = Image.new("L", (40, 20), 255)
    lying.paste(0, (0, 0, 8, 8))
    made = lying.convert("I").point(lambda tone: tone * 257).convert(mode) if mode == "I;16" else lying.convert(mode)
    exif = Image.Exif()
    exif[0x0112] = orientation
    shown = decoded(load(tmp_path, saved(made, kind, exif=exif))).convert("L")
    assert shown.size == ((40, 20) if orientation in {1, 3} else (20, 40))
    corners = {(x, y) for x in (0, shown.width - 1) for y in (0, shown.height - 1)}
    assert min(corners, key=lambda place: str(shown.getpixel(place)).zfill(3)) == corner


def drawing(ink: tuple[int, int, int], share: float) -> Image.Image:
    """Something in this colour on nothing, over this share of the picture."""
    drawn = Image.new("RGBA", (100, 20), (0, 0, 0, 0))
    drawn.paste((*ink, 255), (0, 0, round(100 * share), 20))
    return drawn


@pytest.mark.parametrize("kind", ["RGBA", "P", "LA"])
def test_black_on_nothing_stands_on_a_ground_that_is_seen_in_the_dark(tmp_path: Path, kind: str) -> None:
    drawn = drawing((0, 0, 0), 0.4)
    data = saved(drawn.quantize() if kind == "P" else drawn.convert(kind))
    shown = decoded(load(tmp_path, data, if_lost=TINT)).convert("RGBA")
    assert [shown.getpixel((x, 5)) for x in (10, 90)] == [(0, 0, 0, 255), (0xF1, 0xF0, 0xEC, 255)]
    assert load(tmp_path, data, if_lost=TINT).name != load(tmp_path, data).name


@pytest.mark.parametrize(
    "picture",
    [
        drawing((255, 255, 255), 0.4),
        drawing((240, 170, 60), 0.4),
        drawing((0, 0, 0), 0.97),
        drawing((0, 0, 0), 0),
        Image.new("RGB", (20, 20), (0, 0, 0)),
    ],
    ids=["white", "orange", "a dark photo with a clear edge", "nothing", "opaque"],
)
def test_what_is_seen_in_the_dark_stays_as_it_is(tmp_path: Path, picture: Image.Image) -> None:
    assert load(tmp_path, saved(picture), if_lost=TINT) == load(tmp_path, saved(picture))


def moving(frames: int, side: int = 20) -> bytes:
    """Noise that moves, so that no encoder makes it smaller."""
    pictures = [Image.effect_noise((side, side), 90 + number) for number in range(frames)]
    return saved(pictures[0], "GIF", save_all=True, append_images=pictures[1:], duration=100, loop=0)


def test_a_gif_that_moves_travels_as_it_is(tmp_path: Path) -> None:
    data = moving(3)
    encoded = load(tmp_path, data, slot=10, if_lost=TINT)
    assert (encoded.data, encoded.media_type, encoded.width, encoded.height) == (data, "image/gif", 10, 10)
    assert encoded.filename.endswith(".gif")
    assert moves(tmp_path / "a.png")


def test_of_a_large_gif_that_moves_the_first_frame_travels(tmp_path: Path) -> None:
    data = moving(5, 520)
    assert len(data) > MAX_MOVING
    assert load(tmp_path, data).media_type == "image/png"
    assert moves(tmp_path / "a.png")
    load(tmp_path, saved(Image.new("L", (9, 9)), "GIF"))
    assert not moves(tmp_path / "a.png")


@pytest.mark.parametrize("data", [picture_bytes(200, 200), picture_bytes(200, 200, "JPEG"), moving(2)])
def test_a_file_that_is_cut_anywhere_is_refused_or_shown(tmp_path: Path, data: bytes) -> None:
    for size in range(0, len(data), max(1, len(data) // 40)):
        try:
            encoded = load(tmp_path, data[:size])
        except PictureError:
            continue
        assert decoded(encoded).size == (encoded.width, encoded.height)
