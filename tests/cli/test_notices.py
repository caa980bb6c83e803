"""`newsletter subscribers notices`: whom the 14-day and the two-year rule are due for, sent once, with proof."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import TOML, Call, make_workspace
from tests.support.cli import started
from tests.support.mailroom import Mailroom, mailroom

TODAY = date.today()  # noqa: DTZ011 - the zone of the workspace is this one
NEW, YEARS = "new@example.com", "years@example.com"


def _rows() -> str:
    day = TODAY - timedelta(days=3)
    long_ago = TODAY.replace(year=TODAY.year - 2, day=min(TODAY.day, 28)) + timedelta(days=10)
    late = TODAY.replace(year=TODAY.year - 3, day=min(TODAY.day, 28))
    return (
        "email,name,language,consent_at,consent_source\n"
        f"{NEW},Hong,en,{day},web form\n"
        f"{YEARS},홍길동,ko,{long_ago},누리집\n"
        f"late@example.net,Jane,en,{late},\n"
        f"quiet@example.com,Jane,en,{TODAY - timedelta(days=100)},\n"
        f"left@example.com,Jane,en,{day},\n"
        "nodate@example.com,Jane,en,,\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    here = make_workspace(tmp_path / "here")
    (here / "subscribers.csv").write_text(_rows(), encoding="utf-8")
    return here


@pytest.fixture
def room(tmp_path: Path, folder: Path) -> Iterator[Mailroom]:
    with mailroom(tmp_path) as room:
        text = TOML.format(language="en").replace("smtp://127.0.0.1:1", room.url)
        pages = '[links]\npages_url = "https://letter.example.org"\n'
        (folder / "newsletter.toml").write_text(text + pages, encoding="utf-8")
        yield room


def _due(call: Call, folder: Path) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = json.loads(call("subscribers", "notices", "--json", cwd=folder).out)
    return found


def test_it_counts_whom_the_rules_are_due_for_and_not_who_left(call: Call, folder: Path) -> None:
    call("subscribers", "suppress", "left@example.com", "--yes", cwd=folder)
    found = _due(call, folder)
    assert (found["consent"]["due"], found["consent"]["late"]) == (1, 0)
    assert (found["two_years"]["due"], found["two_years"]["late"]) == (2, 1)
    assert "need" not in call("subscribers", "notices", cwd=folder).err


def test_each_is_told_once_in_their_language_with_their_way_out(call: Call, folder: Path, room: Mailroom) -> None:
    call("subscribers", "suppress", "left@example.com", "--yes", cwd=folder)
    ended = call("subscribers", "notices", "--send", "--yes", "--json", cwd=folder)
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["sending"] == {"sent": 3, "refused": 0, "waiting": 0, "in_doubt": 0}
    assert sorted(to for to, _ in room.mail) == ["late@example.net", NEW, YEARS]
    told = room.letter_to(YEARS)
    assert told["Subject"].endswith("계속 받으시겠습니까?")
    assert told["Auto-Submitted"] == "auto-generated"
    assert "홍길동" not in room.words_to(YEARS)
    link = told["List-Unsubscribe"].strip("<>")
    assert link.startswith("https://letter.example.org/u/")
    assert link in room.words_to(YEARS)
    assert "web form" in room.words_to(NEW)
    again = call("subscribers", "notices", "--send", "--yes", "--json", cwd=folder)
    assert (again.code, len(room.mail)) == (0, 3)
    assert _due(call, folder)["two_years"]["due"] == 0


def test_what_is_refused_is_kept_and_what_has_to_wait_is_tried_again(call: Call, folder: Path, room: Mailroom) -> None:
    room.replies = {NEW: "550 5.1.1 no such user", YEARS: "451 4.3.0 later"}
    ended = call("subscribers", "notices", "--send", "--yes", "--json", cwd=folder)
    assert ended.code == 75
    assert json.loads(ended.out)["sending"] == {"sent": 2, "refused": 1, "waiting": 1, "in_doubt": 0}
    found = json.loads(call("subscribers", "notices", "--json", cwd=folder).out)
    assert (found["refused"], found["two_years"]["due"], found["consent"]["due"]) == (1, 1, 0)
    room.replies = {}
    assert call("subscribers", "notices", "--send", "--yes", cwd=folder).code == 0
    assert [to for to, _ in room.mail].count(YEARS) == 1


def test_a_relay_that_takes_few_over_one_connection_gets_fresh_ones(call: Call, folder: Path, room: Mailroom) -> None:
    room.per_session = 1
    ended = call("subscribers", "notices", "--send", "--yes", "--json", cwd=folder)
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["sending"]["sent"] == len(room.mail) == 4


@pytest.mark.parametrize("said", ["550 5.4.5 Daily sending quota exceeded", "421 4.7.0 Too many messages, slow down"])
def test_a_relay_that_takes_nothing_for_now_is_left_and_nobody_is_taken_for_refused(
    call: Call, folder: Path, room: Mailroom, said: str
) -> None:
    room.replies = {"*": said}
    ended = call("subscribers", "notices", "--send", "--yes", "--json", cwd=folder)
    assert ended.code == 75
    assert json.loads(ended.out)["sending"]["refused"] == 0
    assert sum(command.startswith("RCPT") for command in room.commands) <= 2  # one for each kind of notice
    room.replies = {}
    assert call("subscribers", "notices", "--send", "--yes", cwd=folder).code == 0
    assert len(room.mail) == 4


def test_a_relay_that_is_down_tells_nobody_and_loses_nothing(call: Call, folder: Path) -> None:
    text = (folder / "newsletter.toml").read_text(encoding="utf-8")
    (folder / "newsletter.toml").write_text(f'{text}[links]\npages_url = "https://letter.example.org"\n')
    assert call("subscribers", "notices", "--send", "--yes", cwd=folder).code == 69
    assert _due(call, folder)["two_years"]["due"] == 2


def test_without_a_way_out_nobody_is_asked(call: Call, folder: Path) -> None:
    ended = call("subscribers", "notices", "--send", "--yes", cwd=folder)
    assert (ended.code, "pages_url" in ended.err) == (78, True)


@pytest.mark.parametrize("given", ["", "-1d", "soon", "1.5d", "99999d"])
def test_a_length_that_is_none_is_refused(call: Call, folder: Path, given: str) -> None:
    assert call("subscribers", "notices", "--within", given, cwd=folder).code == 64


def test_a_script_says_yes(call: Call, folder: Path) -> None:
    assert call("subscribers", "notices", "--send", cwd=folder).code == 64


def test_one_that_was_killed_at_the_dot_is_in_doubt_and_not_sent_again(
    call: Call, folder: Path, room: Mailroom
) -> None:
    call("subscribers", "suppress", "left@example.com", "--yes", cwd=folder)
    with started("subscribers", "notices", "--send", "--yes", cwd=folder) as process:
        room.at_dot = lambda _recipient: process.kill()
        process.wait()
    room.at_dot = lambda _recipient: None
    ended = call("subscribers", "notices", "--send", "--yes", "--json", cwd=folder)
    assert (ended.code, json.loads(ended.out)["in_doubt"]) == (0, 1)
    told = [to for to, _ in room.mail]
    assert sorted(told) == sorted(set(told))
    assert json.loads(call("subscribers", "notices", "--json", cwd=folder).out)["in_doubt"] == 1
