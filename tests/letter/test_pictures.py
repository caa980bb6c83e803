"""The pictures of the example are drawn by the project's own script, small and in one hand."""

import importlib
import io
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from newsletter.issue.load import load_issue
from tests.support.finished import ISSUES, ROOT

FOLDER = ROOT / "issues" / "assets" / "2021-07"
MOST_TOGETHER = 300_000
"""Bytes of all pictures of one letter."""


@pytest.fixture
def scenes(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """The drawing functions of scripts/draw_pictures.py by picture."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    for module in ("drawing", "draw_pictures"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    return dict(importlib.import_module("draw_pictures").PICTURES)


def test_the_script_draws_what_is_committed(scenes: dict[str, object], tmp_path: Path) -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(scenes)
    for name, draw in scenes.items():
        assert callable(draw)
        draw().save(tmp_path / f"{name}.png")
        drawn, kept = (Image.open(folder / f"{name}.png").convert("RGB") for folder in (tmp_path, FOLDER))
        assert drawn.size == kept.size
        # Another version of Pillow may round an edge differently.
        assert max(ImageStat.Stat(ImageChops.difference(drawn, kept)).mean) < 0.5


def test_pictures_are_small_and_twice_as_wide_as_shown() -> None:
    pictures = sorted(FOLDER.glob("*.png"))
    assert sum(path.stat().st_size for path in pictures) < MOST_TOGETHER
    widths = {path.stem: Image.open(io.BytesIO(path.read_bytes())).width for path in pictures}
    assert widths.pop("hero") == 1200
    assert set(widths.values()) == {1072}


def test_the_hero_names_who_drew_the_pictures_and_how_they_may_be_used() -> None:
    issue = load_issue(ISSUES["example"], workspace_root=ROOT, timezone="Asia/Seoul")
    assert issue.hero
    assert issue.hero.credit
    assert issue.hero.licence == "CC0 1.0"
