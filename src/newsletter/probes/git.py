"""Is a file tracked by git, or about to be? `keeping_of(path)`; what of a folder is? `tracked_below(folder)`.

Touches: the program `git`, which only reads; the index of the repository where there is no such program.
Limits: without the program it is only known whether a file is tracked, not whether it is ignored.
"""

from pathlib import Path

from newsletter.check.audience import Keeping

from .git_program import git_says, run_git


def keeping_of(path: Path) -> Keeping:
    """Never an error: who cannot ask git has nothing to say about it."""
    folder = path.absolute().parent
    root = next((outer for outer in (folder, *folder.parents) if (outer / ".git").exists()), None)
    if root is None:
        return Keeping.PRIVATE
    listed = _git(folder, "--literal-pathspecs", "ls-files", "--error-unmatch", "--", path.name)
    if listed is None:
        return Keeping.TRACKED if _in_index(root, path.absolute()) else Keeping.PRIVATE
    if listed:
        return Keeping.TRACKED
    ignored = _git(folder, "check-ignore", "--quiet", "--", path.name)
    return Keeping.OPEN if ignored is False and path.exists() else Keeping.PRIVATE


def tracked_below(folder: Path) -> list[Path]:
    """The files in a folder that git tracks, there or gone; none where git cannot be asked."""
    above = folder.absolute().parent
    listed = git_says(above, "--literal-pathspecs", "ls-files", "-z", "--", folder.name)
    return [above / name for name in (listed or b"").decode("utf-8", "surrogateescape").split("\0") if name]


def _git(folder: Path, *words: str) -> bool | None:
    """Whether git says yes (0) or no (1); None where it is not there, or refuses to say."""
    ended = run_git(folder, *words)
    return {0: True, 1: False}.get(ended.returncode) if ended else None


def _in_index(root: Path, path: Path) -> bool:
    """Whether the index names the file (its versions 2 and 3, which write each path out, with a NUL behind)."""
    name = path.relative_to(root).as_posix().encode()
    try:
        return name + b"\0" in (root / ".git" / "index").read_bytes()
    except OSError:  # a work tree beside its repository, or nothing was ever added
        return False
