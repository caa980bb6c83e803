"""Whatever waits for a person goes to a mailbox and to a command: once, masked, with numbers and the next command."""

import json
import os
import socket
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from newsletter.workflow.steps import operator
from tests.support.books import begun_long_ago
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Cron, Reload, approve, write_issue
from tests.workflow.test_told import NOBODY_THERE, changed_since, ledger_is_gone, paused_by_hand

HOUR = timedelta(hours=1)
OPERATOR, EDITOR = "ops@example.org", "desk@example.org"
KEEP = 'cat >>"$1"\necho >>"$1"\n'


class Told:
    """A cron whose operator has a mailbox and a command, and whose editor has a mailbox."""

    def __init__(self, open_workspace: Reload, folder: Path, **environ: str) -> None:
        (folder / "keep.sh").write_text(KEEP, encoding="utf-8")
        self._given = folder / "given"
        self.cron = Cron(
            open_workspace(
                NEWSLETTER_OPERATOR__NOTIFY=json.dumps([OPERATOR]),
                NEWSLETTER_OPERATOR__COMMAND=f"/bin/sh '{folder / 'keep.sh'}' '{self._given}'",
                NEWSLETTER_EDITOR__NOTIFY=json.dumps([EDITOR]),
                **environ,
            )
        )
        begun_long_ago(self.cron.workspace.root)

    def given(self) -> list[dict[str, object]]:
        """What the command was given so far."""
        return (
            [json.loads(line) for line in self._given.read_text("utf-8").splitlines()] if self._given.exists() else []
        )


@pytest.fixture
def told(open_workspace: Reload, tmp_path: Path) -> Told:
    return Told(open_workspace, tmp_path)


def missed(cron: Cron) -> int:
    write_issue(cron.workspace.root, due=97 * HOUR)
    return 0


def goes_out(_cron: Cron) -> int:
    return 0


@pytest.mark.parametrize(
    ("trouble", "event", "command", "to_editor"),
    [
        (paused_by_hand, "paused", "newsletter resume 2026-11", False),
        (changed_since, "not_ready", "newsletter approve 2026-11", True),
        (missed, "missed", "newsletter send 2026-11", True),
        (ledger_is_gone, "error", "newsletter ledger verify", False),
        (goes_out, "finished", "newsletter status 2026-11", False),
    ],
)
def test_each_is_mailed_and_given_to_the_command_once(
    told: Told, room: Mailroom, trouble: Callable[[Cron], int], event: str, command: str, to_editor: bool
) -> None:
    write_issue(told.cron.workspace.root, due=HOUR)
    approve(told.cron.workspace)
    code = trouble(told.cron)
    for _ in range(2):
        assert told.cron.run() == code
    (given,) = told.given()
    assert (given["event"], given["exit_code"], given["next_command"]) == (event, code, command)
    about = given["issue"] or "issue-curator.news.example.org"
    letter = room.letter_to(OPERATOR)
    assert f"[newsletter] {about}: " in letter["Subject"]
    words = room.words_to(OPERATOR)
    assert str(given["message"]) in words.replace("\r\n", "\n")
    assert command in words
    assert room.recipients().count(OPERATOR) == 1
    assert room.recipients().count(EDITOR) == int(to_editor)


def test_no_mail_shows_an_address(told: Told, room: Mailroom) -> None:
    write_issue(told.cron.workspace.root, due=HOUR)
    approve(told.cron.workspace)
    room.replies = {"jane@example.org": "421 4.7.26 <jane@example.org> is not for you: no SPF"}
    told.cron.run()
    body = room.words_to(OPERATOR)
    assert "is not for you" in body
    assert "jane@" not in body
    assert "jane@" not in json.dumps(told.given())
    assert told.given()[0]["states"]["sent"] == 2  # type: ignore[index]


def test_a_relay_that_is_down_is_one_warning_for_all_addresses(open_workspace: Reload, tmp_path: Path) -> None:
    told = Told(open_workspace, tmp_path, NEWSLETTER_SMTP__URL=NOBODY_THERE)
    write_issue(told.cron.workspace.root, due=HOUR)
    assert told.cron.run() == 77
    assert len([words for words in told.cron.warnings if "could not be told" in words]) == 1
    assert [given["event"] for given in told.given()] == ["not_ready"]


