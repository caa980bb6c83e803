"""`newsletter subscribers list|show|add|suppress|unsuppress`: file and ledger, for people and for scripts."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Call, make_workspace

LEE = "lee@example.com"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "here")


def add(call: Call, folder: Path, address: str, *words: str) -> dict[str, Any]:
    ended = call("subscribers", "add", address, "--consent-source", "desk", "--json", *words, cwd=folder)
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


def listed(call: Call, folder: Path, *words: str) -> dict[str, dict[str, Any]]:
    found = json.loads(call("subscribers", "list", "--json", *words, cwd=folder).out)
    return {one["address"]: one for one in found["subscribers"]}


def test_who_was_added_is_listed_behind_the_file_with_the_source(call: Call, folder: Path) -> None:
    first, *rest = call("subscribers", "list", cwd=folder).out.splitlines()
    add(call, folder, "Lee@example.com", "--name", "이몽룡", "--language", "ko", "--tag", "복지", "--tag", "교통")
    add(call, folder, "hong@example.com")
    lines = call("subscribers", "list", cwd=folder).out.splitlines()
    assert lines == [
        f"{first}\tboth",
        *rest,
        "\tLee@example.com\t이몽룡\t\tsign-up",
    ]
    people = listed(call, folder)
    lee = people["Lee@example.com"]
    assert (lee["line"], lee["source"], lee["not_mailed"]) == (None, "sign-up", None)
    assert (lee["name"], lee["language"], lee["tags"], lee["consent_source"]) == (
        "이몽룡",
        "ko",
        ["교통", "복지"],
        "desk",
    )
    assert (people["hong@example.com"]["line"], people["hong@example.com"]["source"]) == (2, "both")


def test_a_list_of_nobody_is_an_object_too(call: Call, folder: Path) -> None:
    assert listed(call, folder, "--suppressed") == {}


def test_twice_is_once_and_what_is_said_anew_is_kept(call: Call, folder: Path) -> None:
    first = add(call, folder, LEE, "--name", "이몽룡", "--consent-at", "2026-01-05")
    again = add(call, folder, LEE, "--language", "en")
    assert (first["added"], again["added"]) == (True, False)
    assert (again["name"], again["language"], again["state"], again["source"]) == ("이몽룡", "en", "confirmed", "hand")
    assert again["consent_at"] == first["consent_at"] == "2026-01-04T15:00:00+00:00"
    assert len(call("subscribers", "list", cwd=folder).out.splitlines()) == len(listed(call, folder))


def test_who_left_is_not_added_until_it_is_taken_back(call: Call, folder: Path) -> None:
    call("subscribers", "suppress", LEE, cwd=folder)
    refused = call("subscribers", "add", LEE, "--consent-source", "desk", cwd=folder)
    assert refused.code == 77
    assert f"newsletter subscribers unsuppress {LEE}" in refused.err
    assert listed(call, folder)[LEE]["source"] is None
    call("subscribers", "unsuppress", LEE, cwd=folder)
    assert add(call, folder, LEE)["added"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["lee@example.com"], "--consent-source"),
        (["lee@example.com", "--consent-source", " "], "--consent-source"),
        (["nobody", "--consent-source", "desk"], "nobody"),
        (["lee@example.com", "--consent-source", "desk", "--consent-at", "soon"], "soon"),
        (["lee@example.com", "--consent-source", "desk", "--consent-at", "2999-01-01"], "2999-01-01"),
        (["lee@example.com", "--consent-source", "desk", "--language", "kr"], "ko"),
    ],
)
def test_what_cannot_be_meant_is_a_usage_error(call: Call, folder: Path, words: list[str], told: str) -> None:
    ended = call("subscribers", "add", *words, cwd=folder)
    assert ended.code == 64
    assert told in ended.err
    assert LEE not in listed(call, folder)


def test_show_tells_of_the_sign_up_with_its_consent(call: Call, folder: Path) -> None:
    add(call, folder, LEE, "--name", "이몽룡", "--consent-at", "2026-01-05T09:30")
    text = call("subscribers", "show", LEE, cwd=folder).out
    assert "signed up (hand) since" in text
    assert ": 이몽룡" in text
    assert "consent: 2026-01-05 09:30" in text
    assert "desk" in text
    told = json.loads(call("subscribers", "show", LEE, "--json", cwd=folder).out)
    assert (told["list"], told["sign_up"]["name"], told["sign_up"]["language"]) == ([], "이몽룡", None)
    assert json.loads(call("subscribers", "show", "jane@example.org", "--json", cwd=folder).out)["sign_up"] is None


def test_suppressing_and_taking_back_tell_scripts_what_changed(call: Call, folder: Path) -> None:
    def told(command: str) -> tuple[object, ...]:
        found = json.loads(call("subscribers", command, "hong@example.com", "--json", cwd=folder).out)
        return found["address"], found["suppressed"], found["reason"], found["changed"]

    assert told("suppress") == ("hong@example.com", True, "manual", True)
    assert told("suppress") == ("hong@example.com", True, "manual", False)
    assert told("unsuppress") == ("hong@example.com", False, None, True)
    assert told("unsuppress") == ("hong@example.com", False, None, False)


def test_a_sign_up_needs_no_file_and_is_near_nobody(call: Call, folder: Path) -> None:
    (folder / "subscribers.csv").unlink()
    assert call("subscribers", "list", cwd=folder).code == 65
    add(call, folder, LEE)
    assert list(listed(call, folder)) == [LEE]
    ended = call("subscribers", "suppress", LEE, cwd=folder)
    assert "is not in" not in ended.err
    assert listed(call, folder, "--suppressed")[LEE]["not_mailed"] == "manual"


def test_the_check_counts_sign_ups(call: Call, folder: Path) -> None:
    add(call, folder, LEE)
    add(call, folder, "hong@example.com")
    add(call, folder, "kim@naver.con")
    found = json.loads(call("subscribers", "check", "--json", cwd=folder).out)
    assert (found["sign_ups"], found["in_both"], found["unconfirmed"]) == (3, 1, 0)
    assert [(one["file"], one["line"]) for one in found["findings"] if one["rule"] == "domain-typo"] == [
        ("ledger", None)
    ]
    assert "k***@naver.con" in str(found["findings"])


def test_the_book_is_exported_and_verified_with_its_list(call: Call, folder: Path) -> None:
    add(call, folder, LEE, "--tag", "복지")
    rows = [json.loads(line) for line in call("ledger", "export", cwd=folder).out.splitlines()]
    [lee] = [row for row in rows if row["kind"] == "subscription"]
    assert (lee["address"], lee["tags"], lee["consent_source"], len(lee["address_hash"])) == (LEE, ["복지"], "desk", 32)
    assert call("ledger", "verify", cwd=folder).code == 0
