"""What a command loads before it does anything: who waits for `--help`, or has cron call `--due`, pays for no more.

Counted are modules and not seconds, which say more of the machine. Touches: processes, a relay on this machine.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.__main__ import exit_code_of
from tests.support.cli import COMMAND, environment
from tests.support.filled_in import fill_in
from tests.support.mailroom import Mailroom, mailroom

WEB = {"starlette", "uvicorn", "watchfiles", "httpcore", "aiosmtpd"}
MAKES_LETTERS = {"premailer", "cssutils", "lxml", "jinja2", "PIL", "nh3"}
SENDS = {"aiosmtplib", "newsletter.dispatch.run", "newsletter.smtp.client"}
NETWORK = {"requests", "urllib3", "charset_normalizer", "chardet"}
ALWAYS_IDLE = {"rich", "pygments", "psycopg", "sqlalchemy.dialects.postgresql", "cryptography", *NETWORK, *WEB}
"""premailer imports NETWORK by itself, though it is not let into it; rich draws only on a terminal."""
BOOK = {"sqlalchemy", "alembic"}
READS_LOGS = {"newsletter.returns.log_files", "newsletter.workflow.steps.access_log"}
"""Of a web server that takes clicks, which most workspaces do not have."""
PEOPLE = {
    "newsletter.ledger.people_ledger",
    "newsletter.ledger.forgetting",
    "newsletter.ledger.sign_ups",
    "newsletter.ledger.import_lookup",
}
"""Of the pages and of commands about people; in one object with the rest they cost each other command 14 modules."""

HELP = {"--help": 220, "send --help": 330, "--version": 260, "sned": 390}
"""At most, Python's own among them: typer asks pydantic what a word is. `--help` had 395 while rich drew it."""
AT_WORK = {
    "check": (1135, {"alembic", *PEOPLE, *SENDS}),
    "send 2026-11 --yes": (1075, {"alembic", *PEOPLE, *READS_LOGS, *MAKES_LETTERS}),
    "status 2026-11": (
        640,
        {"alembic", "newsletter.issue.model", "newsletter.check.run", *PEOPLE, *MAKES_LETTERS, *SENDS},
    ),
    "send --due": (875, {"alembic", "newsletter.check.run", *PEOPLE, *READS_LOGS, *MAKES_LETTERS}),
    "report --json": (705, {"alembic", "pygal", *PEOPLE, *MAKES_LETTERS, *SENDS}),
}
"""In this order: a letter is checked, sent, and there. How many modules at most, and which never."""


def imported(words: str, cwd: Path, **environ: str) -> set[str]:
    """The modules that one run of the command imports."""
    command = [COMMAND[0], "-X", "importtime", *COMMAND[1:], *words.split()]
    run = subprocess.run(command, cwd=cwd, env=environment(**environ), capture_output=True, text=True, check=False)
    names = set(re.findall(r"^import time:.*\|\s+(\S+)$", run.stderr, re.MULTILINE))
    assert "newsletter.cli.app" in names, run.stderr
    assert run.returncode == (64 if words == "sned" else 0), run.stderr
    return names


def are_in(names: set[str], idle: set[str]) -> set[str]:
    """Which of them were loaded although they have nothing to do."""
    return names & idle


@pytest.mark.parametrize("words", HELP)
def test_help_loads_no_heavy_library(words: str, tmp_path: Path) -> None:
    names = imported(words, tmp_path)
    assert are_in(names, {*ALWAYS_IDLE, *MAKES_LETTERS, *SENDS, *BOOK}) == set()
    assert len(names) <= HELP[words]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Mailroom]:
    with mailroom(tmp_path) as relay:
        yield relay


def test_a_command_loads_what_it_needs(room: Mailroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "letter"
    assert exit_code_of(["init", str(root)]) == 0
    fill_in(root, "2026-11")
    (root / "subscribers.csv").write_text("email\nhong@example.com\n", encoding="utf-8")
    monkeypatch.chdir(root)
    assert exit_code_of(["approve", "2026-11", "--yes", "--by", "Jane Doe"]) == 0
    for words, (most, idle) in AT_WORK.items():
        names = imported(words, root, NEWSLETTER_SMTP__URL=room.url)
        assert (words, are_in(names, {*ALWAYS_IDLE, *idle})) == (words, set())
        assert (words, len(names)) <= (words, most)
    assert [recipient for recipient, _ in room.mail] == ["hong@example.com"]
