"""An access log and what it was rotated into: found, known under every name, read in a stream from its place."""

import gzip
import lzma
import os
import sys
import tracemalloc
from io import BytesIO
from pathlib import Path

import pytest

from newsletter.returns.log_files import BrokenLogError, FoundLog, LogError, OpenLog, log_files
from newsletter.returns.xz_size import xz_size


def names(pattern: Path) -> list[str]:
    return [file.path.name for file in log_files(pattern)]


def only(path: Path) -> FoundLog:
    (file,) = [file for file in log_files(path) if file.path == path]
    return file


def read(path: Path, place: int = 0) -> tuple[list[bytes], int]:
    with OpenLog(only(path)) as log:
        log.begin_at(place)
        return list(log.lines()), log.place


def known_as(path: Path) -> str:
    with OpenLog(only(path)) as log:
        return log.digest()


def test_what_it_was_rotated_into_is_found_oldest_first_and_nothing_else(tmp_path: Path) -> None:
    ours = ["c.log-20261127.gz", "c.log-20261128", "c.log.2.gz", "c.log.1", "c.log"]
    for age, name in enumerate(ours):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (age, age))
    for name in ("cc.log", "c.log.bak", "c.log.1~", "c.logs", "c.log.1.gz.tmp", ".c.log.1", "other-c.log"):
        (tmp_path / name).write_text("x")
    assert names(tmp_path / "c.log") == ours


def test_a_pattern_names_the_logs_of_several_hosts(tmp_path: Path) -> None:
    for name in ("a/c.log", "b/c.log", "b/other.log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert sorted(names(tmp_path / "*" / "c.log")) == ["c.log", "c.log"]


@pytest.mark.parametrize("name", ["c.log", "none/c.log", "*.log"])
def test_a_log_that_is_not_there_is_told_with_the_next_step(tmp_path: Path, name: str) -> None:
    with pytest.raises(LogError, match="There is no access log") as raised:
        log_files(tmp_path / name)
    assert "access_log of [returns]" in str(raised.value)


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.log").mkdir()
    os.mkfifo(tmp_path / "pipe.log")
    for name in ("folder.log", "pipe.log"):
        with pytest.raises(LogError, match="is no file"):
            log_files(tmp_path / name)


def test_only_whole_lines_are_read_and_the_half_one_next_time(tmp_path: Path) -> None:
    log = tmp_path / "c.log"
    log.write_bytes(b"one\ntwo\nthr")
    assert read(log) == ([b"one", b"two"], 8)
    with log.open("ab") as more:
        more.write(b"ee\nfour\n")
    assert read(log, 8) == ([b"three", b"four"], 19)
    assert read(log, 19) == ([], 19)


@pytest.mark.parametrize("place", [2, 500])
def test_a_place_that_is_none_of_this_file_means_from_the_beginning(tmp_path: Path, place: int) -> None:
    (tmp_path / "c.log").write_bytes(b"one\ntwo\n")
    assert read(tmp_path / "c.log", place) == ([b"one", b"two"], 8)


def test_a_log_is_known_by_its_first_line_under_every_name(tmp_path: Path) -> None:
    log, packed = tmp_path / "c.log", tmp_path / "c.log.2.gz"
    log.write_bytes(b"fir")
    assert known_as(log) == ""
    log.write_bytes(b"first\nsecond\n")
    first = known_as(log)
    packed.write_bytes(gzip.compress(log.read_bytes()))
    log.rename(tmp_path / "c.log.1")
    assert {known_as(packed), known_as(tmp_path / "c.log.1")} == {first}
    assert read(packed, 6) == ([b"second"], 13)
    with OpenLog(only(packed)) as opened:
        assert (opened.is_read_until(13), opened.is_read_until(6)) == (True, False)


def test_a_line_without_end_costs_no_memory_and_hides_no_other(tmp_path: Path) -> None:
    log = tmp_path / "c.log"
    with log.open("wb") as file:
        file.write(b"one\n")
        for _ in range(64):
            file.write(b"\0" * (1 << 20))
        file.write(b"\ntwo\n")
    tracemalloc.start()
    try:
        assert read(log) == ([b"one", b"two"], 4 + (64 << 20) + 5)
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()
    with log.open("ab") as file:
        file.write(b"x" * (1 << 20))
    assert read(log) == ([b"one", b"two"], 4 + (64 << 20) + 5), "it may yet end"


@pytest.mark.parametrize("cut", [5, 60, -4])
def test_a_packed_log_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path, cut: int) -> None:
    whole = b"".join(b"line %d %s\n" % (number, os.urandom(40).hex().encode()) for number in range(5_000))
    lines: list[bytes] = []
    path = tmp_path / "c.log.2.gz"
    path.write_bytes(gzip.compress(whole)[:cut])
    with OpenLog(only(path)) as log, pytest.raises(BrokenLogError):
        lines.extend(log.lines())
    assert whole.startswith(b"".join(line + b"\n" for line in lines))
    assert log.place == sum(len(line) + 1 for line in lines)
    path.write_bytes(b"no gzip at all, but a name that says so")
    with OpenLog(only(path)) as log, pytest.raises(BrokenLogError):
        log.digest()


