"""Where the file of a picture is: beside the issue, else from the workspace's root. Touches: file system.

SECURITY: never a file outside the workspace, wherever links and `..` lead; the content is the caller's to distrust.
"""

from pathlib import Path

from newsletter.errors import InputError

from .load import problem_in
from .tree import DataPath


def resolve_picture(src: str, issue_path: Path, root: Path, *, where: DataPath = ()) -> Path:
    """The picture's file, absolute, links followed.

    `where` is the place of `src` in the issue, such as ("hero", "src"). Raises InputError that points at it.
    """
    home = root.resolve()
    candidates = [issue_path.parent / src, root / src]
    try:
        found = [path.resolve() for path in candidates if path.is_file()]
    except (OSError, ValueError, RuntimeError):
        found = []  # a name too long for the file system, a loop of links
    inside = [path for path in found if path.is_relative_to(home)]
    if inside:
        return inside[0]
    message = f"the picture `{src}` is outside the workspace" if found else f"there is no picture `{src}`"
    hint = "Copy it into the workspace." if found else f"Looked for {' and '.join(str(path) for path in candidates)}."
    raise InputError(problems=[problem_in(issue_path, workspace_root=root, where=where, message=message, hint=hint)])
