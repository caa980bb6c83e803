"""Who joins after the plan gets the letter that was approved, by hand and from cron; never twice, never who left."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from newsletter.audience.links import Links
from newsletter.audience.subscriber import BadRow, Subscriber
from newsletter.errors import InputError, RefusedError, UsageError
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.progress import Advance
from newsletter.settings.workspace import Workspace
from newsletter.workflow.adopt import adopt
from newsletter.workflow.control import pause, resume
from newsletter.workflow.latecomers import LateSending, given_date, prepare_latecomers, send_latecomers
from newsletter.workflow.rename_list import prepare_rename, rename
from newsletter.workflow.revise import prepare_revision, revise
from newsletter.workflow.steps.keys import links_of
from newsletter.workflow.steps.people import MailingList
from tests.support.cli import newsletter
from tests.support.mailroom import Mailroom, mailroom
from tests.workflow.conftest import PEOPLE, Cron, Reload, approve, write_issue

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SLUG = "2026-11"


def quiet(*_: object) -> None:
    """Shows no progress."""


def look(workspace: Workspace, since: date | None = None, slug: str = SLUG) -> LateSending:
    return prepare_latecomers(workspace, slug, since, quiet)


def send(workspace: Workspace, since: date | None = None) -> int:
    return send_latecomers(workspace, look(workspace, since), advance=quiet).exit_code()


def join(workspace: Workspace, *rows: str, people: str = PEOPLE) -> None:
    """The subscriber file as it was, and these rows; it was written a while ago."""
    path = workspace.root / "subscribers.csv"
    path.write_text(people + "".join(f"{row}\n" for row in rows), encoding="utf-8")


def went_to(room: Mailroom) -> list[str]:
    return sorted(recipient for recipient, _ in room.mail)


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def verified(workspace: Workspace) -> bool:
    with open_ledger(workspace, Purpose.READ) as book:
        record = book.find("issue-curator.news.example.org", SLUG)
        assert record is not None
        assert sum(book.counts(record.id).values()) == record.total
        return not any(verdict.broken for verdict in book.verify())


@pytest.fixture
def sent(cron: Cron) -> Cron:
    """An issue that three got; cron gives it to latecomers."""
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 0
    return cron


@pytest.fixture
def with_latecomers(sent: Cron, open_workspace: Reload) -> Cron:
    sent.workspace = open_workspace(NEWSLETTER_SCHEDULE__LATECOMERS="14d")
    return sent


def test_who_joined_gets_the_same_letter_and_nobody_else_anything(sent: Cron, room: Mailroom) -> None:
    workspace = sent.workspace
    join(workspace, "lee@example.com,이하늘", "HONG@Example.com,또 홍길동", "lee@example.com,")
    found = look(workspace)
    assert (found.found.count, found.found.some) == (1, ("l***@example.com",))
    words = str(found.summary(workspace))
    assert "1 latecomer of subscribers.csv" in words
    assert "2026-11, planned" in words
    assert "lee@" not in words
    aged(workspace, 10 * DAY)
    assert send(workspace) == 0
    assert went_to(room)[-1] == "lee@example.com"
    assert len(room.mail) == 4
    late, usual = room.letter_to("lee@example.com"), room.letter_to("jane@example.org")
    for header in ("Subject", "From", "List-Id"):
        assert late[header] == usual[header]
    # A filter takes a message that is dated ten days ago for spam.
    assert datetime.now(UTC) - late["Date"].datetime < HOUR
    assert "이하늘님" in text_of(late)
    assert verified(workspace)
    kept = json.loads((workspace.issues / f"{SLUG}.sent.json").read_text(encoding="utf-8"))
    assert (kept["total"], kept["states"]["sent"]) == (4, 4)
    assert look(workspace).nothing_to_do
    assert len(room.mail) == 4


def test_what_is_sent_is_what_was_approved_and_no_file_of_it_is_needed(sent: Cron, room: Mailroom) -> None:
    path = sent.workspace.issues / f"{SLUG}.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("신성장동력", "다른 제목"), encoding="utf-8")
    join(sent.workspace, "lee@example.com,")
    assert send(sent.workspace) == 0
    path.unlink()
    join(sent.workspace, "lee@example.com,", "han@example.com,")
    assert send(sent.workspace) == 0
    for address in ("lee@example.com", "han@example.com"):
        assert room.letter_to(address)["Subject"] == room.letter_to("jane@example.org")["Subject"]


def test_who_left_does_not_get_it_nor_who_was_removed_and_comes_back(sent: Cron, room: Mailroom) -> None:
    workspace = sent.workspace
    with open_ledger(workspace, Purpose.SENDING) as book:
        links: Links = links_of(workspace, create=False)
        who = links.address_hash("lee@example.com")
        book.suppress("issue-curator.news.example.org", address_hash=who, reason="unsubscribed", now=datetime.now(UTC))
    join(workspace, people="email,name\n")
    assert look(workspace).nothing_to_do
    join(workspace, "lee@example.com,")
    assert look(workspace).nothing_to_do
    assert "1 suppressed" in str(look(workspace).summary(workspace))
    assert len(room.mail) == 3


def test_who_leaves_between_the_look_and_the_sending_does_not_get_it(sent: Cron, room: Mailroom) -> None:
    join(sent.workspace, "lee@example.com,", "han@example.com,")
    found = look(sent.workspace)
    with open_ledger(sent.workspace, Purpose.SENDING) as book:
        book.suppress("*", key="lee@example.com", reason="complained", now=datetime.now(UTC))
    assert send_latecomers(sent.workspace, found, advance=quiet).exit_code() == 0
    assert "lee@example.com" not in went_to(room)
    assert len(room.mail) == 4
    assert verified(sent.workspace)


def test_a_file_that_changes_between_the_look_and_the_sending_is_read_again(sent: Cron, room: Mailroom) -> None:
    join(sent.workspace, "lee@example.com,")
    found = look(sent.workspace)
    join(sent.workspace, "han@example.com,한")
    assert send_latecomers(sent.workspace, found, advance=quiet).exit_code() == 0
    assert went_to(room)[0] == "han@example.com"
    assert len(room.mail) == 4


def test_since_takes_those_with_a_date_of_consent_that_day_or_later(sent: Cron) -> None:
    people = "email,name,consent_at\nhong@example.com,홍길동,\n"
    join(
        sent.workspace,
        "a@example.com,,2026-11-01", "b@example.com,,2026. 11. 20.", "c@example.com,,", "d@example.com,,2026-11-19",
        people=people,
    )  # fmt: skip
    found = look(sent.workspace, date(2026, 11, 20))
    assert found.found.some == ("b***@example.com",)
    assert "2 who consented earlier, 1 without a date of consent" in str(found.summary(sent.workspace))
    assert look(sent.workspace).found.count == 4
    with pytest.raises(UsageError):
        given_date("yesterday")


def aged(workspace: Workspace, age: timedelta) -> None:
    """As if the issue had been planned so long ago."""
    with open_ledger(workspace, Purpose.SENDING) as book, book._database.write() as connection:
        then = int((datetime.now(UTC) - age).timestamp() * 1_000_000)
        connection.exec_driver_sql(f"UPDATE dispatches SET planned_at = {then}")
        earlier = 'replace(letterhead, \'"date": "20\', \'"date": "19\')'
        connection.exec_driver_sql(f"UPDATE dispatches SET letterhead = {earlier}")


def test_an_old_issue_goes_only_to_those_who_are_meant(sent: Cron) -> None:
    join(sent.workspace, "lee@example.com,")
    aged(sent.workspace, 29 * DAY)
    assert look(sent.workspace).found.count == 1
    aged(sent.workspace, 31 * DAY)
    with pytest.raises(RefusedError, match=r"31 days ago.*no older than 30 days"):
        look(sent.workspace)
    assert look(sent.workspace, date(2026, 11, 20)).nothing_to_do


def test_a_stopped_issue_is_refused_and_goes_on_when_it_may(with_latecomers: Cron, room: Mailroom) -> None:
    cron = with_latecomers
    join(cron.workspace, "lee@example.com,")
    pause(cron.workspace, SLUG)
    with pytest.raises(RefusedError, match="is paused"):
        look(cron.workspace)
    assert (cron.run(), cron.words) == (0, [])
    resume(cron.workspace, SLUG)
    assert cron.run() == 0
    assert len(room.mail) == 4
    join(cron.workspace, "lee@example.com,", "han@example.com,")
    with open_ledger(cron.workspace, Purpose.SENDING) as book:
        book.cancel(book.dispatches("issue-curator.news.example.org")[0].id, datetime.now(UTC))
    with pytest.raises(RefusedError, match="was cancelled"):
        look(cron.workspace)
    assert (cron.run(), cron.words) == (0, [])
    assert len(room.mail) == 4


def test_an_issue_that_was_never_planned_is_refused(sent: Cron) -> None:
    write_issue(sent.workspace.root, "2026-12")
    with pytest.raises(UsageError, match="never sent") as refused:
        look(sent.workspace, slug="2026-12")
    assert "newsletter send 2026-12" in str(refused.value.hint)
    before_the_terminal = newsletter("send", "2026-12", "--latecomers", cwd=sent.workspace.root)
    assert before_the_terminal.returncode == 64
    assert "newsletter send 2026-12" in before_the_terminal.stderr
    assert "--yes" not in before_the_terminal.stderr


def test_a_value_that_is_missing_or_too_many_bad_rows_stop_it(sent: Cron, room: Mailroom) -> None:
    other = 'title: 청년정책\nintro: "{{ subscriber.name }}님, 지난해의 주택 정책을 돌아봅니다."\n'
    other += f"publish_at: {(datetime.now(UTC) - HOUR).isoformat()}\n"
    (sent.workspace.issues / "2026-12.yaml").write_text(other, encoding="utf-8")
    join(sent.workspace, people="email,name\nhong@example.com,홍길동\n")
    approve(sent.workspace, "2026-12")
    assert sent.run() == 0
    assert len(room.mail) == 4
    join(sent.workspace, "lee@example.com,", people="email,name\nhong@example.com,홍길동\n")
    with pytest.raises(InputError, match=r"subscribers.csv:3: The cell .name. is empty"):
        look(sent.workspace, slug="2026-12")
    join(sent.workspace, "lee@example.com,이하늘", "not an address,")
    with pytest.raises(InputError, match="1 of 5 rows are bad"):
        look(sent.workspace, slug="2026-12")
    assert len(room.mail) == 4


def test_after_a_correction_they_get_the_corrected_letter(tmp_path: Path, cron: Cron, open_workspace: Reload) -> None:
    with mailroom(tmp_path, replies={"hong@example.com": "451 4.3.0 later"}) as room:
        cron.workspace = open_workspace(NEWSLETTER_SMTP__URL=room.url)
        _correct_and_join(cron, room)


def _correct_and_join(cron: Cron, room: Mailroom) -> None:
    path = write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 75
    path.write_text(path.read_text(encoding="utf-8").replace("다음 산업", "고친 산업"), encoding="utf-8")
    approve(cron.workspace)
    revise(cron.workspace, prepare_revision(cron.workspace, SLUG))
    join(cron.workspace, "lee@example.com,")
    assert send(cron.workspace) == 75
    assert "고친 산업" in text_of(room.letter_to("lee@example.com"))
    assert "다음 산업" in text_of(room.letter_to("jane@example.org"))


SECTIONS = """sections:
  - type: story
    heading: 모두
    body: 누구나 읽는 글입니다.
  - type: story
    heading: 도서관
    body: 도서관만 읽는 글입니다.
    only_for: [library]
