"""Which commit a file is as it stands: `last_commit(path, data)`. Touches: the program `git`, which only reads.

Limits: of a shallow clone it is the oldest commit that the clone has, where the file was not changed since.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .git_program import commit_of, content_in, git_says


@dataclass(frozen=True, slots=True)
class Commit:
    """Who committed what, and when; the name is as somebody wrote it."""

    id: str
    by: str
    at: datetime


def last_commit(path: Path, data: bytes) -> Commit | None:
    """The commit that last changed `path`, where it has `data` in it; None where there is none, or git does not say."""
    commit = commit_of(path)
    if not commit or content_in(commit, path) != data:
        return None
    told = git_says(path.parent, "show", "-s", "--format=%an%x00%cI", commit)
    if told is None:
        return None
    by, _, at = told.decode("utf-8", "replace").strip().partition("\0")
    return Commit(commit, by, datetime.fromisoformat(at))
