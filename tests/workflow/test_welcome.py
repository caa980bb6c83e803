"""The welcome letter: once for each who confirms, ever; no issue in any other respect."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.errors import InputError, RefusedError, UsageError
from newsletter.issue.find import find_issue
from newsletter.issue.load import load_issue
from newsletter.issue.scaffold import new_issue
from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.people_tables import welcomes
from newsletter.ledger.records import Purpose
from newsletter.ledger.states import State
from newsletter.ledger.subscriptions import Subscription
from newsletter.settings.workspace import Workspace
from newsletter.workflow.control import pause, resume
from newsletter.workflow.send_welcome import prepare_welcome, send_welcome
from newsletter.workflow.steps import welcome as welcome_step
from newsletter.workflow.steps.agenda import agenda
from newsletter.workflow.steps.keys import links_of
from tests.support.books import begun_long_ago
from tests.support.cli import newsletter, started
from tests.support.mailroom import Mailroom, mailroom
from tests.support.postgres import Cluster
from tests.workflow.conftest import Cron, Reload, approve, write_issue

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NEW = ["new@example.com", "newer@example.org", "newest@example.net"]
LETTER = """title: 반갑습니다
preheader: 무엇을 보내는지 알려 드립니다.
intro: |
  {{ subscriber.name | default("구독자") }}님, 구독해 주셔서 고맙습니다.
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def cron(request: pytest.FixtureRequest, open_workspace: Reload) -> Cron:
    """A newsletter that was sent before, with an approved welcome letter."""
    if request.param == "sqlite":
        workspace = open_workspace()
        begun_long_ago(workspace.root)
    else:
        server: Cluster = request.getfixturevalue("postgres")
        workspace = open_workspace(NEWSLETTER_LEDGER__URL=server.schema())
        with open_ledger(workspace, Purpose.BEGINNING):
            pass
    write_letter(workspace)
    approve(workspace, "welcome")
    return Cron(workspace)


def write_letter(workspace: Workspace, text: str = LETTER) -> Path:
    path = workspace.issues / "welcome.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def confirm(workspace: Workspace, *addresses: str, ago: timedelta = timedelta(), language: str = "ko") -> None:
    """As the page does when the mailed link's button is pressed."""
    links, list_id = links_of(workspace, create=True), workspace.settings.newsletter.list_id
    at = datetime.now(UTC) - ago
    with open_ledger(workspace, Purpose.PAGES) as ledger:
        for one in addresses:
            hashed = links.address_hash(one)
            person = Subscription(hashed, key=one, address=one, language=language, consent_at=at, source="form")
            ledger.subscribe(list_id, [person], at)
            ledger.unsuppress(list_id, one, hashed, at, reasons={"unsubscribed"})
            with ledger._database.write() as connection:
                row = {"newsletter": list_id, "address_hash": hashed, "since": at}
                ledger._database.insert_new(connection, welcomes, **row)


def leave(workspace: Workspace, address: str) -> None:
    with open_ledger(workspace, Purpose.PAGES) as ledger:
        hashed = links_of(workspace, create=True).address_hash(address)
        ledger.suppress(
            workspace.settings.newsletter.list_id, address_hash=hashed, reason="unsubscribed", now=datetime.now(UTC)
        )


def got(room: Mailroom) -> list[str]:
    return sorted(recipient for recipient, _ in room.mail)


def test_who_confirms_is_welcomed_once_and_nobody_else(cron: Cron, room: Mailroom) -> None:
    assert (cron.run(), cron.words) == (0, [])
    confirm(cron.workspace, *NEW[:2])
    assert cron.run() == 0
    assert got(room) == NEW[:2]
    assert "구독해 주셔서 고맙습니다" in room.words_to(NEW[0])
    assert (cron.run(), cron.words) == (0, [])
    confirm(cron.workspace, NEW[2])
    assert cron.run() == 0
    assert got(room) == NEW


def test_never_again_after_leaving_and_coming_back(cron: Cron, room: Mailroom) -> None:
    confirm(cron.workspace, NEW[0])
    cron.run()
    leave(cron.workspace, NEW[0])
    confirm(cron.workspace, NEW[0])
    assert cron.run() == 0
    assert got(room) == NEW[:1]


def test_who_left_meanwhile_gets_nothing_and_is_not_asked_about_again(cron: Cron, room: Mailroom) -> None:
    confirm(cron.workspace, *NEW[:2])
    leave(cron.workspace, NEW[0])
    assert cron.run() == 0
    assert got(room) == [NEW[1]]
    with open_ledger(cron.workspace, Purpose.READ) as ledger:
        assert welcome_step.waiting_for_welcome(cron.workspace, ledger, datetime.now(UTC)) == []


