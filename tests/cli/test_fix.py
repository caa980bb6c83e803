"""`newsletter check --fix` as a person and a script run it: two streams, exit codes, forms, two at once."""

import json
from pathlib import Path

import pytest

from tests.support.cli import newsletter, started

SOUND = """\
title: 신성장동력
preheader: 서울의 다음 산업을 정책연구로 살펴보고, 네 갈래로 나누어 소개합니다.
sections:
  - type: notice
    body: "• 문의：\uf53a"
"""
BROKEN = SOUND.replace("title: 신", "title：신\u200b").replace("•", "\uf0b7")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fix") / "letters"
    assert newsletter("init", str(folder), cwd=folder.parent).returncode == 0
    return folder


@pytest.fixture
def issue(made: Path) -> Path:
    for path in (made / "issues").glob("*.yaml"):
        path.unlink()
    path = made / "issues" / "2026-11.yaml"
    path.write_bytes(BROKEN.encode())
    return path


def test_each_replacement_is_told_and_the_second_check_decides(issue: Path, made: Path) -> None:
    ended = newsletter("check", "--fix", cwd=made)
    assert ended.stdout.splitlines()[:4] == [
        "issues/2026-11.yaml:1:6: “：” (U+FF1A FULLWIDTH COLON) → “: ”",
        "issues/2026-11.yaml:1:8: U+200B ZERO WIDTH SPACE → deleted",
        "issues/2026-11.yaml:5:12: U+F0B7 → “•”",
        "issues/2026-11.yaml:5:16: “：” (U+FF1A FULLWIDTH COLON) → “:”",
    ]
    assert "issues/2026-11.yaml: 4 replaced." in ended.stderr
    assert issue.read_bytes().decode() == SOUND.replace("：", ":")
    assert ended.returncode == 0, ended.stdout
    assert "issues/2026-11.yaml:5:17: warning: There is the private-use character U+F53A" in ended.stdout


def test_a_fault_that_is_left_keeps_its_exit_code(issue: Path, made: Path) -> None:
    issue.write_bytes(BROKEN.replace("문의", "TODO").encode())
    ended = newsletter("check", "--fix", "--lang", "ko", "--quiet", cwd=made)
    assert (ended.returncode, ended.stderr) == (65, "")
    assert ended.stdout.startswith("issues/2026-11.yaml:1:6: ‘：’(U+FF1A FULLWIDTH COLON) → ‘: ’\n")


def test_a_script_gets_what_was_replaced_in_the_answer(issue: Path, made: Path) -> None:
    ended = newsletter("check", "--fix", "--json", cwd=made)
    assert (ended.returncode, ended.stderr) == (0, "")
    place = {"file": "issues/2026-11.yaml", "line": 1, "column": 8}
    assert json.loads(ended.stdout)["fixed"][1] == {**place, "written": "\u200b", "instead": ""}
    issue.chmod(0o444)  # nothing is to be replaced any more, so nothing is written
    assert json.loads(newsletter("check", "--fix", "--json", cwd=made).stdout)["fixed"] == []


def test_all_issues_are_mended_beside_one_log_and_a_read_only_one_is_73(issue: Path, made: Path) -> None:
    issue.with_name("2026-12.yaml").write_bytes(BROKEN.encode())
    ended = newsletter("check", "--all", "--fix", "--format", "sarif", cwd=made)
    assert json.loads(ended.stdout)["version"] == "2.1.0"
    assert ended.stderr.count("ZERO WIDTH SPACE → deleted") == 2
    issue.write_bytes(BROKEN.encode())
    issue.chmod(0o444)
    ended = newsletter("check", "--all", "--fix", cwd=made)
    assert (ended.returncode, ended.stdout) == (73, "")
    assert "is read-only" in ended.stderr


def test_two_at_once_leave_one_sound_file(issue: Path, made: Path) -> None:
    both = [started("check", "--fix", cwd=made) for _ in range(2)]
    ended = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], ended
    assert issue.read_bytes().decode() == SOUND.replace("：", ":")
    assert [path.name for path in issue.parent.iterdir() if path.name.startswith(".")] == []
