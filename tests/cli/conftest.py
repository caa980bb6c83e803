"""The command in this process, quickly: its exit code and its two streams; and a small workspace of Latin letters."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsletter.__main__ import exit_code_of

TOML = """[newsletter]
name = "The Letter"
language = "{language}"
list_id = "letter.news.example.org"
[sender]
address = "no-reply@news.example.org"
[institute]
name = "The Institute"
[smtp]
url = "smtp://127.0.0.1:1"
[audience]
max_bad_rows = "50%"
[schedule]
require_approval = false
"""
ISSUE = """title: Growth
preheader: What the year was like
intro: |
  Good morning.
"""
PEOPLE = "email,name\nhong@example.com,Hong\njane@example.org,Jane\nJANE@example.org,Jane\nno address,\n"


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


Call = Callable[..., Ended]


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting and no language of whoever runs the tests."""
    for name in list(os.environ):
        if name.startswith(("NEWSLETTER_", "LC_", "LANG")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TERM", "dumb")


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run one command in a folder: `call("status", cwd=folder, LANG="ko_KR.UTF-8")`."""

    def called(*words: str, cwd: Path, **environ: str) -> Ended:
        with monkeypatch.context() as patch:
            patch.chdir(cwd)
            for name, value in environ.items():
                patch.setenv(name, value)
            code = exit_code_of(words)
        return Ended(code, *capsys.readouterr())

    return called


def make_workspace(folder: Path, language: str = "en") -> Path:
    (folder / "issues").mkdir(parents=True)
    (folder / "newsletter.toml").write_text(TOML.format(language=language), encoding="utf-8")
    (folder / "issues" / "2026-11.yaml").write_text(ISSUE, encoding="utf-8")
    (folder / "subscribers.csv").write_text(PEOPLE, encoding="utf-8")
    return folder
