"""An audience that is far smaller or larger than the last one: asked about, said under --yes, refused by cron."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.__main__ import exit_code_of
from newsletter.cli.session import Session
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.workflow.steps.list_change import list_change
from tests.support.books import LIST, NOW, edition, letterhead, readers, sent, workspace_at
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Cron, Reload, approve, write_issue
from tests.workflow.test_word import Told

HOUR = timedelta(hours=1)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(workspace_at(tmp_path), Purpose.SENDING) as opened:
        yield opened


def went_to(book: Ledger, slug: str, total: int) -> None:
    dispatch = book.plan(letterhead(slug), {"ko": edition(slug, words=slug)}, readers(total), NOW).dispatch
    with book.lease(NOW) as lease:
        (claim,) = book.claim(dispatch, lease, 1, NOW)
        book.turn([], [claim], NOW)
        book.turn([sent(claim)], [], NOW)


@pytest.mark.parametrize(
    ("before", "now", "is_much"),
    [
        (100, 100, False),
        (100, 80, False),
        (100, 79, True),
        (100, 120, False),
        (100, 121, True),
        (1000, 800, False),
        (1000, 799, True),
        (1000, 1201, True),
        (30, 10, False),
        (30, 9, True),
        (10, 30, False),
        (10, 31, True),
        (30, 0, True),
    ],
)
def test_more_than_a_fifth_and_more_than_twenty_people(book: Ledger, before: int, now: int, is_much: bool) -> None:
    went_to(book, "2026-10", before)
    found = list_change(book, LIST, "2026-11", now)
    assert (found is not None) == is_much
    assert found is None or (found.before, found.now, found.last_slug) == (before, now, "2026-10")


def test_who_was_suppressed_counts_as_gone_on_both_sides(book: Ledger) -> None:
    for number in range(30):
        book.suppress(LIST, key=f"reader{number}@example.com", reason="bad address", now=NOW)
    went_to(book, "2026-10", 130)
    assert list_change(book, LIST, "2026-11", 100) is None
    assert list_change(book, LIST, "2026-11", 130) is not None


def test_a_first_issue_and_one_that_nobody_got_say_nothing(book: Ledger) -> None:
    assert list_change(book, LIST, "2026-11", 40_000) is None
    book.plan(letterhead("2026-10"), {"ko": edition("2026-10")}, readers(100), NOW)
    assert list_change(book, LIST, "2026-11", 40_000) is None
    went_to(book, "2026-11", 10)
    assert list_change(book, LIST, "2026-11", 40_000) is None, "an issue is not compared with itself"


def people(root: Path, count: int) -> None:
    rows = "".join(f"reader{number}@example.com\n" for number in range(count))
    (root / "subscribers.csv").write_text(f"email\n{rows}", encoding="utf-8")


def shrunk(cron: Cron) -> None:
    """October went to fifty; November is due, approved, and would go to twenty."""
    root = cron.workspace.root
    people(root, 50)
    write_issue(root, "2026-10", due=2 * HOUR)
    (root / "issues" / "2026-11.yaml").unlink()
    approve(cron.workspace, "2026-10")
    assert cron.run() == 0
    text = "title: 청년정책\npreheader: 청년의 삶을 다룬 연구를 소개합니다.\nintro: 서울의 청년을 다룬 글입니다.\n"
    (root / "issues" / "2026-11.yaml").write_text(text, encoding="utf-8")
    people(root, 20)


def test_cron_refuses_it_and_tells_at_once_and_daily(open_workspace: Reload, tmp_path: Path, room: Mailroom) -> None:
    told = Told(open_workspace, tmp_path)
    shrunk(told.cron)
    path = tmp_path / "issues" / "2026-11.yaml"
    due = (NOW - HOUR).isoformat()
    path.write_text(f"{path.read_text('utf-8')}publish_at: {due}\n", encoding="utf-8")
    told.cron.now = NOW
    approve(told.cron.workspace)
    assert told.cron.run() == 77
    people(tmp_path, 19)  # another number is no other trouble
    assert (told.cron.run(), told.cron.warnings) == (77, [])
    given = told.given()[-1]
    assert (given["event"], given["numbers"]) == ("audience_changed", {"audience": 20, "last_audience": 50})
    assert given["next_command"] == "newsletter send 2026-11"
    assert "20명에게 갑니다. 2026-10은 50명에게 갔으니 60% 줄었습니다" in room.words_to("ops@example.org")
    told.cron.now = NOW + timedelta(days=1)
    assert told.cron.run() == 77
    assert "newsletter send 2026-11" in told.cron.warnings[0]
    assert len(room.recipients()) == 50 + 1 + 2  # October with word of its end, and twice of November


def test_by_hand_it_is_asked_and_yes_says_it_aloud(
    cron: Cron, room: Mailroom, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shrunk(cron)
    approve(cron.workspace)
    monkeypatch.chdir(cron.workspace.root)
    monkeypatch.setenv("NEWSLETTER_SMTP__URL", room.url)
    monkeypatch.setenv("NEWSLETTER_LANG", "en")
    with monkeypatch.context() as patch:
        patch.setattr(Session, "need_terminal", lambda _session: None)
        patch.setattr("sys.stdin", io.StringIO("no\n"))
        assert exit_code_of(["send", "2026-11"]) == 77
    asked = capsys.readouterr().err
    both = "2026-11 would go to 20, and 2026-10 went to 50: 60% fewer."
    assert f"{both} Is the list right?" in asked
    assert len(room.mail) == 50
    assert exit_code_of(["--quiet", "send", "2026-11", "--yes"]) == 0
    assert both in capsys.readouterr().err
    assert len(room.mail) == 70