def test_later_ones_get_what_was_approved_since_and_the_others_nothing_more(cron: Cron, room: Mailroom) -> None:
    confirm(cron.workspace, NEW[0])
    cron.run()
    write_letter(cron.workspace, LETTER.replace("고맙습니다", "정말 고맙습니다"))
    confirm(cron.workspace, NEW[1])
    assert cron.run() == 77
    assert "not approved" in cron.words[0] or "changed" in cron.words[0]
    assert got(room) == NEW[:1]
    approve(cron.workspace, "welcome")
    assert cron.run() == 0
    assert got(room) == NEW[:2]
    assert "정말 고맙습니다" in room.words_to(NEW[1])


def test_without_the_file_nobody_is_welcomed_and_who_waited_long_is_not(cron: Cron, room: Mailroom) -> None:
    path = cron.workspace.issues / "welcome.yaml"
    text = path.read_text(encoding="utf-8")
    path.unlink()
    confirm(cron.workspace, NEW[0])
    confirm(cron.workspace, NEW[1], ago=5 * DAY)
    assert (cron.run(), cron.words) == (0, [])
    path.write_text(text, encoding="utf-8")
    assert cron.run() == 0
    assert got(room) == NEW[:1]


def test_it_can_be_stopped_and_goes_on(cron: Cron, room: Mailroom) -> None:
    confirm(cron.workspace, NEW[0])
    cron.run()
    pause(cron.workspace, "welcome")
    confirm(cron.workspace, NEW[1])
    assert cron.run() == 0
    assert got(room) == NEW[:1]
    resume(cron.workspace, "welcome")
    assert cron.run() == 0
    assert got(room) == NEW[:2]


def test_by_hand_it_goes_to_who_waits_and_not_to_the_list(cron: Cron, room: Mailroom) -> None:
    assert prepare_welcome(cron.workspace).count == 0
    confirm(cron.workspace, NEW[0])
    assert prepare_welcome(cron.workspace).count == 1
    send_welcome(cron.workspace, advance=lambda *_: None)
    assert got(room) == NEW[:1]
    assert (prepare_welcome(cron.workspace).count, cron.run()) == (0, 0)
    assert got(room) == NEW[:1]


def test_it_is_no_issue_in_any_other_respect(cron: Cron, room: Mailroom) -> None:
    """Never newest, due, archived, planned for, or compared, also when many have it."""
    workspace = cron.workspace
    confirm(workspace, *NEW)
    cron.run()
    write_issue(workspace.root, "aaa")
    assert find_issue(workspace, None).stem == "aaa" < "welcome"
    assert [row.slug for row in agenda(workspace, datetime.now(UTC))] == []
    with open_ledger(workspace, Purpose.READ) as ledger:
        assert ledger.dispatches(workspace.settings.newsletter.list_id) == []
        assert ledger.publications(workspace.settings.newsletter.list_id) == {}
        assert [one.slug for one in ledger.all_dispatches(workspace.settings.newsletter.list_id)] == ["welcome"]
    # The same words in an issue are no copy, and no list is compared with the three who were welcomed.
    copy = workspace.issues / "aaa.yaml"
    copy.write_text(LETTER + f"publish_at: {datetime.now(UTC).isoformat()}\n", encoding="utf-8")
    approve(workspace, "aaa")
    room.mail.clear()
    assert cron.run() == 0
    assert len(room.mail) == 6, "the list and the sign-ups"


def test_the_last_issue_comes_with_it_where_latecomers_get_it(open_workspace: Reload, room: Mailroom) -> None:
    workspace = open_workspace(NEWSLETTER_SCHEDULE__LATECOMERS="14d")
    begun_long_ago(workspace.root)
    cron = Cron(workspace)
    write_letter(workspace)
    approve(workspace, "welcome")
    write_issue(workspace.root, due=HOUR)
    approve(workspace)
    cron.run()
    room.mail.clear()
    confirm(workspace, NEW[0])
    assert cron.run() == 0
    assert got(room) == [NEW[0], NEW[0]]
    subjects = {str(data, "utf-8", "replace").count("Subject:") for _, data in room.mail}
    assert subjects == {1}
    assert (cron.run(), len(room.mail)) == (0, 2)


