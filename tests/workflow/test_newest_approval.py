"""Two checkouts and one ledger: what was approved anew in one is not sent in its old form from the other."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.catalogue import Said
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.load import find_workspace
from newsletter.settings.workspace import Workspace
from newsletter.workflow.approve import keep, propose
from newsletter.workflow.send import send
from newsletter.workflow.status import status
from newsletter.workflow.steps.agenda import agenda
from newsletter.workflow.steps.desk import at_desk
from newsletter.workflow.steps.issue_states import Standing
from newsletter.workflow.steps.newest_approval import OldApprovalError
from newsletter.workflow.steps.prepare import prepare
from tests.support.books import LIST
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Cron, approve, write_issue

SLUG = "2026-11"
HOUR = timedelta(hours=1)


@pytest.fixture
def here(cron: Cron) -> Workspace:
    """With an approved issue that is due; the ledger knows it."""
    write_issue(cron.workspace.root, due=HOUR)
    assert approved_by("Jane Doe", cron.workspace) is None
    return cron.workspace


@pytest.fixture
def old(here: Workspace, room: Mailroom, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A checkout of that on another machine, where nobody pulls any more."""
    root = tmp_path_factory.mktemp("another") / "machine"
    shutil.copytree(here.root, root)
    url = f"sqlite:///{here.state / 'ledger.db'}"
    return find_workspace(
        root, explicit=None, environ={"NEWSLETTER_SMTP__URL": room.url, "NEWSLETTER_LEDGER__URL": url}
    )


def approved_by(who: str, workspace: Workspace) -> Said | None:
    """As `newsletter approve` does."""
    with at_desk(workspace) as desk:
        keep(workspace, propose(workspace, SLUG), by=who, now=desk.now())
        return desk.publish(propose(workspace, SLUG).letter)


def change(workspace: Workspace, before: str, after: str) -> None:
    path = workspace.issues / f"{SLUG}.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def pull(here: Workspace, old: Workspace) -> None:
    shutil.rmtree(old.issues)
    shutil.copytree(here.issues, old.issues)


def test_an_older_approval_is_not_sent_until_the_newer_one_is_there(
    here: Workspace, old: Workspace, room: Mailroom
) -> None:
    change(here, "신성장동력", "청년정책")
    approved_by("Kim", here)
    cron = Cron(old)
    assert cron.run() == 77
    assert "Kim approved other editions of it" in cron.warnings[0]
    assert "git pull" in cron.warnings[0]
    with pytest.raises(OldApprovalError, match="Kim approved other editions"):
        prepare(old, SLUG)
    assert room.mail == []
    pull(here, old)
    assert cron.run() == 0
    assert "청년정책" in room.letter_to("hong@example.com")["subject"]


def test_what_was_put_off_elsewhere_is_not_sent_when_it_was_due_but_may_be_by_hand(
    here: Workspace, old: Workspace, room: Mailroom
) -> None:
    write_issue(here.root, due=-HOUR)
    approved_by("Kim", here)
    cron = Cron(old)
    assert cron.run() == 77
    assert "Kim put it off to" in cron.warnings[0]
    assert room.mail == []
    send(old, prepare(old, SLUG), advance=lambda *_: None)
    assert len(room.mail) == 3


def test_what_lost_its_date_elsewhere_is_not_sent_by_itself(here: Workspace, old: Workspace, room: Mailroom) -> None:
    write_issue(here.root)
    approved_by("Kim", here)
    cron = Cron(old)
    assert cron.run() == 77
    assert "Kim took its date away" in cron.warnings[0]
    assert room.mail == []


def test_an_approval_given_since_where_no_ledger_is_counts(here: Workspace, old: Workspace, room: Mailroom) -> None:
    change(old, "신성장동력", "청년정책")
    approve(old, at=datetime.now(UTC))
    assert Cron(old).run() == 0
    assert "청년정책" in room.letter_to("hong@example.com")["subject"]
    assert approved_by("Kim", here) is None  # it is planned by now, so that nothing is to be told any more
    with open_ledger(here, Purpose.READ) as ledger:
        kept = ledger.scheduled(LIST, SLUG)
    assert kept is not None
    assert kept.approved_by == "Jane Doe"


def test_where_nobody_need_approve_nothing_is_compared(here: Workspace, old: Workspace, room: Mailroom) -> None:
    change(here, "신성장동력", "청년정책")
    approved_by("Kim", here)
    toml = old.root / "newsletter.toml"
    toml.write_text(f"{toml.read_text(encoding='utf-8')}[schedule]\nrequire_approval = false\n", encoding="utf-8")
    environ = {"NEWSLETTER_SMTP__URL": room.url, "NEWSLETTER_LEDGER__URL": old.settings.ledger.url}
    assert Cron(find_workspace(old.root, explicit=None, environ=environ)).run() == 0


def test_status_tells_which_approval_the_ledger_knows(here: Workspace, old: Workspace) -> None:
    report = status(here, SLUG)
    assert "The ledger knows this approval (by Jane Doe," in report.to_text()
    known = report.as_json()["approval"]
    assert isinstance(known, dict)
    assert known["approved_by"] == "Jane Doe"
    change(here, "신성장동력", "청년정책")
    approved_by("Kim", here)
    told = status(old, SLUG)
    assert "Kim approved other editions of it" in told.to_text()
    assert told.scheduled is not None
    assert not told.scheduled.is_of({})


def test_the_dates_tell_what_is_old_and_what_is_not_here(here: Workspace, old: Workspace) -> None:
    now = datetime.now(UTC)
    assert [(row.late, row.scheduled is not None) for row in agenda(old, now)] == [(None, True)]
    change(here, "신성장동력", "청년정책")
    approved_by("Kim", here)
    assert told(old, now) == [("is an older approval", "was approved anew elsewhere")]
    for path in old.issues.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert told(old, now) == [("is not here", "its files are not here: git pull")]
    assert [row.standing for row in agenda(old, now)] == [Standing.APPROVED]


def told(workspace: Workspace, now: datetime) -> list[tuple[str | None, str]]:
    words = ("was approved anew elsewhere", "its files are not here: git pull")
    rows = [(row.late, str(row.said("Asia/Seoul"))) for row in agenda(workspace, now)]
    return [(late.value if late else None, next(one for one in words if one in said)) for late, said in rows]


def test_a_desk_without_a_ledger_makes_none(tmp_path: Path, here: Workspace) -> None:
    (tmp_path / "empty").mkdir()
    shutil.copytree(here.issues, tmp_path / "empty" / "issues")
    shutil.copy(here.root / "newsletter.toml", tmp_path / "empty")
    shutil.copy(here.root / "subscribers.csv", tmp_path / "empty")
    alone = find_workspace(tmp_path / "empty", explicit=None, environ={})
    assert approved_by("Kim", alone) is None
    assert not alone.state.joinpath("ledger.db").exists()
