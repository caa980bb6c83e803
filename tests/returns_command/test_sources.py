"""Where returns lie: each message is read once, as it was written, and moves to its place."""

import fcntl
import mailbox
import multiprocessing
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from newsletter.errors import CannotWriteError, InputError, UnavailableError
from newsletter.returns.sources import mbox_file
from newsletter.returns.sources.maildir import Maildir
from newsletter.returns.sources.mbox import Mbox
from newsletter.returns.sources.source import LARGEST_READ, MessageFate, Source, WaitingMessage
from tests.returns_command.conftest import maildir, mbox_of, messages_in

_FORK = multiprocessing.get_context("fork")
FATES = (MessageFate.PROCESSED, MessageFate.UNPARSED, MessageFate.STAYS)
ONE, TWO, THREE = (b"Subject: %s\n\nbody of %s\n" % (word, word) for word in (b"one", b"two", b"three"))


def put_away(source: Source, *fates: MessageFate) -> list[bytes]:
    """What was read, each moved as its place in the list says, all others processed."""
    read: list[WaitingMessage] = []
    with source:
        for batch in source.batches():
            start = len(read)
            read += batch
            moved = [*fates, *[MessageFate.PROCESSED] * len(read)][start : len(read)]
            source.put_away(list(zip(batch, moved, strict=True)))
    return [one.octets for one in read]


def test_a_maildir_is_read_and_keeps_what_stays(tmp_path: Path) -> None:
    root = maildir(tmp_path / "in", ONE, TWO)
    (root / "cur" / "1669.seen.mx:2,FS").write_bytes(THREE)
    (root / "tmp" / "being.written").write_bytes(b"half a mess")
    (root / "new" / ".hidden").write_bytes(b"none")
    with Maildir(root, "in") as source:
        assert source.count() == 3
        (batch,) = source.batches()
        by_words = {one.octets: one for one in batch}
        source.put_away([(by_words[ONE], FATES[0]), (by_words[TWO], FATES[1]), (by_words[THREE], FATES[0])])
    assert sorted(messages_in(root / ".processed")) == sorted([ONE, THREE])
    assert messages_in(root / ".unparsed") == [TWO]
    assert (root / ".processed" / "cur" / "1669.seen.mx:2,FS").exists(), "a flag was lost"
    assert list(mailbox.Maildir(root / ".unparsed")), "no Maildir for others"
    assert (root / "tmp" / "being.written").exists()


def test_in_a_maildir_nothing_is_overwritten(tmp_path: Path) -> None:
    root = maildir(tmp_path / "in", ONE)
    put_away(Maildir(root, "in"))
    again = next((root / ".processed" / "cur").iterdir()).name.partition(":")[0]
    (root / "new" / again).write_bytes(TWO)
    put_away(Maildir(root, "in"))
    assert sorted(messages_in(root / ".processed")) == sorted([ONE, TWO])


def test_a_message_that_another_process_took_is_no_trouble(tmp_path: Path) -> None:
    root = maildir(tmp_path / "in", ONE, TWO)
    with Maildir(root, "in") as first, Maildir(root, "in") as second:
        (batch,), (same,) = list(first.batches()), list(second.batches())
        first.put_away([(one, MessageFate.PROCESSED) for one in batch])
        second.put_away([(one, MessageFate.PROCESSED) for one in same])
    assert sorted(messages_in(root / ".processed")) == sorted([ONE, TWO])


@pytest.mark.parametrize("what", ["nothing", "a file", "a folder"])
def test_what_is_no_maildir_and_no_mbox_is_refused(tmp_path: Path, what: str) -> None:
    path = tmp_path / "it"
    if what == "a file":
        path.write_text("Dear all,\n\nFrom now on …\n", encoding="utf-8")
    elif what == "a folder":
        path.mkdir()
    for source in (Maildir(path, "it"), Mbox(path, "it")):
        with pytest.raises(InputError, match=r"it is no (Maildir|mbox)"), source:
            pass
    assert [one.name for one in tmp_path.iterdir() if one.suffix != ".lock"] == [path.name] * path.exists()


MBOXES = {
    "LF": mbox_of(ONE, TWO, THREE),
    "CRLF": mbox_of(ONE, TWO, THREE).replace(b"\n", b"\r\n"),
    "without an empty line at its end": mbox_of(ONE, TWO, THREE).rstrip(b"\n"),
    "empty lines before it": b"\n\n" + mbox_of(ONE, TWO, THREE),
}