def test_a_time_in_it_is_an_error_with_its_place(open_workspace: Reload) -> None:
    workspace = open_workspace()
    path = write_letter(workspace, "title: 반갑습니다\npublish_at: 2026-12-01T09:00\nintro: 안녕하세요.\n")
    with pytest.raises(InputError) as raised:
        load_issue(path, workspace_root=workspace.root, timezone="Asia/Seoul")
    (problem,) = raised.value.problems
    assert (problem.file, problem.line, problem.column, problem.path) == ("issues/welcome.yaml", 2, 13, "publish_at")
    assert "^" in problem.excerpt
    assert newsletter("check", "welcome", cwd=workspace.root).returncode == 65


@pytest.mark.parametrize("words", [["--latecomers"], ["--first", "2"]])
def test_what_is_for_issues_is_refused_for_it(open_workspace: Reload, words: list[str]) -> None:
    workspace = open_workspace()
    write_letter(workspace)
    told = newsletter("send", "welcome", "--yes", *words, cwd=workspace.root)
    assert (told.returncode, "each reader who confirms" in told.stderr) == (64, True)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_new_begins_one_that_can_be_sent(open_workspace: Reload, language: str) -> None:
    workspace = open_workspace(NEWSLETTER_NEWSLETTER__LANGUAGE=language)
    new_issue(workspace, "welcome")
    approve(workspace, "welcome")
    assert prepare_welcome(workspace).count == 0
    with pytest.raises(UsageError):
        new_issue(workspace, "welcome")


def test_it_leads_to_no_page_of_the_archive(open_workspace: Reload, room: Mailroom) -> None:
    workspace = open_workspace(NEWSLETTER_LINKS__ARCHIVE_URL="https://news.example.org/archive")
    begun_long_ago(workspace.root)
    write_letter(workspace)
    approve(workspace, "welcome")
    confirm(workspace, NEW[0])
    assert Cron(workspace).run() == 0
    assert "archive/welcome" not in str(room.letter_to(NEW[0]))
    assert "/archive/welcome" not in room.words_to(NEW[0])


def test_not_approved_nobody_is_welcomed(open_workspace: Reload, room: Mailroom) -> None:
    workspace = open_workspace()
    begun_long_ago(workspace.root)
    write_letter(workspace)
    confirm(workspace, NEW[0])
    cron = Cron(workspace)
    assert cron.run() == 77
    with pytest.raises(RefusedError):
        prepare_welcome(workspace)
    assert room.mail == []


def test_killed_in_the_middle_nobody_is_lost_or_greeted_twice(open_workspace: Reload, tmp_path: Path) -> None:
    crowd = [f"new{number}@example.com" for number in range(60)]
    with mailroom(tmp_path, delay=0.02) as slow:
        workspace = open_workspace(NEWSLETTER_SMTP__URL=slow.url)
        begun_long_ago(workspace.root)
        write_letter(workspace)
        approve(workspace, "welcome")
        confirm(workspace, *crowd)
        with started("send", "--due", cwd=workspace.root, NEWSLETTER_SMTP__URL=slow.url) as process:
            slow.wait_for(12)
            process.kill()
        for _ in range(2):
            newsletter("send", "--due", cwd=workspace.root, NEWSLETTER_SMTP__URL=slow.url)
        received = [recipient for recipient, _ in slow.mail]
    with open_ledger(workspace, Purpose.READ) as ledger:
        record = ledger.find(workspace.settings.newsletter.list_id, "welcome")
        assert record is not None
        doubt = [one.address for one in ledger.deliveries(record.id, (State.IN_DOUBT,))]
    assert len(received) == len(set(received))
    assert set(crowd) <= {*received, *doubt}
    assert len(doubt) <= 8


def test_killed_between_the_plan_and_its_note_it_is_made_up_for(
    cron: Cron, room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm(cron.workspace, NEW[0])
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "keep_welcomed", _die)
        with pytest.raises(KeyboardInterrupt):
            cron.run()
    assert room.mail == []
    assert cron.run() == 0
    assert (cron.run(), got(room)) == (0, NEW[:1])


def _die(*_: object) -> None:
    raise KeyboardInterrupt


def test_status_and_report_know_it_by_name(cron: Cron, room: Mailroom) -> None:
    confirm(cron.workspace, NEW[0])
    cron.run()
    assert len(room.mail) == 1
    url = cron.workspace.settings.ledger.url
    for command in ("status", "report"):
        told = newsletter(command, "welcome", "--json", cwd=cron.workspace.root, NEWSLETTER_LEDGER__URL=url)
        assert told.returncode == 0, told.stderr
        assert json.loads(told.stdout)["total"] == 1
