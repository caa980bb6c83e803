"""`newsletter diff` as a person and a script meet it: words, signs and colours, JSON, exit codes."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import ISSUE, Call, make_workspace
from tests.support.terminal import at_terminal

GIT = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace in git, with a change that is not committed."""
    folder = make_workspace(tmp_path / "letters")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([*GIT, *words], cwd=folder, check=True, capture_output=True)
    changed = ISSUE.replace("Good morning.", "Good evening. It is late.").replace("Growth", "# comment\n  Growth")
    (folder / "issues" / "2026-11.yaml").write_text(changed, encoding="utf-8")
    return folder


@pytest.mark.parametrize("words", [[], ["2026-11"], ["HEAD"], ["2026-11", "HEAD"], ["issues/2026-11.yaml"]])
def test_the_difference_is_data_and_the_summary_is_words(call: Call, folder: Path, words: list[str]) -> None:
    ended = call("diff", *words, cwd=folder)
    assert ended.code == 0
    assert "    ~ Good [-morning-]{+evening+}.\n    + It is late.\n" in ended.out
    assert re.fullmatch(r"2026-11: from HEAD \(\w{10}\) to the folder: 1 changed, 1 new, 0 gone, 0 moved\n", ended.err)


def test_quiet_leaves_the_data(call: Call, folder: Path) -> None:
    ended = call("diff", "--quiet", cwd=folder)
    assert ended.err == ""
    assert "evening" in ended.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 0),
        (["--exit-code"], 1),
        (["HEAD..HEAD", "--exit-code"], 0),
        (["--exit-code", "--json"], 1),
        (["nowhere..", "--exit-code"], 64),
        (["--", "--output=x"], 64),
        (["--against", "approved"], 64),
        (["HEAD", "--against", "approved"], 64),
        (["2026-11", "HEAD", "HEAD"], 64),
        (["2026-12"], 64),
    ],
)
def test_how_it_ends(call: Call, folder: Path, words: list[str], code: int) -> None:
    assert call("diff", *words, cwd=folder).code == code
    assert not (folder / "x").exists()


def test_a_broken_issue_ends_with_65(call: Call, folder: Path) -> None:
    (folder / "issues" / "2026-11.yaml").write_text("title: x\nunknown: y\n", encoding="utf-8")
    ended = call("diff", "--exit-code", cwd=folder)
    assert (ended.code, ended.out) == (65, "")
    assert ended.err.startswith("issues/2026-11.yaml:2:1: ")


def test_nothing_differs_in_words(call: Call, folder: Path) -> None:
    ended = call("diff", "HEAD..", cwd=folder)
    assert (ended.code, ended.out) == (0, "")
    assert "nothing differs" in ended.err


def test_json_tells_all_of_it(call: Call, folder: Path) -> None:
    ended = call("diff", "--json", cwd=folder)
    assert ended.err == ""
    told = json.loads(ended.out)
    assert set(told) == {"issue", "before", "after", "differs", "counts", "facts", "letters"}
    assert told["before"].keys() == {"kind", "commit", "called", "exists"}
    assert (told["before"]["kind"], told["after"]["kind"], told["differs"]) == ("commit", "folder", True)
    assert told["counts"] == {"changed": 1, "added": 1, "removed": 0, "moved": 0}
    [letter] = told["letters"]
    assert letter.keys() == {"language", "change", "parts", "look", "plain_text"}
    [part] = letter["parts"]
    assert part.keys() == {"part", "heading", "change", "before", "after", "items"}
    first, second = part["items"]
    assert first == {
        "kind": "sentence",
        "change": "changed",
        "before": "Good morning.",
        "after": "Good evening.",
        "of": None,
        "from": None,
        "words": [["=", "Good "], ["-", "morning"], ["+", "evening"], ["=", "."]],
    }
    assert (second["change"], second["before"], second["after"]) == ("added", None, "It is late.")


def test_a_terminal_shows_it_in_colours_unless_told_otherwise(folder: Path) -> None:
    with at_terminal("diff", cwd=folder, TERM="xterm") as terminal:
        assert "Good \x1b[31;9mmorning\x1b[0m\x1b[32mevening\x1b[0m." in terminal.read_to_end()
    with at_terminal("diff", cwd=folder, TERM="xterm", NO_COLOR="1") as terminal:
        assert "Good [-morning-]{+evening+}." in terminal.read_to_end()
