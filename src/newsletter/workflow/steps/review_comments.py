"""What reviewers have to say of an issue before it is approved: `issues/<slug>.review.json`, to be committed with it.

    {"comments": [{"id": "5f0c…", "at": "2026-11-30T09:00:00+09:00", "by": "홍길동", "about": "words of the letter",
                   "words": "…"}]}

Touches: that file, and a lock under `.newsletter/`. The file is gone when nothing is left to say. Limits: MOST_COMMENTS
comments; one is about words of the letter, and stays when they are written anew.
"""

import json
import secrets
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from newsletter.catalogue import phrase
from newsletter.errors import CannotWriteError, InputError, RefusedError
from newsletter.ledger.lock_file import locked
from newsletter.settings.replace_file import replace_file
from newsletter.settings.workspace import Workspace

from .files import cannot_be_read, cannot_be_written

MOST_COMMENTS = 500
"""Comments of an issue."""
MAX_WORDS, MAX_ABOUT = 1_200, 200
"""Characters."""
_LARGEST = 8_000_000
"""Bytes of a file that is read: more than MOST_COMMENTS of the longest comments."""
_ID_BYTES = 8


class Comment(BaseModel):
    """One thing that a reviewer says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[0-9a-f]{16}$")
    at: datetime
    by: str = Field(max_length=200)
    about: str = Field(default="", max_length=MAX_ABOUT)
    """Words of the letter; empty: the whole."""
    words: str = Field(min_length=1, max_length=MAX_WORDS)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    comments: tuple[Comment, ...] = Field(max_length=MOST_COMMENTS)


def comments_path(issue_path: Path) -> Path:
    return issue_path.with_name(f"{issue_path.stem}.review.json")


def read_comments(issue_path: Path) -> tuple[Comment, ...]:
    """In the order in which they were written, none where there is no file.

    InputError for a file that is none of ours, which is then left as it is; CannotWriteError where it cannot be read.
    """
    path = comments_path(issue_path)
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise CannotWriteError(cannot_be_read(error, path)) from error
    try:
        return _File.model_validate_json(data[:_LARGEST]).comments
    except ValidationError as error:
        raise InputError(phrase("workflow.review.is_broken", path=path.name)) from error


def add_comment(
    workspace: Workspace, issue_path: Path, *, by: str, about: str, words: str, at: datetime
) -> tuple[Comment, ...]:
    """All comments, the new one last. RefusedError where nothing is said, too much, or there are MOST_COMMENTS already.

    InputError and CannotWriteError as `read_comments`.
    """
    words = words.replace("\r\n", "\n").strip()
    if not words:
        raise RefusedError(phrase("workflow.review.says_nothing"))
    if len(words) > MAX_WORDS:
        raise RefusedError(phrase("workflow.review.too_long", most=MAX_WORDS))
    with _alone(workspace, issue_path):
        before = read_comments(issue_path)
        if len(before) >= MOST_COMMENTS:
            raise RefusedError(phrase("workflow.review.too_many", most=MOST_COMMENTS))
        about = " ".join(about.split())[:MAX_ABOUT]
        new = Comment(id=secrets.token_hex(_ID_BYTES), at=at, by=by[:200], about=about, words=words)
        return _write(issue_path, [*before, new])


def remove_comment(workspace: Workspace, issue_path: Path, identity: str) -> tuple[Comment, ...]:
    """All but the one with this `id`, which may be gone already."""
    with _alone(workspace, issue_path):
        return _write(issue_path, [one for one in read_comments(issue_path) if one.id != identity])


def clear_comments(workspace: Workspace, issue_path: Path) -> int:
    """The issue is approved: nothing is left to say. How many there were; CannotWriteError."""
    if not comments_path(issue_path).exists():
        return 0
    with _alone(workspace, issue_path):
        there = len(read_comments(issue_path))
        _write(issue_path, [])
        return there


def _alone(workspace: Workspace, issue_path: Path) -> AbstractContextManager[None]:
    return locked(workspace.state / "desk" / f"{issue_path.stem}.review.lock")


def _write(issue_path: Path, comments: Sequence[Comment]) -> tuple[Comment, ...]:
    """One comment is some lines of its own, so that git merges those of two reviewers."""
    path = comments_path(issue_path)
    data = {"comments": [one.model_dump(mode="json") for one in comments]}
    try:
        if comments:
            replace_file(path, f"{json.dumps(data, ensure_ascii=False, indent=1)}\n", like=issue_path)
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise CannotWriteError(cannot_be_written(error, path)) from error
    return tuple(comments)