@pytest.mark.parametrize("box", MBOXES.values(), ids=MBOXES)
def test_an_mbox_in_every_way_it_is_written(tmp_path: Path, box: bytes) -> None:
    path = tmp_path / "in"
    path.write_bytes(box)
    read = put_away(Mbox(path, "in"), *FATES)
    assert [_plain(one) for one in read] == [one.strip() for one in (ONE, TWO, THREE)]
    assert path.read_bytes() == b""
    for ending, message in (("processed", ONE), ("unparsed", TWO)):
        assert [_plain(one) for one in messages_in(tmp_path / f"in.{ending}")] == [message.strip()]
    assert [_plain(one) for one in put_away(Mbox(path, "in"))] == [THREE.strip()]
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        *("in", "in.processed", "in.reading.lock", "in.reading.state", "in.unparsed")
    ]


def _plain(message: bytes) -> bytes:
    return message.replace(b"\r\n", b"\n").strip()


def test_lines_that_look_like_a_beginning_are_quoted_and_read_as_they_were(tmp_path: Path) -> None:
    letter = b"Subject: a trap\n\nbefore\nFrom the mayor\n\nFrom now on\n>From then\nend\n"
    path = tmp_path / "in"
    path.write_bytes(mbox_of(letter, ONE))
    assert path.read_bytes().count(b"\n>From ") == 2
    assert [one.strip() for one in put_away(Mbox(path, "in"))] == [letter.strip(), ONE.strip()]


def test_of_a_huge_message_only_the_beginning_is_read_and_all_of_it_moves(tmp_path: Path) -> None:
    huge = b"Subject: huge\n\n" + b"x" * (2 * LARGEST_READ) + b"\nend\n"
    for source in (Maildir(maildir(tmp_path / "m", huge), "m"), _mbox(tmp_path / "b", huge)):
        assert [len(one) for one in put_away(source)] == [LARGEST_READ]
    assert messages_in(tmp_path / "m" / ".processed") == [huge]
    assert messages_in(tmp_path / "b.processed") == [huge]


def _mbox(path: Path, *messages: bytes) -> Mbox:
    path.write_bytes(mbox_of(*messages))
    return Mbox(path, path.name)


def test_while_another_program_has_it_locked_an_mbox_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mbox_file, "_LOCK_SECONDS", 0.0)
    source = _mbox(tmp_path / "in", ONE)
    dotlock = tmp_path / "in.lock"
    dotlock.touch()
    with pytest.raises(UnavailableError, match=r"has had .* locked"), source:
        pass
    dotlock.unlink()
    is_locked, done = _FORK.Event(), _FORK.Event()
    held = _FORK.Process(target=_lock, args=(tmp_path / "in", is_locked, done))
    held.start()
    assert is_locked.wait(30)
    with pytest.raises(UnavailableError, match=r"has had .* locked"), source:
        pass
    done.set()
    held.join(30)
    assert put_away(source) == [ONE]
    assert not dotlock.exists()


def _lock(path: Path, is_locked: Event, done: Event) -> None:
    with path.open("r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        is_locked.set()
        done.wait(30)


def test_a_second_process_leaves_an_mbox_alone_that_is_being_read(tmp_path: Path) -> None:
    with _mbox(tmp_path / "in", ONE) as first:
        busy = _FORK.Process(target=_must_be_busy, args=(tmp_path / "in",))
        busy.start()
        busy.join(30)
        assert busy.exitcode == 0
        assert first.count() == 1


def _must_be_busy(path: Path) -> None:
    with Mbox(path, "in") as second:
        raise SystemExit(0 if second.is_busy else 1)


def test_who_may_not_write_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = maildir(tmp_path / "in", ONE)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(CannotWriteError, match="cannot read or move"):
        put_away(Maildir(root, "in"))
    assert messages_in(root) == [ONE]


def test_a_message_that_may_not_be_read_keeps_no_other_from_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = maildir(tmp_path / "in", ONE, TWO, THREE)
    locked = next(path for path in (root / "new").iterdir() if path.read_bytes() == TWO)
    opened = Path.open

    def refuse(path: Path, mode: str) -> object:
        if path == locked:
            raise PermissionError(13, "Permission denied")
        return opened(path, mode)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(CannotWriteError, match="cannot read or move"):
        put_away(Maildir(root, "in"))
    monkeypatch.undo()
    assert (sorted(messages_in(root / ".processed")), messages_in(root)) == (sorted([ONE, THREE]), [TWO])


def test_the_fingerprint_is_the_same_wherever_a_message_lies(tmp_path: Path) -> None:
    with Maildir(maildir(tmp_path / "m", ONE), "m") as folder, _mbox(tmp_path / "b", ONE) as box:
        marks = {one.fingerprint for source in (folder, box) for batch in source.batches() for one in batch}
    assert marks == {WaitingMessage("", ONE.replace(b"\n", b"\r\n")).fingerprint}
    assert WaitingMessage("", TWO).fingerprint not in marks
