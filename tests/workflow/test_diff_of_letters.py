"""Fifty changes that change nothing are no difference, and each of fifty that readers see is one.

Of the first every second is tried; `--looked-at 50` tries all.
"""

from pathlib import Path

import pytest

from newsletter.workflow.diff import LetterDiff, letters_compared
from newsletter.workflow.steps.letter_side import LetterSide, side_in_folder
from tests.support.letter_changes import FILE, NEUTRAL, SEEDED, LetterChange, letter_workspace, reopened


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> LetterSide:
    workspace = letter_workspace(tmp_path_factory.mktemp("unchanged"))
    return side_in_folder(workspace, workspace.root / FILE)


def difference(unchanged: LetterSide, change: LetterChange, root: Path) -> LetterDiff:
    letter_workspace(root)
    change.edit(root)
    return letters_compared(FILE, unchanged, side_in_folder(reopened(root), root / FILE))


def test_there_are_fifty_of_each() -> None:
    assert (len(set(map(str, NEUTRAL))), len(set(map(str, SEEDED)))) == (50, 50)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "neutral" in metafunc.fixturenames:
        is_whole = metafunc.config.getoption("--looked-at") >= 50
        metafunc.parametrize("neutral", NEUTRAL if is_whole else NEUTRAL[::2], ids=str)


def test_what_changes_nothing_is_no_difference(unchanged: LetterSide, neutral: LetterChange, tmp_path: Path) -> None:
    found = difference(unchanged, neutral, tmp_path)
    assert not found, found


@pytest.mark.parametrize("change", SEEDED, ids=str)
def test_what_a_reader_sees_is_shown(unchanged: LetterSide, change: LetterChange, tmp_path: Path) -> None:
    found = difference(unchanged, change, tmp_path)
    assert found
    [letter] = found.letters
    said = bool(letter.difference.parts or found.facts)
    assert ("words" if said else "look" if letter.difference.look else "") == change.shown_in
