"""What is written into the folder of a site, and what in it is left alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.archive.site import LIST, SiteFile
from newsletter.archive.write_site import Written, write_site
from newsletter.errors import CannotWriteError, SettingsError, UsageError
from tests.support.archives import SETTINGS, archive_workspace, built, files_in

PICTURE = "pictures/river-1.png"


def write(folder: Path, keep: tuple[str, ...] = (), **files: str) -> Written:
    """A site of these files, `__` in a name being a slash."""
    site = [SiteFile(f"{name.replace('__', '/')}.html", text.encode()) for name, text in files.items()]
    return write_site(folder, site, [{PICTURE: b"png"}], keep, lambda _done, _total: None)


def shown(folder: Path) -> dict[str, str]:
    return {name: data.decode() for name, data in files_in(folder).items() if name != LIST}


def test_only_what_changed_is_written_and_what_is_no_longer_part_goes(tmp_path: Path) -> None:
    assert write(tmp_path, index="1", a__b__index="1", c__index="1").written == 4
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.html")}
    again = write(tmp_path, index="1", c__index="2")
    assert (again.written, again.removed, again.left) == (1, 1, ())
    assert shown(tmp_path) == {"index.html": "1", "c/index.html": "2", PICTURE: "png"}
    assert not (tmp_path / "a").exists()
    assert (tmp_path / "index.html").stat().st_mtime_ns == before[tmp_path / "index.html"]
    assert (tmp_path / "index.html").stat().st_mode & 0o777 == 0o644


def test_pictures_stay_for_ever_and_so_does_what_is_kept(tmp_path: Path) -> None:
    write(tmp_path, index="1", a__index="1", b__index="1")
    write_site(tmp_path, [SiteFile("index.html", b"1")], [], ["a/"], lambda _done, _total: None)
    assert shown(tmp_path) == {"index.html": "1", "a/index.html": "1", PICTURE: "png"}
    write_site(tmp_path, [SiteFile("index.html", b"1")], [], [], lambda _done, _total: None)
    assert shown(tmp_path) == {"index.html": "1", PICTURE: "png"}


def _foreign_file(folder: Path) -> None:
    (folder / "a").mkdir()
    (folder / "a" / "index.html").write_text("mine", encoding="utf-8")


def _folder_in_its_place(folder: Path) -> None:
    (folder / "a" / "index.html").mkdir(parents=True)


def _file_in_the_folders_place(folder: Path) -> None:
    (folder / "a").write_text("mine", encoding="utf-8")


def _link_that_leads_out(folder: Path) -> None:
    (folder.parent / "outside").mkdir()
    (folder / "a").symlink_to(folder.parent / "outside")


def _link_in_its_place(folder: Path) -> None:
    (folder.parent / "secret").write_text("mine", encoding="utf-8")
    (folder / "a").mkdir()
    (folder / "a" / "index.html").symlink_to(folder.parent / "secret")


def _edited_by_hand(folder: Path) -> None:
    write(folder, a__index="1")
    (folder / "a" / "index.html").write_text("mine", encoding="utf-8")


@pytest.mark.parametrize(
    "put",
    [
        _foreign_file,
        _folder_in_its_place,
        _file_in_the_folders_place,
        _link_that_leads_out,
        _link_in_its_place,
        _edited_by_hand,
    ],
)
def test_what_stands_in_the_way_is_named_and_nothing_is_written(tmp_path: Path, put: Callable[[Path], None]) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    put(folder)
    before = files_in(tmp_path)
    with pytest.raises(CannotWriteError) as caught:
        write(folder, index="2", a__index="2")
    assert "a/index.html" in str(caught.value)
    assert files_in(tmp_path) == before


def test_what_is_no_longer_part_and_was_changed_by_hand_is_left_and_told(tmp_path: Path) -> None:
    write(tmp_path, index="1", a__index="1")
    (tmp_path / "a" / "index.html").write_text("mine", encoding="utf-8")
    (tmp_path / "robots.txt").write_text("mine", encoding="utf-8")
    found = write(tmp_path, index="1")
    assert (found.removed, found.left) == (0, ("a/index.html",))
    assert shown(tmp_path)["a/index.html"] == shown(tmp_path)["robots.txt"] == "mine"


def test_who_is_stopped_halfway_leaves_whole_files_and_goes_on_with_another_site(tmp_path: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    files = [SiteFile(f"{name}/index.html", name.encode()) for name in "abc"]
    with pytest.raises(KeyboardInterrupt):
        write_site(tmp_path, files, [{PICTURE: b"png"}], [], stop)
    assert shown(tmp_path) == {PICTURE: "png", "a/index.html": "a"}
    again = write(tmp_path, a__index="other", b__index="other")
    assert (again.written, again.removed) == (2, 0)
    assert shown(tmp_path) == {PICTURE: "png", "a/index.html": "other", "b/index.html": "other"}


def test_a_site_whose_list_was_lost_is_known_by_its_bytes(tmp_path: Path) -> None:
    write(tmp_path, index="1", a__index="1")
    (tmp_path / LIST).unlink()
    assert write(tmp_path, index="1", a__index="1").written == 0
    assert write(tmp_path, index="2").removed == 1
    (tmp_path / LIST).write_text("[]", encoding="utf-8")
    with pytest.raises(CannotWriteError, match="not the list"):
        write(tmp_path, index="3")


def test_another_name_than_that_of_what_is_in_the_way_is_offered(tmp_path: Path) -> None:
    workspace = archive_workspace(tmp_path / "w", "2021-07")
    (tmp_path / "public").touch()
    with pytest.raises(CannotWriteError, match="newsletter archive build site"):
        built(workspace, tmp_path / "public")
    (tmp_path / "site" / "index.html").mkdir(parents=True)
    with pytest.raises(CannotWriteError, match="newsletter archive build public"):
        write(tmp_path / "site", index="1")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotWriteError, match="file"):
        write(tmp_path / "file" / "site", index="1")


OWN = ["", "issues", "issues/public", "templates", "..", ".git"]


@pytest.mark.parametrize("name", [*OWN, ".newsletter", ".newsletter/x", "build", "build/report", "people", "link"])
def test_the_workspaces_own_folders_are_refused(tmp_path: Path, name: str) -> None:
    workspace = archive_workspace(tmp_path / "w", "2021-07", settings=SETTINGS + '[audience]\ncsv = "people/a.csv"\n')
    (workspace.root / "people").mkdir()
    (workspace.root / "people" / "a.csv").touch()
    (workspace.root / ".newsletter").mkdir()
    (workspace.root / "link").symlink_to(".newsletter")
    before = files_in(tmp_path)
    with pytest.raises(UsageError, match=f"newsletter archive build {'site' if name.endswith('public') else 'public'}"):
        built(workspace, workspace.root / name)
    assert files_in(tmp_path) == before


def test_a_folder_of_the_settings_is_refused_as_a_setting(tmp_path: Path) -> None:
    state = tmp_path / "w" / ".newsletter" / "x"
    workspace = archive_workspace(tmp_path / "w", "2021-07", settings=f'{SETTINGS}[archive]\ndir = "{state}"\n')
    with pytest.raises(SettingsError, match="dir = "):
        built(workspace, workspace.archive)
    assert not state.exists()
    assert built(workspace, workspace.root / "build" / "archive").issues == 1
