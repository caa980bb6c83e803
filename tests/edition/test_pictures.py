"""Pictures: told by content, bounded, upright, bare of metadata, never enlarged."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from newsletter.edition.picture_files import MAX_BYTES, PictureError
from newsletter.edition.pictures import Encoded, load_picture
from tests.support.letters import picture_bytes
from tests.support.spoken import assert_korean


def load(root: Path, src: str, slot: int = 600) -> Encoded:
    return load_picture(root / src, slot)


def decoded(encoded: Encoded) -> Image.Image:
    picture = Image.open(io.BytesIO(encoded.data))
    picture.load()
    return picture


def write(root: Path, name: str, data: bytes) -> str:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return name


def test_a_large_picture_is_resized_to_twice_the_width_shown(tmp_path: Path) -> None:
    encoded = load(tmp_path, write(tmp_path, "assets/a.png", picture_bytes(2400, 1201)))
    assert (encoded.width, encoded.height) == (600, 300)
    assert decoded(encoded).size == (1200, 600)


@pytest.mark.parametrize(("width", "shown"), [(400, 400), (800, 600), (1200, 600)])
def test_a_small_picture_is_never_enlarged(tmp_path: Path, width: int, shown: int) -> None:
    encoded = load(tmp_path, write(tmp_path, "a.png", picture_bytes(width, width)))
    assert decoded(encoded).size == (width, width)
    assert (encoded.width, encoded.height) == (shown, shown)


@pytest.mark.parametrize("slot", [96, 272])
def test_a_thumbnail_has_twice_the_pixels_it_shows_and_not_the_columns(tmp_path: Path, slot: int) -> None:
    write(tmp_path, "a.png", picture_bytes(1600, 1200))
    small = load(tmp_path, "a.png", slot)
    assert (small.width, decoded(small).width) == (slot, 2 * slot)


def test_the_type_is_told_by_content_and_not_by_name(tmp_path: Path) -> None:
    encoded = load(tmp_path, write(tmp_path, "photo.png", picture_bytes(20, 10, "JPEG")))
    assert encoded.media_type == "image/jpeg"
    assert encoded.filename.endswith(".jpg")
    assert encoded.data.startswith(b"\xff\xd8")


def test_a_gif_travels_as_png(tmp_path: Path) -> None:
    encoded = load(tmp_path, write(tmp_path, "a.gif", picture_bytes(20, 10, "GIF", "P")))
    assert encoded.media_type == "image/png"
    assert decoded(encoded).format == "PNG"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_kind_of_png_is_taken(tmp_path: Path, mode: str) -> None:
    encoded = load(tmp_path, write(tmp_path, "a.png", picture_bytes(1400, 20, "PNG", mode)))
    assert decoded(encoded).size == (1200, 17)


def test_transparency_stays(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (1300, 10), (255, 0, 0, 0))
    out = io.BytesIO()
    clear.quantize().save(out, "PNG")
    assert decoded(load(tmp_path, write(tmp_path, "a.png", out.getvalue()))).getchannel("A").getextrema() == (0, 0)


def test_metadata_is_dropped_and_the_picture_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "taken at 37.48N 127.02E"
    data = picture_bytes(40, 20, "JPEG", exif=exif, comment=b"secret place")
    encoded = load(tmp_path, write(tmp_path, "a.jpg", data))
    assert decoded(encoded).size == (20, 40)
    assert b"37.48N" not in encoded.data
    assert b"secret" not in encoded.data


def test_a_cmyk_picture_becomes_rgb(tmp_path: Path) -> None:
    encoded = load(tmp_path, write(tmp_path, "a.jpg", picture_bytes(20, 20, "JPEG", "CMYK")))
    assert decoded(encoded).mode == "RGB"


def test_colours_are_what_the_profile_in_the_file_says(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"tttt").replace(b"bXYZ", b"rXYZ").replace(b"tttt", b"bXYZ")
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (255, 0, 0)).save(out, "PNG", icc_profile=swapped)
    encoded = load(tmp_path, write(tmp_path, "a.png", out.getvalue()))
    assert decoded(encoded).convert("RGB").getpixel((4, 4)) == pytest.approx((0, 0, 255), abs=3)
    assert b"iCCP" not in encoded.data


def test_a_broken_profile_is_ignored(tmp_path: Path) -> None:
    encoded = load(tmp_path, write(tmp_path, "a.png", picture_bytes(8, 8, icc_profile=b"no profile")))
    assert decoded(encoded).size == (8, 8)


def test_the_same_picture_has_the_same_name_and_bytes(tmp_path: Path) -> None:
    data = picture_bytes(1300, 20)
    write(tmp_path, "a.png", data)
    write(tmp_path, "b.png", data)
    first, second = load(tmp_path, "a.png"), load(tmp_path, "b.png")
    assert (first.name, first.data) == (second.name, second.data)
    assert load(tmp_path, "a.png", slot=300).name != first.name
    write(tmp_path, "a.png", picture_bytes(1301, 20))
    assert load(tmp_path, "a.png").name != first.name


def _square(side: int) -> bytes:
    """A PNG of a few hundred bytes that says it is `side` pixels square."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(9999)))]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in [*chunks, (b"IEND", b"")]
    )
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither PNG nor JPEG nor GIF"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "neither PNG nor JPEG nor GIF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "neither PNG nor JPEG nor GIF"),
        (b"", "neither PNG nor JPEG nor GIF"),
        (picture_bytes(200, 200)[:200], "damaged"),
        (picture_bytes(200, 200, "JPEG")[:300], "damaged"),
        (_square(50_000), "damaged: Image size"),
        (_square(7_000), "more than 40 million pixels"),
        (bytes(MAX_BYTES + 1), "larger than 20 MB"),
    ],
    ids=["svg", "webp", "eps", "empty", "cut png", "cut jpeg", "bomb", "vast", "large"],
)
def test_what_is_no_fit_picture_is_refused_with_its_place(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(PictureError, match=reason) as caught:
        load(tmp_path, write(tmp_path, "a.png", data))
    assert_korean(caught.value.why)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_a_logo_stands_on_a_ground_of_its_own(tmp_path: Path, mode: str) -> None:
    clear = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), (0, 0, 20, 20))
    out = io.BytesIO()
    (clear.quantize() if mode == "P" else clear.convert(mode)).save(out, "PNG")
    src = write(tmp_path, "logo.png", out.getvalue())
    flat = load_picture(tmp_path / src, 40, ground="#fefefe")
    assert decoded(flat).convert("RGBA").getpixel((5, 5)) == (0, 0, 0, 255)
    assert decoded(flat).convert("RGBA").getpixel((35, 5)) == (254, 254, 254, 255)
    assert flat.name != load_picture(tmp_path / src, 40).name


def test_a_drawing_of_few_colours_keeps_its_pixels_in_fewer_bytes(tmp_path: Path) -> None:
    drawing = Image.linear_gradient("L").quantize(40).convert("RGB")
    out = io.BytesIO()
    drawing.save(out, "PNG", optimize=True)
    encoded = load(tmp_path, write(tmp_path, "a.png", out.getvalue()))
    assert decoded(encoded).convert("RGB").tobytes() == drawing.tobytes()
    assert decoded(encoded).mode == "P"
    assert len(encoded.data) < len(out.getvalue())
