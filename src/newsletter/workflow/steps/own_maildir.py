"""The Maildir that a workspace has of its own, for messages that a mail system hands over one by one.

Touches: `.newsletter/returns/`, standard input. A message is on the disk before it is read, so that none is lost
whatever happens then; what could not be read moves to a folder there, as from any Maildir.
"""

import os
import socket
import time
from pathlib import Path
from typing import BinaryIO

from newsletter.catalogue import phrase
from newsletter.errors import CannotWriteError
from newsletter.returns.sources.maildir import Maildir, make_maildir
from newsletter.settings.system_reason import system_reason
from newsletter.settings.workspace import Workspace

_PIECE = 1 << 16


def own_maildir(workspace: Workspace, only: str = "") -> Maildir:
    """As a source of returns; `only`: of one message."""
    returns = workspace.settings.returns
    folder = workspace.own_returns
    name = folder.relative_to(workspace.root).as_posix()
    return Maildir(folder, name, processed=returns.processed, unparsed=returns.unparsed, only=only)


def keep_message(workspace: Workspace, stream: BinaryIO) -> str:
    """The place of the message, durably; empty where there is none. Raises CannotWriteError.

    All of it is read, also where it is of no use: a mail system whose pipe breaks would bounce it. The `From ` line
    that Postfix writes before it is none of the message.
    """
    folder = workspace.own_returns
    try:
        make_maildir(folder)
        unique = f"{time.time_ns()}.P{os.getpid()}.{socket.gethostname().replace('/', '_').replace(':', '_')}"
        written = _write(folder / "tmp" / unique, stream)
        if not written:
            (folder / "tmp" / unique).unlink()
            return ""
        (folder / "tmp" / unique).rename(folder / "new" / unique)
    except OSError as error:
        raise CannotWriteError(
            phrase("workflow.returns.cannot_keep", folder=str(folder), why=system_reason(error)),
            hint=phrase("workflow.returns.who_runs_it"),
        ) from error
    return f"new/{unique}"


def take_back(workspace: Workspace, place: str) -> None:
    """Whoever handed it over is told to come again."""
    (workspace.own_returns / place).unlink(missing_ok=True)


def _write(path: Path, stream: BinaryIO) -> int:
    """How many octets that were."""
    first = stream.readline(_PIECE)
    piece = stream.read(_PIECE) if first.startswith(b"From ") else first + stream.read(_PIECE)
    written = 0
    with path.open("xb") as file:
        while piece:
            written += file.write(piece)
            piece = stream.read(_PIECE)
        file.flush()
        os.fsync(file.fileno())
    return written
