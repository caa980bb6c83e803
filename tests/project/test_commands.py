"""The command line as its users meet it: quick help, no command without words, and documents that agree with it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from document_commands import GLOBAL, commands, page, parameters, root
from tests.support.repository import ROOT

HEAVY = {
    "premailer",
    "lxml",
    "sqlalchemy",
    "alembic",
    "aiosmtplib",
    "aiosmtpd",
    "starlette",
    "uvicorn",
    "PIL",
}
"""Known to one stage each; `--help` and a mistyped word must not wait for them."""

TEXTS = [ROOT / "README.md", ROOT / "README.ko.md", *sorted((ROOT / "docs").glob("*.md"))]
ALL = dict(commands(root()))


def imported(*arguments: str) -> set[str]:
    """The top-level names that one run of the command imports."""
    command = [sys.executable, "-X", "importtime", "-m", "newsletter", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return {match[1].partition(".")[0] for match in re.finditer(r"\|\s+\d+ \|\s+(\S+)$", run.stderr, re.MULTILINE)}


@pytest.mark.parametrize("words", [["--help"], ["send", "--help"], ["--version"], ["sned"]], ids=" ".join)
def test_help_loads_no_heavy_library(words: list[str]) -> None:
    names = imported(*words)
    assert "newsletter" in names
    assert names & HEAVY == set()


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
