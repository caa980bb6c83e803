"""An issue goes to the subscriber file and to those who signed up: what the plan tells, and who really gets what."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from newsletter.errors import InputError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.people_tables import subscriptions
from newsletter.ledger.records import Purpose
from newsletter.ledger.subscription_state import SubscriptionState
from newsletter.ledger.subscriptions import Subscription
from newsletter.settings.workspace import Workspace
from newsletter.workflow.add_subscriber import PersonToAdd, add_subscriber
from newsletter.workflow.check import check
from newsletter.workflow.dry_run import dry_run
from newsletter.workflow.latecomers import prepare_latecomers
from newsletter.workflow.rehearse import rehearse
from newsletter.workflow.rename_list import prepare_rename, rename
from newsletter.workflow.render import render_files
from newsletter.workflow.steps.keys import links_of
from newsletter.workflow.steps.plan import plan_dispatch
from newsletter.workflow.steps.prepare import prepare
from newsletter.workflow.subscribers import suppress
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import Cron, Reload, approve, write_issue

HOUR = timedelta(hours=1)
NEW = "letter.news.example.org"
IN_ENGLISH = """translations:
  en:
    title: Growth
    preheader: Research on the industries of tomorrow.
    intro: |
      Dear {{ subscriber.name | default("reader") }}, welcome to the industries of tomorrow.
