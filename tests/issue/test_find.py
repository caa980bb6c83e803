"""Which file is meant by a slug, a path, or nothing."""

from pathlib import Path

import pytest

from newsletter.errors import UsageError
from newsletter.issue.find import find_issue, issue_paths
from tests.support.issue_files import workspace, write_issue
from tests.support.spoken import assert_told_in_both


def issue(root: Path, slug: str, publish_at: str = "") -> Path:
    time = f"publish_at: {publish_at}\n" if publish_at else ""
    return write_issue(root, f"title: x\n{time}intro: y\n", slug)


def test_a_slug_is_a_file_in_the_folder_of_issues(tmp_path: Path) -> None:
    path = issue(tmp_path, "2026-11")
    assert find_issue(workspace(tmp_path), "2026-11") == path


def test_a_path_is_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = issue(tmp_path, "2026-11")
    monkeypatch.chdir(path.parent)
    assert find_issue(workspace(tmp_path), "2026-11.yaml") == path
    assert find_issue(workspace(tmp_path), "../issues/2026-11.yaml") == path
    assert find_issue(workspace(tmp_path), str(path)) == path


def test_the_newest_is_the_one_published_last_then_the_greatest_slug(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    issue(tmp_path, "z-without-a-time")
    assert find_issue(here, None).stem == "z-without-a-time"
    issue(tmp_path, "a-late", "2026-12-01T09:00+09:00")
    issue(tmp_path, "b-early", "2026-12-01T08:00")
    assert find_issue(here, None).stem == "a-late"
    issue(tmp_path, "c-late", "2026-12-01T00:00Z")
    assert find_issue(here, None).stem == "c-late"


def test_a_broken_issue_stops_only_itself(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    write_issue(tmp_path, "title: [\n", "9999")
    assert find_issue(here, None).stem == "9999"
    issue(tmp_path, "2026-11")
    assert find_issue(here, None).stem == "2026-11"
    assert [path.stem for path in issue_paths(here)] == ["2026-11", "9999"]


def test_only_issue_files_count(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    issue(tmp_path, "2026-11")
    (tmp_path / "issues" / "2026-11.approved").mkdir()
    (tmp_path / "issues" / "folder.yaml").mkdir()
    for name in (".hidden.yaml", "notes.md", "2026-11.yaml~"):
        (tmp_path / "issues" / name).write_text("x", encoding="utf-8")
    assert [path.name for path in issue_paths(here)] == ["2026-11.yaml"]


@pytest.mark.parametrize(
    "given", ["2026-12", "202611", "2026_11", "none.yaml", "issues/none.yaml", "../x.yaml", "", ".."]
)
def test_an_unknown_issue_is_a_usage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    issue(tmp_path, "2026-11")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        find_issue(workspace(tmp_path), given)
    assert caught.value.exit_code == 64


def test_a_mistyped_slug_gets_a_suggestion(tmp_path: Path) -> None:
    issue(tmp_path, "2026-11")
    with pytest.raises(UsageError, match="Did you mean `2026-11`"):
        find_issue(workspace(tmp_path), "2026-1")


def test_an_unknown_issue_tells_which_there_are_and_how_to_begin_it(tmp_path: Path) -> None:
    for month in range(1, 8):
        issue(tmp_path, f"2026-0{month}")
    with pytest.raises(UsageError) as caught:
        find_issue(workspace(tmp_path), "nope")
    there = "There are `2026-03`, `2026-04`, `2026-05`, `2026-06`, `2026-07` and 2 older."
    assert str(caught.value.hint) == f"{there}\nBegin it with `newsletter new nope`."


def test_a_path_that_is_not_there_tells_which_issues_there_are(tmp_path: Path) -> None:
    issue(tmp_path, "2026-10")
    with pytest.raises(UsageError, match=r"there is no issue file issues/2026-11\.yaml") as caught:
        find_issue(workspace(tmp_path), "issues/2026-11.yaml")
    told = "Did you mean `2026-10`?\nThere is `2026-10`.\nBegin it with `newsletter new 2026-11`."
    assert str(caught.value.hint) == told
    assert_told_in_both(caught.value)


@pytest.mark.parametrize("given", ["a.txt", "2026_11", "issues/A.yaml"])
def test_what_cannot_be_an_issue_tells_how_one_is_called(tmp_path: Path, given: str) -> None:
    with pytest.raises(UsageError) as caught:
        find_issue(workspace(tmp_path), given)
    assert str(caught.value.hint) == "An issue is the file issues/<slug>.yaml; a slug is made of a-z, 0-9 and -."


def test_no_issue_at_all_tells_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="newsletter new"):
        find_issue(workspace(tmp_path), None)


def test_a_path_outside_the_workspace_is_refused_also_through_a_link(tmp_path: Path) -> None:
    here = workspace(tmp_path / "inside")
    outside = issue(tmp_path / "outside", "2026-11")
    link = tmp_path / "inside" / "issues" / "2026-12.yaml"
    link.symlink_to(outside)
    for path in (outside, link):
        with pytest.raises(UsageError, match="not in the workspace"):
            find_issue(here, str(path))


def test_a_file_that_is_not_named_like_an_issue_is_refused(tmp_path: Path) -> None:
    here = workspace(tmp_path)
    for name in ("Under_Score.yaml", "2026-11.yml", "2026-11.txt"):
        path = tmp_path / "issues" / name
        path.write_text("title: x\n", encoding="utf-8")
        with pytest.raises(UsageError, match="slug"):
            find_issue(here, str(path))
