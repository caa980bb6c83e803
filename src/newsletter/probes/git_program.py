"""Run `git` to read a repository that need not be trusted: no program that it names is run, nothing is fetched.

Touches: the program `git`, which only reads. Limits: settings of the machine and of its user hold; they are trusted.
"""

import os
import shutil
import subprocess
from pathlib import Path

_SECONDS = 10
_SAFE = {"core.fsmonitor": "false", "core.hooksPath": os.devnull, "core.commitGraph": "false"}
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",  # what is missing in a partial clone is not fetched
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",  # a commit is what it is, and not what the repository puts in its place
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


def run_git(
    folder: Path, *words: str, given: bytes = b"", **settings: str
) -> subprocess.CompletedProcess[bytes] | None:
    """A command in `folder` at its end; None where the program is not there, or takes more than 10 seconds.

    `given` is its standard input. `settings` hold against what the repository says, with `__` for the dots of their
    names: `gpg__program="…"`.
    """
    program = shutil.which("git")
    if program is None:
        return None
    # Inside a hook these name another repository, or this one by a path from elsewhere.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | _ENVIRONMENT
    chosen = _SAFE | {name.replace("__", "."): value for name, value in settings.items()}
    options = [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]
    try:
        return subprocess.run(  # noqa: S603 - fixed commands; a file name stands behind `--`
            [program, *options, *words],
            cwd=folder,
            env=environ,
            input=given,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None


def git_says(folder: Path, *words: str) -> bytes | None:
    """What git answered; None where it refuses to, or does not know."""
    ended = run_git(folder, *words)
    return ended.stdout if ended and ended.returncode == 0 else None


def commit_of(path: Path) -> str:
    """The commit that last changed a file, in full; empty where it is not committed, or git does not say."""
    listed = git_says(path.parent, "--literal-pathspecs", "rev-list", "-1", "HEAD", "--", path.name)
    return (listed or b"").decode().strip()


def content_in(commit: str, path: Path) -> bytes | None:
    """What a commit says of the file."""
    return git_says(path.parent, "cat-file", "blob", f"{commit}:./{path.name}")
