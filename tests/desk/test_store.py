"""The desk opens an issue and changes its file: in one write, whole or not at all, and nowhere else."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsletter.desk.change import InsertItem, MoveItem, RemoveItem, SetValue
from newsletter.desk.saving import issue_store, stored_issue
from newsletter.desk.saving.exchange import exchange
from newsletter.desk.saving.issue_store import EditConflictError, IssueStore
from newsletter.desk.saving.stored_issue import StoredIssue, write_stored
from newsletter.errors import CannotWriteError, InputError, RefusedError
from tests.support.desk_store import TEXT, Desk, make_desk

TITLE = SetValue(("title",), "새 제목")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path / "workspace")


def test_what_is_opened_are_the_data_as_typed(desk: Desk) -> None:
    opened = desk.open()
    assert isinstance(opened.data, dict)
    assert opened.data["title"] == "신성장동력"
    assert (opened.slug, opened.file, opened.text, opened.problem) == ("2026-12", "issues/2026-12.yaml", None, None)
    assert not opened.can_undo
    assert desk.text == TEXT


def test_a_change_leaves_the_rest_byte_for_byte(desk: Desk) -> None:
    opened = desk.change(desk.open(), TITLE)
    assert desk.text == TEXT.replace("신성장동력", "새 제목")
    assert opened.version == desk.open().version != stored_issue.version_of(TEXT.encode())
    assert opened.can_undo
    assert not opened.merged


def test_several_changes_are_one_write(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    writes: list[str] = []

    def counted(one: Path, other: Path) -> bool:
        writes.append(other.name)
        return exchange(one, other)

    monkeypatch.setattr(stored_issue, "exchange", counted)
    desk.change(desk.open(), TITLE, SetValue(("closing",), "안녕"), RemoveItem(("sections",), 1))
    assert writes == [desk.issue.name]
    assert "안녕" in desk.text


def test_who_writes_is_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    log: list[str] = []

    @contextmanager
    def alone(path: Path, _pause: float) -> Iterator[None]:
        log.append(f"locked {path.relative_to(desk.root)}")
        yield
        log.append("free")

    def written(before: StoredIssue, data: bytes) -> StoredIssue:
        log.append("written")
        return write_stored(before, data)

    monkeypatch.setattr(issue_store, "write_stored", written)
    seen = desk.open()
    IssueStore(desk.root, desk.shelf.parent, alone).change(desk.issue, seen.version, [TITLE], "w")
    assert log == ["locked .newsletter/desk/2026-12/lock", "written", "free"]


def test_a_change_that_changes_nothing_writes_nothing(desk: Desk) -> None:
    before = desk.issue.stat().st_ino
    assert not desk.change(desk.open(), SetValue(("title",), "신성장동력")).can_undo
    assert desk.issue.stat().st_ino == before


def test_of_changes_one_of_which_cannot_be_made_none_is(desk: Desk) -> None:
    with pytest.raises(InputError, match="no such place"):
        desk.change(desk.open(), TITLE, RemoveItem(("sections",), 7))
    assert desk.text == TEXT


def test_the_mode_of_the_file_stays(desk: Desk) -> None:
    desk.issue.chmod(0o640)
    desk.change(desk.open(), TITLE)
    assert stat.S_IMODE(desk.issue.stat().st_mode) == 0o640


def test_what_is_kept_is_its_owners_alone_and_not_among_the_issues(desk: Desk) -> None:
    desk.change(desk.open(), TITLE)
    kept = [path for path in desk.shelf.rglob("*") if path.is_file()]
    assert len(kept) == 4
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    assert stat.S_IMODE(desk.shelf.stat().st_mode) == 0o700
    assert list(desk.issue.parent.iterdir()) == [desk.issue]


def test_behind_a_link_the_file_is_written_and_the_link_stays(desk: Desk) -> None:
    link = desk.issue.with_name("linked.yaml")
    link.symlink_to(desk.issue.name)
    opened = desk.store.open(link)
    desk.store.change(link, opened.version, [TITLE], "w")
    assert link.is_symlink()
    assert "새 제목" in desk.text


@pytest.mark.parametrize(
    "target", ["../../outside.yaml", "../newsletter.toml", "2026-11.approved/manifest.yaml", "imported/x.yaml"]
)
def test_a_link_that_leads_elsewhere_is_refused(desk: Desk, target: str) -> None:
    place = desk.issue.parent / target
    place.parent.mkdir(exist_ok=True)
    place.write_text(TEXT, encoding="utf-8")
    link = desk.issue.with_name("linked.yaml")
    link.symlink_to(target)
    with pytest.raises(RefusedError, match="leads out of it"):
        desk.store.change(link, stored_issue.version_of(TEXT.encode()), [TITLE], "w")
    assert place.read_text(encoding="utf-8") == TEXT


def test_a_folder_of_issues_that_lies_elsewhere_is_refused(tmp_path: Path) -> None:
    there = make_desk(tmp_path / "elsewhere")
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "issues").symlink_to(there.issue.parent)
    with pytest.raises(RefusedError):
        Desk(tmp_path / "workspace").open()


def test_a_file_that_is_read_only_stays_as_it_is(desk: Desk) -> None:
    desk.issue.chmod(0o444)
    with pytest.raises(CannotWriteError, match="read-only"):
        desk.change(desk.open(), TITLE)
    assert desk.text == TEXT


def test_a_full_disk_loses_nothing_and_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    opened = desk.open()
    monkeypatch.setattr(stored_issue, "replace_file", full)
    with pytest.raises(CannotWriteError, match="disk is full") as caught:
        desk.change(opened, TITLE)
    assert "as it was" in str(caught.value.hint)
    assert desk.text == TEXT
    monkeypatch.undo()
    assert desk.change(opened, TITLE).can_undo
    # The step that was kept before the disk was full leads nowhere, and is passed over.
    desk.store.undo(desk.issue, "", "w")
    assert desk.text == TEXT


def test_what_a_killed_save_left_is_swept_away_later(desk: Desk) -> None:
    left = desk.issue.with_name(".2026-12.yaml-abcdefgh")
    left.write_text("half", encoding="utf-8")
    desk.change(desk.open(), TITLE)
    assert left.exists()
    os.utime(left, (0, 0))
    desk.change(desk.open(), SetValue(("closing",), "안녕"))
    assert not left.exists()


def test_a_file_that_cannot_be_read_is_shown_as_text_and_mended(desk: Desk) -> None:
    desk.issue.write_bytes("\ufefftitle: a: b\r\nintro: c\r\n".encode())
    opened = desk.open()
    assert opened.data is None
    assert opened.text == "title: a: b\nintro: c\n"
    assert opened.problem is not None
    assert opened.problem.line == 1
    with pytest.raises(InputError):
        desk.change(opened, TITLE)
    mended = desk.store.replace_text(desk.issue, opened.version, 'title: "a: b"\nintro: c\n', "w")
    assert mended.data == {"title": "a: b", "intro": "c"}
    assert desk.issue.read_bytes() == '\ufefftitle: "a: b"\r\nintro: c\r\n'.encode()
    assert desk.store.undo(desk.issue, mended.version, "w").text == opened.text


def test_the_text_as_it_was_shown_is_no_change(desk: Desk) -> None:
    mixed = "title: [\r\nintro: c\nclosing: d\r\n"
    desk.issue.write_bytes(mixed.encode())
    opened = desk.open()
    assert opened.text is not None
    desk.store.replace_text(desk.issue, opened.version, opened.text)
    assert desk.text == mixed


def test_text_of_korean_windows_is_shown_and_saved_as_utf_8(desk: Desk) -> None:
    desk.issue.write_bytes("title: 제목\nintro: 글\n".encode("cp949"))
    opened = desk.open()
    assert opened.data is None
    assert opened.text == "title: 제목\nintro: 글\n"
    assert desk.store.replace_text(desk.issue, opened.version, opened.text).data == {"title": "제목", "intro": "글"}


def test_half_a_character_is_no_text_of_a_file(desk: Desk) -> None:
    opened = desk.open()
    with pytest.raises(InputError, match="half a character"):
        desk.store.replace_text(desk.issue, opened.version, "title: \ud83d\n")
    with pytest.raises(InputError, match="half a character"):
        desk.change(opened, SetValue(("title",), "\ud83d"))
    assert desk.text == TEXT


def test_another_text_saved_meanwhile_is_put_together_or_told(desk: Desk) -> None:
    opened = desk.open()
    desk.saved_elsewhere("끝", "마침")
    assert desk.store.replace_text(desk.issue, opened.version, TEXT.replace("신성장동력", "새 제목")).merged
    assert desk.text == TEXT.replace("끝", "마침").replace("신성장동력", "새 제목")
    with pytest.raises(EditConflictError) as caught:
        desk.store.replace_text(desk.issue, opened.version, TEXT.replace("끝", "다음에"))
    assert caught.value.kept is not None
    assert "다음에" in caught.value.kept.read_text(encoding="utf-8")
    assert "다음에" not in desk.text


def test_sections_move_in_every_translation(desk: Desk) -> None:
    opened = desk.change(desk.open(), MoveItem(("sections",), 0, 2), InsertItem(("sections",), 0, {"type": "divider"}))
    assert isinstance(opened.data, dict)
    assert opened.data["translations"] == {
        "en": {
            "title": "Growth",
            "sections": [{}, {"body": "Two"}, {}, {"heading": "One", "research": [{"title": "Report"}]}],
        }
    }
    assert "# of the first\n      - heading: One" in desk.text
