"""`[archive] publish`: the operator's command carries what was built to where it is read.

Touches: starts the command; `.newsletter/publish.log`, which has what it said the last time. It gets no shell, and of
our environment all but what is ours: a deploying program brings its own keys by variables, and needs none of the
newsletter's passwords.
"""

import contextlib
import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

from newsletter.catalogue import Said, Verbatim, phrase
from newsletter.errors import CannotWriteError, UnavailableError
from newsletter.settings.replace_file import give_to_owner
from newsletter.settings.system_reason import system_reason
from newsletter.settings.workspace import Workspace

from .files import cannot_be_written

PUBLISH_SECONDS = 1800.0
"""So long the command has: the first time it carries every picture of every issue."""
LOG = "publish.log"
FOLDER_VARIABLE = "NEWSLETTER_ARCHIVE_DIR"
_GRACE_SECONDS = 5.0
_OURS = "NEWSLETTER_"


class NotPublishedError(UnavailableError):
    """What letters lead to is not where they lead."""


def run_publish_command(workspace: Workspace, folder: Path, *, seconds: float = PUBLISH_SECONDS) -> None:
    """Run it in the workspace and wait; NotPublishedError (69) where it does not end well, or in time."""
    log = workspace.state / LOG
    try:
        workspace.state.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        give_to_owner(log)
    except OSError as error:
        raise CannotWriteError(cannot_be_written(error, log)) from error
    try:
        status = _run(shlex.split(workspace.settings.archive.publish), workspace.root, folder, descriptor, seconds)
    except subprocess.TimeoutExpired:
        raise _failed(phrase("workflow.publish.took_too_long", seconds=f"{seconds:g}")) from None
    except (OSError, ValueError) as error:
        why = system_reason(error) if isinstance(error, OSError) else Verbatim(str(error))
        said = phrase("workflow.publish.cannot_start", why=why)
        raise NotPublishedError(said, hint=phrase("workflow.publish.look_at_program")) from error
    finally:
        os.close(descriptor)
    if status:
        raise _failed(phrase("workflow.publish.command_failed", status=str(status)))


def _run(command: list[str], root: Path, folder: Path, log: int, seconds: float) -> int:
    """Its exit code. It is ended, with all that it has started, where it takes longer or we are ended."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    process = subprocess.Popen(  # noqa: S603 - the operator's own command, without a shell
        command,
        cwd=root,
        env={**environment, FOLDER_VARIABLE: str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        with _ended_by_sigterm():
            return process.wait(seconds)
    except BaseException:
        _end(process)
        raise


@contextlib.contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """As by Ctrl-C: else the command would go on by itself, into whatever the next run does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(process: subprocess.Popen[bytes]) -> None:
    _signal(process, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE_SECONDS)
    _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))  # also what it has left behind
    process.wait()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)  # the group has its number: it began a session of its own
        else:
            process.send_signal(number)


def _failed(words: Said) -> NotPublishedError:
    return NotPublishedError(words, hint=phrase("workflow.publish.see_its_log", log=f".newsletter/{LOG}"))
