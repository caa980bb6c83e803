"""`newsletter subscribers forget`: asked, erased everywhere within reach, proved, and not mailed by a re-import."""

import json
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Call, make_workspace
from tests.support.terminal import at_terminal

KEY = "hong@example.com"
LONGER = "gildong.hong@example.com"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "here")


def test_it_is_asked_with_what_is_known_and_no_erases_nothing(call: Call, folder: Path) -> None:
    before = (folder / "subscribers.csv").read_bytes()
    with at_terminal("subscribers", "forget", "Hong@Example.com", cwd=folder) as terminal:
        seen = terminal.read_until("[y/N]")
        terminal.type("n\n")
        terminal.read_to_end()
        assert terminal.process.wait() == 77
    assert "subscribers.csv, lines 2" in seen
    assert (folder / "subscribers.csv").read_bytes() == before
    assert "forgotten" not in call("subscribers", "list", cwd=folder).out


def test_a_script_says_yes(call: Call, folder: Path) -> None:
    assert call("subscribers", "forget", KEY, cwd=folder).code == 64


def test_they_are_gone_from_ledger_and_file_and_the_rest_of_the_file_stands(call: Call, folder: Path) -> None:
    file = folder / "subscribers.csv"
    rows = [
        "\ufeffemail,name,메모",
        'jane@example.org,Jane Doe,"두 줄\r\n메모"',
        "HONG@example.com,홍길동,",
        "",
        f"{LONGER},홍길동,{KEY} 님이 권함",
        f"홍길동 <{KEY}>,,",
        '"hong@example.com","따옴표\r\n속",',
        "kim@example.net,  ,끝",
    ]
    kept = [rows[number] for number in (0, 1, 3, 4, 7)]
    file.write_bytes("\r\n".join(rows).encode())
    file.chmod(0o640)
    call("subscribers", "suppress", KEY, cwd=folder)
    ended = call("subscribers", "forget", KEY, "--yes", "--json", cwd=folder)
    assert ended.code == 0, ended.err
    told = json.loads(ended.out)
    assert told["erased"] == {"ledger": {"suppressions": 1}, "file": "subscribers.csv", "lines": [4, 7, 8]}
    assert file.read_bytes() == "\r\n".join(kept).encode()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert told["proof"]["octets_in_ledger_files"] == 0
    assert KEY.encode() not in b"".join(path.read_bytes() for path in (folder / ".newsletter").glob("ledger.db*"))
    assert KEY not in call("subscribers", "list", "--suppressed", cwd=folder).out


def test_who_comes_back_by_a_list_is_not_mailed(call: Call, folder: Path) -> None:
    before = (folder / "subscribers.csv").read_bytes()
    call("subscribers", "forget", KEY, "--yes", cwd=folder)
    (folder / "subscribers.csv").write_bytes(before)
    listed = call("subscribers", "list", cwd=folder).out.splitlines()
    assert next(line for line in listed if KEY in line).endswith("forgotten")


def test_other_files_with_the_address_are_named_and_none_of_longer_ones(call: Call, folder: Path) -> None:
    (folder / "subscribers.example.csv").unlink(missing_ok=True)
    (folder / "exports").mkdir()
    (folder / "exports" / "2026.csv").write_text(f"email\n{KEY}\n<{KEY.upper()}>\n")
    (folder / "exports" / "longer.csv").write_text(f"email\n{LONGER}\n{KEY}.kr\n")
    ended = call("subscribers", "forget", KEY, "--yes", "--json", cwd=folder)
    proof = json.loads(ended.out)["proof"]
    assert proof["files_with_it"] == [{"file": str(Path("exports", "2026.csv")), "times": 2}]
    assert not proof["clean"]
    (folder / "exports" / "2026.csv").unlink()
    again = call("subscribers", "forget", KEY, "--yes", "--json", cwd=folder)
    assert json.loads(again.out)["proof"]["clean"]
    assert "No other file" in call("subscribers", "forget", KEY, "--yes", cwd=folder).out


@pytest.mark.parametrize("named", ["kim@한국연구원.한국", "KIM@xn--2e0bb939pwza554c.xn--3e0b707e"])
def test_a_domain_in_words_is_found_however_it_is_written(call: Call, folder: Path, named: str) -> None:
    written = ("kim@한국연구원.한국", "Kim@XN--2e0bb939pwza554c.xn--3e0b707e")
    (folder / "subscribers.csv").write_text(f"email\n{written[0]}\n김 <{written[0]}>\njane@example.org\n")
    call("subscribers", "add", written[0], "--consent-source", "desk", cwd=folder)
    for number, text in enumerate([*map(str.encode, written), written[0].encode("cp949")]):
        (folder / f"export-{number}.csv").write_bytes(b"email\n" + text + b"\n")
    told = json.loads(call("subscribers", "forget", named, "--yes", "--json", cwd=folder).out)
    assert told["erased"]["lines"] == [2, 3]
    assert {one["file"] for one in told["proof"]["files_with_it"]} == {f"export-{number}.csv" for number in range(3)}
    kept = b"".join(path.read_bytes() for path in (folder / ".newsletter").glob("ledger.db*"))
    assert not any(one.lower().encode() in kept.lower() for one in written)


def test_the_file_may_be_left_to_whoever_makes_it(call: Call, folder: Path) -> None:
    before = (folder / "subscribers.csv").read_bytes()
    told = call("subscribers", "forget", KEY, "--yes", "--keep-file", cwd=folder).out
    assert "Still in subscribers.csv: lines 2" in told
    assert (folder / "subscribers.csv").read_bytes() == before


def test_what_is_no_address_is_refused_and_nothing_is_made(call: Call, folder: Path) -> None:
    assert call("subscribers", "forget", "hong", "--yes", cwd=folder).code == 64
    assert not (folder / ".newsletter" / "ledger.db").exists()


def test_it_is_said_in_korean_too(call: Call, folder: Path) -> None:
    told = call("subscribers", "forget", KEY, "--yes", "--lang", "ko", cwd=folder).out
    assert "subscribers.csv에서 2번째 줄을 지웠습니다." in told
