"""`newsletter returns` at the command line: what it answers where there is nothing to read. Touches: the disk."""

import json
from pathlib import Path

import pytest

from tests.support.cli import newsletter

OPTIONS = ("--maildir", "--mbox", "--imap", "--stdin", "--access-log")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("returns") / "letter"
    assert newsletter("init", str(root), cwd=root.parent).returncode == 0
    return root


@pytest.mark.parametrize("language", ["en", "ko"])
def test_without_a_source_every_way_to_name_one_is_told(workspace: Path, language: str) -> None:
    ran = newsletter("returns", "--lang", language, cwd=workspace)
    assert (ran.returncode, ran.stdout) == (64, "")
    assert [one for one in OPTIONS if one not in ran.stderr] == []


def test_of_a_log_that_cannot_be_read_nothing_is_told_but_why(workspace: Path) -> None:
    ran = newsletter("returns", "--access-log", "none.log", cwd=workspace)
    assert (ran.returncode, ran.stdout) == (65, "")
    assert "There is no access log at none.log" in ran.stderr


@pytest.mark.parametrize("option", ["--maildir", "--mbox"])
def test_of_a_source_that_is_none_nothing_is_told_but_why(workspace: Path, option: str) -> None:
    ran = newsletter("returns", option, "none", cwd=workspace)
    assert (ran.returncode, ran.stdout) == (65, "")
    assert "none" in ran.stderr
    as_json = newsletter("returns", option, "none", "--json", cwd=workspace)
    told = json.loads(as_json.stdout)
    assert (as_json.returncode, told["sources"], len(told["failures"])) == (65, [], 1)
