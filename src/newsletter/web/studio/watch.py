"""Notice that a file of the workspace was saved. Touches: the file system's notifications (watchfiles).

Watched are the workspace's own folder and its visible subfolders; not `.newsletter`, which changes all the time, nor
what tools leave behind. Limits: where notifications have run out, files are looked at one by one.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from pathlib import Path

from watchfiles import Change, awatch

_NOT_OURS = frozenset({"__pycache__", "node_modules", "venv", "env", "build", "dist", "site-packages"})
_SUFFIXES = frozenset({".yaml", ".yml", ".toml", ".csv", ".json", ".j2", ".png", ".jpg", ".jpeg", ".gif"})
_DEBOUNCE = 400
"""Milliseconds at most to wait for the end of a burst; editors write, rename and touch in one go."""
_STEP = 20
"""Milliseconds of quiet that end a burst."""


async def watch(root: Path, notify: Callable[[], None]) -> None:
    """Call `notify` after every burst of changes, until cancelled."""
    while True:
        await _watch_folders(root, _folders(root), notify)


async def _watch_folders(root: Path, folders: Sequence[Path], notify: Callable[[], None]) -> None:
    """Return once the root has other folders than these."""

    async def listen_below() -> None:
        async for _ in _bursts(folders, recursive=True):
            notify()

    below = asyncio.create_task(listen_below())
    try:
        async with aclosing(_bursts([root], recursive=False)) as bursts:
            async for _ in bursts:
                notify()
                if _folders(root) != folders:
                    return
    finally:
        below.cancel()
        with suppress(asyncio.CancelledError):
            await below


async def _bursts(paths: Sequence[Path], *, recursive: bool) -> AsyncGenerator[None]:
    if not paths:
        return
    for polling in (False, True):
        # A machine has a limit of watched folders (inotify); beyond it only looking helps.
        with suppress(OSError):
            async for _ in awatch(
                *paths,
                watch_filter=_matters,
                recursive=recursive,
                debounce=_DEBOUNCE,
                step=_STEP,
                force_polling=polling,
                ignore_permission_denied=True,
            ):
                yield


def _folders(root: Path) -> list[Path]:
    return [
        path
        for path in sorted(root.iterdir())
        if path.is_dir() and path.name[0] != "." and path.name not in _NOT_OURS and not (path / "pyvenv.cfg").exists()
    ]


def _matters(_change: Change, path: str) -> bool:
    """A file that can be part of a letter, or a folder."""
    place = Path(path)
    return place.suffix.lower() in _SUFFIXES or (not place.suffix and place.name[0] != ".")