def test_a_relay_that_is_down_is_named_by_the_run_and_not_again_by_each_mail(
    open_workspace: Reload, tmp_path: Path
) -> None:
    told = Told(open_workspace, tmp_path, NEWSLETTER_SMTP__URL=NOBODY_THERE)
    for slug in ("2026-11", "2026-12"):
        write_issue(told.cron.workspace.root, slug, due=HOUR)
        approve(told.cron.workspace, slug)
    assert told.cron.run() == 69
    said = "\n".join(told.cron.warnings)
    assert said.count("stopped: ") == 2
    assert "could not be told" not in said
    assert told.cron.warnings.count("For the same reason the operator got no mail.") == 1
    assert {given["event"] for given in told.given()} == {"stopped"}


def test_a_relay_that_never_says_a_word_is_given_up(
    open_workspace: Reload, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operator, "_MAIL_TIMEOUT", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        relay = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        told = Told(open_workspace, tmp_path, NEWSLETTER_SMTP__URL=relay)
        write_issue(told.cron.workspace.root, due=HOUR)
        assert told.cron.run() == 77
    assert "the mail took longer than 0.1 seconds" in told.cron.warnings[-1]
    assert [given["event"] for given in told.given()] == ["not_ready"]


def test_readers_who_have_to_wait_are_one_mail_however_many_runs_they_take(told: Told, room: Mailroom) -> None:
    readers = ("hong@example.com", "jane@example.org", "kim@example.net")
    waiting = dict.fromkeys(readers, "451 4.7.1 greylisted, come back later")
    room.replies = dict(waiting)
    write_issue(told.cron.workspace.root, due=HOUR)
    approve(told.cron.workspace)
    told.cron.retry_now = True
    for let_in in (None, *readers):
        waiting.pop(let_in or "", None)
        room.replies = dict(waiting)
        assert told.cron.run() == (75 if waiting else 0)
    assert [given["event"] for given in told.given()] == ["unfinished", "finished"]
    assert room.recipients().count(OPERATOR) == 2


def test_what_a_run_left_in_doubt_is_one_mail_and_a_line_for_cron(told: Told, room: Mailroom) -> None:
    def hang_up(recipient: str) -> None:
        if recipient == "jane@example.org":
            raise ConnectionError

    room.at_dot = hang_up
    write_issue(told.cron.workspace.root, due=HOUR)
    approve(told.cron.workspace)
    for _ in range(2):
        assert told.cron.run() == 0
    (given,) = told.given()
    assert (given["event"], given["exit_code"]) == ("in_doubt", 0), "what cron ended with"
    assert given["states"]["in_doubt"] == 1  # type: ignore[index]
    assert room.recipients().count(OPERATOR) == 1
    body = room.words_to(OPERATOR)
    assert "newsletter status 2026-11" in body


@pytest.mark.parametrize(
    "name", [b"\xff", b"a\nBcc: kim@example.net", b"a\x1b[31m\x00"[:-1], b"x" * 250, "가".encode() * 80]
)
def test_a_hostile_file_name_keeps_nobody_from_the_letter_or_the_word(told: Told, room: Mailroom, name: bytes) -> None:
    write_issue(told.cron.workspace.root, due=HOUR)
    approve(told.cron.workspace)
    broken = os.fsencode(told.cron.workspace.issues) + b"/" + name + b".yaml"
    with open(broken, "wb") as file:  # noqa: PTH123 - a path of bytes
        file.write(b"bogus: 1\n")
    assert told.cron.run() == 65
    assert sorted(room.recipients()) == sorted(
        ["hong@example.com", "jane@example.org", "kim@example.net", OPERATOR, OPERATOR]
    )
    assert [given["event"] for given in told.given()] == ["error", "finished"]
    letters = [message_from_bytes(data, policy=policy.default) for who, data in room.mail if who == OPERATOR]
    assert all(letter["Bcc"] is None and len(letter["Subject"]) < 120 for letter in letters)
    assert not any(ord(char) < 32 for letter in letters for char in letter["Subject"])
