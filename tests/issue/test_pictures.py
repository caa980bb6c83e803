"""A picture is a file of the workspace and nothing else."""

import unicodedata
from pathlib import Path

import pytest

from newsletter.errors import InputError
from newsletter.issue.pictures import resolve_picture
from newsletter.issue.seek import seek_picture
from tests.support.issue_files import write_issue


def decomposed(name: str) -> str:
    """As macOS names a file, and a ZIP that was made there."""
    return unicodedata.normalize("NFD", name)


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


@pytest.mark.parametrize(
    ("there", "src", "called"),
    [
        ("assets/표지.png", "assets/표지.png", ""),
        (decomposed("assets/표지.png"), "assets/표지.png", ""),
        ("assets/표지.png", decomposed("assets/표지.png"), ""),
        (decomposed("그림/표지.png"), "그림/표지.png", ""),
        (decomposed("그림/Été.png"), "그림/été.png", "그림/Été.png"),
        ("assets/Cover.PNG", "assets/cover.png", "assets/Cover.PNG"),
        ("Assets/cover.png", "assets/cover.png", "Assets/cover.png"),
        ("assets/Été.png", "assets/été.png", "assets/Été.png"),
        ("assets/a.png", "./assets//A.png", "assets/a.png"),
        ("assets/a.png", "assets/../assets/A.png", "assets/../assets/a.png"),
    ],
)
@pytest.mark.parametrize("folder", ["issues", ""])
def test_a_name_in_another_spelling_leads_to_the_file(
    tmp_path: Path, folder: str, there: str, src: str, called: str
) -> None:
    real = picture(tmp_path / folder / there)
    found = seek_picture(src, tmp_path / "issues" / "2026-11.yaml", tmp_path)
    assert (found.path, found.called) == (real, called)


def test_the_name_as_it_is_written_comes_before_any_other(tmp_path: Path) -> None:
    for name in ("Cover.png", "COVER.png"):
        picture(tmp_path / "issues" / name)
    issue = tmp_path / "issues" / "2026-11.yaml"
    assert seek_picture("cover.png", issue, tmp_path).path is None, "it could be either"
    assert seek_picture("COVER.png", issue, tmp_path).path == tmp_path / "issues" / "COVER.png"
    here = picture(tmp_path / "issues" / "cover.png")
    assert seek_picture("cover.png", issue, tmp_path).path == here


def test_no_folder_outside_the_workspace_is_looked_into(tmp_path: Path) -> None:
    root = tmp_path / "workspace"
    picture(tmp_path / "Secret.png")
    (root / "issues").mkdir(parents=True)
    (root / "issues" / "folder").symlink_to(tmp_path)
    for src in ("../../secret.png", "folder/secret.png", "Folder/secret.png"):
        found = seek_picture(src, root / "issues" / "2026-11.yaml", root)
        assert str(found.message) == f"there is no picture `{src}`"


def test_a_folder_that_cannot_be_looked_into_is_passed_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = picture(tmp_path / "issues" / "assets" / "a.png")

    def refuse(_: Path) -> list[Path]:
        raise PermissionError

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert seek_picture("assets/a.png", tmp_path / "issues" / "2026-11.yaml", tmp_path).path == real


def test_a_workspace_behind_a_link_is_no_way_out(tmp_path: Path) -> None:
    real = picture(tmp_path / "real" / "issues" / "a.png")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert resolve_picture("a.png", tmp_path / "link" / "issues" / "2026-11.yaml", tmp_path / "link") == real
