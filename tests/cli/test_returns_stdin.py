"""`newsletter returns --stdin`, as an alias of a mail system calls it: 0, or 75 and the message again."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Call, make_workspace
from tests.support.cli import COMMAND, environment, newsletter_given

BOUNCE = b"""From: MAILER-DAEMON@mx.example.net
To: bounce@news.example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; hong@example.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b--
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "here")


def _given(folder: Path, message: bytes, *words: str) -> subprocess.CompletedProcess[str]:
    return newsletter_given(message, "returns", "--stdin", *words, cwd=folder)


@pytest.mark.parametrize(
    "message", [BOUNCE, b"From MAILER-DAEMON Mon Nov 30 00:00:00 2026\n" + BOUNCE, b"", b"\x00\xff"]
)
def test_whatever_a_mail_system_hands_over_is_taken_in_silence(folder: Path, message: bytes) -> None:
    ended = _given(folder, message)
    assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr


def test_as_json_it_says_what_it_was(folder: Path) -> None:
    command = [*COMMAND, "returns", "--stdin", "--json"]
    ended = subprocess.run(
        command, cwd=folder, env=environment(), input=BOUNCE, capture_output=True, timeout=120, check=False
    )
    assert ended.returncode == 0
    assert json.loads(ended.stdout)["kinds"]["bounce"] == 1


def test_without_a_ledger_that_can_be_written_it_is_given_again(folder: Path) -> None:
    (folder / ".newsletter").mkdir()
    (folder / ".newsletter" / "ledger.db").write_bytes(b"no database" * 100)
    assert _given(folder, BOUNCE).returncode == 75
    assert list((folder / ".newsletter").rglob("new/*")) == []
    (folder / ".newsletter" / "ledger.db").unlink()
    again = _given(folder, BOUNCE, "--json")
    assert (again.returncode, json.loads(again.stdout)["kinds"]["bounce"]) == (0, 1)


def test_outside_of_a_workspace_it_is_given_again(tmp_path: Path) -> None:
    assert _given(tmp_path, BOUNCE).returncode == 75


def test_two_sources_at_once_are_refused(call: Call, folder: Path, tmp_path: Path) -> None:
    assert call("returns", "--stdin", "--mbox", str(tmp_path), cwd=folder).code == 64


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--maildir", "nowhere"), 65),
        (("--mbox", "issues"), 65),
        (("--imap", "http://example.org"), 64),
        (("--imap", "imap://reader@127.0.0.1:1/INBOX"), 69),
    ],
)
def test_a_source_that_is_none_is_told_by_its_code(call: Call, folder: Path, words: tuple[str, str], code: int) -> None:
    ended = call("returns", *words, cwd=folder, NEWSLETTER_RETURNS__PASSWORD="secret")
    assert (ended.code, "secret" in ended.err) == (code, False), ended.err
