"""Cards as they were drawn before: a thousand of them take as long as all the rest of a site that has not changed.

Touches: `.newsletter/archive/cards/`, which may be removed at any time.
"""

import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import newsletter
from newsletter.edition.share_card import DRAWN_WITH
from newsletter.settings.replace_file import replace_file
from newsletter.settings.workspace import Workspace

_LONG_AGO = 86_400
"""Seconds: another process may need what it has just drawn."""


class KeepsCards(Protocol):
    """Gives the card that was drawn from the same, or draws it."""

    def __call__(self, made_from: str, draw: Callable[[], bytes], /) -> bytes: ...


def draw_anew(made_from: str, draw: Callable[[], bytes]) -> bytes:  # noqa: ARG001 - nothing is kept
    return draw()


class CardCache:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[str] = set()

    def card(self, made_from: str, draw: Callable[[], bytes]) -> bytes:
        said = f"{newsletter.__version__} {DRAWN_WITH} {made_from}"
        name = hashlib.sha256(said.encode()).hexdigest()
        self._used.add(name)
        path = self._folder / name
        with suppress(OSError):
            return path.read_bytes()
        drawn = draw()
        with suppress(OSError):  # then it is drawn again
            replace_file(path, drawn)
        return drawn

    def forget_others(self) -> None:
        for path in self._folder.glob("*"):
            with suppress(OSError):
                if path.name not in self._used and path.stat().st_mtime < time.time() - _LONG_AGO:
                    path.unlink()


def card_cache(workspace: Workspace) -> CardCache:
    return CardCache(workspace.state / "archive" / "cards")