def test_a_log_packed_by_xz_is_read_as_one_by_gzip(tmp_path: Path) -> None:
    path, whole = tmp_path / "c.log.2.xz", b"".join(b"line %d\n" % number for number in range(5_000))
    path.write_bytes(lzma.compress(whole))
    (tmp_path / "c.log").write_bytes(whole)
    assert names(tmp_path / "c.log") == ["c.log.2.xz", "c.log"]
    assert known_as(path) == known_as(tmp_path / "c.log")
    assert read(path, 7) == ([b"line %d" % number for number in range(1, 5_000)], len(whole))
    with OpenLog(only(path)) as log:
        assert (log.is_read_until(len(whole)), log.is_read_until(7)) == (True, False)
    path.write_bytes(lzma.compress(whole)[:-20])
    with OpenLog(only(path)) as log, pytest.raises(BrokenLogError):
        list(log.lines())
    path.write_bytes(b"no xz at all, but a name that says so")
    with OpenLog(only(path)) as log, pytest.raises(BrokenLogError):
        log.digest()


@pytest.mark.parametrize("end", [b"", b"YZ", b"\x80" * (1 << 20) + b"\0" * 4 + b"\xfe\xff\x03\0" + b"\0\4YZ"])
def test_of_what_xz_has_not_packed_no_size_is_known(end: bytes) -> None:
    assert xz_size(BytesIO(end)) is None


def test_a_python_without_xz_reads_every_other_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was built where liblzma's headers were missing has the module lzma and cannot import it."""
    monkeypatch.setitem(sys.modules, "lzma", None)
    (tmp_path / "c.log").write_bytes(b"a line\n")
    (tmp_path / "c.log.1.xz").write_bytes(b"")
    plain, packed = only(tmp_path / "c.log"), only(tmp_path / "c.log.1.xz")
    with OpenLog(plain) as log:
        assert list(log.lines()) == [b"a line"]
    with pytest.raises(LogError, match="without xz") as caught:
        OpenLog(packed)
    assert "gz" in str(caught.value.hint)


def test_a_file_of_xz_that_grows_when_it_is_unpacked_costs_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "c.log.2.xz"
    path.write_bytes(lzma.compress(b"one\n" + b"\0" * (32 << 20) + b"\ntwo\n", preset=0))
    assert path.stat().st_size < 1 << 16
    tracemalloc.start()
    try:
        assert read(path)[0] == [b"one", b"two"]
        assert tracemalloc.get_traced_memory()[1] < 4 << 20
    finally:
        tracemalloc.stop()


def test_a_folder_of_a_pattern_that_may_not_be_entered_is_told_and_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for host in ("one", "two"):
        (tmp_path / host).mkdir()
        (tmp_path / host / "clicks.log").write_bytes(b"{}\n")
    assert len(log_files(tmp_path / "*" / "clicks.log")) == 2
    listed = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "two":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(LogError, match="two"):
        log_files(tmp_path / "*" / "clicks.log")
