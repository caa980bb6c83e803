"""The report on an issue that was really sent: it accounts for everybody, names nobody, goes along, and is kept."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from newsletter.errors import UsageError
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.people_ledger import open_people_ledger
from newsletter.ledger.readers import LeaveReason
from newsletter.ledger.records import Purpose
from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace
from newsletter.workflow.report import (
    deliveries_csv,
    issues_csv,
    report,
    report_json,
    report_on_all,
    write_report_pages,
)
from newsletter.workflow.send import find_started, send
from newsletter.workflow.steps import report_after_run
from newsletter.workflow.steps.prepare import prepare
from tests.support.backups import Backup
from tests.support.books import LIST, NOW
from tests.support.mailroom import Mailroom, mailroom
from tests.support.signed_repository import commit, git
from tests.workflow.conftest import Reload, approve, write_issue

OPERATOR = "operator@example.org"
SLUG = "2026-11"
MANY = "email,name\n" + "".join(f"reader{number}@naver.com,홍길동\n" for number in range(6))
PEOPLE = MANY + "jane@example.org,Jane Doe\nkim@example.net,\n"


@pytest.fixture
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mailroom]:
    """It knows nobody called kim, and answers in a way that a spreadsheet would run."""
    replies = {"kim@example.net": "550 5.1.1 =cmd|' /c calc'!A1 <kim@example.net> <script>nobody</script>"}
    with mailroom(tmp_path_factory.mktemp("relay"), replies=replies) as relay:
        yield relay


@pytest.fixture
def workspace(open_workspace: Reload, tmp_path: Path) -> Workspace:
    """In a repository, with an approval that is committed."""
    found = open_workspace(NEWSLETTER_OPERATOR__NOTIFY=f'["{OPERATOR}"]', NEWSLETTER_REPORT__KEEP="true")
    (tmp_path / "subscribers.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / ".gitignore").write_text(".newsletter/\nsubscribers.csv\n", encoding="utf-8")
    git(tmp_path, "init", "--quiet")
    approve(found)
    commit(tmp_path, "Approve it")
    return found


def send_it(workspace: Workspace, slug: str = SLUG) -> None:
    send(
        workspace,
        find_started(workspace, slug) or prepare(workspace, slug),
        advance=lambda *_: None,
        say=lambda _: None,
    )


def told(workspace: Workspace) -> dict[str, object]:
    found: dict[str, object] = json.loads(report_json(workspace, report(workspace, SLUG)))
    return found


def book_of(workspace: Workspace) -> Ledger:
    return open_ledger(workspace, Purpose.READ)


def kept_file(workspace: Workspace) -> Path:
    return workspace.issues / f"{SLUG}.report.json"


def test_who_runs_the_newsletter_gets_it_with_the_mail(workspace: Workspace, room: Mailroom) -> None:
    send_it(workspace)
    mail = room.letter_to(OPERATOR)
    [page] = mail.iter_attachments()
    assert (page.get_filename(), page.get_content_type()) == (f"{SLUG}-report.html", "text/html")
    text = page.get_content()
    assert "계획한 8통의 행방이 모두 확인됩니다." in text
    assert "k***@…" in text
    assert "kim" not in text
    assert "<script" not in text
    send_it(workspace)  # nothing is left to do
    assert len([1 for recipient, _ in room.mail if recipient == OPERATOR]) == 1


def test_it_accounts_for_everybody_with_the_approval_and_its_commit(workspace: Workspace) -> None:
    send_it(workspace)
    found = told(workspace)
    assert (found["issue"], found["total"], found["standing"], found["adds_up"]) == (SLUG, 8, "finished", True)
    states = found["states"]
    assert isinstance(states, dict)
    assert ({state: n for state, n in states.items() if n}, len(states)) == ({"sent": 7, "failed": 1}, 10)
    domains = found["domains"]
    assert isinstance(domains, list)
    assert [(one["domain"], one["domains"], one["total"]) for one in domains] == [("naver.com", 1, 6), ("other", 2, 2)]
    approval = found["approval"]
    assert isinstance(approval, dict)
    assert (approval["by"], approval["committed_by"], approval["is_what_was_sent"]) == ("Jane Doe", "Jane Doe", True)
    assert approval["commit"] == git(workspace.root, "rev-parse", "HEAD")
    [run] = found["runs"] if isinstance(found["runs"], list) else []
    # The refused one counts where its mark was on its way before its recipient was refused.
    assert (run["messages"] in (7, 8), run["ended_by"]) == (True, "done")
    [reply] = found["replies"] if isinstance(found["replies"], list) else []
    assert (reply["state"], reply["class"], reply["count"]) == ("failed", "bad_address", 1)
    assert reply["meaning"]
    assert "kim" not in reply["example"]
    assert (found["bounce_rate"], found["departed"]) == (
        0.125,
        {"until": None, "one_clicks": 0, "by_reason": {"bad address": 1}, "said_why": {}},
    )


def test_an_approval_that_came_later_is_not_what_was_sent(workspace: Workspace) -> None:
    send_it(workspace)
    write_issue(workspace.root, more="# no change\n").write_text("title: 다른 편지\nintro: 다른 글\n", encoding="utf-8")
    approve(workspace)
    approval = told(workspace)["approval"]
    assert isinstance(approval, dict)
    assert (approval["is_what_was_sent"], approval["commit"]) == (False, "")


def test_what_is_kept_has_numbers_only_and_stays_as_it_is_until_they_change(workspace: Workspace) -> None:
    send_it(workspace)
    kept = kept_file(workspace)
    text = kept.read_text(encoding="utf-8")
    for name in ("kim", "example.net", "jane", "cmd", "hong", "mail1", "calc"):
        assert name not in text
    written = kept.stat().st_mtime_ns
    send_it(workspace)
    told(workspace)
    assert kept.stat().st_mtime_ns == written
    with book_of(workspace) as book:
        book.suppress(LIST, address_hash=b"one that left", reason="unsubscribed", now=NOW.replace(year=2099))
        book.suppress("*", key="jane@example.org", reason="her sister called", now=NOW.replace(year=2099))
    told(workspace)
    departed = json.loads(kept.read_text(encoding="utf-8"))["departed"]
    assert departed["by_reason"] == {"bad address": 1, "other": 1, "unsubscribed": 1}
    assert "sister" not in kept.read_text(encoding="utf-8")
    report(workspace, SLUG, full=True)
    assert "example.net" not in kept.read_text(encoding="utf-8")


def test_what_readers_wrote_when_they_left_is_told_without_addresses_and_never_kept(workspace: Workspace) -> None:
    send_it(workspace)
    wrote = ["매주 오면\n좋겠습니다", "제 주소는 hong@example.com 입니다"]
    with open_people_ledger(workspace, Purpose.READ) as book:
        said = [LeaveReason("too_often"), *(LeaveReason("other", words) for words in wrote)]
        book.keep_leave_reasons(LIST, said, day=date(2099, 1, 1), now=NOW)
    found = told(workspace)
    assert (found["leave_words"], found["leave_words_total"]) == (["제 주소는 … 입니다", wrote[0]], 2)
    kept = kept_file(workspace).read_text(encoding="utf-8")
    assert json.loads(kept)["departed"]["said_why"] == {"other": 2, "too_often": 1}
    assert "매주" not in kept
    header, line = issues_csv(report_on_all(workspace, pages=False))
    cells = dict(zip(header.split(","), line.split(","), strict=True))
    assert {name: count for name, count in cells.items() if name.startswith("said_")} == {
        "said_too_often": "1",
        "said_not_mine": "0",
        "said_no_time": "0",
        "said_never_asked": "0",
        "said_elsewhere": "0",
        "said_other": "2",
    }


def test_a_fresh_clone_still_knows_the_history(workspace: Workspace, tmp_path: Path) -> None:
    send_it(workspace)
    before = told(workspace)
    commit(workspace.root, "Keep what was sent")
    git(workspace.root, "clone", "--quiet", str(workspace.root), str(tmp_path / "clone"))
    clone = find_workspace(tmp_path / "clone", explicit=None, environ={})
    (clone.issues / "2026-10.report.json").write_text("{", encoding="utf-8")
    found = report(clone, SLUG)
    after = json.loads(report_json(clone, found))
    for key in ("total", "states", "domains", "attempts", "acceptance", "departed", "letters", "seconds"):
        assert after[key] == before[key]
    assert "There is no ledger here" in after["note"]
    assert [str(words) for words in found.warnings] == [
        "issues/2026-10.report.json is no report as this tool keeps it; it is passed over"
    ]
    [index, page] = write_report_pages(clone, report_on_all(clone), tmp_path / "out", "en")
    assert "1 issue so far" in index.read_text(encoding="utf-8")
    assert "There is no ledger here" in page.read_text(encoding="utf-8")


def test_what_does_not_add_up_is_said(workspace: Workspace) -> None:
    send_it(workspace)
    with closing(sqlite3.connect(workspace.state / "ledger.db")) as file, file:
        file.execute("UPDATE lots SET sent = sent - 1, failed = failed + 2 WHERE id = 1")
    sent_file = workspace.issues / f"{SLUG}.sent.json"
    sent_file.write_text(sent_file.read_text(encoding="utf-8").replace('"sent": 7', '"sent": 9'), encoding="utf-8")
    found = report(workspace, SLUG)
    words = [str(one) for one in found.warnings]
    assert len(words) == 4
    assert words[1:] == [
        "8 deliveries were planned, but the states add up to 9",
        "sent: 6 by the ledger's counts, 7 delivery by delivery",
        "failed: 3 by the ledger's counts, 1 delivery by delivery",
    ]
    assert f"issues/{SLUG}.sent.json" in words[0]
    assert found.reports[0].figures.adds_up is False


def test_an_older_copy_of_the_ledger_is_not_taken_for_the_whole(workspace: Workspace) -> None:
    send_it(workspace)
    backup = Backup(workspace.settings.ledger.url, workspace.root)
    write_issue(workspace.root, "2026-12")
    approve(workspace, "2026-12")
    send_it(workspace, "2026-12")
    assert report(workspace, SLUG).reports[0].figures.adds_up is True
    kept = kept_file(workspace).read_bytes()
    backup.restore()
    found = report(workspace, SLUG)
    assert found.reports[0].figures.adds_up is False
    [words] = map(str, found.warnings)
    assert "older" in words
    assert kept_file(workspace).read_bytes() == kept


def test_rows_are_safe_in_a_spreadsheet_and_name_nobody(workspace: Workspace) -> None:
    send_it(workspace)
    masked, full = ("\n".join(deliveries_csv(workspace, SLUG, full=full)) for full in (False, True))
    assert masked.count("r***@naver.com") == 6
    assert "kim" not in masked
    assert "k***@…" in masked
    assert "'=cmd|' /c calc'!A1 <k***@…>" in masked
    assert "kim@example.net" in full
    assert "'=cmd|" in full
    assert len(masked.splitlines()) == 9
    assert masked.splitlines()[0] == full.splitlines()[0]


def test_all_issues_stand_beside_each_other(workspace: Workspace, tmp_path: Path) -> None:
    send_it(workspace)
    write_issue(workspace.root, "2026-12")
    approve(workspace, "2026-12")
    send_it(workspace, "2026-12")
    # The issue before it is kept once more: who left since then left this one.
    kept = json.loads(kept_file(workspace).read_text(encoding="utf-8"))
    assert kept["departed"]["until"] is not None
    found = report_on_all(workspace)
    assert [(one.issue, one.count(*one.states)) for one in found.issues] == [(SLUG, 8), ("2026-12", 8)]
    paths = write_report_pages(workspace, found, tmp_path / "out", "ko")
    assert [path.name for path in paths] == ["index.html", f"{SLUG}.html", "2026-12.html"]
    assert f'href="{SLUG}.html"' in paths[0].read_text(encoding="utf-8")
    header, *lines = issues_csv(found)
    assert header.startswith("issue,standing,planned_at")
    assert [line.split(",")[0] for line in lines] == [SLUG, "2026-12"]
    [compared] = json.loads(report_json(workspace, report(workspace, "2026-12")))["compared"]
    assert (compared["issue"], compared["bounce_rate"]) == (SLUG, 0.125)
    # Nothing has come to its end since, so its times are those that were kept.
    assert compared["acceptance"] == kept["acceptance"] is not None
    assert compared["departed"] == kept["departed"]


def test_an_issue_that_was_never_planned_is_a_report_of_noughts(workspace: Workspace) -> None:
    found = told(workspace)
    assert (found["total"], found["standing"], found["note"]) == (0, "never_planned", f"{SLUG}: never planned")
    assert list(deliveries_csv(workspace, SLUG))[1:] == []
    assert not kept_file(workspace).exists()
    assert not (workspace.state / "ledger.db").exists()
    with pytest.raises(UsageError) as caught:
        report(workspace, "2026-99")
    assert caught.value.exit_code == 64


def test_left_out_it_is_the_issue_that_was_planned_last(workspace: Workspace) -> None:
    """Whatever drafts stand there by now, and where its file is gone; else the newest file."""

    def reported() -> tuple[str, int]:
        found = report(workspace, None).reports[0].figures
        return found.issue, found.total

    assert reported() == (SLUG, 0)
    send_it(workspace)
    write_issue(workspace.root, "2026-12")
    assert reported() == (SLUG, 8)
    assert len(list(deliveries_csv(workspace, None))) == 9
    for path in workspace.issues.glob("*.yaml"):
        path.unlink()
    assert reported() == (SLUG, 8)
    shutil.rmtree(workspace.state)  # as in a fresh clone, which has what was kept
    assert reported() == (SLUG, 8)


def test_numbers_that_cannot_be_kept_keep_no_word_from_going_out(
    workspace: Workspace, room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> tuple[()]:
        raise ZeroDivisionError("nobody")

    monkeypatch.setattr(report_after_run, "_keep", break_down)
    ending = send(workspace, prepare(workspace, SLUG), advance=lambda *_: None, say=lambda _: None)
    assert ending.exit_code() == 0
    [warning] = map(str, ending.warnings)
    assert "ZeroDivisionError" in warning
    assert f"{SLUG}" in room.letter_to(OPERATOR)["Subject"]


def test_a_page_that_cannot_be_made_keeps_no_word_from_going_out(
    workspace: Workspace, room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> bytes:
        raise ZeroDivisionError("nobody")

    monkeypatch.setattr(report_after_run, "_page", break_down)
    ending = send(workspace, prepare(workspace, SLUG), advance=lambda *_: None, say=lambda _: None)
    assert ending.exit_code() == 0
    [warning] = map(str, ending.warnings)
    assert "ZeroDivisionError" in warning
    assert f"newsletter report {SLUG}" in warning
    assert list(room.letter_to(OPERATOR).iter_attachments()) == []
