"""What a commit holds, read from git's own objects: a checkout, its index and its filters are left alone.

Touches: the program `git`, which only reads, and git's folder for what Git LFS keeps there. Limits: links and
submodules in a commit are passed by; what a partial clone or Git LFS has not fetched is not fetched.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .git_program import git_says, run_git

_FILES = frozenset({"100644", "100755"})
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:[a-z.0-9-]+ [^\n]*\n)*?oid sha256:([0-9a-f]{64})\n"
)


@dataclass(frozen=True, slots=True)
class CommittedFile:
    """A file of a commit; its path begins at the folder that was asked about."""

    path: str
    object_id: str


def why_no_repository(folder: Path) -> str | None:
    """What git says of a folder that is in no repository that it may read: empty without git; None for a good one."""
    asked = run_git(folder, "rev-parse", "--git-dir")
    if asked is None:
        return ""
    return asked.stderr.decode("utf-8", "replace").strip().partition("\n")[0] if asked.returncode else None


def commit_named(folder: Path, revision: str) -> str | None:
    """The id of the commit that a revision means; None where it means none."""
    if revision.startswith("-") or "\0" in revision:
        return None  # an option of git is no name of a commit
    said = git_says(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return said.decode().strip() if said else None


def common_ancestor(folder: Path, one: str, other: str) -> str | None:
    """The commit at which two, given by their ids, went apart."""
    said = git_says(folder, "merge-base", one, other)
    return said.decode().strip() if said else None


def committed_files(folder: Path, commit: str) -> list[CommittedFile]:
    """All files at and below `folder` in a commit, given by its id; none that would lie elsewhere."""
    listed = (git_says(folder, "ls-tree", "-r", "-z", commit) or b"").decode("utf-8", "surrogateescape")
    found = []
    for line in listed.split("\0"):
        facts, _, path = line.partition("\t")
        mode, _kind, object_id = facts.split(" ") if facts else ("", "", "")
        if mode in _FILES and _stays_inside(path):
            found.append(CommittedFile(path, object_id))
    return found


def _stays_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\\" not in path and ":" not in parts[0]


def committed_contents(folder: Path, files: Iterable[CommittedFile]) -> Mapping[str, bytes]:
    """The bytes of files by their path, as they were committed; one that is not in this clone is left out."""
    wanted = list(files)
    ids = list(dict.fromkeys(file.object_id for file in wanted))
    ended = run_git(folder, "cat-file", "--batch", given="".join(f"{one}\n" for one in ids).encode())
    objects = _objects(ended.stdout if ended and ended.returncode == 0 else b"")
    return {file.path: objects[file.object_id] for file in wanted if file.object_id in objects}


def _objects(answer: bytes) -> dict[str, bytes]:
    """`<id> blob <size>`, the bytes, a line end; `<id> missing` for what is not there."""
    found, at = {}, 0
    while at < len(answer):
        end = answer.index(b"\n", at)
        name, *facts = answer[at:end].decode().split(" ")
        at = end + 1
        if len(facts) == 2:
            size = int(facts[1])
            found[name] = answer[at : at + size]
            at += size + 1
    return found


def is_lfs_pointer(data: bytes) -> bool:
    return _POINTER.match(data) is not None


def from_lfs(folder: Path, pointer: bytes) -> bytes | None:
    """What a pointer of Git LFS stands for, where this clone has it."""
    found, home = _POINTER.match(pointer), git_says(folder, "rev-parse", "--git-common-dir")
    if found is None or home is None:
        return None
    digest = found[1].decode()
    kept = folder / home.decode().strip() / "lfs" / "objects" / digest[:2] / digest[2:4] / digest
    try:
        data = kept.read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == digest else None
