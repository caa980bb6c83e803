"""A picture is a file of the workspace and nothing else."""

from pathlib import Path

import pytest

from newsletter.errors import InputError
from newsletter.issue.pictures import resolve_picture
from tests.support.issue_files import write_issue


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x89PNG")
    return path


def test_it_lies_beside_the_issue_or_else_at_the_root(tmp_path: Path) -> None:
    issue = tmp_path / "issues" / "2026-11.yaml"
    at_the_root = picture(tmp_path / "assets" / "a.png")
    assert resolve_picture("assets/a.png", issue, tmp_path) == at_the_root
    beside = picture(tmp_path / "issues" / "assets" / "a.png")
    assert resolve_picture("assets/a.png", issue, tmp_path) == beside
    assert resolve_picture("../assets/a.png", issue, tmp_path) == at_the_root


def test_a_missing_one_is_told_with_its_place(tmp_path: Path) -> None:
    issue = write_issue(tmp_path, "title: x\nhero: { src: a.png, alt: b }\n")
    with pytest.raises(InputError) as caught:
        resolve_picture("a.png", issue, tmp_path, where=("hero", "src"))
    [problem] = caught.value.problems
    assert str(problem).startswith("issues/2026-11.yaml:2:14: hero.src: there is no picture `a.png`\n    hero: { src")


@pytest.mark.parametrize("src", ["../../secret.png", "link.png", "folder/secret.png", "../../workspace-2/secret.png"])
def test_one_outside_the_workspace_is_refused_whatever_leads_there(tmp_path: Path, src: str) -> None:
    root = tmp_path / "workspace"
    secret = picture(tmp_path / "secret.png")
    picture(tmp_path / "workspace-2" / "secret.png")
    (root / "issues").mkdir(parents=True)
    (root / "issues" / "link.png").symlink_to(secret)
    (root / "issues" / "folder").symlink_to(tmp_path)
    with pytest.raises(InputError, match="outside the workspace"):
        resolve_picture(src, root / "issues" / "2026-11.yaml", root)


def test_names_that_are_no_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "loop.png").symlink_to("loop.png")
    for src in ("loop.png", "a" * 5000, "a\0b.png", "."):
        with pytest.raises(InputError, match="no picture"):
            resolve_picture(src, tmp_path / "issues" / "2026-11.yaml", tmp_path)


def test_a_workspace_behind_a_link_is_no_way_out(tmp_path: Path) -> None:
    real = picture(tmp_path / "real" / "issues" / "a.png")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert resolve_picture("a.png", tmp_path / "link" / "issues" / "2026-11.yaml", tmp_path / "link") == real
