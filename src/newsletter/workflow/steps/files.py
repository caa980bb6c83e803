"""Write what a command makes, or say what could not be written. Touches: the folder it is given."""

from collections.abc import Mapping
from pathlib import Path

from newsletter.errors import CannotWriteError


def write_files(out: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder that is made if missing; CannotWriteError (73) names what could not be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (out / name).write_bytes(data)
    except OSError as error:
        raise CannotWriteError(f"{error.filename or out}: {error.strerror}", hint="Choose another folder.") from error
    return [out / name for name in files]


def make_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise CannotWriteError(f"{folder}: {error.strerror}") from error
    return folder
