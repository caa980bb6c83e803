"""`newsletter subscribers show ADDR`: for a person and for a script, whatever is known, and whoever is not."""

import json
from pathlib import Path

import pytest

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.load import find_workspace
from newsletter.workflow.steps.keys import links_of
from tests.cli.conftest import Call, make_workspace
from tests.support.books import NOW
from tests.support.doubts import SLUG, plan_with_doubts

SENT, DOUBTED = "reader0@example.com", "reader1@example.com"
PEOPLE = f"""email,name,language,tags,consent_at,consent_source,회사
hong@example.com,홍길동,ko,시민;연구,2021-03-02,누리집,서울시
{SENT},Jane Doe,en,,,,
{SENT.upper()},Jane,,,,,
"broken"row,,,,,,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    here = make_workspace(tmp_path / "here")
    (here / "subscribers.csv").write_text(PEOPLE, encoding="utf-8")
    plan_with_doubts(here)
    return here


def shown(call: Call, folder: Path, *words: str) -> dict[str, list[dict[str, object]]]:
    ended = call("subscribers", "show", *words, "--json", cwd=folder)
    assert ended.code == 0, ended.err
    told: dict[str, list[dict[str, object]]] = json.loads(ended.out)
    return told


@pytest.mark.parametrize("written", [SENT, " Reader0@EXAMPLE.com "])
def test_a_reader_is_found_however_the_address_is_written(call: Call, folder: Path, written: str) -> None:
    told = shown(call, folder, written)
    assert [(row["file"], row["line"], row["name"]) for row in told["list"]] == [
        ("subscribers.csv", 3, "Jane Doe"),
        ("subscribers.csv", 4, "Jane"),
    ]
    [issue] = told["issues"]
    assert (issue["issue"], issue["state"], issue["attempts"]) == (SLUG, "sent", 1)
    assert (issue["code"], issue["enhanced"], issue["text"]) == (250, "2.0.0", "Ok: queued as 4cR9")


def test_a_person_reads_where_since_when_why_and_what_the_relay_said(call: Call, folder: Path) -> None:
    assert call("subscribers", "suppress", SENT, "--reason", "asked\tby\x1b[31m phone", cwd=folder).code == 0
    lines = call("subscribers", "show", SENT, cwd=folder).out.splitlines()
    assert lines[:3] == [
        SENT,
        "  in the list: subscribers.csv:3 (Jane Doe, en)",
        "  there again, and mailed once: line 4",
    ]
    assert lines[3].startswith("  suppressed since 20")
    assert lines[3].endswith(" KST: asked by [31m phone, for letter.news.example.org")
    assert lines[4].split("  ")[1:3] == [SLUG, "sent"]
    assert lines[4].endswith("1 attempt  250 2.0.0 Ok: queued as 4cR9")


def test_in_korean(call: Call, folder: Path) -> None:
    lines = call("subscribers", "show", "hong@example.com", "--lang", "ko", cwd=folder).out.splitlines()
    assert lines == [
        "hong@example.com",
        "  명단에 있음: subscribers.csv:2(홍길동, ko, 시민; 연구)",
        "  수신 동의: 2021-03-02, 누리집",
        "  이 주소로 계획한 호가 없음",
    ]
    [row] = shown(call, folder, "hong@example.com")["list"]
    assert (row["tags"], row["fields"]) == (["시민", "연구"], {"회사": "서울시"})


def test_one_who_left_by_a_link_and_came_back_is_told_as_that(call: Call, folder: Path) -> None:
    workspace = find_workspace(folder, explicit=folder, environ={})
    address_hash = links_of(workspace, create=True).address_hash(DOUBTED)
    with open_ledger(workspace, Purpose.PAGES) as book:
        book.suppress(workspace.settings.newsletter.list_id, reason="unsubscribed", now=NOW, address_hash=address_hash)
    [left] = shown(call, folder, DOUBTED)["suppressions"]
    assert (left["since"], left["until"], left["by_link"]) == (NOW.isoformat(), None, True)
    assert call("subscribers", "unsuppress", DOUBTED, cwd=folder).code == 0
    told = shown(call, folder, DOUBTED)
    assert (told["suppressions"][0]["until"] is None, told["list"]) == (False, [])
    text = call("subscribers", "show", DOUBTED, cwd=folder).out
    assert "was suppressed from 2026-11-22 17:00 KST to " in text
    assert "not in the list (subscribers.csv)" in text
    assert "in doubt" in text


def test_of_one_whom_nobody_knows_that_is_said_and_is_65(call: Call, folder: Path) -> None:
    ended = call("subscribers", "show", "nobody@example.org", cwd=folder)
    assert (ended.code, ended.out) == (65, "")
    assert ended.err.startswith("Nothing is known of nobody@example.org: ")
    assert "nobody@example.org is not in subscribers.csv." in ended.err
    assert "hong@example.com" in call("subscribers", "show", "hon@example.com", cwd=folder).err
    machine = call("subscribers", "show", "nobody@example.org", "--json", cwd=folder)
    assert machine.code == 65
    nothing: dict[str, object] = {"list": [], "sign_up": None, "suppressions": [], "issues": [], "returns": []}
    assert json.loads(machine.out) == {"address": "nobody@example.org", **nothing}


def test_what_is_no_address_is_a_wrong_word(call: Call, folder: Path) -> None:
    assert call("subscribers", "show", "no address", cwd=folder).code == 64


def test_without_a_list_or_without_a_ledger_the_other_one_is_told(call: Call, folder: Path, tmp_path: Path) -> None:
    (folder / "subscribers.csv").unlink()
    assert len(shown(call, folder, SENT)["issues"]) == 1
    fresh = make_workspace(tmp_path / "fresh")
    assert len(shown(call, fresh, "hong@example.com")["list"]) == 1


def test_a_lost_ledger_is_not_told_as_nobody_has_left(call: Call, folder: Path) -> None:
    for path in (folder / ".newsletter").glob("ledger.db*"):
        path.unlink()
    assert call("subscribers", "show", SENT, cwd=folder).code == 78


def test_under_another_list_id_nobody_is_told_as_not_having_left(call: Call, folder: Path) -> None:
    toml = folder / "newsletter.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("letter.news", "another.news"), encoding="utf-8")
    ended = call("subscribers", "show", SENT, cwd=folder)
    assert (ended.code, "rename-list" in ended.err) == (77, True)
    assert call("status", SLUG, "--who", "sent", cwd=folder).code == 77
