"""A picture from anywhere becomes a small file that holds the picture and nothing else, or is refused with words."""

import io
import struct
import zlib

import pytest
from PIL import Image

from newsletter.edition.picture_files import PictureError
from newsletter.edition.picture_taken import taken_picture


def encoded(kind: str, size: tuple[int, int] = (30, 20), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, (200, 30, 30, 128)[: len(mode)]).save(out, kind, **more)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (encoded("PNG"), "png"),
        (encoded("JPEG"), "jpg"),
        (encoded("WEBP"), "jpg"),
        (encoded("WEBP", mode="RGBA", lossless=True), "png"),
        (encoded("GIF", mode="RGB"), "png"),
    ],
)
def test_it_is_told_by_content(data: bytes, suffix: str) -> None:
    made = taken_picture(data)
    assert (made.suffix, made.width, made.height) == (suffix, 30, 20)
    assert opened(made.data).format == {"png": "PNG", "jpg": "JPEG"}[suffix]


def test_it_is_turned_upright_made_small_and_says_no_more_than_it_shows() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "secret place"
    made = taken_picture(encoded("JPEG", (2400, 3000), exif=exif))
    assert (made.width, made.height) == (1200, 960)
    assert opened(made.data).size == (1200, 960)
    assert b"secret place" not in made.data
    assert not opened(made.data).getexif()


def _bomb() -> bytes:
    """A PNG that says it has 100,000 x 100,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "SVG"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x --><svg>", "SVG"),
        (b"<html>", "neither"),
        (b"", "neither"),
        (encoded("PNG")[:60], "damaged"),
        (encoded("BMP"), "neither"),
        (_bomb(), "pixels"),
        (b"x" * 20_000_001, "larger"),
    ],
)
def test_anything_else_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(PictureError) as raised:
        taken_picture(data)
    assert says in raised.value.why.in_language("en")
