"""Fifty changes that change nothing change no pixel, and of fifty that are seen each is framed.

A few of each are photographed, in two ways; `--looked-at 50` takes all of them, in all eight.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from newsletter.edition.edition import Edition
from newsletter.probes.chromium import BrowserWindow, browser_program, chromium
from newsletter.web.difference.photographs import LookedAt, WayOfLooking, photographed
from newsletter.workflow.steps.letter_side import side_in_folder
from tests.support.letter_changes import FILE, NEUTRAL, SEEDED, LetterChange, letter_workspace, reopened

TWO_WAYS = (WayOfLooking(320, "light"), WayOfLooking(600, "no_images"))


@pytest.fixture(scope="module")
def window() -> Iterator[BrowserWindow]:
    program = browser_program(os.environ)
    assert program, "These tests need Chromium."
    with chromium(program) as opened:
        yield opened


def edition_of(root: Path) -> Edition:
    return side_in_folder(reopened(root), root / FILE).editions["ko"]


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return edition_of(letter_workspace(tmp_path_factory.mktemp("unchanged")).root)


def chosen(changes: Sequence[LetterChange], count: int) -> list[LetterChange]:
    """As many of them, from all over the table."""
    return list(changes[:: max(1, len(changes) // count)])[:count]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    count = metafunc.config.getoption("--looked-at")
    metafunc.parametrize("ways", [() if count >= 50 else TWO_WAYS], ids=["all ways" if count >= 50 else "two ways"])
    for name, changes in (("neutral", NEUTRAL), ("seeded", SEEDED)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, chosen(changes, count), ids=str)


def looked_at(
    change: LetterChange, root: Path, unchanged: Edition, window: BrowserWindow, ways: Sequence[WayOfLooking]
) -> list[LookedAt]:
    letter_workspace(root)
    change.edit(root)
    return list(photographed(unchanged, edition_of(root), window, ways, even_if_equal=True))


def test_what_changes_nothing_changes_no_pixel(
    neutral: LetterChange, ways: Sequence[WayOfLooking], unchanged: Edition, window: BrowserWindow, tmp_path: Path
) -> None:
    looks = looked_at(neutral, tmp_path, unchanged, window, ways)
    assert looks
    assert [look.difference.changed for look in looks] == [0] * len(looks)


def test_what_is_seen_is_framed(
    seeded: LetterChange, ways: Sequence[WayOfLooking], unchanged: Edition, window: BrowserWindow, tmp_path: Path
) -> None:
    looks = looked_at(seeded, tmp_path, unchanged, window, ways)
    assert {look.way: bool(look.difference.places) for look in looks} == {
        look.way: look.way.setting in seeded.seen_in for look in looks
    }
