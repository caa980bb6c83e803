"""The palette is readable wherever its colours meet."""

import itertools

import pytest

from newsletter.settings.palette import PALETTE
from tests.support.contrast import READABLE, contrast, inverted

SURFACES = ("ground", "paper", "tint")
INKS = ("ink", "muted", "accent")
PAIRS = [*itertools.product(INKS, SURFACES), ("on_accent", "accent")]


@pytest.mark.parametrize("mode", ["", "dark_"])
@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
def test_text_is_readable_on_every_surface(pair: tuple[str, str], mode: str) -> None:
    text, surface = (PALETTE[mode + colour] for colour in pair)
    assert contrast(text, surface) >= READABLE
    assert contrast(inverted(text), inverted(surface)) >= READABLE


def test_dark_surfaces_are_near_black_and_never_pure() -> None:
    for surface in SURFACES:
        assert "#000000" < PALETTE[f"dark_{surface}"] < "#333333"


def test_every_colour_has_six_digits_and_a_dark_twin() -> None:
    light = {name for name in PALETTE if not name.startswith("dark_")}
    assert set(PALETTE) == light | {f"dark_{name}" for name in light}
    assert all(len(colour) == 7 and int(colour[1:], 16) >= 0 for colour in PALETTE.values())
