"""What is wrong with a type of section that a workspace declares, told with file and line; and what no name opens."""

from pathlib import Path

import pytest

from newsletter.catalogue import LANGUAGES
from newsletter.errors import InputError, Problem
from newsletter.issue.own_declaration import FIELD_TYPES, MOST_FIELDS
from newsletter.issue.own_types import (
    LARGEST_DECLARATION,
    is_own_name,
    names_of_no_types,
    names_of_own_types,
    own_types,
)
from tests.support.issue_files import problems_of, read_issue
from tests.support.own_types import EVERY_FIELD, own_type

FILE = "templates/email/sections/x-project/section.toml"
ISSUE = "title: 제목\nsections:\n  - type: x-project\n    a: 하나\n"
GOOD = '[fields]\na = "line"\n'


def wrong(root: Path, declaration: str) -> list[Problem]:
    own_type(root, declaration)
    return problems_of(root, ISSUE)


@pytest.mark.parametrize(
    ("declaration", "line", "said"),
    [
        ('[fields]\na = "lin"\n', 2, "no type `lin` of fields; did you mean `link`?"),
        ('[fields]\na = "line"\nb = { type = "picture" }\n', 3, "must be one of line, name, markdown"),
        ("[fields]\na = 3\n", 2, "must be made of keys and values"),
        ("[fields]\na = { required = true }\n", 2, "is required"),
        ('[fields]\na = { type = "line", requird = true }\n', 2, "unknown key `requird`; did you mean `required`?"),
        ('[fields]\na = { type = "line", required = "yes" }\n', 2, "must be true or false"),
        ('titel = "A"\n[fields]\na = "line"\n', 1, "unknown key `titel`; did you mean `title`?"),
        ('title = ""\n[fields]\na = "line"\n', 1, "must be words"),
        ('title = { korean = "가" }\n[fields]\na = "line"\n', 1, "must be a language"),
        ('title = "A"\n', None, "is required"),
        ("[fields]\n", 1, "must not be empty"),
        ('[fields]\na = "line"\nheading = "line"\n', 3, "every section has `heading` already"),
        ('[fields]\na = "line"\n"" = "line"\n', 3, "must be a name of small letters"),
        ('[fields]\na = "line"\n"../b" = "line"\n', 3, "must be a name of small letters"),
        ('[fields]\na = "line"\n__class__ = "line"\n', 3, "must be a name of small letters"),
        ('[fields]\na = "line"\nmodel_dump = "line"\n', 3, "means something to the tool"),
        ('[fields]\na = "line"\nlinks = "line"\n', 3, "means something to the tool"),
        ('[fields]\na = "list"\n', 2, "a list, and nothing else, has fields"),
        ('[fields]\na = { type = "line", fields = { b = "line" } }\n', 2, "a list, and nothing else, has fields"),
        ('[fields.a]\ntype = "list"\n[fields.a.fields]\nb = "mardown"\n', 4, "did you mean `markdown`?"),
        ('[fields.a]\ntype = "list"\n[fields.a.fields]\nparts = "line"\n', 4, "means something to the tool"),
        (
            '[fields.a]\ntype = "list"\nfields.b = { type = "list", fields = { c = "line" } }\n',
            1,
            "must not have a list",
        ),
        ('[fields]\na = { type = "line", width = 96 }\n', 2, "is for images alone"),
        ('[fields]\na = { type = "image", width = 9000 }\n', 2, "must be at most 600"),
        ("[fields]\n" + "".join(f'f{n} = "line"\n' for n in range(MOST_FIELDS + 1)), 1, "a type may have 40"),
        ("[fields\na = 1\n", 1, "the bracket after the table's name is missing"),
        ('[fields]\na = "line\n', 2, "quot"),
        ('[fields]\na = "line"\na = "name"\n', 3, "already"),
        ("a = " + "[" * 5000, None, ""),
        ('[fields]\r\na = "lin"\r\n', 2, "did you mean `link`?"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, declaration: str, line: int | None, said: str) -> None:
    problems = wrong(tmp_path, declaration)
    assert problems
    assert {problem.file for problem in problems} == {FILE}
    told = [(problem.line, problem.message.in_language("en")) for problem in problems]
    assert any(said in words and (line is None or at == line) for at, words in told), told
    assert all(problem.message.in_language(language) for problem in problems for language in LANGUAGES)


def test_all_is_told_at_once(tmp_path: Path) -> None:
    problems = wrong(tmp_path, '[fields]\na = "lin"\nb = "nam"\nheading = "line"\n')
    assert [problem.line for problem in problems] == [2, 3, 4]
    assert all("^" in problem.excerpt for problem in problems)


def test_a_broken_type_stops_only_the_issues_that_use_it(tmp_path: Path) -> None:
    own_type(tmp_path, "[fields\n")
    own_type(tmp_path, GOOD, name="x-good")
    read_issue(tmp_path, ISSUE.replace("x-project", "x-good"))
    read_issue(tmp_path, "title: 제목\nintro: 글\n")
    assert problems_of(tmp_path, ISSUE)
    with pytest.raises(InputError, match="x-project"):
        own_types(tmp_path)


def test_each_type_of_field_is_in_the_one_that_has_them_all(tmp_path: Path) -> None:
    own_type(tmp_path, EVERY_FIELD)
    (model,) = own_types(tmp_path)
    assert {field.type for field in model.declared.values()} == {*FIELD_TYPES}


def test_an_unknown_key_and_type_of_an_issue_get_a_suggestion(tmp_path: Path) -> None:
    own_type(tmp_path, '[fields]\nalpha = { type = "line", required = true }\n')
    text = "title: 제목\nsections:\n  - type: x-project\n    alhpa: 하나\n  - type: x-projct\n"
    missing, unknown, type_ = problems_of(tmp_path, text)
    assert (missing.line, missing.path) == (3, "sections[0].alpha")
    assert (unknown.line, unknown.column) == (4, 5)
    assert "did you mean `alpha`?" in str(unknown.message)
    assert (type_.line, type_.column) == (5, 11)
    assert "did you mean `x-project`?" in str(type_.message)


def test_a_folder_without_x_is_told_where_an_issue_names_it(tmp_path: Path) -> None:
    own_type(tmp_path, GOOD, name="project")
    (problem,) = problems_of(tmp_path, ISSUE.replace("x-project", "project"))
    assert "must be called `x-project`" in str(problem.message)
    assert (names_of_own_types(tmp_path), names_of_no_types(tmp_path)) == ((), ("project",))


@pytest.mark.parametrize(
    "name", ["x-", "x-../a", "x-a/b", "x-A", "x-가", "x-a\n", "../x-a", "x-a.b", "story", "x-" + "a" * 61]
)
def test_no_other_name_is_looked_for(tmp_path: Path, name: str) -> None:
    assert not is_own_name(name)
    assert own_types(tmp_path, [name, None, 3]) == ()


@pytest.mark.parametrize("name", ["section.toml", "section.html.j2"])
def test_a_file_that_is_missing_is_told(tmp_path: Path, name: str) -> None:
    (own_type(tmp_path, GOOD) / name).unlink()
    (problem,) = problems_of(tmp_path, ISSUE)
    assert problem.file == f"templates/email/sections/x-project/{name}"
    assert name in str(problem.message)


def test_what_is_too_large_or_no_text_is_refused(tmp_path: Path) -> None:
    folder = own_type(tmp_path, GOOD + "#" * LARGEST_DECLARATION)
    assert "larger than 64 KB" in str(problems_of(tmp_path, ISSUE)[0].message)
    (folder / "section.toml").write_bytes(b"\xff\xfe")
    assert "UTF-8" in str(problems_of(tmp_path, ISSUE)[0].message)


@pytest.mark.parametrize("name", ["section.toml", "section.html.j2"])
def test_links_are_judged_where_they_lead(tmp_path: Path, name: str) -> None:
    root = tmp_path / "workspace"
    path = own_type(root, GOOD) / name
    for place, is_good in ((root / "kept", True), (tmp_path / "outside", False)):
        place.write_bytes(path.read_bytes())
        path.unlink()
        path.symlink_to(place)
        problems = problems_of(root, ISSUE)
        assert [str(problem.message) for problem in problems] == ([] if is_good else ["leads out of the workspace"])


def test_a_changed_declaration_counts_at_once(tmp_path: Path) -> None:
    own_type(tmp_path, GOOD)
    read_issue(tmp_path, ISSUE)
    own_type(tmp_path, GOOD.replace("a =", "b ="))
    assert problems_of(tmp_path, ISSUE)
    own_type(tmp_path, GOOD)
    read_issue(tmp_path, ISSUE)
