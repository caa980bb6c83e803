"""What `check --fix` does to a file: its bytes, its rights, links, somebody else who writes, an approval."""

from pathlib import Path

import pytest

from newsletter.check.fixing import Replacement
from newsletter.check.fixing import fixed as replaced_in
from newsletter.errors import CannotWriteError, RunAgainError
from newsletter.workflow.steps import fix
from newsletter.workflow.steps.fix import Fixed, fix_issue
from tests.workflow.conftest import Reload, approve, write_issue

SOUND = "title: 신성장동력  # 끝에 빈칸 \nintro: |\n  문의: 02-123\n"
BROKEN = SOUND.replace("title: ", "title：").replace("문의:", "문\u200b의：")


def issue_file(root: Path, data: bytes = BROKEN.encode()) -> Path:
    path = root / "issues" / "2026-11.yaml"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_a_byte_order_mark_and_rights_stay(open_workspace: Reload, mark: str, end: str) -> None:
    workspace = open_workspace()
    path = issue_file(workspace.root, (mark + BROKEN).replace("\n", end).encode())
    path.chmod(0o640)
    assert len(fix_issue(workspace, path).replacements) == 3
    assert path.read_bytes() == (mark + SOUND).replace("\n", end).encode()
    assert path.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in path.parent.iterdir()] == ["2026-11.yaml"]


def test_where_nothing_is_known_nothing_is_written(open_workspace: Reload) -> None:
    workspace = open_workspace()
    path = issue_file(workspace.root, SOUND.replace("02", "\uf53a\ufffd").encode())
    path.chmod(0o444)
    assert fix_issue(workspace, path) == Fixed("issues/2026-11.yaml")


def test_a_read_only_file_is_left_with_73(open_workspace: Reload) -> None:
    workspace = open_workspace()
    path = issue_file(workspace.root)
    path.chmod(0o444)
    with pytest.raises(CannotWriteError, match="is read-only"):
        fix_issue(workspace, path)
    assert path.read_bytes() == BROKEN.encode()


def test_a_disk_that_takes_nothing_leaves_the_file_as_it_was(
    open_workspace: Reload, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    workspace = open_workspace()
    path = issue_file(workspace.root)
    monkeypatch.setattr("newsletter.settings.replace_file.Path.replace", full)
    with pytest.raises(CannotWriteError, match="the disk is full"):
        fix_issue(workspace, path)
    assert path.read_bytes() == BROKEN.encode()
    assert [one.name for one in path.parent.iterdir()] == ["2026-11.yaml"]


def test_a_link_stays_one_and_one_that_leads_out_changes_nothing(
    open_workspace: Reload, tmp_path_factory: pytest.TempPathFactory
) -> None:
    workspace = open_workspace()
    inside = issue_file(workspace.root).rename(workspace.root / "draft.yaml")
    path = workspace.root / "issues" / "2026-11.yaml"
    path.symlink_to(inside)
    assert fix_issue(workspace, path).replacements
    assert path.is_symlink()
    assert inside.read_bytes() == SOUND.encode()
    outside = tmp_path_factory.mktemp("outside") / "a.yaml"
    outside.write_bytes(BROKEN.encode())
    path.unlink()
    path.symlink_to(outside)
    assert fix_issue(workspace, path).replacements == ()
    assert outside.read_bytes() == BROKEN.encode()


@pytest.mark.parametrize(
    "data", [BROKEN.encode("utf-16"), BROKEN.replace("\u200b", "").encode("cp949"), b"", "가：".encode() * 200_000]
)
def test_what_is_no_text_of_ours_is_left(open_workspace: Reload, data: bytes) -> None:
    workspace = open_workspace()
    path = issue_file(workspace.root, data)
    assert fix_issue(workspace, path).replacements == ()
    assert path.read_bytes() == data


def test_what_somebody_else_saves_meanwhile_is_not_lost(
    open_workspace: Reload, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = open_workspace()
    path = issue_file(workspace.root)
    saved = iter(["closing: 끝\u200b\n"])

    def while_it_is_read(text: str, file: str, language: str) -> tuple[str, list[Replacement]]:
        for more in saved:
            path.write_bytes((BROKEN + more).encode())
        return replaced_in(text, file, language)

    monkeypatch.setattr(fix, "fixed", while_it_is_read)
    assert len(fix_issue(workspace, path).replacements) == 4
    assert path.read_bytes() == (SOUND + "closing: 끝\n").encode()


def test_who_keeps_saving_is_asked_to_stop(open_workspace: Reload, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = open_workspace()
    path = issue_file(workspace.root)

    def while_it_is_read(text: str, file: str, language: str) -> tuple[str, list[Replacement]]:
        path.write_bytes(path.read_bytes() + b"#\n")
        return replaced_in(text, file, language)

    monkeypatch.setattr(fix, "fixed", while_it_is_read)
    with pytest.raises(RunAgainError, match=r"issues/2026-11\.yaml changes"):
        fix_issue(workspace, path)
    assert path.read_bytes() == BROKEN.encode() + b"#\n" * 3


def test_an_approval_that_lapses_is_told_and_one_that_holds_is_not(open_workspace: Reload) -> None:
    workspace = open_workspace()
    path = write_issue(workspace.root)
    approve(workspace)
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}# 메\u200b모\n", encoding="utf-8")
    done = fix_issue(workspace, path)
    assert (len(done.replacements), done.approval_lapses) == (1, False)
    path.write_text(text.replace("신성", "신\u00ad성"), encoding="utf-8")
    assert not fix_issue(workspace, path).approval_lapses  # it was another letter, and is the approved one again
    path.write_text(text.replace("신성", "신\u00ad성"), encoding="utf-8")
    approve(workspace)
    assert fix_issue(workspace, path).approval_lapses
    path.write_text(text.replace("2026-11", "다른\u00ad 글"), encoding="utf-8")
    assert not fix_issue(workspace, path).approval_lapses  # it had lapsed before
