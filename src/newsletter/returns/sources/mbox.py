"""An mbox: all messages in one file, to which other programs append meanwhile. Touches: that file and those beside it.

What lies there is taken over, under the lock of the mail programs, into `<mbox>.reading`; from there each message goes
to `<mbox>.processed` or `<mbox>.unparsed`. `<mbox>.reading.state` says how far that is: a run that is killed leaves no
message out, and none twice in a file. Limits: nobody else writes to those files while one of them is at work.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from newsletter.catalogue import phrase
from newsletter.errors import CannotWriteError, InputError
from newsletter.settings.replace_file import give_to_owner
from newsletter.settings.system_reason import system_reason

from .mbox_file import MboxRange, copy_range, extents, is_mbox, locked_mbox, message_in, try_lock
from .mbox_state import DONE, NOTHING, TAKING, MboxState
from .source import READ_AT_ONCE, Batch, MessageFate, WaitingMessage

_PIECE = 1 << 20
_KEPT = "kept"


class Mbox:
    """A `Source`. `processed` and `unparsed` are endings of files beside it."""

    def __init__(self, path: Path, name: str, *, processed: str = "processed", unparsed: str = "unparsed") -> None:
        self.name = name
        self.is_busy = False
        self._path = path
        self._work = path.with_name(f"{path.name}.reading")
        self._state_file = path.with_name(f"{path.name}.reading.state")
        self._targets = {
            MessageFate.PROCESSED: path.with_name(f"{path.name}.{processed}"),
            MessageFate.UNPARSED: path.with_name(f"{path.name}.{unparsed}"),
            MessageFate.STAYS: path.with_name(f"{path.name}.reading.{_KEPT}"),
        }
        self._state = MboxState()
        self._files = ExitStack()
        self._reading: BinaryIO | None = None

    def __enter__(self) -> Self:
        with ExitStack() as opened, self._translated():
            opened.callback(self._files.close)
            self._open()
            opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.close()

    def count(self) -> int:
        with self._translated(), self._work.open("rb") as file:
            return sum(1 for _ in extents(file, self._state.place))

    def batches(self) -> Iterator[Batch]:
        with self._translated(), self._work.open("rb") as file, self._work.open("rb") as again:
            found = extents(file, self._state.place)
            self._reading = again
            while some := list(islice(found, READ_AT_ONCE)):
                yield [WaitingMessage(f"{one.begins}-{one.ends}", message_in(again, one)) for one in some]
            self._reading = None
            self._finish()

    def put_away(self, fates: Sequence[tuple[WaitingMessage, MessageFate]]) -> None:
        if self._reading is None or not fates:
            return
        with self._translated():
            for fate in dict.fromkeys(fate for _, fate in fates):
                its = [_extent(one.place) for one, moves_to in fates if moves_to is fate]
                self._append(self._targets[fate], its, self._reading)
            self._state.place = max(_extent(one.place).ends for one, _ in fates)
            self._state.write(self._state_file)

    def _open(self) -> None:
        if not self._path.is_file():
            raise self._is_none()
        lock = self._files.enter_context(self._path.with_name(f"{self._path.name}.reading.lock").open("ab"))
        if not try_lock(lock):
            self.is_busy = True
            return
        self._state = MboxState.read(self._state_file)
        self._go_on()
        self._take()

    def _go_on(self) -> None:
        """With what a run that was killed has left."""
        if self._state.doing == DONE:
            self._put_work_away()
        for name, size in self._state.sizes.items():
            _cut(self._path.with_name(name), size)
        self._state.sizes = {path.name: path.stat().st_size if path.exists() else 0 for path in self._targets.values()}

    def _take(self) -> None:
        """Whatever lies in the mbox, to be read; it is emptied once that is durable."""
        with locked_mbox(self._path) as mbox:
            if not is_mbox(mbox):
                raise self._is_none()
            if self._state.doing == TAKING and self._was_not_emptied(mbox):
                _cut(self._work, self._state.taken[0])
            self._state.doing = NOTHING
            size = mbox.seek(0, os.SEEK_END)
            self._make(self._work)
            with self._work.open("r+b") as work:
                if size:
                    self._take_over(mbox, work, size)
            self._state.write(self._state_file)

    def _take_over(self, mbox: BinaryIO, work: BinaryIO, size: int) -> None:
        before = work.seek(0, os.SEEK_END)
        self._state.doing, self._state.taken = TAKING, (before, size)
        self._state.write(self._state_file)
        copy_range(mbox, MboxRange(0, size), work)
        work.flush()
        os.fsync(work.fileno())
        mbox.truncate(0)
        os.fsync(mbox.fileno())
        self._state.doing = NOTHING

    def _was_not_emptied(self, mbox: BinaryIO) -> bool:
        """The mbox still begins with what was taken over: it was killed before it emptied it."""
        begins, size = self._state.taken
        if not self._work.exists() or mbox.seek(0, os.SEEK_END) < size:
            return False
        mbox.seek(0)
        with self._work.open("rb") as work:
            work.seek(begins)
            left = size
            while left and (piece := mbox.read(min(left, _PIECE))):
                # What was not yet copied when it was killed is missing here, and still in the mbox.
                copied = work.read(len(piece))
                if not piece.startswith(copied.rstrip(b"\n")):
                    return False
                left -= len(piece)
        return True

    def _append(self, target: Path, its: Sequence[MboxRange], source: BinaryIO) -> None:
        self._make(target)
        with target.open("r+b") as file:
            file.seek(0, os.SEEK_END)
            for one in its:
                copy_range(source, one, file)
            file.flush()
            os.fsync(file.fileno())
            self._state.sizes[target.name] = file.tell()

    def _finish(self) -> None:
        self._state.doing = DONE
        self._state.keeps = self._targets[MessageFate.STAYS].exists()
        self._state.write(self._state_file)
        self._put_work_away()
        self._state.write(self._state_file)

    def _put_work_away(self) -> None:
        """What stays is what is read next; without any, nothing is."""
        kept = self._targets[MessageFate.STAYS]
        if not self._state.keeps:
            self._work.unlink(missing_ok=True)
        elif kept.exists():
            kept.replace(self._work)
        self._state = MboxState()

    def _make(self, path: Path) -> None:
        """For this user only, or whose folder it is: addresses are in it."""
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
            give_to_owner(path)

    def _is_none(self) -> InputError:
        return InputError(phrase("returns.mbox.is_none", file=self.name), hint=phrase("returns.mbox.begins_with_from"))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise CannotWriteError(
                phrase("returns.mbox.cannot_be_used", file=self.name, why=system_reason(error)),
                hint=phrase("returns.mbox.who_may_write"),
            ) from error


def _extent(place: str) -> MboxRange:
    begins, _, ends = place.partition("-")
    return MboxRange(int(begins), int(ends))


def _cut(path: Path, size: int) -> None:
    if path.exists() and path.stat().st_size > size:
        os.truncate(path, size)
