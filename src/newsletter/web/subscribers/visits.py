"""How often each page of the archive was looked at (조회수): counted in memory, saved every few seconds.

Touches: a thread, in which it calls what it is given. Nobody who reads waits for the ledger, and nothing of who reads
is kept. Limits: what was counted since the last saving is lost where the process is killed.
"""

import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol, Self

from newsletter.errors import NewsletterError
from newsletter.ledger.page_views import ArchivePage

SAVE_SECONDS = 5.0


class SaveViews(Protocol):
    """Add these; all views of every page then. May block; raises a NewsletterError where they cannot be written."""

    def __call__(self, views: Mapping[tuple[ArchivePage, date], int], /) -> Counter[ArchivePage]: ...


class PageVisits:
    """The counters; `with` saves until its end, and then once more."""

    def __init__(self, save: SaveViews, today: Callable[[], date], *, seconds: float = SAVE_SECONDS) -> None:
        """`today` is the day in the newsletter's time zone."""
        self._save = save
        self._today = today
        self._seconds = seconds
        self._lock = threading.Lock()
        self._new: Counter[tuple[ArchivePage, date]] = Counter()
        self._shown: Counter[ArchivePage] | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep_saving, name="newsletter-views", daemon=True)

    def count(self, page: ArchivePage) -> None:
        """Somebody looks at it now."""
        day = self._today()
        with self._lock:
            self._new[page, day] += 1
            if self._shown is not None:
                self._shown[page] += 1

    def number(self, page: ArchivePage) -> int | None:
        """How often it was looked at; None as long as nobody could say."""
        with self._lock:
            return None if self._shown is None else self._shown[page]

    def save(self) -> None:
        """Now; what cannot be saved is kept for the next time."""
        with self._lock:
            new, self._new = self._new, Counter()
        try:
            saved = self._save(new)
        except NewsletterError:
            with self._lock:
                self._new.update(new)
            return
        with self._lock:
            for (page, _), count in self._new.items():
                saved[page] += count
            self._shown = saved

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        with contextlib.suppress(NewsletterError):
            self.save()

    def _keep_saving(self) -> None:
        self.save()
        while not self._ended.wait(self._seconds):
            if self._new:
                self.save()
