"""The file of a picture that an issue needs, or an error that points at where it is named. Touches: file system.

Limits: the content of the file is the caller's to distrust.
"""

from pathlib import Path

from newsletter.errors import InputError

from .load import problem_in
from .seek import seek_picture
from .tree import DataPath


def resolve_picture(src: str, issue_path: Path, root: Path, *, where: DataPath = ()) -> Path:
    """The picture's file, absolute, links followed.

    `where` is the place of `src` in the issue, such as ("hero", "src"). Raises InputError that points at it.
    """
    found = seek_picture(src, issue_path, root)
    if found.path:
        return found.path
    problem = problem_in(issue_path, workspace_root=root, where=where, message=found.message, hint=found.hint)
    raise InputError(problems=[problem])