translations:
  fr:
    title: Croissance
"""


def test_each_gets_the_sections_and_the_language_that_are_theirs(cron: Cron, room: Mailroom) -> None:
    people = "email,name,language,tags\nhong@example.com,홍길동,,\n"
    join(cron.workspace, people=people)
    write_issue(cron.workspace.root, due=HOUR, more=SECTIONS)
    approve(cron.workspace)
    assert cron.run() == 0
    (cron.workspace.issues / f"{SLUG}.yaml").unlink()
    join(
        cron.workspace, "lee@example.com,,,Library", "kim@example.com,,,other", "marie@example.com,,fr,", people=people
    )
    assert send(cron.workspace) == 0
    texts = {who: text_of(room.letter_to(f"{who}@example.com")) for who in ("lee", "kim", "marie")}
    assert ["도서관만" in texts[who] for who in ("lee", "kim", "marie")] == [True, False, False]
    assert "Croissance" in str(room.letter_to("marie@example.com")["Subject"])
    assert verified(cron.workspace)


def with_rule(workspace: Workspace, sql: str) -> None:
    with open_ledger(workspace, Purpose.SENDING) as book, book._database.write() as connection:
        connection.exec_driver_sql(f"UPDATE dispatches SET variant_rule = {sql}")


def test_who_has_no_edition_is_left_out_and_told(with_latecomers: Cron, room: Mailroom) -> None:
    cron = with_latecomers
    with_rule(cron.workspace, """replace(variant_rule, '"en"', '"fr"')""")
    join(cron.workspace, "marie@example.com,,fr", "lee@example.com,,", people="email,name,language\n")
    assert "1 whose edition “fr” was not planned" in str(look(cron.workspace).summary(cron.workspace))
    assert cron.run() == 0
    assert "1 whose edition “fr” was not planned" in cron.words[0]
    assert went_to(room)[-1] == "lee@example.com"
    assert len(room.mail) == 4


def test_of_an_older_version_the_language_decides_and_sections_are_guessed_by_nobody(
    cron: Cron, room: Mailroom
) -> None:
    write_issue(cron.workspace.root, due=HOUR)
    approve(cron.workspace)
    assert cron.run() == 0
    with_rule(cron.workspace, "NULL")
    join(cron.workspace, "lee@example.com,,en-GB", people="email,name,language\n")
    assert send(cron.workspace) == 0
    assert "Unsubscribe" in text_of(room.letter_to("lee@example.com"))
    other = f"title: 청년정책\npublish_at: {(datetime.now(UTC) - HOUR).isoformat()}\nintro: 지난해를 돌아봅니다.\n"
    (cron.workspace.issues / "2026-12.yaml").write_text(other + SECTIONS, encoding="utf-8")
    approve(cron.workspace, "2026-12")
    assert cron.run() == 0
    with_rule(cron.workspace, "NULL")
    with pytest.raises(RefusedError, match="planned by an earlier version"):
        look(cron.workspace, slug="2026-12")


def test_cron_gives_the_last_issue_to_who_joins_and_is_silent_otherwise(with_latecomers: Cron, room: Mailroom) -> None:
    cron = with_latecomers
    assert (cron.run(), cron.words) == (0, [])
    join(cron.workspace, "lee@example.com,이하늘")
    assert cron.run() == 0
    assert cron.words[0] == "2026-11: 1 subscriber joined after the plan; it goes to them, too."
    assert went_to(room)[-1] == "lee@example.com"
    assert (cron.run(), cron.words) == (0, [])
    assert len(room.mail) == 4
    assert verified(cron.workspace)


def test_who_runs_the_newsletter_gets_no_mail_for_each_of_them(
    with_latecomers: Cron, open_workspace: Reload, room: Mailroom
) -> None:
    cron = with_latecomers
    cron.workspace = open_workspace(
        NEWSLETTER_SCHEDULE__LATECOMERS="14d", NEWSLETTER_OPERATOR__NOTIFY='["operator@example.org"]'
    )
    for day, late in ((1, "lee"), (1, "han"), (2, "kang")):
        cron.now = datetime.now(UTC) + day * DAY
        join(
            cron.workspace, f"{late}@example.com,", people=(cron.workspace.root / "subscribers.csv").read_text("utf-8")
        )
        assert cron.run() == 0
        assert f"{late}@example.com" in went_to(room)
    assert went_to(room).count("operator@example.org") == 2


def long_ago(workspace: Workspace) -> None:
    """The subscriber file was last written to a minute ago, as far as its times tell."""
    then = datetime.now(UTC).timestamp() - 60
    os.utime(workspace.root / "subscribers.csv", (then, then))


def test_cron_reads_a_file_only_when_it_has_changed_and_once_a_day(
    with_latecomers: Cron, room: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    cron, reads = with_latecomers, []

    rows_of = MailingList.rows

    def counted(people: MailingList, advance: Advance | None = None) -> Iterator[Subscriber | BadRow]:
        reads.append(people)
        return rows_of(people, advance)

    monkeypatch.setattr(MailingList, "rows", counted)
    long_ago(cron.workspace)
    assert [cron.run() for _ in range(3)] == [0, 0, 0]
    assert len(reads) == 1
    join(cron.workspace, "lee@example.com,")
    long_ago(cron.workspace)
    assert [cron.run() for _ in range(3)] == [0, 0, 0]
    assert (len(reads), len(room.mail)) == (2, 4)
    cron.now = datetime.now(UTC) + DAY
    assert [cron.run() for _ in range(2)] == [0, 0]
    assert len(reads) == 3
    # What was written to just now may be written to again within the same tick of its clock.
    join(cron.workspace, "lee@example.com,")
    assert [cron.run() for _ in range(2)] == [0, 0]
    assert (len(reads), len(room.mail)) == (5, 4)


def test_cron_mails_no_list_that_was_put_in_the_place_of_another(with_latecomers: Cron, room: Mailroom) -> None:
    cron = with_latecomers
    join(cron.workspace, *(f"stranger{number}@example.net," for number in range(21)))
    long_ago(cron.workspace)
    for _ in range(2):
        assert cron.run() == 77
        assert "21 in the subscriber file have not got 2026-11, which went to 3." in cron.words[0]
        assert "newsletter send 2026-11 --latecomers" in cron.words[0]
    assert cron.warnings == [], "told daily, and not every ten minutes"
    assert len(room.mail) == 3
    found = look(cron.workspace)
    assert "21 in the subscriber file" in str(found.many())
    assert send_latecomers(cron.workspace, found, advance=quiet).exit_code() == 0
    assert (cron.run(), len(room.mail)) == (0, 24)


def test_cron_leaves_an_old_issue_alone_and_looks_at_the_last_one(with_latecomers: Cron, room: Mailroom) -> None:
    cron = with_latecomers
    aged(cron.workspace, 15 * DAY)
    join(cron.workspace, "lee@example.com,")
    assert (cron.run(), cron.words) == (0, [])
    due = (datetime.now(UTC) - HOUR).isoformat()
    other = f"title: 청년정책\npublish_at: {due}\nintro: 지난해의 주택 정책을 돌아봅니다.\n"
    (cron.workspace.issues / "2026-12.yaml").write_text(other, encoding="utf-8")
    approve(cron.workspace, "2026-12")
    assert cron.run() == 0
    assert len(room.mail) == 3 + 4
    join(cron.workspace, "lee@example.com,", "han@example.com,")
    assert cron.run() == 0
    assert len(room.mail) == 3 + 4 + 1
    assert "청년" in str(room.letter_to("han@example.com")["Subject"])


def test_what_is_wrong_with_the_file_is_told_and_stops_nothing_else(with_latecomers: Cron) -> None:
    cron = with_latecomers
    (cron.workspace.root / "subscribers.csv").unlink()
    assert cron.run() == 65
    assert "subscribers.csv" in cron.warnings[0]
    assert (cron.run(), cron.warnings) == (65, [])
    join(cron.workspace)
    assert (cron.run(), cron.words) == (0, [])


def test_latecomers_of_a_book_that_was_adopted_since_are_not_doubled(with_latecomers: Cron, room: Mailroom) -> None:
    """The copy was made before they joined: it knows nothing of them, and would mail them again."""
    cron = with_latecomers
    workspace, copy = cron.workspace, cron.workspace.root / "backup"
    shutil.copytree(workspace.state, copy)
    join(workspace, "lee@example.com,,", people=PEOPLE)
    assert cron.run() == 0
    assert len(room.mail) == 4
    for file in workspace.state.glob("ledger.db*"):
        file.unlink()
    for file in copy.glob("ledger.db*"):
        shutil.copy(file, workspace.state / file.name)
    (workspace.issues / f"{SLUG}.sent.json").unlink()
    assert cron.run() == 77
    adopt(workspace)
    assert cron.run() == 0
    with pytest.raises(RefusedError, match="before this ledger was adopted"):
        look(workspace)
    with pytest.raises(RefusedError, match="before this ledger was adopted"):
        look(workspace, datetime.now(UTC).date())
    assert look(workspace, datetime.now(UTC).date() + DAY).nothing_to_do
    assert len(room.mail) == 4


def test_a_renamed_newsletter_knows_who_left_by_a_late_letter(
    sent: Cron, open_workspace: Reload, room: Mailroom
) -> None:
    wanted = prepare_rename(sent.workspace, "issue-curator.news.example.org", "letter.example.org")
    rename(sent.workspace, wanted)
    workspace = open_workspace(
        NEWSLETTER_NEWSLETTER__LIST_ID="letter.example.org",
        NEWSLETTER_NEWSLETTER__FORMER_LIST_IDS='["issue-curator.news.example.org"]',
    )
    join(workspace, "lee@example.com,", "han@example.com,")
    with open_ledger(workspace, Purpose.SENDING) as book:
        former = links_of(workspace, create=False, list_id="issue-curator.news.example.org")
        who = former.address_hash("han@example.com")
        book.suppress("issue-curator.news.example.org", address_hash=who, reason="unsubscribed", now=datetime.now(UTC))
    assert send(workspace) == 0
    assert went_to(room)[-1] == "lee@example.com"
    assert len(room.mail) == 4
    link = str(room.letter_to("lee@example.com")["List-Unsubscribe"])
    token = link.rpartition("/u/")[2].rstrip(">")
    read = links_of(workspace, create=False).read(token)
    assert read is not None
    with open_ledger(workspace, Purpose.READ) as book, book._database.read() as connection:
        kept = connection.exec_driver_sql("SELECT address_hash FROM deliveries WHERE key = 'lee@example.com'").scalar()
    assert kept == read.address_hash
