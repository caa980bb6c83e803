"""The file of a table: only one of `issues/`, never addresses, and whatever a spreadsheet saves is read or told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.errors import InputError
from newsletter.issue.data_files import FileTable, read_data, resolve_data
from tests.support.issue_files import problems_of, write_issue

TABLE = "구,명\n종로,1\n"
ROWS = (("구", "명"), ("종로", "1"))


def saved(root: Path, data: str | bytes, name: str = "a.csv") -> Path:
    path = root / "issues" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def table(root: Path, data: str | bytes) -> FileTable:
    return read_data(saved(root, data), root)


def told(read: Callable[[], object]) -> list[str]:
    with pytest.raises(InputError) as caught:
        read()
    assert caught.value.exit_code == 65
    return [
        f"{problem.file}:{problem.line or ''} {problem.message.in_language('en')}" for problem in caught.value.problems
    ]


@pytest.mark.parametrize(
    "data",
    [
        TABLE,
        TABLE.strip(),
        "\ufeff" + TABLE,
        TABLE.encode("cp949"),
        TABLE.replace("\n", "\r\n"),
        TABLE.replace(",", ";"),
        TABLE.replace(",", "\t"),
        "sep=;\n" + TABLE.replace(",", ";"),
        '"구","명"\n"종로","1"\n',
        "\n구,명\n\n,\n종로,1\n\n",
        "구,명,,\n종로,1,,\n",
        " 구 ,명\n종로 , 1\n",
    ],
)
def test_whatever_a_spreadsheet_saves_is_the_same_table(tmp_path: Path, data: str | bytes) -> None:
    assert table(tmp_path, data).rows == ROWS


def test_cells_hold_commas_quotes_and_line_ends_and_rows_know_their_lines(tmp_path: Path) -> None:
    found = table(tmp_path, 'a,b\n"1,234","둘\n째 ""칸"""\nx,{{ subscriber.name }}\n,\ny,\n')
    assert found.rows == (("a", "b"), ("1,234", '둘 째 "칸"'), ("x", "{{ subscriber.name }}"), ("y", ""))
    assert found.lines == (1, 2, 4, 6)
    assert found.file == "issues/a.csv"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            "구,명\n종로,1\n중구,2,3\n서초\n",
            ["3 3 cells, but the first row has 2", "4 1 cell, but the first row has 2"],
        ),
        ("구,명\n종로,1,234\n", ["2 3 cells, but the first row has 2"]),
        ('구,명\n종로,"1\n', ["2 a quotation mark is opened and not closed"]),
        ("구,명\n", [" has no rows under its header"]),
        ("", [" has no rows under its header"]),
        ("구,명\n종로,\x01\n", ["2 must not hold the invisible character U+0001"]),
        ("a\n" + "1\n" * 101, ["102 has more than 100 rows under its header"]),
        (",".join("abcdefghijklm") + "\n" + ",".join("1" * 13), ["1 has more than 12 columns"]),
        (b"\xff\xfea\x00", ["1 the file is UTF-16"]),
        (b"PK\x03\x04", ["1 this is a spreadsheet, not a CSV file"]),
        (b"a\n\xb0\xa1\n\xff\n", ["3 bytes that are neither UTF-8 nor CP949"]),
        ("a\n" + "x" * 1_000_000, [" is larger than 1 MB"]),
    ],
)
def test_what_is_wrong_is_told_by_file_and_line(tmp_path: Path, data: str | bytes, says: list[str]) -> None:
    assert told(lambda: table(tmp_path, data)) == [f"issues/a.csv:{said}" for said in says]


def test_the_largest_is_read(tmp_path: Path) -> None:
    rows = [",".join(["칸"] * 12)] * 101
    found = table(tmp_path, "\n".join(rows))
    assert (len(found.rows), len(found.rows[0])) == (101, 12)


@pytest.mark.parametrize(
    "header",
    [
        "email",
        "EMAIL",
        " Email ",
        "E-mail",
        "이메일",
        "\u200bemail",
        "ｅｍａｉｌ",
        "E-mail 주소",
        "메일주소",
        "Email address",
    ],
)
def test_a_column_of_addresses_is_refused(tmp_path: Path, header: str) -> None:
    says = ["issues/a.csv:1 has a column of e-mail addresses, which must not get into a letter"]
    assert told(lambda: table(tmp_path, f"이름,{header}\n홍길동,hong@example.com\n")) == says


def test_a_column_about_mail_is_none_of_addresses(tmp_path: Path) -> None:
    assert table(tmp_path, "달,이메일을 연 사람,메일 문의\n5월,1204,12\n").rows[1] == ("5월", "1204", "12")


def issue_with(root: Path, src: str) -> Path:
    return write_issue(root, f"title: x\nsections:\n  - {{type: table, data: {src}}}\n")


@pytest.mark.parametrize("link", [False, True])
def test_the_subscribers_file_is_refused_whatever_it_is_called(tmp_path: Path, link: bool) -> None:
    subscribers = saved(tmp_path, "이름\n홍길동\n", "list.csv")
    if link:
        (tmp_path / "issues" / "a.csv").symlink_to(subscribers)
    name = "a.csv" if link else "list.csv"
    issue = issue_with(tmp_path, name)
    says = f"issues/2026-11.yaml:3 `{name}` is the subscribers' file; addresses must not get into a letter"
    where = ("sections", 0, "data")
    assert told(lambda: resolve_data(name, issue, tmp_path, subscribers=subscribers, where=where)) == [says]


def test_links_are_followed_inside_issues_and_nowhere_else(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    inside, beside = saved(root, TABLE, "data/a.csv"), root / "b.csv"
    issue = issue_with(root, "a.csv")
    beside.write_text(TABLE, encoding="utf-8")
    (tmp_path / "c.csv").write_text(TABLE, encoding="utf-8")
    (root / "issues" / "in.csv").symlink_to(inside)
    (root / "issues" / "out.csv").symlink_to(beside)
    (root / "issues" / "far").symlink_to(tmp_path)
    (root / "far").symlink_to(root / "issues" / "data")
    for src in ("data/a.csv", "issues/data/a.csv", "in.csv", "far/../in.csv", "../issues/in.csv"):
        assert resolve_data(src, issue, root, subscribers=root / "subscribers.csv") == inside.resolve()
    for src in ("../b.csv", "b.csv", "out.csv", "far/c.csv", "../../c.csv", "far/workspace/b.csv"):
        says = f"issues/2026-11.yaml: the file `{src}` is outside the folder issues/"
        found = told(lambda src=src: resolve_data(src, issue, root, subscribers=root / "subscribers.csv"))  # type: ignore[misc]
        assert [said.replace(":1 ", ": ") for said in found] == [says]


def test_a_missing_one_is_told_at_once_with_its_place_and_where_it_was_looked_for(tmp_path: Path) -> None:
    text = "title: x\nwrong: 1\nsections:\n  - {type: table, data: a.csv}\n"
    problem = next(one for one in problems_of(tmp_path, text) if one.path == "sections[0].data")
    assert (problem.line, problem.column) == (4, 25)
    assert str(problem.message) == "there is no file `a.csv`"
    assert str(tmp_path / "issues" / "a.csv") in str(problem.hint)


def test_one_that_is_gone_when_it_is_read_is_told(tmp_path: Path) -> None:
    path = saved(tmp_path, TABLE)
    path.unlink()
    assert [said.partition(" ")[0] for said in told(lambda: read_data(path, tmp_path))] == ["issues/a.csv:"]
