"""`[schedule] signed`: an approval counts where its commit is signed by who may, for `send` and `--due`."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.errors import RefusedError, SettingsError
from newsletter.settings.workspace import Workspace
from newsletter.workflow.approve import propose
from newsletter.workflow.steps.prepare import prepare
from tests.support.books import begun_long_ago
from tests.support.mailroom import Mailroom
from tests.support.signed_repository import Signer, commit, git
from tests.workflow.conftest import Cron, Reload, approve, write_issue

pytestmark = pytest.mark.skipif(not shutil.which("git") or not shutil.which("ssh-keygen"), reason="no git, ssh-keygen")
SIGNED = {"NEWSLETTER_SCHEDULE__SIGNED": "true", "NEWSLETTER_SCHEDULE__SIGNERS": "allowed_signers"}


@pytest.fixture
def workspace(open_workspace: Reload, tmp_path: Path) -> Workspace:
    write_issue(tmp_path, due=timedelta(hours=1))
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("subscribers.csv\n.newsletter/\nkeys/\n", encoding="utf-8")
    return open_workspace(**SIGNED)


@pytest.fixture
def jane(workspace: Workspace) -> Signer:
    (workspace.root / "keys").mkdir()
    jane = Signer(workspace.root / "keys", "jane@example.com")
    (workspace.root / "allowed_signers").write_text(jane.line, encoding="utf-8")
    return jane


def test_what_a_signer_approved_is_sent_by_cron_and_nothing_else(
    workspace: Workspace, jane: Signer, room: Mailroom
) -> None:
    begun_long_ago(workspace.root)
    cron = Cron(workspace)
    approve(workspace)
    commit(workspace.root, "Approve")
    assert cron.run() == 77
    assert "is not signed by a key in" in cron.warnings[0]
    assert "git add issues/2026-11.approved && git commit -S" in cron.warnings[0]
    git(workspace.root, "rm", "-r", "-q", "--cached", "issues/2026-11.approved")
    commit_without = git(workspace.root, "commit", "-q", "-m", "Take it back")
    assert commit_without == ""
    commit(workspace.root, "Approve", by=jane)
    assert cron.run() == 0, cron.words
    assert len(room.mail) == 3


def test_a_manifest_that_was_sealed_anew_by_a_stranger_is_refused(workspace: Workspace, jane: Signer) -> None:
    approve(workspace)
    commit(workspace.root, "Approve", by=jane)
    assert prepare(workspace, "2026-11").audience.to_mail == 3
    approve(workspace)  # by whoever can write files here
    with pytest.raises(RefusedError, match="not what was committed"):
        prepare(workspace, "2026-11")
    commit(workspace.root, "Approve", by=Signer(workspace.root / "keys", "stranger@example.com"))
    with pytest.raises(RefusedError, match="not signed by a key") as refused:
        prepare(workspace, "2026-11")
    assert refused.value.exit_code == 77


def test_approve_says_that_the_commit_has_to_be_signed(workspace: Workspace) -> None:
    said = str(propose(workspace, "2026-11").next_step(workspace.settings))
    assert said == "Next: commit that folder with your signature: git add issues/2026-11.approved && git commit -S"


def test_a_file_of_signers_that_is_not_there_is_a_setting_to_mend(workspace: Workspace) -> None:
    approve(workspace)
    with pytest.raises(SettingsError, match="NEWSLETTER_SCHEDULE__SIGNERS") as wrong:
        prepare(workspace, "2026-11")
    assert wrong.value.exit_code == 78


@pytest.mark.parametrize(
    "environ",
    [
        {"NEWSLETTER_SCHEDULE__SIGNED": "true"},
        SIGNED | {"NEWSLETTER_SCHEDULE__REQUIRE_APPROVAL": "false"},
    ],
)
def test_settings_that_contradict_each_other_are_refused(open_workspace: Reload, environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="signed = true"):
        open_workspace(**environ)
