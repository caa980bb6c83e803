"""`newsletter incident`: who was held then and what, a notice to fill in, sent once to each, and the proof."""

import csv
import json
import stat
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.ledger.people_ledger import open_people_ledger
from newsletter.ledger.records import Purpose
from newsletter.ledger.sign_ups import SignUp
from newsletter.ledger.subscription_state import SubscriptionState
from newsletter.ledger.subscriptions import Subscription
from newsletter.settings.load import find_workspace
from newsletter.workflow.steps.keys import links_of
from tests.cli.conftest import TOML, Call, make_workspace
from tests.support.mailroom import Mailroom, mailroom

AT = "2026-01-15 03:00"
MOMENT = datetime(2026, 1, 14, 18, tzinfo=UTC)
ROWS = (
    "email,name,consent_at,회사\n"
    "before@example.com,Hong,2025-12-01,=1+1\n"
    "after@example.com,Jane,2026-01-16,\n"
    "undated@example.com,Jane,,\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    here = make_workspace(tmp_path / "here")
    (here / "subscribers.csv").write_text(ROWS, encoding="utf-8")
    return here


@pytest.fixture
def room(tmp_path: Path, folder: Path) -> Iterator[Mailroom]:
    with mailroom(tmp_path) as room:
        text = TOML.format(language="en").replace("smtp://127.0.0.1:1", room.url)
        (folder / "newsletter.toml").write_text(text, encoding="utf-8")
        yield room


def _sign_up(folder: Path, address: str, since: datetime, language: str = "ko") -> None:
    workspace = find_workspace(folder, explicit=None, environ={})
    list_id = workspace.settings.newsletter.list_id
    one = Subscription(
        links_of(workspace, create=True).address_hash(address),
        key=address,
        address=address,
        state=SubscriptionState.CONFIRMED,
        language=language,
        source="form",
        created_at=since,
    )
    with open_people_ledger(workspace, Purpose.PAGES) as book:
        book.subscribe(list_id, [one], datetime.now(UTC))


def _asked(folder: Path, address: str, at: datetime) -> None:
    workspace = find_workspace(folder, explicit=None, environ={})
    request = SignUp(
        id=address,
        address_hash=links_of(workspace, create=True).address_hash(address),
        key=address,
        address=address,
        name="홍길동",
        language="ko",
        wording="동의합니다.",
        wording_language="ko",
        source="form",
        place="https://letter.example.org/subscribe",
    )
    with open_people_ledger(workspace, Purpose.PAGES) as book:
        book.ask(workspace.settings.newsletter.list_id, request, [], at)


def test_it_says_who_was_held_then_and_what(call: Call, folder: Path) -> None:
    _sign_up(folder, "signed@example.org", MOMENT - timedelta(days=1))
    _sign_up(folder, "later@example.org", MOMENT + timedelta(minutes=1))
    _sign_up(folder, "before@example.com", MOMENT - timedelta(days=9))
    ended = call("incident", "--at", AT, "--json", cwd=folder)
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    assert (found["people"], found["maybe"]) == (3, 1)
    assert found["where"] == {"sign-up": 2, "file": 1}
    assert found["fields"]["email"] == 3
    assert datetime.fromisoformat(found["at"]) == MOMENT


def test_who_only_asked_or_is_only_suppressed_was_held_as_well(call: Call, folder: Path, tmp_path: Path) -> None:
    _asked(folder, "asked@example.org", MOMENT - timedelta(hours=1))
    _asked(folder, "asks.later@example.org", MOMENT + timedelta(hours=1))
    workspace = find_workspace(folder, explicit=None, environ={})
    with open_people_ledger(workspace, Purpose.PAGES) as book:
        for key, at in (("gone@example.org", MOMENT), ("later@example.org", MOMENT + timedelta(seconds=1))):
            book.suppress("*", key=key, reason="bad address", now=at)
        book.suppress("other.example.org", key="of.others@example.org", reason="manual", now=MOMENT)
    call("incident", "--at", AT, "--out", str(tmp_path / "leak"), cwd=folder)
    people = csv.DictReader((tmp_path / "leak" / "people.csv").read_text(encoding="utf-8").splitlines())
    found = {one["email"]: (one["where"], one["fields"]) for one in people if one["where"] != "file"}
    assert found == {
        "asked@example.org": ("request", "email; name; language"),
        "gone@example.org": ("suppression", "email"),
    }
    told = (tmp_path / "leak" / "notice.ko.txt").read_text(encoding="utf-8")
    assert "전자우편 주소" in told
    assert "회사" in told
    assert "email" not in told


@pytest.mark.parametrize("given", ["tomorrow", "03:00", "2999-01-01 00:00", "2026-13-01 00:00", ""])
def test_what_is_no_moment_of_the_past_is_refused(call: Call, folder: Path, given: str) -> None:
    assert call("incident", "--at", given, cwd=folder).code == 64


def test_the_list_is_for_this_user_and_no_cell_begins_a_formula(call: Call, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "leak"
    assert call("incident", "--at", AT, "--out", str(out), cwd=folder).code == 0
    people = list(csv.DictReader((out / "people.csv").read_text(encoding="utf-8").splitlines()))
    assert [(one["email"], one["certain"]) for one in people] == [
        ("before@example.com", "yes"),
        ("undated@example.com", "maybe"),
    ]
    assert "회사" in people[0]["fields"]
    assert stat.S_IMODE((out / "people.csv").stat().st_mode) == 0o600
    for language in ("ko", "en"):
        assert "[[" in (out / f"notice.{language}.txt").read_text(encoding="utf-8")


def test_a_place_that_git_takes_along_is_told(call: Call, folder: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    assert "people.csv" in call("incident", "--at", AT, "--out", str(folder / "leak"), cwd=folder).err
    (folder / "leak" / ".gitignore").write_text("*\n")
    assert "people.csv" not in call("incident", "--at", AT, "--out", str(folder / "leak"), cwd=folder).err


def test_what_was_filled_in_is_not_written_over(call: Call, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "leak"
    call("incident", "--at", AT, "--out", str(out), cwd=folder)
    (out / "notice.ko.txt").write_text("제목\n\n본문", encoding="utf-8")
    call("incident", "--at", AT, "--out", str(out), cwd=folder)
    assert (out / "notice.ko.txt").read_text(encoding="utf-8") == "제목\n\n본문"


def test_nothing_goes_out_while_something_is_open(call: Call, folder: Path, tmp_path: Path, room: Mailroom) -> None:
    out = tmp_path / "leak"
    call("incident", "--at", AT, "--out", str(out), cwd=folder)
    ended = call("incident", "--at", AT, "--send", str(out), "--yes", cwd=folder)
    assert (ended.code, room.mail) == (65, [])
    assert "notice.ko.txt:3" in ended.err
    empty = call("incident", "--at", AT, "--send", str(tmp_path), "--yes", cwd=folder)
    assert (empty.code, "notice.ko.txt" in empty.err) == (65, True)


def test_each_is_told_once_and_the_proof_says_when(call: Call, folder: Path, tmp_path: Path, room: Mailroom) -> None:
    _sign_up(folder, "signed@example.org", MOMENT - timedelta(days=1))
    call("subscribers", "suppress", "before@example.com", "--yes", cwd=folder)
    out = tmp_path / "leak"
    out.mkdir()
    (out / "notice.en.txt").write_text("Your data\r\n\r\nThis happened.\r\n", encoding="utf-8")
    (out / "notice.ko.txt").write_text("\ufeff안내\n\n이런 일이 있었습니다.", encoding="utf-8")
    room.replies = {"undated@example.com": "450 4.2.0 later"}
    ended = call("incident", "--at", AT, "--send", str(out), "--yes", "--json", cwd=folder)
    assert ended.code == 75
    assert json.loads(ended.out)["notices"] == {"sent": 2, "refused": 0, "in_doubt": 0, "missing": 1}
    assert room.letter_to("signed@example.org")["Subject"] == "안내"
    assert room.words_to("before@example.com").strip() == "This happened."  # also to who has left
    room.replies = {}
    assert call("incident", "--at", AT, "--send", str(out), "--yes", cwd=folder).code == 0
    assert sorted(to for to, _ in room.mail) == ["before@example.com", "signed@example.org", "undated@example.com"]
    proof = list(csv.DictReader((out / "proof.csv").read_text(encoding="utf-8").splitlines()))
    assert {one["state"] for one in proof} == {"sent"}
    assert all(one["message_id"] and one["sent_at"] and one["reply"] for one in proof)


def test_one_does_not_write_and_send_at_once(call: Call, folder: Path, tmp_path: Path) -> None:
    assert call("incident", "--at", AT, "--out", str(tmp_path), "--send", str(tmp_path), cwd=folder).code == 64
