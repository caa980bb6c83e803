"""The command line as its users meet it: panels of help, no command without words, and documents that agree with it."""

import re
from pathlib import Path

import pytest

from document_commands import GLOBAL, commands, page, parameters, root
from tests.support.cli import newsletter
from tests.support.repository import ROOT
from tests.support.terminal import at_terminal

TEXTS = [ROOT / "README.md", ROOT / "README.ko.md", *sorted((ROOT / "docs").glob("*.md"))]
ALL = dict(commands(root()))


def test_the_help_names_each_command_under_its_panel_in_80_columns() -> None:
    with at_terminal("--help", cwd=ROOT, COLUMNS="80") as terminal:
        seen = terminal.read_to_end()
    assert "\x1b[1mApprove and send\x1b[0m:" in seen
    help_of_all = re.sub(r"\x1b\[\d+m", "", seen)
    assert newsletter("--help", cwd=ROOT, COLUMNS="80").stdout == help_of_all  # a pipe gets no signs of a terminal
    panels = dict(re.findall(r"^(\S[^\n]*):\n(.*?)(?=^\S|\Z)", help_of_all, re.MULTILINE | re.DOTALL))
    assert "send" in panels["Approve and send"].split()
    assert set(panels["Watch and stop"].split()) >= {"status", "pause", "resume"}
    assert set(panels["Global options"].split()) >= {"--workspace", "--lang"}
    listed = re.findall(r"^  (\S+) ", help_of_all, re.MULTILINE)
    assert {name.split()[0] for name in ALL} <= set(listed)
    assert max(map(len, help_of_all.splitlines())) <= 80


@pytest.mark.parametrize("name", ALL)
def test_every_command_and_option_has_help(name: str) -> None:
    assert ALL[name].help
    assert [written for written, text in parameters(ALL[name]).values() if not text] == []


def test_the_commands_of_this_version_are_there() -> None:
    single = {"init", "new", "demo", "preview", "check", "render", "approve", "send", "status", "pause", "resume"}
    single |= {"cancel", "resolve", "serve"}
    grouped = {"subscribers suppress", "subscribers unsuppress", "subscribers list", "schedule show", "ledger init"}
    assert single | grouped <= set(ALL)


def test_the_page_of_commands_is_up_to_date() -> None:
    written = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert written == page(), "python scripts/document_commands.py > docs/commands.md"


def shell_lines(path: Path) -> list[str]:
    """The calls of `newsletter` in the code blocks of a text, without their comments."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    shell = "".join(block for language, block in blocks if language in {"", "sh"})
    lines = [line.partition(" #")[0].strip() for line in shell.splitlines()]
    return [line for line in lines if re.match(r"(?:[A-Z_]+=\S+ )*newsletter ", line)]


@pytest.mark.parametrize("path", [path for path in TEXTS if path.name != "commands.md"], ids=lambda path: path.name)
def test_what_the_documents_tell_to_type_exists(path: Path) -> None:
    for line in shell_lines(path):
        words = line[line.index("newsletter ") :].split()[1:]
        name = " ".join(words[:2]) if " ".join(words[:2]) in ALL else words[0]
        assert name in ALL, line
        known = " ".join(written for written, _ in parameters(ALL[name]).values()).replace(",", "").split()
        assert [word for word in words if word.startswith("-") and word not in known] == [], line


def test_global_options_stand_before_and_after_the_command() -> None:
    for command in ALL.values():
        assert set(GLOBAL) <= set(parameters(command))
