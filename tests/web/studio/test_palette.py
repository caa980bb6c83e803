"""The palette has a picture of every type of section, small, served by the studio, and of the letter as it is now."""

from pathlib import Path

import httpx
import pytest
from PIL import Image

from draw_palette import DIGEST, HEIGHT, MOST_BYTES, PAGES, WIDTH, palette_samples, sample_edition
from newsletter.desk.form.description import palette_picture
from newsletter.issue.sections.registry import SECTION_TYPES
from tests.web.studio.studio_site import studio_site

AGAIN = "draw it again and look at it: python scripts/draw_palette.py"


def test_every_type_has_a_picture_and_nothing_else_has() -> None:
    there = {path.name for path in PAGES.glob("palette-*")}
    assert there == {palette_picture(type_) for type_ in SECTION_TYPES}
    assert palette_picture("x-project") is None


def test_no_picture_is_out_of_date() -> None:
    samples = palette_samples(*sample_edition())
    assert samples.keys() == SECTION_TYPES.keys(), "scripts/palette.yaml lacks a type"
    stale = []
    for type_, sample in samples.items():
        with Image.open(PAGES / f"palette-{type_}.png") as picture:
            if picture.info.get(DIGEST) != sample.digest:
                stale.append(type_)
    assert stale == [], AGAIN


@pytest.mark.parametrize("type_", SECTION_TYPES)
def test_a_picture_is_small(type_: str) -> None:
    path = PAGES / f"palette-{type_}.png"
    assert path.stat().st_size <= MOST_BYTES
    with Image.open(path) as picture:
        assert picture.size == (WIDTH, HEIGHT)
        colours = picture.convert("RGB").getcolors()
    assert colours is not None
    assert len(colours) > 2, "it is empty"


def test_the_studio_serves_them_and_no_other_file(tmp_path: Path) -> None:
    with studio_site(tmp_path / "workspace") as site, httpx.Client(base_url=site.url, trust_env=False) as client:
        for type_ in SECTION_TYPES:
            answer = client.get(f"assets/palette-{type_}.png")
            assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
            assert answer.content == (PAGES / f"palette-{type_}.png").read_bytes()
        for name in ("palette-x-project.png", "hero.png", "..%2fpages%2fpalette-story.png", "studio.html", "desk"):
            assert client.get(f"assets/{name}").status_code == 404, name
