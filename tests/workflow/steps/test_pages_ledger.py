"""The ledger as the pages hold it open: a server that went away is found again by the next who asks."""

import signal
from pathlib import Path

import pytest

from newsletter.errors import CannotWriteError
from newsletter.ledger.people_ledger import PeopleLedger
from newsletter.workflow.steps.pages_ledger import PagesLedger
from tests.support.books import LIST, NOW, hash_of, workspace_at
from tests.support.postgres import cluster


def leave(ledger: PeopleLedger) -> bool:
    """Whether it was news."""
    return ledger.suppress(LIST, reason="unsubscribed", now=NOW, address_hash=hash_of("reader1@example.com"))


def test_who_leaves_while_the_server_is_away_is_told_so_and_is_heard_when_it_is_back(tmp_path: Path) -> None:
    with cluster() as server:
        pages = PagesLedger(workspace_at(tmp_path, server.schema()))
        server.stop(signal.SIGQUIT)
        with pytest.raises(CannotWriteError):
            pages.ask(leave)
        server.start()
        assert pages.ask(leave)
        assert not pages.ask(leave)
        pages.close()
