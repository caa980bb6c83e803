"""Proof of life by a locked file: a process id proves nothing in a container, a lock does. Touches: the disk.

Limits: it speaks for this machine only. A file that another machine wrote on a shared disk, or one that cannot be
locked there, says nothing (UNKNOWN), and the heartbeat decides.
"""

import contextlib
import errno
import os
import shlex
import time
import uuid
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from newsletter.catalogue import phrase
from newsletter.errors import CannotWriteError
from newsletter.settings.replace_file import give_to_owner
from newsletter.settings.system_reason import system_reason

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows: nothing is proved by files there
    _can_lock = False
else:
    _can_lock = True

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_ENDING = ".lock"
_LONGEST_NOTE = 200
_REFUSED = (errno.EACCES, errno.EPERM)

_WAIT_SECONDS = 30
"""For a file that others lock for milliseconds; who holds it longer was stopped."""
_LOCK_PAUSE = 0.01


class Life(Enum):
    HELD = "held"
    """Its process lives on this machine."""
    FREE = "free"
    """Its process is gone."""
    UNKNOWN = "unknown"


class LockFile:
    """A new file under `folder`, locked until `close` or until the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        self.name = uuid.uuid4().hex
        self._path = folder / f"{self.name}{_ENDING}"
        self._descriptor: int | None = None
        try:
            if not folder.exists():
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                give_to_owner(folder)
            descriptor = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
            give_to_owner(self._path)
        except OSError as error:
            raise cannot_write(folder, error) from error
        self._descriptor = descriptor
        if not _lock(descriptor):  # a file system without locks: only the heartbeat speaks for this process
            self.close()
            self.name = ""

    def note(self, text: str) -> None:
        """Keep a line for whoever finds the file after a crash: never shorter than the one before. CannotWriteError."""
        if self._descriptor is not None:
            try:
                os.pwrite(self._descriptor, f"{text}\n".encode("ascii"), 0)
            except OSError as error:
                raise cannot_write(self._path, error) from error

    def close(self) -> None:
        """Unlock and remove; a second time does nothing."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):  # a file left behind unlocked means the same
                self._path.unlink(missing_ok=True)
            self.abandon()

    def abandon(self) -> None:
        """Unlock and leave the file: it tells others that this process is gone, while the book does not."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def life(folder: Path, name: str) -> Life:
    """Whether the process that made the lock file `name` lives, as far as this machine can tell."""
    if not name or not _can_lock:
        return Life.UNKNOWN
    try:
        descriptor = os.open(folder / f"{name}{_ENDING}", os.O_RDWR)
    except OSError:
        return Life.UNKNOWN
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return Life.HELD
    except OSError:
        return Life.UNKNOWN
    else:
        return Life.FREE
    finally:
        os.close(descriptor)


def forget(folder: Path, name: str) -> None:
    """Remove what a gone process left behind."""
    if name:
        with contextlib.suppress(OSError):
            (folder / f"{name}{_ENDING}").unlink(missing_ok=True)


def notes(folder: Path) -> dict[str, str]:
    """What stands in each lock file under `folder`, by its name: of processes that live, and of those that died."""
    with contextlib.suppress(OSError):
        return {path.stem: note(folder, path.stem) for path in folder.glob(f"*{_ENDING}")}
    return {}


def note(folder: Path, name: str) -> str:
    """What stands in one of them; empty where it is gone."""
    with contextlib.suppress(OSError), (folder / f"{name}{_ENDING}").open("rb") as file:
        return file.read(_LONGEST_NOTE).decode("ascii", "replace").strip()
    return ""


@contextlib.contextmanager
def locked(path: Path, pause: float = _LOCK_PAUSE) -> Iterator[None]:
    """Alone among the processes of this machine that use this file; CannotWriteError where it does not become free.

    It is tried every `pause` seconds: who is shut out by somebody that is at it all the time has to be quick.
    """
    with _opened(path) as descriptor:
        _wait_for_lock(descriptor, path, pause)
        yield


@contextlib.contextmanager
def alone(path: Path) -> Iterator[bool]:
    """The same without waiting: whether this process is alone. A file system without locks keeps nobody apart."""
    with _opened(path) as descriptor:
        yield not _is_held(descriptor)


@contextlib.contextmanager
def alone_for_now(path: Path) -> Iterator[bool]:
    """The same for a name that is used a few times only: the file is gone afterwards."""
    with _opened(path) as descriptor:
        # Who held it may have removed it since it was opened here, and a lock on what is gone keeps nobody apart.
        is_alone = not _is_held(descriptor) and _is_at(descriptor, path)
        try:
            yield is_alone
        finally:
            if is_alone:
                with contextlib.suppress(OSError):  # left behind unlocked it means the same
                    path.unlink()


def _is_at(descriptor: int, path: Path) -> bool:
    with contextlib.suppress(OSError):
        return os.path.samestat(os.fstat(descriptor), path.stat())
    return False


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        with contextlib.suppress(FileNotFoundError):  # `alone_for_now` of another process has just removed it
            give_to_owner(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _is_held(descriptor: int) -> bool:
    if _can_lock:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return False
    return False


def _wait_for_lock(descriptor: int, path: Path, pause: float) -> None:
    deadline = time.monotonic() + _WAIT_SECONDS
    while _can_lock:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise cannot_write(path, error) from error
            time.sleep(pause)
        except OSError:  # a file system without locks
            return
        else:
            return


def host(folder: Path) -> str:
    """This running system: the kernel's boot id, which containers on one machine share and two machines never do.

    Elsewhere a name kept in a file beside the locks.
    """
    with contextlib.suppress(OSError):
        return _BOOT_ID.read_text("ascii").strip()
    path = folder / "host"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError), path.open("x", encoding="ascii") as file:
            file.write(uuid.uuid4().hex)
        return path.read_text("ascii").strip()
    except OSError as error:
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: OSError) -> CannotWriteError:
    """What to raise for a file of the ledger's folder, with the next step."""
    said = phrase("ledger.lease.cannot_write", path=str(path), why=system_reason(error))
    if error.errno in _REFUSED:
        return CannotWriteError(said, hint=phrase("ledger.lease.whose_is_it", folder=shlex.quote(str(path.parent))))
    return CannotWriteError(said, hint=phrase("ledger.lease.mend_it"))


def _lock(descriptor: int) -> bool:
    if not _can_lock:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
