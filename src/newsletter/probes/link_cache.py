"""Good answers of links, kept for a day, so that checking again does not ask again. Touches: one file, `links.json`.

Limits: only what was fine is kept; what was not may be mended by now. A file that cannot be read, or written, is as
none: then links are visited again, and nothing else is lost.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from newsletter.check.outside import LinkAnswer, VisitResult
from newsletter.settings.replace_file import replace_file

_VALID = timedelta(hours=24)
_VERSION = 1


@dataclass(frozen=True, slots=True)
class LinkCache:
    """The answers in a file that are still valid `now`."""

    path: Path
    now: datetime

    def read(self) -> dict[str, LinkAnswer]:
        return {
            address: LinkAnswer(VisitResult.FINE, status, moved) for address, (_, status, moved) in self._kept().items()
        }

    def write(self, answers: Mapping[str, LinkAnswer]) -> None:
        """Keep the good ones of these beside those that are valid still."""
        stamp = int(self.now.timestamp())
        new = {at: (stamp, one.status, one.moved_to) for at, one in answers.items() if one.answer is VisitResult.FINE}
        with suppress(OSError):
            kept = {"version": _VERSION, "fine": self._kept() | new}
            replace_file(self.path, json.dumps(kept, ensure_ascii=False, indent=1))

    def _kept(self) -> dict[str, tuple[int, int, str]]:
        """By address when it answered, its status, and where it has moved to."""
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        fine = data.get("fine") if isinstance(data, dict) and data.get("version") == _VERSION else None
        rows = fine.items() if isinstance(fine, dict) else ()
        return {address: kept for address, row in rows if (kept := self._valid(row))}

    def _valid(self, row: object) -> tuple[int, int, str] | None:
        match row:
            case [int(stamp), int(status), str(moved_to)]:
                age = self.now.timestamp() - stamp
                return (stamp, status, moved_to) if 0 <= age < _VALID.total_seconds() else None
        return None
