"""Put a text in the place of a file, whole or not at all: who reads meanwhile, or a crash, meets no half of it.

Touches: that file, and its folder, which is made if missing. The file is readable by its user only, if not said
otherwise.
"""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

_READ_AND_WRITE = 0o666


def give_to_owner(path: Path) -> None:
    """What root makes in another's folder is that one's: cron's user must not meet a file that only root may read."""
    if os.name == "posix" and os.geteuid() == 0:
        folder = path.parent.stat()
        os.chown(path, folder.st_uid, folder.st_gid)


def replace_file(
    path: Path, text: str | bytes, *, durable: bool = False, like: Path | None = None, mode: int | None = None
) -> None:
    """Raises OSError; then the former file stands as it was.

    `durable`: a power cut does not take it back either. `like`: whoever may read and write that file may this one;
    `mode`: who may, in numbers.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as new:
        temporary = Path(new.name)
    try:
        with temporary.open("wb") as file:
            file.write(text if isinstance(text, bytes) else text.replace("\n", os.linesep).encode())
            if durable:
                file.flush()
                os.fsync(file.fileno())
        give_to_owner(temporary)
        if like is not None:
            mode = like.stat().st_mode & _READ_AND_WRITE
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(path)
        if durable:
            sync_folder(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """The new name itself; Windows opens no folder, and needs none opened."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
