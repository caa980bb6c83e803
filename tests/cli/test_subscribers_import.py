"""`newsletter subscribers import`: told first, asked about, and then taken over; nobody who left is."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Call, make_workspace
from tests.support.other_exports import FOLDER
from tests.support.terminal import at_terminal

MAILCHIMP = ["subscribed", "unsubscribed", "cleaned"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "here")


@pytest.fixture
def mailchimp(tmp_path: Path) -> Path:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in MAILCHIMP:
            archive.write(FOLDER / f"{name}_members_export_1a2b.csv", f"{name}_members_export_1a2b.csv")
    return path


def taken(call: Call, folder: Path, path: Path, *more: str) -> dict[str, Any]:
    ended = call("subscribers", "import", str(path), "--yes", "--json", *more, cwd=folder)
    assert ended.code == 0, ended.err
    found: dict[str, Any] = json.loads(ended.out)
    return found


def suppressed(call: Call, folder: Path) -> set[str]:
    lines = call("subscribers", "list", "--suppressed", cwd=folder).out.splitlines()
    return {line.split("\t")[1] for line in lines}


def test_a_dry_run_tells_everything_and_writes_nothing(call: Call, folder: Path, mailchimp: Path) -> None:
    ended = call("subscribers", "import", str(mailchimp), "--dry-run", "--json", cwd=folder)
    assert ended.code == 0
    assert "Email Address" in ended.err
    assert "consent_at" in ended.err
    told = json.loads(ended.out)
    assert (told["dry_run"], told["format"], told["people"]) == (True, "mailchimp", 5)
    assert (told["new"], told["left_there"], told["unconsented"]) == (2, 3, 1)
    assert told["left_by_reason"] == {"bad address": 1, "complained": 1, "unsubscribed": 1}
    assert not (folder / ".newsletter" / "ledger.db").exists()


def test_all_of_a_zip_is_taken_over_and_again_nothing_changes(call: Call, folder: Path, mailchimp: Path) -> None:
    first = taken(call, folder, mailchimp)
    assert (first["new"], first["left_there"], first["import"]) == (2, 3, 1)
    assert suppressed(call, folder) == {"kim@example.net", "park@example.net", "lee@example.com"}
    again = taken(call, folder, mailchimp)
    assert (again["new"], again["changed"], again["unchanged"], again["left_before"]) == (0, 0, 2, 3)
    assert again["since"] is not None


SYSTEMS = {"listmonk": (2, 1), "stibee": (2, 3), "keila": (2, 2), "ghost": (2, 1), "buttondown": (4, 3)}


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_system_is_recognised(call: Call, folder: Path, name: str) -> None:
    found = taken(call, folder, FOLDER / f"{name}.csv")
    assert (found["format"], found["new"], found["left_there"]) == (name, *SYSTEMS[name])


def test_a_script_must_say_yes(call: Call, folder: Path, mailchimp: Path) -> None:
    ended = call("subscribers", "import", str(mailchimp), cwd=folder)
    assert ended.code == 64
    assert "--yes" in ended.err
    assert not (folder / ".newsletter" / "ledger.db").exists()


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 77)])
def test_a_person_is_asked_after_being_told(call: Call, folder: Path, mailchimp: Path, answer: str, code: int) -> None:
    with at_terminal("subscribers", "import", str(mailchimp), "--quiet", cwd=folder) as terminal:
        seen = terminal.read_until("[y/N]")
        terminal.type(f"{answer}\n")
        terminal.read_to_end()
        assert terminal.process.wait() == code
    assert seen.index("Email Address") < seen.index("Take them over?")
    assert bool(suppressed(call, folder)) == (code == 0)


def test_who_is_gone_is_named_and_stays_until_somebody_says_otherwise(call: Call, folder: Path, tmp_path: Path) -> None:
    everybody = tmp_path / "all.csv"
    everybody.write_text("email,consent_at\nhong@example.com,2021-03-02\nchoi@example.org,2021-03-02\n")
    taken(call, folder, everybody)
    fewer = tmp_path / "fewer.csv"
    fewer.write_text("email,consent_at\nhong@example.com,2021-03-02\n")
    told = call("subscribers", "import", str(fewer), "--dry-run", cwd=folder).err
    assert "Gone since" in told
    assert "choi@example.org" in told
    assert suppressed(call, folder) == set()
    found = taken(call, folder, fewer, "--suppress-gone")
    assert (found["gone"], found["suppressed_gone"]) == (1, 1)
    assert suppressed(call, folder) == {"choi@example.org"}


def test_bad_rows_are_told_by_line_and_never_by_address(call: Call, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("email,name\nhong@example.com,Hong\nsecret @example.com,X\nHONG@example.com,Hong\n")
    ended = call("subscribers", "import", str(path), "--yes", "--json", cwd=folder)
    found = json.loads(ended.out)
    assert (found["bad"], found["duplicates"]) == (1, 1)
    assert found["bad_rows"] == [{"file": "list.csv", "line": 3, "message": "the address contains a space"}]
    assert "list.csv:3:" in ended.err
    assert "secret" not in ended.err


REFUSED = {
    "no such format": ("a,b\n1,2\n", (), 65, "--map"),
    "a column that is not there": ("email\nhong@example.com\n", ("--map", "mail=email"), 64, "mail"),
    "a mapping without a sign": ("email\nhong@example.com\n", ("--map", "mail"), 64, "--map mail"),
    "nobody good": ("email\nnobody\n", (), 65, "nobody"),
    "another system's columns": ("x\nhong@example.com\n", ("--from", "ghost"), 65, "--map"),
    "an unknown system": ("email\nhong@example.com\n", ("--from", "sendy"), 64, "listmonk, mailchimp"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_understood_is_refused_and_nothing_written(
    call: Call, folder: Path, tmp_path: Path, name: str
) -> None:
    text, more, code, said = REFUSED[name]
    path = tmp_path / "list.csv"
    path.write_text(text)
    ended = call("subscribers", "import", str(path), "--yes", *more, cwd=folder)
    assert ended.code == code
    assert said in ended.err
    assert not (folder / ".newsletter" / "ledger.db").exists()


def test_one_at_a_time(call: Call, folder: Path, mailchimp: Path) -> None:
    from newsletter.ledger.lock_file import alone

    with alone(folder / ".newsletter" / "import.lock"):
        ended = call("subscribers", "import", str(mailchimp), "--yes", cwd=folder)
    assert ended.code == 77
    assert taken(call, folder, mailchimp)["new"] == 2


def test_it_speaks_korean(call: Call, folder: Path, mailchimp: Path) -> None:
    ended = call("subscribers", "import", str(mailchimp), "--yes", "--lang", "ko", cwd=folder)
    assert "사람" in ended.err
    assert "동의 기록이 없어 보내지 않음" in ended.err
