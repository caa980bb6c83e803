"""Keep what was made from files until one of them changes. Touches: the file system, looking only.

Limits: files are told apart by their time of change and their size; nothing is read.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Generic, TypeVar

from newsletter.issue.model import Issue
from newsletter.issue.seek import as_called, seek_data, seek_picture
from newsletter.settings.workspace import Workspace

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")

_LEDGER = ("ledger.db", "ledger.db-wal")

Stamp = tuple[tuple[Path, int, int], ...]
"""Path, time of change in nanoseconds, and size, of each file and folder that something was made from."""


class Recent(Generic[Key, Made]):
    """The last so many things, by key; may be used from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Made] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Key) -> Made | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Key, made: Made) -> None:
        with self._lock:
            self._kept[key] = made
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


class Cache(Generic[Key, Made]):
    """The last so many things made from files, by key; may be asked from several threads."""

    def __init__(self, most: int, *, one_at_a_time: bool = False) -> None:
        """`one_at_a_time`: whoever asks while something is made waits, and mostly finds then what they ask for."""
        self._recent: Recent[Key, tuple[Stamp, Made]] = Recent(most)
        self._turn: AbstractContextManager[object] = threading.Lock() if one_at_a_time else nullcontext()

    def get(self, key: Key, make: Callable[[], tuple[Stamp, Made]]) -> Made:
        """What is kept while its files are as they were, else what `make` gives; what raises is not kept.

        The stamp that comes with it was taken before any file was read.
        """
        with self._turn:
            kept = self._recent.find(key)
            if kept and kept[0] == stamp(path for path, _, _ in kept[0]):
                return kept[1]
            made = make()
            self._recent.keep(key, made)
            return made[1]


def stamp(paths: Iterable[Path]) -> Stamp:
    return tuple((path, *_facts(path)) for path in paths)


def sources(workspace: Workspace, issue: Path) -> Iterator[Path]:
    """What an issue's editions are made from, all but the files it names and the settings, which were read before.

    Folders too: a new file changes its folder.
    """
    yield from (issue, workspace.issues)
    below = {*workspace.templates.rglob("*"), *workspace.templates.glob("sections/*/*")}  # `rglob` follows no links
    yield from (workspace.templates, *sorted(below))


def list_files(workspace: Workspace) -> tuple[Path, ...]:
    """What says who subscribed and who left; a ledger that is no file is asked again when one of the others changes."""
    return workspace.csv, workspace.example_csv, *(workspace.state / name for name in _LEDGER)


def sought_files(issue: Issue, workspace: Workspace) -> Iterator[Path]:
    """Every place where a picture or a table of the issue is looked for, and where another spelling led."""
    for named, seek in ((issue.pictures(), seek_picture), (issue.data_files(), seek_data)):
        for one in named:
            yield from (folder / one.src for folder in (issue.path.parent, workspace.root))
            if found := seek(one.src, issue.path, workspace.root).path:
                yield found
    for src in workspace.settings.pictures:
        yield workspace.root / as_called(workspace.root, src, workspace.root.resolve())


def _facts(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return 0, -1
    return found.st_mtime_ns, found.st_size
