"""A ledger that is planned already, to copy: planning takes longer than most of what is tested after it.

Touches: folders in memory where that is possible, since what is tested with them is not the disk.
"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose

from .books import planned, workspace_at

MEMORY = Path("/dev/shm")


def folder_in_memory() -> Path:
    """A new one, under TMPDIR where that is in memory already."""
    elsewhere = MEMORY.is_dir() and not Path(tempfile.gettempdir()).is_relative_to(MEMORY)
    return Path(tempfile.mkdtemp(prefix="newsletter-book-", dir=MEMORY if elsewhere else None))


def copy_planned(root: Path, readers: int, *, lot: int = 1) -> None:
    """Put the ledger of a plan for so many readers into the workspace `root`; to be opened as one to read.

    Whoever opens it to send would be told, rightly, that it is a copy.
    """
    shutil.copytree(_planned(readers, lot) / ".newsletter", root / ".newsletter")


@cache
def _planned(readers: int, lot: int) -> Path:
    root = folder_in_memory()
    atexit.register(shutil.rmtree, root)
    with open_ledger(workspace_at(root), Purpose.SENDING) as book:
        planned(book, readers, lot=lot)
    return root
