"""What was made from files is kept until one of them changes, and no more of it than was asked for."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.web.studio.cache import Cache, Recent, Stamp, stamp


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "issue.yaml"
    made.write_text("one", encoding="utf-8")
    return made


def reads(path: Path, count: list[str]) -> Callable[[], tuple[Stamp, str]]:
    def make() -> tuple[Stamp, str]:
        before = stamp([path])
        count.append(path.name)
        return before, path.read_text(encoding="utf-8")

    return make


@pytest.mark.parametrize("one_at_a_time", [True, False])
def test_a_file_is_read_again_when_it_changes_and_when_it_comes_back(file: Path, one_at_a_time: bool) -> None:
    cache: Cache[str, str] = Cache(2, one_at_a_time=one_at_a_time)
    count: list[str] = []
    assert [cache.get("a", reads(file, count)) for _ in range(3)] == ["one"] * 3
    assert len(count) == 1
    file.write_text("other", encoding="utf-8")
    assert cache.get("a", reads(file, count)) == "other"
    file.unlink()
    with pytest.raises(FileNotFoundError):
        cache.get("a", reads(file, count))
    file.write_text("third", encoding="utf-8")
    assert cache.get("a", reads(file, count)) == "third"
    # The same size, at another time.
    file.write_text("forth", encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert cache.get("a", reads(file, count)) == "forth"


def test_a_file_that_changes_while_it_is_read_is_read_again(file: Path) -> None:
    cache: Cache[str, str] = Cache(2)

    def make() -> tuple[Stamp, str]:
        before = stamp([file])
        text = file.read_text(encoding="utf-8")
        file.write_text(text + "!", encoding="utf-8")
        return before, text

    assert cache.get("a", make) == "one"
    assert cache.get("a", make) == "one!"


def test_what_was_not_asked_for_longest_goes_first() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.keep("a", 1)
    recent.keep("b", 2)
    assert recent.find("a") == 1
    recent.keep("c", 3)
    assert (recent.find("a"), recent.find("b"), recent.find("c")) == (1, None, 3)
