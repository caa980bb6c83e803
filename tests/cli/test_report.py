"""`newsletter report` as it is typed: what it prints where, and which words do not go together."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Call, make_workspace


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "here")


def test_the_path_is_data_and_all_else_is_words(call: Call, here: Path) -> None:
    ended = call("report", cwd=here)
    page = here / "build" / "report" / "2026-11.html"
    assert (ended.code, ended.out) == (0, "build/report/2026-11.html\n")
    assert "Open it in a browser" in ended.err
    assert "never planned" in page.read_text(encoding="utf-8")
    quiet = call("report", "2026-11", "--out", "there", "--quiet", "--lang", "ko", cwd=here)
    assert (quiet.code, quiet.out, quiet.err) == (0, "there/2026-11.html\n", "")
    assert '<html lang="ko">' in (here / "there" / "2026-11.html").read_text(encoding="utf-8")
    assert not (here / ".newsletter").exists()


def test_all_issues_of_a_workspace_that_never_sent_one(call: Call, here: Path) -> None:
    ended = call("report", "--all", cwd=here)
    index = here / "build" / "report" / "index.html"
    assert (ended.code, ended.out) == (0, "build/report/index.html\n")
    assert "No issue was ever planned." in index.read_text(encoding="utf-8")
    as_json = call("report", "--all", "--json", cwd=here)
    assert json.loads(as_json.out) == {"newsletter": "letter.news.example.org", "issues": []}
    assert len(call("report", "--all", "--csv", cwd=here).out.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--json", "--csv"), 64),
        (("--json", "--out", "x"), 64),
        (("--csv", "--out", "x"), 64),
        (("2026-11", "--all"), 64),
        (("2026-99",), 64),
        (("2026-99", "--csv"), 64),
        (("2026-11", "--out", "newsletter.toml"), 73),
    ],
)
def test_what_cannot_be_is_refused(call: Call, here: Path, words: tuple[str, ...], code: int) -> None:
    ended = call("report", *words, cwd=here)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err
    assert not (here / "x").exists()


def test_of_an_issue_that_is_not_there_those_that_are_are_named(call: Call, here: Path) -> None:
    ended = call("report", "2099-01", cwd=here)
    assert (ended.code, ended.out) == (64, "")
    assert "There is `2026-11`." in ended.err
    assert "newsletter new" not in ended.err
    outside = call("--workspace", str(here), "report", cwd=here.parent)
    assert outside.out == "here/build/report/2026-11.html\n"
