"""Put a text in the place of a file, whole or not at all: who reads meanwhile, or a crash, meets no half of it.

Touches: that file, and its folder, which is made if missing. The file is readable by its user only.
"""

from pathlib import Path
from tempfile import NamedTemporaryFile


def replace_file(path: Path, text: str) -> None:
    """Raises OSError; then the former file stands as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as new:
        temporary = Path(new.name)
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
