"""The book held against its promises, and written out: every delivery, its reply, nothing a spreadsheet would run."""

import csv
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.errors import UsageError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import LedgerMissingError, Purpose
from newsletter.ledger.states import Outcome, State
from newsletter.message.message_id import message_ids
from newsletter.settings.secret import load_keys
from newsletter.settings.workspace import Workspace
from newsletter.smtp.reply import Reply
from newsletter.workflow.ledger import BrokenPromiseError, exported, refuse_broken, verdict_words, verified
from newsletter.workflow.steps.keys import links_of
from tests.support.books import LIST, NOW, edition, letterhead, planned, sent, workspace_at
from tests.support.cli import newsletter
from tests.workflow.conftest import write_issue

EVIL = Reply("rcpt", 550, "5.1.1", '=HYPERLINK("https://evil.example.com")\nno such user')


def finish(book: Ledger, dispatch: int) -> None:
    with book.lease(NOW) as lease:
        first, second = book.claim(dispatch, lease, 2, NOW)
        book.turn([], [first, second], NOW)
        book.turn([sent(first), Outcome(second, State.FAILED, EVIL, "unknown")], [], NOW)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    found = workspace_at(tmp_path)
    with open_ledger(found, Purpose.SENDING) as book:
        finish(book, planned(book))
        planned(book, slug="2021-08")
        book.suppress(LIST, key="gone@example.com", address_hash=b"h" * 16, reason="unsubscribed", now=NOW)
    return found


def test_every_dispatch_delivery_and_suppression_is_a_line_of_json(workspace: Workspace) -> None:
    rows = [json.loads(line) for line in exported(workspace, None, as_table=False)]
    assert [(row["kind"], row.get("issue"), row.get("state")) for row in rows] == [
        ("dispatch", "2021-07", None),
        ("delivery", "2021-07", "sent"),
        ("delivery", "2021-07", "failed"),
        ("delivery", "2021-07", "planned"),
        ("dispatch", "2021-08", None),
        *[("delivery", "2021-08", "planned")] * 3,
        ("suppression", None, None),
    ]
    assert rows[1]["text"] == "Ok: queued as 4cR9"
    assert rows[1]["changed_at"] == NOW.isoformat()
    assert rows[-1]["address_hash"] == (b"h" * 16).hex()


def test_of_a_revised_issue_it_is_told_who_has_which_words(workspace: Workspace) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book:
        record = book.find(LIST, "2021-07")
        assert record is not None
        book.revise(record.id, {"ko": edition(words="고친 글")})
    told = [json.loads(line) for line in exported(workspace, "2021-07", as_table=False)][1:]
    assert [(row["state"], row["revision"]) for row in told] == [("sent", 1), ("failed", 1), ("planned", 2)]


def test_the_message_id_is_the_one_that_was_sent_where_the_secret_is_there(workspace: Workspace) -> None:
    lines = list(exported(workspace, "2021-07", as_table=False))
    assert json.loads(lines[1])["message_id"] == ""
    load_keys(workspace, {}, create=True)
    links = links_of(workspace, create=False)
    head = letterhead()
    with closing(sqlite3.connect(workspace.state / "ledger.db")) as file, file:
        file.execute("UPDATE dispatches SET letterhead = replace(letterhead, '\"k1\"', ?)", (f'"{links.key_id}"',))
    [_, first, *_] = exported(workspace, "2021-07", as_table=False)
    expected = message_ids(replace(head, key_id=links.key_id), links)("reader0@example.com")
    assert json.loads(first)["message_id"] == expected


def test_an_issue_whose_secret_was_lost_is_written_out_all_the_same(workspace: Workspace) -> None:
    load_keys(workspace, {}, create=True)  # another one than the issue was planned with
    lines = [json.loads(line) for line in exported(workspace, "2021-07", as_table=False)]
    assert [row["message_id"] for row in lines[1:]] == [""] * 3


def test_as_csv_no_cell_is_a_formula_and_line_breaks_stay_in_their_cell(workspace: Workspace) -> None:
    text = "\n".join(exported(workspace, None, as_table=True))
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    assert [row["state"] for row in rows] == ["sent", "failed", *["planned"] * 4]
    assert rows[1]["text"] == "'" + EVIL.text


def test_an_issue_that_was_never_planned_is_a_usage_error(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="there is no issue `2021-09`"):
        list(exported(workspace, "2021-09", as_table=False))
    write_issue(workspace.root, "2021-09")
    with pytest.raises(UsageError, match="2021-09 was never planned"):
        list(exported(workspace, "2021-09", as_table=False))


def test_a_book_in_order_is_told_line_by_line(workspace: Workspace) -> None:
    found = list(verified(workspace))
    assert len(found) == 18
    assert all(str(verdict_words(one)).startswith("kept    ") for one in found)
    refuse_broken(0)


def test_what_is_broken_is_named_and_ends_with_70(workspace: Workspace) -> None:
    with closing(sqlite3.connect(workspace.state / "ledger.db")) as file, file:
        file.execute("UPDATE deliveries SET attempts = 0")
        file.execute("UPDATE deliveries SET state = 'in_doubt'")
        file.execute("UPDATE lots SET in_doubt = waiting + sent + failed + suppressed")
        file.execute("UPDATE lots SET waiting = 0, sent = 0, failed = 0, suppressed = 0")
    told = [str(verdict_words(one)) for one in verified(workspace) if one.broken]
    assert told == [
        "BROKEN  what was sent or is in doubt was tried\n"
        + "\n".join(f"        2021-0{7 + number // 4}: delivery {number}" for number in range(1, 6))
        + "\n        … and 1 more"
    ]
    with pytest.raises(BrokenPromiseError, match="1 of the ledger's promises") as raised:
        refuse_broken(1)
    assert raised.value.exit_code == 70


def test_without_a_ledger_there_is_nothing_to_verify(tmp_path: Path) -> None:
    with pytest.raises(LedgerMissingError):
        list(verified(workspace_at(tmp_path)))


def test_the_commands_print_what_is_found(tmp_path: Path) -> None:
    assert newsletter("init", ".", cwd=tmp_path).returncode == 0
    assert newsletter("ledger", "verify", cwd=tmp_path).returncode == 78
    assert newsletter("ledger", "init", cwd=tmp_path).returncode == 0
    good = newsletter("ledger", "verify", cwd=tmp_path)
    assert good.returncode == 0
    assert "kept    nobody stands twice in one issue" in good.stdout
    assert newsletter("ledger", "export", "--csv", cwd=tmp_path).stdout.startswith("issue,address,line,")
    with closing(sqlite3.connect(tmp_path / ".newsletter" / "ledger.db")) as file, file:
        past = (NOW - timedelta(days=1)).timestamp() * 1e6
        file.execute(
            "INSERT INTO dispatches (newsletter, slug, status, planned_at, digest, letterhead, total) "
            "VALUES ('x', '2021-07', 'running', ?, '', '', 7)",
            (int(past),),
        )
    bad = newsletter("ledger", "verify", cwd=tmp_path)
    assert bad.returncode == 70
    assert "BROKEN  the counts of all states add up to the total\n        2021-07: dispatch 1" in bad.stdout
    assert "send nothing with it" in bad.stderr
