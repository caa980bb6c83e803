"""Every contract of the ledger is tested on both databases, each test on a new one. Touches: processes, the disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.ledger.people_ledger import PeopleLedger, open_people_ledger
from newsletter.ledger.records import Purpose
from newsletter.settings.workspace import Workspace
from tests.support.books import workspace_at
from tests.support.postgres import Cluster, cluster


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Workspace:
    """A workspace whose ledger does not exist yet."""
    if request.param == "sqlite":
        return workspace_at(tmp_path)
    server: Cluster = request.getfixturevalue("postgres")
    return workspace_at(tmp_path, server.schema())


@pytest.fixture
def book(workspace: Workspace) -> Iterator[PeopleLedger]:
    with open_people_ledger(workspace, Purpose.SENDING) as opened:
        yield opened
