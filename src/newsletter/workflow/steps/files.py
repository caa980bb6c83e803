"""Write what a command makes, and say what cannot be read or written. Touches: the folder it is given."""

from collections.abc import Mapping
from pathlib import Path

from newsletter.catalogue import Said, phrase
from newsletter.errors import CannotWriteError
from newsletter.settings.system_reason import system_reason


def write_files(out: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder that is made if missing; CannotWriteError (73) names what could not be written."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (out / name).write_bytes(data)
    except OSError as error:
        hint = phrase("workflow.file.choose_another_folder")
        raise CannotWriteError(cannot_be_written(error, out), hint=hint) from error
    return [out / name for name in files]


def make_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise CannotWriteError(cannot_be_written(error, folder)) from error
    return folder


def cannot_be_written(error: OSError, path: Path) -> Said:
    """With the file that it was about, where the system says so."""
    return phrase("workflow.file.cannot_be_written", path=str(error.filename or path), why=system_reason(error))


def cannot_be_read(error: OSError, path: Path) -> Said:
    return phrase("workflow.file.cannot_be_read", path=str(path), why=system_reason(error))