"""


def add(workspace: Workspace, address: str, name: str | None = None, language: str | None = None) -> None:
    add_subscriber(workspace, PersonToAdd(address, "desk", name=name, language=language))


def take_over(workspace: Workspace, address: str) -> None:
    """Without consent on record."""
    hash_ = links_of(workspace, create=True).address_hash(address)
    one = Subscription(hash_, address, address, SubscriptionState.UNCONFIRMED, source="listmonk")
    with open_ledger(workspace, Purpose.SENDING) as book:
        book.subscribe(workspace.settings.newsletter.list_id, [one], datetime.now(UTC))


def went_to(room: Mailroom) -> list[str]:
    return sorted(recipient for recipient, _ in room.mail)


def plan_of(workspace: Workspace, language: str = "en") -> str:
    return prepare(workspace, "2026-11").summary(workspace.settings).in_language(language)


@pytest.fixture
def together(cron: Cron) -> Cron:
    """Three of the file; of the ledger: one more, one of the file, one who left, and two without consent."""
    write_issue(cron.workspace.root, due=HOUR, more=IN_ENGLISH)
    add(cron.workspace, "lee@example.com", "Lee", "en")
    add(cron.workspace, "JANE@example.org", "Jane", "en")
    add(cron.workspace, "gone@example.com")
    suppress(cron.workspace, "gone@example.com", "manual")
    for address in ("han@example.com", "kim@example.net"):
        take_over(cron.workspace, address)
    approve(cron.workspace)
    return cron


def test_the_plan_tells_so_many_of_each_who_is_left_out_and_who_wins(together: Cron) -> None:
    assert (
        "4 subscribers: 3 of subscribers.csv, 2 sign-ups, 1 in both"
        " (left out: 1 suppressed, 1 without consent on record)\n"
    ) in plan_of(together.workspace)
    assert "1 person of subscribers.csv also told us themselves" in plan_of(together.workspace)
    assert "구독자 4명(subscribers.csv 3명" in plan_of(together.workspace, "ko")


def test_without_sign_ups_the_plan_reads_as_ever(cron: Cron) -> None:
    approve(cron.workspace)
    assert "To       3 subscribers of subscribers.csv\n" in plan_of(cron.workspace)


def test_cron_sends_each_of_them_one_letter_in_the_language_and_by_the_name_they_gave(
    together: Cron, room: Mailroom
) -> None:
    assert together.run() == 0
    assert went_to(room) == ["hong@example.com", "jane@example.org", "kim@example.net", "lee@example.com"]
    for address, beginning in (("jane@example.org", "Dear Jane,"), ("lee@example.com", "Dear Lee,")):
        body = room.letter_to(address).get_body(("plain",))
        assert body is not None
        assert beginning in body.get_content()
    with open_ledger(together.workspace, Purpose.READ) as book:
        [record] = book.dispatches(together.workspace.settings.newsletter.list_id)
        rows = sorted((one.line, one.address) for one in book.deliveries(record.id, tuple(book.counts(record.id))))
        assert not [verdict.promise for verdict in book.verify() if verdict.broken]
    assert [address for _, address in rows[3:]] == ["lee@example.com", "gone@example.com"]
    assert [line for line, _ in rows] == [2, 3, 4, 5, 6]


def test_every_look_sees_the_same_people(together: Cron, tmp_path: Path) -> None:
    workspace = together.workspace
    assert dry_run(workspace, "2026-11", tmp_path / "out", lambda *_: None).merged == 4
    assert rehearse(workspace, "2026-11").rehearsal.readers == 4
    assert check(workspace, "2026-11").audience.to_mail == 4
    [html, *_] = render_files(workspace, "2026-11", tmp_path / "as", "lee@example.com")
    assert "Dear Lee" in html.read_text(encoding="utf-8")


def test_who_signs_up_after_the_plan_is_a_latecomer_since_the_day_of_the_consent(
    together: Cron, room: Mailroom, open_workspace: Reload
) -> None:
    assert together.run() == 0
    together.workspace = open_workspace(NEWSLETTER_SCHEDULE__LATECOMERS="14d")
    assert (together.run(), len(room.mail)) == (0, 4)
    add(together.workspace, "late@example.com", "Late", "en")
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    late = prepare_latecomers(together.workspace, "2026-11", yesterday, lambda *_: None)
    assert late.found.count == 1
    assert "1 latecomer of those who signed up" in str(late.summary(together.workspace))
    assert together.run() == 0
    assert (went_to(room)[-2:], len(room.mail)) == (["late@example.com", "lee@example.com"], 5)


def test_without_a_file_it_goes_to_sign_ups_and_without_those_it_is_refused(together: Cron, room: Mailroom) -> None:
    (together.workspace.root / "subscribers.csv").unlink()
    assert "To       2 subscribers: 2 sign-ups (left out:" in plan_of(together.workspace)
    assert together.run() == 0
    assert went_to(room) == ["JANE@example.org", "lee@example.com"]
    with open_ledger(together.workspace, Purpose.READ) as book, book._database.write() as connection:
        connection.execute(sa.delete(subscriptions))
    with pytest.raises(InputError):
        prepare(together.workspace, "2026-11")


def test_a_sign_up_between_the_question_and_the_yes_is_planned_with_the_others(together: Cron) -> None:
    fresh = prepare(together.workspace, "2026-11")
    add(together.workspace, "late@example.com")
    assert fresh.keeper is not None
    with open_ledger(together.workspace, Purpose.SENDING) as book:
        assert plan_dispatch(together.workspace, book, fresh).total == 6


def test_a_field_that_only_the_file_has_is_missed_by_sign_ups_and_said_once(cron: Cron) -> None:
    workspace = cron.workspace
    people = workspace.root / "subscribers.csv"
    people.write_text("email,부서\nhong@example.com,기획\n", encoding="utf-8")
    issue = workspace.root / "issues" / "2026-11.yaml"
    text = issue.read_text(encoding="utf-8")
    issue.write_text(text.replace("님, 안녕", "님({{ subscriber.fields.부서 }}), 안녕"), encoding="utf-8")
    for number in range(25):
        add(workspace, f"reader{number}@example.com")
    found = [one for one in check(workspace, "2026-11").findings if one.rule == "merge-missing"]
    assert [str(one.message) for one in found] == [
        "25 sign-ups in the ledger: The cell “부서” is empty, and the issue gives no default."
    ]
    assert found[0].file.endswith("2026-11.yaml")


def test_a_renamed_newsletter_goes_to_the_same_people(together: Cron, room: Mailroom, open_workspace: Reload) -> None:
    old = together.workspace.settings.newsletter.list_id
    wanted = prepare_rename(together.workspace, old, NEW)
    assert "5 sign-ups" in str(wanted.summary())
    rename(together.workspace, wanted)
    together.workspace = open_workspace(
        NEWSLETTER_NEWSLETTER__LIST_ID=NEW, NEWSLETTER_NEWSLETTER__FORMER_LIST_IDS=json.dumps([old])
    )
    approve(together.workspace)
    with open_ledger(together.workspace, Purpose.READ) as book:
        former = links_of(together.workspace, create=False, list_id=old).address_hash("lee@example.com")
        book.choose(NEW, former, name="Lee the reader", now=datetime.now(UTC))
    assert "4 subscribers: 3 of subscribers.csv, 2 sign-ups, 1 in both" in plan_of(together.workspace)
    assert together.run() == 0
    body = room.letter_to("lee@example.com").get_body(("plain",))
    assert body is not None
    assert "Dear Lee the reader," in body.get_content()
