"""What `doctor` says of what a real git tracks, or would; its commands are pasted into a shell."""

import os
import subprocess
from pathlib import Path

import pytest

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.secret import load_keys
from newsletter.settings.workspace import Workspace
from tests.doctor.conftest import Examine
from tests.support.books import workspace_at


def git(folder: Path, *words: str) -> str:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(["git", *words], cwd=folder, env=environ, check=True, capture_output=True, text=True).stdout


def paste(command: str) -> None:
    subprocess.run(command, shell=True, check=True)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """In a folder of a repository, with all that must stay where it is."""
    found = workspace_at(tmp_path / "the letters")
    found.root.mkdir()
    open_ledger(found, Purpose.SENDING).close()
    load_keys(found, {}, create=True)
    found.csv.write_text("email\nhong@example.com\n", encoding="utf-8")
    git(tmp_path, "init", "--quiet")
    return found


def test_outside_of_a_repository_all_is_in_order(examine: Examine, tmp_path: Path) -> None:
    assert examine(workspace_at(tmp_path))["git"].level == "ok"


def test_what_git_tracks_is_a_failure_and_the_command_takes_it_out(examine: Examine, workspace: Workspace) -> None:
    (workspace.state / "told.json").write_text("{}", encoding="utf-8")
    git(workspace.root, "add", "--all")
    found = examine(workspace)["git"]
    assert found.level == "failure"
    for name in ("subscribers.csv", ".newsletter/secret", ".newsletter/ledger.db", ".newsletter/told.json"):
        assert name in str(found.found)
    paste(found.next_command)
    assert git(workspace.root, "ls-files") == ""
    assert workspace.csv.exists()


def test_what_git_would_take_along_is_a_warning_and_the_command_keeps_it_out(
    examine: Examine, workspace: Workspace
) -> None:
    settings = workspace.settings.model_copy(deep=True)
    odd = workspace.root / "독자 [1].csv"
    odd.write_text("email\n", encoding="utf-8")
    settings = settings.model_copy(update={"audience": settings.audience.model_copy(update={"csv": odd.name})})
    of = Workspace(workspace.root, settings)
    found = examine(of)["git"]
    assert found.level == "warning"
    paste(found.next_command)
    assert examine(of)["git"].level == "ok"
    git(workspace.root, "add", "--all")
    assert git(workspace.root, "ls-files").split() == [".gitignore", "newsletter.toml", "subscribers.csv"]


def test_a_secret_in_another_repository_is_told_with_its_own_command(
    examine: Examine, workspace: Workspace, tmp_path: Path
) -> None:
    (workspace.root / ".gitignore").write_text("*.csv\n.newsletter/\n", encoding="utf-8")
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    (other / "key").write_text("x" * 32, encoding="utf-8")
    git(other, "add", "key")
    found = examine(workspace, NEWSLETTER_SECRET_KEY_FILE=str(other / "key"))["git"]
    assert found.level == "failure"
    paste(found.next_command)
    assert git(other, "ls-files") == ""


def test_settings_with_a_password_are_not_taken_out_but_emptied_of_it(examine: Examine, workspace: Workspace) -> None:
    (workspace.root / "newsletter.toml").write_text("", encoding="utf-8")
    git(workspace.root, "add", "newsletter.toml")
    of = workspace_at(workspace.root, "postgresql+psycopg://letter:hunter2@127.0.0.1:1/letter")
    found = examine(of)["git"]
    assert (found.level, found.next_command) == ("failure", "")
    assert "NEWSLETTER_LEDGER__URL_FILE" in str(found.found)
