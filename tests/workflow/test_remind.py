"""Nobody forgets the letter: simulated months of cron, with months unwritten, unapproved, changed, and a long sleep."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from unittest.mock import Mock

import pytest

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.workflow.new_next import new_next
from newsletter.workflow.steps.plan import plan_dispatch
from newsletter.workflow.steps.prepare import prepare_fresh
from newsletter.workflow.steps.survey import survey
from tests.support.books import begun_long_ago
from tests.support.mailroom import Mailroom
from tests.workflow.conftest import ISSUE, Cron, Reload, approve
from tests.workflow.test_list_change import people
from tests.workflow.test_word import EDITOR, OPERATOR, Told

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EVERY = "first monday 09:00"
FIRST = datetime(2026, 12, 7, 0, 0, tzinfo=UTC)  # 09:00 in Seoul


@pytest.fixture
def told(open_workspace: Reload, tmp_path: Path) -> Told:
    told = Told(open_workspace, tmp_path, NEWSLETTER_SCHEDULE__EVERY=EVERY)
    (tmp_path / "issues" / "2026-11.yaml").unlink()
    return told


def write(root: Path, when: datetime, slug: str = "", more: str = "") -> str:
    """An issue whose words are its own."""
    slug = slug or f"{when + 9 * HOUR:%Y-%m}"
    own = " ".join(f"{slug} 이야기 {number}." for number in range(20))
    text = ISSUE.replace("신성장동력", f"{slug} 호") + f"  {own}\n{more}publish_at: {when.isoformat()}\n"
    (root / "issues" / f"{slug}.yaml").write_text(text, encoding="utf-8")
    return slug


def looks(cron: Cron, *moments: datetime) -> list[str]:
    """What cron tells aloud at each of these moments."""
    found = []
    for cron.now in moments:
        cron.run()
        found += cron.warnings
    return found


def subjects(room: Mailroom) -> list[str]:
    return [str(message_from_bytes(data, policy=policy.default)["Subject"]) for _, data in room.mail]


def test_an_unwritten_letter_is_told_three_times_and_when_its_time_is_there(told: Told, room: Mailroom) -> None:
    start = FIRST - 9 * DAY
    for quarter in range(4 * 10):
        told.cron.now = start + quarter * 6 * HOUR
        assert told.cron.run() == 0
    given = told.given()
    assert [one["numbers"] for one in given] == [{"days": 7}, {"days": 3}, {"days": 1}, {"days": 0}]
    assert [one["event"] for one in given] == ["near", "near", "near", "not_ready"]
    assert {(one["issue"], one["next_command"]) for one in given} == {("2026-12", "newsletter new --next")}
    assert "2026-12는 3일 뒤인 2026-12-07 09:00 KST에 나갈 예정입니다." in str(given[1]["message"])
    assert room.recipients() == [OPERATOR, EDITOR] * 4
    assert "[newsletter] 2026-12: 준비 안 됨, 발송 임박" in subjects(room)


def test_a_machine_that_slept_tells_once_and_not_three_times(told: Told) -> None:
    assert len(looks(told.cron, FIRST - 8 * DAY, FIRST - 20 * HOUR, FIRST - 10 * HOUR)) == 1
    assert told.given()[0]["numbers"] == {"days": 1}
    assert "20시간 뒤" in str(told.given()[0]["message"])


def sample(told: Told) -> str:
    new_next(told.cron.workspace, now=FIRST - 20 * DAY)
    return "check"


def unapproved(told: Told) -> str:
    write(told.cron.workspace.root, FIRST)
    return "approve"


def changed(told: Told) -> str:
    slug = write(told.cron.workspace.root, FIRST)
    approve(told.cron.workspace, slug)
    write(told.cron.workspace.root, FIRST, more="author: 홍길동\n")
    return "approve"


def moved_away(told: Told) -> str:
    """Its own time is what counts, whatever the schedule says."""
    write(told.cron.workspace.root, FIRST + 4 * HOUR, "2026-12")
    return "approve"


def without_time(told: Told) -> str:
    path = told.cron.workspace.root / "issues" / "2026-12.yaml"
    path.write_text(ISSUE, encoding="utf-8")
    return "check"


@pytest.mark.parametrize("lacking", [sample, unapproved, changed, moved_away, without_time])
def test_what_is_missing_is_said_with_the_next_command(told: Told, lacking: Callable[[Told], str]) -> None:
    command = lacking(told)
    (said,) = looks(told.cron, FIRST - 7 * DAY + 5 * HOUR, FIRST - 6 * DAY)
    (given,) = told.given()
    assert given["next_command"] == f"newsletter {command} 2026-12"
    assert "2026-12 is to go out 2026-12-07 " in said
    if lacking is without_time:
        assert "publish_at: 2026-12-07T09:00" in said
    else:
        assert f"newsletter {command} 2026-12" in said


def test_a_letter_that_cannot_be_read_is_told_to_the_editor_as_well(told: Told, room: Mailroom) -> None:
    write(told.cron.workspace.root, FIRST, more="bogus: 1\n")
    told.cron.now = FIRST - 3 * DAY
    assert told.cron.run() == 65
    assert [given["event"] for given in told.given()] == ["error", "near"]
    assert room.recipients().count(EDITOR) == 1


@pytest.mark.parametrize("slug", ["2026-12", "special"])
def test_what_is_approved_or_was_sent_by_hand_is_no_news(told: Told, slug: str) -> None:
    write(told.cron.workspace.root, FIRST, slug)
    approve(told.cron.workspace, slug)
    assert looks(told.cron, FIRST - 7 * DAY, FIRST - HOUR) == []
    if slug == "2026-12":
        with open_ledger(told.cron.workspace, Purpose.SENDING) as ledger:
            plan_dispatch(told.cron.workspace, ledger, prepare_fresh(told.cron.workspace, slug, ledger))
        (told.cron.workspace.root / "issues" / f"{slug}.yaml").unlink()
        told.cron.now = FIRST - 10 * DAY
        told.cron.run()
        assert [given["event"] for given in told.given()] == ["finished"]


def test_where_no_approval_is_needed_only_errors_are_told(open_workspace: Reload, tmp_path: Path) -> None:
    told = Told(open_workspace, tmp_path, NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL="false")
    write(tmp_path, FIRST)
    (tmp_path / "issues" / "2026-11.yaml").unlink()
    assert looks(told.cron, FIRST - 7 * DAY, FIRST - 6 * DAY) == []
    write(tmp_path, FIRST, more="hero: { src: none.png, alt: 강 }\n")
    assert len(looks(told.cron, FIRST - 3 * DAY, FIRST - 2 * DAY)) == 1


def test_a_list_that_cron_would_refuse_is_told_days_before(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    root = told.cron.workspace.root
    people(root, 50)
    write(root, FIRST - 28 * DAY, "2026-11")
    approve(told.cron.workspace, "2026-11")
    told.cron.now = FIRST - 28 * DAY
    assert told.cron.run() == 0
    approve(told.cron.workspace, write(root, FIRST))
    people(root, 20)
    surveyed = Mock(wraps=survey)
    monkeypatch.setattr("newsletter.workflow.steps.prepare.survey", surveyed)
    (said,) = looks(told.cron, *(FIRST - 7 * DAY + hours * HOUR for hours in range(0, 90, 10)))
    assert "2026-12 would go to 20, and 2026-11 went to 50: 60% fewer." in said
    assert "newsletter send 2026-12" in said
    people(root, 45)
    assert looks(told.cron, *(FIRST - 3 * DAY + hours * HOUR for hours in range(0, 40, 10))) == []
    assert surveyed.call_count == 2, "read once a reminder"


@pytest.mark.parametrize("cells", ["", "email\nno address\n"])
def test_a_subscriber_file_that_would_stop_it_is_told_with_its_fault(told: Told, cells: str) -> None:
    root = told.cron.workspace.root
    approve(told.cron.workspace, write(root, FIRST))
    (root / "subscribers.csv").write_text(cells, encoding="utf-8")
    (said,) = looks(told.cron, FIRST - 7 * DAY, FIRST - 6 * DAY)
    assert "subscribers.csv" in said
    assert "newsletter check 2026-12" in said


def test_without_a_ledger_a_file_remembers_and_the_ledger_is_asked_for(open_workspace: Reload, tmp_path: Path) -> None:
    cron = Cron(open_workspace(NEWSLETTER_SCHEDULE__EVERY=EVERY))
    (said, *more) = looks(cron, *(FIRST - 7 * DAY + hours * HOUR for hours in range(0, 90, 6)))
    assert "newsletter new --next\n" in said
    assert "newsletter ledger init" in said
    assert more == []
    begun_long_ago(tmp_path)
    assert looks(cron, FIRST - 4 * DAY + HOUR) == [], "told again once there is a ledger"


def test_an_approval_that_comes_late_is_told_while_the_letter_goes_out(told: Told, room: Mailroom) -> None:
    slug = write(told.cron.workspace.root, FIRST)
    told.cron.now = FIRST + HOUR
    assert told.cron.run() == 77
    approve(told.cron.workspace, slug, at=FIRST + 2 * HOUR)
    told.cron.now = FIRST + 2 * HOUR
    assert told.cron.run() == 0
    assert told.cron.warnings == []
    assert [given["event"] for given in told.given()] == ["not_ready", "approved_late", "finished"]
    assert told.given()[1]["numbers"] == {"seconds_late": 7200}
    assert room.recipients().count(EDITOR) == 2
    assert sorted(set(room.recipients()) - {EDITOR, OPERATOR}) == [
        "hong@example.com",
        "jane@example.org",
        "kim@example.net",
    ]


def test_half_a_year_of_letters(told: Told) -> None:
    """Each month one thing: in time, a week early, two days early, an hour late, never."""
    root, workspace, cron = told.cron.workspace.root, told.cron.workspace, told.cron
    firsts = [(2027, 1, 4), (2027, 2, 1), (2027, 3, 1), (2027, 4, 5), (2027, 5, 3), (2027, 6, 7)]
    approved_before = [10 * DAY, 6 * DAY, 2 * DAY, 12 * HOUR, None]
    expected: dict[str, list[int]] = {}
    work: list[tuple[datetime, str, datetime, bool]] = []
    for number, day in enumerate(firsts):
        when, before = datetime(*day, tzinfo=UTC), approved_before[number % 5]
        slug = f"{day[0]}-{day[1]:02}"
        if before is None:
            expected[slug] = [7, 3, 1, 0]
            continue
        work += [(when - before - HOUR, slug, when, False), (when - before, slug, when, True)]
        expected[slug] = [days for days in (7, 3, 1) if days * DAY > before]
    work.sort()
    looked = [7 * DAY, 3 * DAY, DAY, timedelta()]
    whens = [datetime(*day, tzinfo=UTC) for day in firsts]
    for moment in sorted([when - before for when in whens for before in looked] + [at for at, *_ in work]):
        while work and work[0][0] <= moment:
            at, slug, when, is_approval = work.pop(0)
            if is_approval:
                approve(workspace, slug, at=at)
            else:
                write(root, when, slug)
        cron.now = moment
        assert cron.run() == 0
    told_of: dict[str, list[object]] = {}
    for given in told.given():
        if given["event"] in {"near", "not_ready"}:
            told_of.setdefault(str(given["issue"]), []).append(given["numbers"]["days"])  # type: ignore[index]
    assert told_of == {slug: days for slug, days in expected.items() if days}
    finished = [given["issue"] for given in told.given() if given["event"] == "finished"]
    assert finished == [slug for slug, days in expected.items() if 0 not in days]


@pytest.mark.parametrize(("before", "said"), [(13, "13분 뒤"), (0.2, "1분 뒤"), (59, "59분 뒤"), (61, "1시간 뒤")])
def test_what_is_nearer_than_an_hour_is_told_in_minutes(told: Told, before: float, said: str) -> None:
    looks(told.cron, FIRST - timedelta(minutes=before))
    assert said in str(told.given()[0]["message"])
