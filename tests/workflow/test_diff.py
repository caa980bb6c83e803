"""Which two states of an issue are compared: folder, commits, approval; and what a repository cannot do to us."""

import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from newsletter.errors import InputError, RefusedError, UsageError
from newsletter.workflow.approve import keep, propose
from newsletter.workflow.diff import DiffRequest, LetterDiff, diff_letter
from tests.support.issue_files import workspace, write_issue
from tests.support.letters import picture_bytes

ISSUE = """\
title: 신성장동력
intro: |
  첫 문장입니다. 둘째 문장입니다.
hero:
  src: assets/hero.png
  alt: 그림
"""
SLUG = "2026-11"


def git(root: Path, *words: str) -> str:
    named = {
        f"GIT_{who}_{what}": f"{what.lower()}@example.org"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    environ = {**os.environ, **named, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    ended = subprocess.run(["git", *words], cwd=root, env=environ, check=True, capture_output=True, text=True)
    return ended.stdout.strip()


def commit(root: Path, text: str | None = ISSUE) -> None:
    path = root / "issues" / f"{SLUG}.yaml"
    if text is None:
        path.unlink()
    else:
        write_issue(root, text)
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "a change")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository whose workspace is a folder in it, with one commit."""
    root = tmp_path / "letters"
    workspace(root)
    (root / "issues" / "assets").mkdir()
    (root / "issues" / "assets" / "hero.png").write_bytes(picture_bytes(40, 20))
    git(tmp_path, "init", "-q", "-b", "main")
    commit(root)
    return root


def compared(root: Path, revisions: str | None = None, issue: str | None = None, **more: bool) -> LetterDiff:
    return diff_letter(workspace(root), DiffRequest(issue, revisions, **more))


def said(found: LetterDiff) -> set[str]:
    """The texts that are new."""
    parts = (part for letter in found.letters for part in letter.difference.parts)
    return {item.after.text for part in parts for item in part.items if item.after}


def test_the_folder_is_compared_with_the_last_commit(root: Path) -> None:
    assert not compared(root)
    write_issue(root, ISSUE.replace("둘째", "두 번째"))
    found = compared(root)
    assert said(found) == {"두 번째 문장입니다."}
    assert (found.before.kind, found.after.kind) == ("commit", "folder")
    assert git(root, "status", "--porcelain") == f"M letters/issues/{SLUG}.yaml"


def test_revisions_mean_what_git_means(root: Path) -> None:
    commit(root, ISSUE.replace("둘째", "세 번째"))
    write_issue(root, ISSUE.replace("둘째", "네 번째"))
    new = {given: said(compared(root, given)) for given in ("HEAD~1", "HEAD~1..", "..HEAD~1", "HEAD~1..HEAD", "HEAD")}
    assert new == {
        "HEAD~1": {"네 번째 문장입니다."},
        "HEAD~1..": {"세 번째 문장입니다."},
        "..HEAD~1": {"둘째 문장입니다."},
        "HEAD~1..HEAD": {"세 번째 문장입니다."},
        "HEAD": {"네 번째 문장입니다."},
    }


def test_three_dots_are_what_the_branch_changed(root: Path) -> None:
    git(root, "checkout", "-q", "-b", "draft")
    commit(root, ISSUE.replace("둘째", "세 번째"))
    git(root, "checkout", "-q", "main")
    commit(root, ISSUE.replace("첫", "처음"))
    assert said(compared(root, "main..draft")) == {"첫 문장입니다.", "세 번째 문장입니다."}
    assert said(compared(root, "main...draft")) == {"세 번째 문장입니다."}


def test_what_was_approved_goes_before_the_last_commit(root: Path) -> None:
    place = workspace(root)
    keep(place, propose(place, SLUG), by="a reviewer")
    changed = ISSUE.replace("둘째", "세 번째") + "publish_at: 2026-11-26T08:56:00+09:00\n"
    commit(root, changed)
    found = compared(root)
    assert found.before.kind == "approval"
    assert said(found) == {"세 번째 문장입니다.", "2026년 11월"}
    assert [one.kind for one in found.facts] == ["date"]
    assert not compared(root, "HEAD")


def test_an_approval_that_was_touched_is_compared_with_nothing(root: Path) -> None:
    place = workspace(root)
    (keep(place, propose(place, SLUG), by="a reviewer") / "ko.txt").write_text("anything", encoding="utf-8")
    with pytest.raises(RefusedError):
        compared(root)


def test_without_an_approval_there_is_none_to_compare_with(root: Path) -> None:
    with pytest.raises(UsageError, match="never approved"):
        compared(root, against_approved=True)


def test_a_new_issue_is_all_new_and_a_deleted_one_all_gone(root: Path) -> None:
    commit(root, None)
    commit(root)
    new, gone = compared(root, "HEAD~1..", SLUG), compared(root, "HEAD~2..HEAD~1", SLUG)
    assert [letter.change for found in (new, gone) for letter in found.letters] == ["added", "removed"]
    assert new
    assert gone
    assert "is not in" in str(new.summary())
    commit(root, None)
    assert [letter.change for letter in compared(root, "HEAD~1", SLUG).letters] == ["removed"]


def test_an_issue_on_neither_side_is_told(root: Path) -> None:
    with pytest.raises(UsageError, match=r"issues/2026-99\.yaml is neither in HEAD"):
        compared(root, issue="2026-99")


def test_an_issue_that_is_broken_then_is_told_with_the_revision(root: Path) -> None:
    commit(root, ISSUE + "unknown: key\n")
    commit(root)
    with pytest.raises(InputError) as raised:
        compared(root, "HEAD~1")
    [problem] = raised.value.problems
    assert (problem.file, problem.line) == (f"HEAD~1:issues/{SLUG}.yaml", 7)


@pytest.mark.parametrize(
    "revision", ["nowhere", "--output=x", "HEAD..--output=x", "HEAD^{tree}", "HEAD:letters", "a\0b"]
)
def test_what_names_no_commit_is_refused(root: Path, revision: str) -> None:
    with pytest.raises(UsageError, match="knows no revision"):
        compared(root, revision)
    assert not (root / "x").exists()


def test_outside_of_a_repository_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    workspace(tmp_path)
    write_issue(tmp_path, "title: x\nintro: y\n")
    with pytest.raises(UsageError, match="nothing to compare with"):
        compared(tmp_path)


def test_without_git_an_approval_is_compared_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = workspace(tmp_path)
    write_issue(tmp_path, "title: x\nintro: y\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="the program `git` is not here"):
        compared(tmp_path)
    keep(place, propose(place, SLUG), by="a reviewer")
    assert not compared(tmp_path)


def test_pictures_and_templates_are_those_of_the_commit(root: Path) -> None:
    (root / "issues" / "assets" / "hero.png").write_bytes(picture_bytes(40, 24))
    template = root / "templates" / "email" / "_closing.html.j2"
    template.parent.mkdir(parents=True)
    template.write_text("", encoding="utf-8")
    found = compared(root)
    kinds = {item.kind for part in found.letters[0].difference.parts for item in part.items}
    assert kinds == {"picture"}
    assert not compared(root, "HEAD..HEAD")


def test_no_program_of_the_repository_is_run(root: Path) -> None:
    trace = root.parent / "trace"
    for name in ("filter.x.smudge", "filter.x.clean", "diff.x.textconv", "diff.external", "core.fsmonitor"):
        git(root, "config", name, f"touch {trace} #")
    (root.parent / ".git" / "hooks" / "post-checkout").write_text(f"#!/bin/sh\ntouch {trace}\n", encoding="utf-8")
    (root.parent / ".git" / "hooks" / "post-checkout").chmod(0o755)
    (root.parent / ".git" / "info" / "attributes").write_text("* filter=x diff=x\n", encoding="utf-8")
    compared(root)
    compared(root, "HEAD..HEAD")
    assert not trace.exists()


def test_a_link_in_a_commit_leads_nowhere(root: Path) -> None:
    secret = root.parent / "secret.png"
    secret.write_bytes(picture_bytes(80, 20))
    hero = root / "issues" / "assets" / "hero.png"
    hero.unlink()
    hero.symlink_to(secret)
    commit(root)
    with pytest.raises(InputError, match=r"hero\.png"):
        compared(root, "HEAD..HEAD")


def lfs_pointer(root: Path) -> tuple[str, bytes]:
    """The picture becomes a pointer in the last commit; its digest and itself."""
    hero = root / "issues" / "assets" / "hero.png"
    data = hero.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(data)}\n"
    hero.write_text(pointer, encoding="utf-8")
    commit(root)
    hero.write_bytes(data)
    return digest, data


def test_a_pointer_of_git_lfs_is_told(root: Path) -> None:
    lfs_pointer(root)
    with pytest.raises(InputError, match=r"HEAD:issues/assets/hero\.png: it is a pointer of Git LFS"):
        compared(root)


def test_a_picture_that_git_lfs_has_here_is_the_picture(root: Path) -> None:
    digest, data = lfs_pointer(root)
    kept = root.parent / ".git" / "lfs" / "objects" / digest[:2] / digest[2:4] / digest
    kept.parent.mkdir(parents=True)
    kept.write_bytes(data)
    assert not compared(root)
    kept.write_bytes(data + b"x")
    with pytest.raises(InputError, match="pointer of Git LFS"):
        compared(root)
