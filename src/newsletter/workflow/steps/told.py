"""What somebody was told of, and when: trouble that lasts is told at once and then daily, not by every cron run.

Touches: the ledger, or `.newsletter/told.json` where the ledger cannot be written, or the run is over. Limits: where
neither can be written, it is told every time, since too often is better than never.
"""

import contextlib
import hashlib
import json
from datetime import UTC, datetime, timedelta

from newsletter.errors import CannotWriteError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.telling import is_due_again
from newsletter.settings.replace_file import replace_file
from newsletter.settings.workspace import Workspace

_FILE = "told.json"
_ONCE = "once "
"""In the file what is told once stands under this."""
_AFTERWARDS = "afterwards "
_ONCE_KEPT = timedelta(days=30)


def of_error(error: Exception) -> str:
    """A name for what an error says: another one is told at once, the same one is the same trouble."""
    return of_words(str(error))


def of_words(words: object) -> str:
    """The same for what is no error."""
    return hashlib.sha256(str(words).encode("utf-8", "replace")).hexdigest()[:16]


class Told:
    """The memory of one run. `ledger` is given as soon as there is one."""

    def __init__(self, workspace: Workspace, now: datetime) -> None:
        self._newsletter = workspace.settings.newsletter.list_id
        self._path = workspace.state / _FILE
        self._now = now
        self._seen: set[str] = set()
        self.ledger: Ledger | None = None

    def is_news(self, trouble: str) -> bool:
        """Whether it is to be told now: it is new, or was told a day ago."""
        self._seen.add(trouble)
        if self.ledger is not None:
            with contextlib.suppress(CannotWriteError):
                return self.ledger.say_daily(self._newsletter, trouble, self._now)
        return self._is_news_by_file(trouble)

    def was_told(self, what: str) -> bool:
        """Whether `is_first` was asked of this before."""
        return f"{_ONCE}{what}" in self._read() or (
            self.ledger is not None and self.ledger.was_said(self._newsletter, what)
        )

    def is_first(self, what: str) -> bool:
        """Whether it was never told; from now on it was."""
        if self.ledger is not None:
            with contextlib.suppress(CannotWriteError):
                return self.ledger.say_once(self._newsletter, what, self._now)
        kept, key = self._read(), f"{_ONCE}{what}"
        if key in kept:
            return False
        self._write(kept | {key: self._now})
        return True

    def is_news_afterwards(self, trouble: str) -> bool:
        """As `is_news`, of what comes to light when the run is over: it lasts until `is_over` is said."""
        return self._is_news_by_file(f"{_AFTERWARDS}{trouble}")

    def is_over(self, trouble: str) -> None:
        """What was told afterwards is news when it comes back."""
        kept = self._read()
        if kept.pop(f"{_AFTERWARDS}{trouble}", None) is not None:
            self._write(kept)

    def forget_the_rest(self) -> None:
        """At the end of a run that looked at everything: what it did not meet is over, and news when it comes back."""
        if self.ledger is not None:
            with contextlib.suppress(CannotWriteError):
                self.ledger.forget_told(self._newsletter, self._seen)
        kept = self._read()
        if left := {what: at for what, at in kept.items() if what in self._seen or self._is_kept(what, at)}:
            if left != kept:
                self._write(left)
        elif kept:
            with contextlib.suppress(OSError):
                self._path.unlink()

    def _is_kept(self, what: str, at: datetime) -> bool:
        """What is told once has long passed when it is forgotten."""
        return what.startswith(_AFTERWARDS) or (what.startswith(_ONCE) and self._now - at < _ONCE_KEPT)

    def _is_news_by_file(self, trouble: str) -> bool:
        kept = self._read()
        if not is_due_again(kept.get(trouble), self._now):
            return False
        self._write(kept | {trouble: self._now})
        return True

    def _read(self) -> dict[str, datetime]:
        """Empty where there is no such file, or it says nothing that can be read."""
        with contextlib.suppress(OSError, ValueError, AttributeError, TypeError):
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            return {trouble: datetime.fromisoformat(at).astimezone(UTC) for trouble, at in kept.items()}
        return {}

    def _write(self, kept: dict[str, datetime]) -> None:
        text = json.dumps({trouble: at.isoformat() for trouble, at in kept.items()}, ensure_ascii=False, indent=1)
        with contextlib.suppress(OSError):
            replace_file(self._path, text)
