"""What `doctor` says of files that others may read: their real modes, and those of the folders above them."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from newsletter.probes.permissions import readers_of
from newsletter.settings.model import DkimKey, DkimTable
from newsletter.settings.secret import load_keys
from newsletter.settings.workspace import Workspace
from tests.doctor.conftest import Examine
from tests.support.books import workspace_at

ANOTHER = 65534
"""A user and a group, nobody's."""


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """A workspace in a folder that everybody may enter, as the home of a user often is; pytest's own are closed."""
    root = Path(tempfile.mkdtemp(prefix="newsletter-doctor-"))
    root.chmod(0o755)
    found = workspace_at(root)
    open_ledger(found, Purpose.SENDING).close()
    load_keys(found, {}, create=True)
    found.csv.write_text("email\nhong@example.com\n", encoding="utf-8")
    found.csv.chmod(0o600)
    yield found
    shutil.rmtree(root)


def test_what_the_tool_makes_itself_is_in_order(examine: Examine, workspace: Workspace) -> None:
    found = examine(workspace)
    assert (found["secret-files"].level, found["people-files"].level) == ("ok", "ok")


def test_a_secret_that_everybody_may_read_is_a_failure_and_the_command_mends_it(
    examine: Examine, workspace: Workspace
) -> None:
    secret, password, key = workspace.secret_file, workspace.root / "the password", workspace.root / "dkim.pem"
    for path in (secret, password, key):
        path.write_text("0123456789abcdef0123456789abcdef", encoding="utf-8")
        path.chmod(0o644)
    workspace.state.chmod(0o755)
    signing = workspace.settings.model_copy(update={"dkim": DkimTable(keys=(DkimKey(selector="a", file="dkim.pem"),))})
    of = Workspace(workspace.root, signing)
    environ = {"NEWSLETTER_SMTP__PASSWORD_FILE": "the password"}
    found = examine(of, **environ)["secret-files"]
    assert found.level == "failure"
    assert all(str(path) in str(found.found) for path in (secret, password, key))
    subprocess.run(found.next_command, shell=True, check=True)
    assert examine(of, **environ)["secret-files"].level == "ok"


def test_in_a_folder_that_nobody_may_enter_nobody_reads(examine: Examine, workspace: Workspace) -> None:
    workspace.secret_file.chmod(0o644)
    assert oct(workspace.state.stat().st_mode & 0o777) == "0o700"
    assert examine(workspace)["secret-files"].level == "ok"


def test_a_variable_instead_of_the_file_is_no_file(examine: Examine, workspace: Workspace) -> None:
    workspace.state.chmod(0o755)
    workspace.secret_file.chmod(0o644)
    assert examine(workspace)["secret-files"].level == "failure"
    assert examine(workspace, NEWSLETTER_SECRET_KEY="x" * 32)["secret-files"].level == "ok"


def test_a_subscriber_file_and_a_ledger_that_everybody_may_read_are_a_warning(
    examine: Examine, workspace: Workspace
) -> None:
    workspace.state.chmod(0o755)
    for path in (workspace.csv, workspace.state / "ledger.db"):
        path.chmod(0o644)
    found = examine(workspace)["people-files"]
    assert found.level == "warning"
    subprocess.run(found.next_command, shell=True, check=True)
    assert oct(workspace.csv.stat().st_mode & 0o777) == "0o640"
    assert examine(workspace)["people-files"].level == "ok"


def test_settings_with_a_password_in_them_are_a_secret(examine: Examine, workspace: Workspace) -> None:
    (workspace.root / "newsletter.toml").write_text("", encoding="utf-8")
    assert examine(workspace)["secret-files"].level == "ok"
    of = workspace_at(workspace.root, "postgresql+psycopg://letter:hunter2@127.0.0.1:1/letter")
    found = examine(of)["secret-files"]
    assert found.level == "failure"
    assert "newsletter.toml" in found.next_command
    assert "hunter2" not in str(found.found)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a file away")
def test_a_group_is_told_but_where_root_gives_a_service_its_secret(examine: Examine, workspace: Workspace) -> None:
    workspace.state.chmod(0o755)
    workspace.secret_file.chmod(0o440)
    os.chown(workspace.secret_file, 0, ANOTHER)
    assert examine(workspace)["secret-files"].level == "ok"
    os.chown(workspace.secret_file, ANOTHER, ANOTHER)
    found = examine(workspace)["secret-files"]
    assert (found.level, found.next_command) == ("warning", f"chmod 600 {workspace.secret_file}")


def test_of_a_link_the_file_behind_it_counts(workspace: Workspace) -> None:
    link = workspace.root / "link"
    link.symlink_to(workspace.csv)
    readers = readers_of(link)
    assert readers is not None
    assert not readers.everybody
    workspace.csv.chmod(0o604)
    readers = readers_of(link)
    assert readers is not None
    assert (readers.everybody, readers.group) == (True, False)
    assert readers_of(workspace.root / "nowhere") is None


def test_a_variable_that_names_a_folder_gets_no_command_that_would_close_it(
    examine: Examine, workspace: Workspace
) -> None:
    for given in ("", str(workspace.root)):
        assert examine(workspace, NEWSLETTER_SECRET_KEY_FILE=given)["secret-files"].level == "ok"
