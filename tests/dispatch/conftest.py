"""A ledger of its own for each test. Touches: the test's folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.ledger.ledger import Ledger
from newsletter.ledger.open import open_ledger
from newsletter.ledger.records import Purpose
from tests.support.books import workspace_at


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(workspace_at(tmp_path), Purpose.SENDING) as opened:
        yield opened
