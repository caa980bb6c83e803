"""`newsletter subscribers export`: whole, safe in a spreadsheet, and back again; and what other systems may mail."""

import csv
import json
import subprocess
from io import StringIO
from pathlib import Path

import pytest

from newsletter.audience.exports.formats import recognised
from newsletter.audience.exports.mapping import small
from tests.cli.conftest import Call, make_workspace
from tests.support.other_exports import FOLDER

LEFT = {"left@example.com", "kim@example.net", "lee@example.com", "yoon@example.com"}
SYSTEMS = ["listmonk", "mailchimp", "stibee", "keila", "buttondown", "ghost"]


@pytest.fixture
def folder(tmp_path: Path, call: Call) -> Path:
    root = make_workspace(tmp_path / "here")
    (root / "subscribers.csv").write_text(
        "email,name,tags,consent_at,consent_source,소속\n"
        "file@example.com,=1+1,시민;연구,2021-03-02,desk,+82 10-1234\n"
        "left@example.com,Left,,2021-03-02,desk,\n",
        encoding="utf-8",
    )
    call("subscribers", "import", str(FOLDER / "buttondown.csv"), "--yes", cwd=root)
    call("subscribers", "suppress", "left@example.com", "--reason", "asked by phone", cwd=root)
    return root


def exported(call: Call, folder: Path, *words: str) -> list[dict[str, str]]:
    ended = call("subscribers", "export", *words, cwd=folder)
    assert ended.code == 0, ended.err
    return list(csv.DictReader(StringIO(ended.out.removeprefix("\ufeff"))))


def addresses(found: list[dict[str, str]]) -> set[str]:
    return {cell for row in found for cell in row.values() if "@" in cell}


def test_everybody_is_in_it_once_with_status_reason_and_consent(call: Call, folder: Path) -> None:
    found = {row["email"]: row for row in exported(call, folder)}
    told = {email: (row["status"], row["suppressed"], row["consent_at"][:10]) for email, row in found.items()}
    assert told == {
        "file@example.com": ("file", "", "2021-03-02"),
        "left@example.com": ("file", "asked by phone", "2021-03-02"),
        "hong@example.com": ("confirmed", "", "2021-03-02"),
        "jane@example.org": ("unconfirmed", "", ""),
        "choi@example.org": ("unconfirmed", "", ""),
        "seo@example.com": ("unconfirmed", "", ""),
        "kim@example.net": ("left", "unsubscribed", ""),
        "lee@example.com": ("left", "bad address", ""),
        "yoon@example.com": ("left", "mailbox full", ""),
    }
    assert found["kim@example.net"]["suppressed_at"].startswith("2022-05-06T07:08:09")
    assert found["file@example.com"]["name"] == "'=1+1"
    assert found["hong@example.com"]["city"] == "서울"


def test_what_is_exported_and_imported_elsewhere_is_the_same_people(call: Call, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.csv"
    assert call("subscribers", "export", "--out", str(out), cwd=folder).code == 0
    other = make_workspace(tmp_path / "there")
    (other / "subscribers.csv").unlink()
    assert call("subscribers", "import", str(out), "--yes", cwd=other).code == 0

    def people(root: Path) -> tuple[list[list[str]], list[list[str]]]:
        """Who has not left, with what is known of them; and who has, why and when."""
        found = exported(call, root)
        known = ("email", "name", "language", "tags", "consent_source", "소속", "city")
        stay = [[row[column] for column in known] + [row["consent_at"][:10]] for row in found if not row["suppressed"]]
        gone = [[row["email"], row["suppressed"], row["suppressed_at"]] for row in found if row["suppressed"]]
        return sorted(stay), sorted(gone)

    assert people(other) == people(folder)


@pytest.mark.parametrize("name", SYSTEMS)
def test_another_system_gets_whom_it_may_mail_and_recognises_its_own(call: Call, folder: Path, name: str) -> None:
    found = exported(call, folder, "--as", name)
    assert addresses(found) - LEFT == {"file@example.com", "hong@example.com"}
    format_ = recognised(small(found[0]))
    assert format_ is not None
    assert format_.name == name


WITH_STATUS = {
    "stibee": ("이메일 수신거부", "Y"),
    "keila": ("Status", "unsubscribed"),
    "ghost": ("subscribed_to_emails", "false"),
}


@pytest.mark.parametrize("name", WITH_STATUS)
def test_who_left_is_in_it_where_there_is_a_column_for_that(call: Call, folder: Path, name: str) -> None:
    column, word = WITH_STATUS[name]
    left = [row for row in exported(call, folder, "--as", name) if "kim@example.net" in row.values()]
    assert [row[column] for row in left] == [word]


@pytest.mark.parametrize("name", ["listmonk", "mailchimp", "buttondown"])
def test_who_left_is_told_and_comes_in_a_file_of_their_own(call: Call, folder: Path, name: str) -> None:
    ended = call("subscribers", "export", "--as", name, cwd=folder)
    assert "4 addresses that must not be mailed" in ended.err
    assert "3 people without consent" in ended.err
    assert addresses(exported(call, folder, "--as", name, "--left")) == LEFT


def test_a_file_is_for_this_user_only_and_not_replaced_unasked(call: Call, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.csv"
    assert call("subscribers", "export", "--out", str(out), cwd=folder).code == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert call("subscribers", "export", "--out", str(out), cwd=folder).code == 77
    ended = call("subscribers", "export", "--out", str(out), "--yes", "--json", cwd=folder)
    assert json.loads(ended.out)["written"] == 9
    assert [path.name for path in tmp_path.glob("*all.csv*")] == ["all.csv"]


def test_only_what_excel_needs_has_a_byte_order_mark(call: Call, folder: Path, tmp_path: Path) -> None:
    marked = {}
    for words in ((), ("--excel",), ("--as", "stibee"), ("--as", "ghost")):
        out = tmp_path / f"{''.join(words)}.csv"
        call("subscribers", "export", "--out", str(out), *words, cwd=folder)
        marked[words] = out.read_bytes().startswith(b"\xef\xbb\xbf")
    assert [words for words, is_marked in marked.items() if is_marked] == [("--excel",), ("--as", "stibee")]


def test_a_place_that_git_takes_along_is_told(call: Call, folder: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    ended = call("subscribers", "export", "--out", "all.csv", cwd=folder)
    assert ended.code == 0
    assert "git" in ended.err


def test_a_folder_that_cannot_be_written_is_told(call: Call, folder: Path) -> None:
    assert call("subscribers", "export", "--out", "nowhere/all.csv", cwd=folder).code == 73


def test_an_address_that_would_run_is_named_and_in_no_other_systems_file(call: Call, folder: Path) -> None:
    with (folder / "subscribers.csv").open("a", encoding="utf-8") as file:
        file.write("=cmd|x!A0@example.com,Evil,,,,\n")
    ended = call("subscribers", "export", "--as", "keila", cwd=folder)
    assert "=cmd|" not in ended.out
    assert "=cmd|x!A0@example.com" in ended.err
    assert "'=cmd|x!A0@example.com" in {row["email"] for row in exported(call, folder)}
