"""Find what travels with the package: templates, the example issue, settings and subscribers. Touches: file system.

Limits: a workspace's own files are the caller's business; this is the last place to look.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def bundled(name: str) -> Path:
    """The file or folder `name` (`templates/email`, `issues`, …) inside a wheel, else in the repository's root.

    hatchling's force-include puts `newsletter/bundled/` into a wheel but not into an editable install.
    """
    inside = _PACKAGE / "bundled" / name
    return inside if inside.exists() else _PACKAGE.parent.parent / name
