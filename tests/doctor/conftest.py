"""`doctor` in this process: what each check found, by its id. Touches: what the checks touch."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsletter.settings.load import FILE
from newsletter.settings.workspace import Workspace
from newsletter.workflow.doctor import examine_installation
from newsletter.workflow.steps.doctor.health_check import CheckResult
from tests.support.postgres import Cluster, cluster

Examine = Callable[..., dict[str, CheckResult]]


@pytest.fixture
def examine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Examine:
    """`examine(workspace)["clock"]`; nobody on this machine has a crontab."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    (tmp_path / "crontab").write_text("#!/bin/sh\necho 'no crontab for you' >&2\nexit 1\n", encoding="utf-8")
    (tmp_path / "crontab").chmod(0o755)

    def examined(workspace: Workspace, **environ: str) -> dict[str, CheckResult]:
        workspace.root.mkdir(exist_ok=True)
        (workspace.root / FILE).touch()
        return dict(examine_installation(workspace, environ, workspace.root))

    return examined


@pytest.fixture(scope="package")
def server() -> Iterator[Cluster]:
    with cluster() as running:
        yield running
