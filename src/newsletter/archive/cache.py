"""Issues as they were last made, so that a change in one of five hundred takes no longer than that one.

Touches: `.newsletter/archive/`, which may be removed at any time and is made again. What is kept of an issue is what
was approved when it was made, so it also stands in where its file was changed since and nobody has approved that.

    .newsletter/archive/
    ├── 2026-11.json        the issue, by what it was made from
    └── pictures/           by content, shared
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from newsletter.settings.replace_file import replace_file

from .site import IssuePage, SiteEvent, SiteIssue
from .web_pictures import PICTURES

_FORMAT = 2
_LONG_AGO = 86_400
"""Seconds; no build takes so long."""
_MOMENTS = frozenset({"posted_at", "registered_at", "starts_at", "ends_at"})


@dataclass(frozen=True, slots=True)
class _Pictures(Mapping[str, bytes]):
    """Read when they are asked for: those of 500 issues do not fit into memory."""

    folder: Path
    paths: tuple[str, ...]

    def __getitem__(self, path: str) -> bytes:
        if path not in self.paths:
            raise KeyError(path)
        return (self.folder / path).read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


class IssueCache:
    """What was made of issues before, in a folder of the workspace's state."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, slug: str, key: str) -> SiteIssue | None:
        """What was made from the same; None for nothing, or where a file that it came from is another now."""
        kept = self._read(slug)
        if kept is None or kept["key"] != key or not all(_is_same(*one) for one in kept["files"].items()):
            return None
        return self._issue(kept)

    def last(self, slug: str) -> SiteIssue | None:
        """What was made of it last, whatever is in its file now."""
        kept = self._read(slug)
        return None if kept is None else self._issue(kept)

    def keep(self, issue: SiteIssue, key: str, files: Sequence[Path]) -> SiteIssue:
        """Keep it, made from `files` besides what `key` says; the same issue, whose pictures are read from there."""
        for path, data in issue.pictures.items():
            if not (self._folder / path).is_file():
                replace_file(self._folder / path, data)
        bare, pictures = asdict(replace(issue, pictures={})), tuple(sorted(issue.pictures))
        kept = {
            "format": _FORMAT,
            "key": key,
            "files": {str(path): _facts(path) for path in files},
            "pictures": pictures,
            "issue": bare,
        }
        replace_file(self._folder / f"{issue.slug}.json", json.dumps(kept, ensure_ascii=False, default=_as_json))
        return replace(issue, pictures=_Pictures(self._folder, pictures))

    def forget_others(self, slugs: set[str]) -> None:
        """Issues that are in the archive no more, and pictures that none has: old ones, since others may be at work."""
        used: set[str] = set()
        for path in self._folder.glob("*.json"):
            kept = self._read(path.stem) if path.stem in slugs else None
            if kept is None:
                path.unlink(missing_ok=True)
            else:
                used.update(kept["pictures"])
        for path in (self._folder / PICTURES).glob("*"):
            with suppress(OSError):
                if PICTURES + path.name not in used and path.stat().st_mtime < time.time() - _LONG_AGO:
                    path.unlink()

    def _read(self, slug: str) -> dict[str, Any] | None:
        try:
            kept = json.loads((self._folder / f"{slug}.json").read_text(encoding="utf-8"))
            whole = kept["format"] == _FORMAT and all((self._folder / path).is_file() for path in kept["pictures"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return kept if whole else None

    def _issue(self, kept: dict[str, Any]) -> SiteIssue:
        data = _revived(kept["issue"])
        pages = tuple(
            IssuePage(
                **{
                    **page,
                    "headings": tuple((anchor, words) for anchor, words in page["headings"]),
                    "untranslated": tuple(page["untranslated"]),
                }
            )
            for page in data["pages"]
        )
        events = tuple(SiteEvent(**_revived(event)) for event in data["events"])
        pictures = _Pictures(self._folder, tuple(kept["pictures"]))
        return SiteIssue(
            **{**data, "pages": pages, "events": events, "tags": tuple(data["tags"]), "pictures": pictures}
        )


def _revived(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if name in _MOMENTS and value else value for name, value in data.items()
    }


def _as_json(value: object) -> str:
    assert isinstance(value, datetime)  # noqa: S101 - nothing else is in an issue that JSON does not have
    return value.isoformat()


def _facts(path: Path) -> list[int | str]:
    """By which a file is known again: cheap ones first."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest()]


def _is_same(name: str, facts: Sequence[int | str]) -> bool:
    """Whether a file is what it was: untouched since or, where git wrote it anew, with the same content."""
    try:
        found = Path(name).stat()
        if [found.st_size, found.st_mtime_ns] == list(facts[:2]):
            return True
        return found.st_size == facts[0] and hashlib.sha256(Path(name).read_bytes()).hexdigest() == facts[2]
    except OSError:
        return False
