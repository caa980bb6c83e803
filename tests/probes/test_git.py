"""Git is asked whether it keeps the subscribers' file, and nothing it says or does not say is an error."""

import os
import subprocess
from pathlib import Path

import pytest

from newsletter.check.audience import Keeping
from newsletter.probes.git import keeping_of


def git(folder: Path, *words: str) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", *words], cwd=folder, env=environ, check=True, capture_output=True)


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    """A subscriber file in a folder of a new repository."""
    git(tmp_path, "init", "--quiet")
    path = tmp_path / "letter" / "구독자 [1].csv"
    path.parent.mkdir()
    path.write_text("email\n", encoding="utf-8")
    return path


def test_outside_of_a_repository_nothing_is_kept(tmp_path: Path) -> None:
    assert keeping_of(tmp_path / "subscribers.csv") is Keeping.PRIVATE


def test_a_file_that_is_neither_tracked_nor_ignored_lies_open(csv: Path) -> None:
    assert keeping_of(csv) is Keeping.OPEN


def test_an_ignored_file_is_private(csv: Path) -> None:
    (csv.parent.parent / ".gitignore").write_text("*.csv\n", encoding="utf-8")
    assert keeping_of(csv) is Keeping.PRIVATE


def test_a_tracked_file_is_tracked_even_if_it_is_ignored_now_or_gone(csv: Path) -> None:
    git(csv.parent, "add", "--all")
    assert keeping_of(csv) is Keeping.TRACKED
    (csv.parent / ".gitignore").write_text("*.csv\n", encoding="utf-8")
    csv.unlink()
    assert keeping_of(csv) is Keeping.TRACKED


def test_a_file_that_is_not_there_yet_does_not_lie_open(csv: Path) -> None:
    assert keeping_of(csv.with_name("other.csv")) is Keeping.PRIVATE


def test_in_a_hook_the_repository_around_the_file_counts(csv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(csv.parent / "nowhere"))
    assert keeping_of(csv) is Keeping.OPEN


def test_a_repository_cannot_make_the_question_run_a_program(csv: Path, tmp_path: Path) -> None:
    git(csv.parent, "config", "core.fsmonitor", f"touch {tmp_path / 'run'} #")
    keeping_of(csv)
    assert not (tmp_path / "run").exists()


def test_without_the_program_the_index_tells_what_is_tracked(csv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(csv.parent, "add", "--all")
    monkeypatch.setenv("PATH", "")
    assert keeping_of(csv) is Keeping.TRACKED
    assert keeping_of(csv.with_name("other.csv")) is Keeping.PRIVATE


def test_a_repository_that_is_broken_is_no_error(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: nowhere\n", encoding="utf-8")
    assert keeping_of(tmp_path / "subscribers.csv") is Keeping.PRIVATE
