"""Files made to hurt are refused, quickly, with exit code 65 and nothing else."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.errors import InputError
from newsletter.issue.load import load_issue
from tests.support.issue_files import problems_of, read_issue, write_issue

MEGABYTE = 1_000_000
LAUGHS = "a: &a [x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(30))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("[" * 100_000, "nested deeper than 32", id="brackets"),
        pytest.param("title: " + "[" * 199_000, "nested deeper than 32", id="brackets in a value"),
        pytest.param("{" * 100_000, "nested deeper than 32", id="braces"),
        pytest.param("- " * 33 + "x", "nested deeper than 32", id="lists"),
        pytest.param("".join(" " * n + "a:\n" for n in range(1000)), "nested deeper than 32", id="indents"),
        pytest.param(LAUGHS, "begins with `&`", id="billion laughs"),
        pytest.param("title: x\nintro: y\n<<: { number: 7 }\n", "merge keys", id="merge key"),
        pytest.param("%YAML 1.1\n---\ntitle: no\nintro: x\n", "directives", id="directive"),
        pytest.param("%TAG ! tag:example.org,2000:\n---\ntitle: no\n", "directives", id="tag directive"),
        pytest.param('title: !!python/object/apply:os.system ["true"]\nintro: x\n', "begins with `!`", id="tag"),
        pytest.param("title: !!int 7\nintro: x\n", "begins with `!`", id="core tag"),
        pytest.param("!x title: y\n", "is a tag", id="tagged key"),
        pytest.param("title: x\ntitle: y\nintro: z\n", "a second time; the first is on line 1", id="duplicate"),
        pytest.param("title: x\nintro: y\n---\ntitle: z\n", "a second document", id="two documents"),
        pytest.param("", "is empty", id="empty"),
        pytest.param("# nothing\n", "is empty", id="comment only"),
        pytest.param("- a\n", "keys and values", id="list"),
        pytest.param("#" * (MEGABYTE + 1), "larger than 1 MB", id="large"),
        pytest.param("a:\n" * 20_001, "more than 20,000 lines", id="lines"),
        pytest.param("- a\n" * 19_000, "more than 5,000 values", id="values"),
        pytest.param("title: [" + "a, " * 60_000 + "]", "more than 5,000 values", id="flow values"),
        pytest.param("title: a\0b\n", "a NUL byte", id="nul"),
        pytest.param("title: a\x1b[31m\n", "U+001B", id="escape"),
        pytest.param("title: a\rintro: b\r", "a carriage return", id="lone cr"),
        pytest.param("title: a\u2028b\n", "a line separator", id="line separator"),
        pytest.param("title: a\x85b\n", "U+0085", id="next line"),
        pytest.param("title: 가\nintro: x\n".encode("utf-16"), "UTF-16", id="utf-16"),
        pytest.param("title: 가\nintro: x\n".encode("utf-16-be"), "UTF-16", id="utf-16 without a mark"),
        pytest.param("title: 가나".encode() + b"\xff\n", "is not UTF-8", id="invalid utf-8"),
        pytest.param("title: 신성장동력".encode("cp949"), "CP949", id="cp949"),
        pytest.param('title: "' + "x\n" * 19_000, "never closed", id="open quote"),
        pytest.param("a" * 999_000 + ": b", "more than 200,000 characters", id="long line"),
        pytest.param("a" * 199_000 + ": b", "", id="long key"),
        pytest.param("".join(f"titl{n}: x\n" for n in range(2400)), "is required", id="unknown keys"),
        pytest.param("".join(f"k{n}: a: b\n" for n in range(5000)), "`: `", id="many traps"),
        pytest.param("title: x\nintro: " + "#a " * 60_000, "is lost", id="comments"),
        pytest.param("title: x\nintro: '" + "{{ a " * 30_000 + "'", "without its end", id="open fields"),
        pytest.param("title: x\nintro: '" + "{{ x }}" * 28_000 + "'", "unknown merge field", id="bad fields"),
    ],
)
def test_a_hostile_file_is_refused_in_under_a_second(tmp_path: Path, text: str | bytes, words: str) -> None:
    path = write_issue(tmp_path, text)
    started = time.process_time()
    found = problems_of(tmp_path, path.read_bytes())
    assert time.process_time() - started < 1
    assert found
    assert words in str(found[0].message)
    assert len(found) <= 50
    assert len("".join(map(str, found))) < 50_000


def test_a_byte_that_is_no_utf8_has_its_place(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, "title: x\nintro: 가나".encode() + b"\xff\n")
    assert (problem.line, problem.column) == (2, 10)


def test_as_deep_as_allowed_and_as_large_as_allowed_is_read(tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, "title: " + "[" * 31 + "]" * 31 + "\nintro: x\n")
    assert "must be text" in str(problem.message)
    note = "# " + "가나다라 " * 100 + "\n"
    text = "title: x\n" + note * ((MEGABYTE - 100) // len(note.encode())) + "intro: y\n"
    assert len(text.encode()) > MEGABYTE - 2000
    assert read_issue(tmp_path, text).intro == "y"


@pytest.mark.parametrize("tail", ["}" * 190_000, " " * 190_000 + "x", ", a: b" * 30_000])
def test_a_long_line_of_braces_is_told_without_a_line_to_paste(tmp_path: Path, tail: str) -> None:
    [problem, *_] = problems_of(tmp_path, "title: x\nhero: { a: b: c" + tail + "\nintro: y\n")
    assert (problem.line, str(problem.hint)) == (2, "")


@pytest.mark.parametrize("name", ["none", "folder"])
def test_what_is_no_file_is_said(tmp_path: Path, name: str) -> None:
    write_issue(tmp_path, "x")
    (tmp_path / "issues" / "2026-11.yaml").unlink()
    if name == "folder":
        (tmp_path / "issues" / "2026-11.yaml").mkdir()
    with pytest.raises(InputError, match=r"is no file|does not exist"):
        load_issue(tmp_path / "issues" / "2026-11.yaml", workspace_root=tmp_path, timezone="Asia/Seoul")


PIECES = [
    *"ab: -#[]{}\"'|>&*!%@`?,\\\n\t~한",
    "title: ",
    "\nintro: ",
    "\n  - ",
    "\nsections:\n  - type: story",
    "{{ x }}",
    "- a: b",
]
YAMLISH = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(YAMLISH)
def test_no_text_does_more_than_be_read_or_refused(tmp_path: Path, text: str) -> None:
    for problem in problems_of(tmp_path, text):
        assert str(problem.message)
        assert problem.line is None or 1 <= problem.line <= text.count("\n") + 1


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=100))
def test_no_bytes_do_more_than_be_read_or_refused(tmp_path: Path, data: bytes) -> None:
    assert all(str(problem.message) for problem in problems_of(tmp_path, data))


def test_a_bracket_that_a_mended_line_no_longer_opens_closes_nothing(tmp_path: Path) -> None:
    assert [problem.line for problem in problems_of(tmp_path, "[sections:\n  - a]")][:1] == [2]
