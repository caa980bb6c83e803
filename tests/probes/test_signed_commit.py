"""Only a commit that is signed by a known key, and has these very bytes in it, vouches for a file."""

import shutil
from pathlib import Path

import pytest

from newsletter.probes.signed_commit import why_not_signed
from tests.support.signed_repository import Signer, commit, git

pytestmark = pytest.mark.skipif(not shutil.which("git") or not shutil.which("ssh-keygen"), reason="no git, ssh-keygen")
DATA = '{"approved_by": "홍길동"}\n'.encode()


@pytest.fixture
def jane(tmp_path: Path) -> Signer:
    return Signer(tmp_path, "jane@example.com")


@pytest.fixture
def stranger(tmp_path: Path) -> Signer:
    return Signer(tmp_path, "stranger@example.com")


@pytest.fixture
def signers(tmp_path: Path, jane: Signer) -> Path:
    path = tmp_path / "allowed_signers"
    path.write_text(jane.line, encoding="utf-8")
    return path


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """In a folder of a new repository, not committed yet."""
    root = tmp_path / "저장소"
    folder = root / "issues" / "2026-11.approved"
    folder.mkdir(parents=True)
    git(root, "init", "--quiet")
    path = folder / "manifest.json"
    path.write_bytes(DATA)
    return path


def why(manifest: Path, signers: Path, data: bytes = DATA) -> str:
    said = why_not_signed(manifest, data, signers)
    return "" if said is None else str(said)


def test_what_is_signed_is_signed_also_after_other_commits(manifest: Path, signers: Path, jane: Signer) -> None:
    commit(manifest.parent, "Approve", by=jane)
    assert why(manifest, signers) == ""
    (manifest.parent.parent / "2026-12.yaml").write_text("title: x\n", encoding="utf-8")
    commit(manifest.parents[2], "Begin the next")
    assert why(manifest, signers) == ""


def test_who_is_not_in_the_file_has_not_signed(manifest: Path, signers: Path, stranger: Signer) -> None:
    named = commit(manifest.parent, "Approve", by=stranger)[:12]
    assert why(manifest, signers) == f"commit {named} is not signed by a key in {signers}"


def test_a_commit_without_a_signature_is_none(manifest: Path, signers: Path) -> None:
    commit(manifest.parent, "Approve")
    assert "is not signed" in why(manifest, signers)


def test_who_signs_something_later_has_not_signed_this(manifest: Path, signers: Path, jane: Signer) -> None:
    commit(manifest.parent, "Approve")
    (manifest.parent / "ko.txt").write_text("x", encoding="utf-8")
    commit(manifest.parent, "Add", by=jane)
    assert "is not signed" in why(manifest, signers)


def test_what_was_changed_since_is_not_what_was_signed(manifest: Path, signers: Path, jane: Signer) -> None:
    commit(manifest.parent, "Approve", by=jane)
    git(manifest.parent, "update-index", "--assume-unchanged", "manifest.json")
    other = DATA.replace(b"\n", b" \n")
    assert "not what was committed" in why(manifest, signers, other)
    assert why(manifest, signers) == ""


def test_what_is_not_committed_is_not_signed(manifest: Path, signers: Path, jane: Signer) -> None:
    assert "not committed" in why(manifest, signers)
    git(manifest.parent, "add", "--all")
    assert "not committed" in why(manifest, signers)
    (manifest.parents[2] / "other").write_text("", encoding="utf-8")
    git(manifest.parents[2], "reset", "--quiet")
    git(manifest.parents[2], "add", "other")
    commit_of_other = ["-c", "gpg.format=ssh", "-c", f"user.signingKey={jane.key}", "commit", "-S", "-m", "Other"]
    git(manifest.parents[2], *commit_of_other)
    assert "not committed" in why(manifest, signers)


def test_without_a_repository_nobody_signed(tmp_path: Path, signers: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(DATA)
    assert "in no git repository" in why(path, signers)


@pytest.mark.parametrize("lacks", ["git", "ssh-keygen"])
def test_without_the_programs_it_is_refused(
    manifest: Path, signers: Path, jane: Signer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lacks: str
) -> None:
    commit(manifest.parent, "Approve", by=jane)
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in {"git", "ssh-keygen"} - {lacks}:
        (programs / name).symlink_to(shutil.which(name) or name)
    monkeypatch.setenv("PATH", str(programs))
    assert "is not installed here" in why(manifest, signers)


def test_in_a_shallow_clone_nothing_is_known(manifest: Path, signers: Path, jane: Signer, tmp_path: Path) -> None:
    root = manifest.parents[2]
    commit(root, "Approve")
    (root / "other").write_text("", encoding="utf-8")
    commit(root, "Something else", by=jane)
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{root}", "clone")
    there = tmp_path / "clone" / manifest.relative_to(root)
    assert "git fetch --unshallow" in why(there, signers)


HOSTILE = {
    "gpg.ssh.program": "{run}",
    "gpg.program": "{run}",
    "gpg.openpgp.program": "{run}",
    "gpg.ssh.allowedSignersFile": "{theirs}",
    "gpg.minTrustLevel": "never",
    "core.fsmonitor": "{run}",
    "core.sshCommand": "{run}",
    "log.showSignature": "true",
}


def test_nothing_that_the_repository_says_of_signatures_counts(
    manifest: Path, signers: Path, stranger: Signer, tmp_path: Path
) -> None:
    """A program of its own that says yes to everything, and a file of its own with the stranger's key."""
    run, theirs = tmp_path / "run", tmp_path / "theirs"
    run.write_text(f"#!/bin/sh\ntouch {tmp_path / 'was-run'}\necho 'Good \"git\" signature'\n", encoding="utf-8")
    run.chmod(0o700)
    theirs.write_text(stranger.line, encoding="utf-8")
    commit(manifest.parent, "Approve", by=stranger)
    for name, value in HOSTILE.items():
        git(manifest.parent, "config", name, value.format(run=run, theirs=theirs))
    assert "is not signed" in why(manifest, signers)
    assert not (tmp_path / "was-run").exists()


def test_a_commit_put_in_the_place_of_another_does_not_count(manifest: Path, signers: Path, jane: Signer) -> None:
    signed = commit(manifest.parent, "Approve", by=jane)
    manifest.write_bytes(b"{}")
    unsigned = commit(manifest.parent, "Change")
    git(manifest.parent, "replace", "--force", unsigned, signed)
    assert "is not signed" in why(manifest, signers, b"{}")
